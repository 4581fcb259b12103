"""The tree of a site's spaces: add one, correct it, move it, remove it, take it back."""

from dataclasses import asdict, dataclass

from django.db import transaction

from maillage.apps.sites import bookings_to_come, keep_seats
from maillage.apps.sites.models import Seat, Site, SoldBy, Space
from maillage.apps.sites.versions import Author, SpaceRemoved, held, held_space, note
from maillage.kit.filters import moment
from maillage.kit.refusal import Refusal


class NameTaken(Refusal):
    """One space per name in a site."""

    sentence = "Un espace de ce lieu s'appelle déjà « {name} ». Donnez un autre nom."


class HasSeats(Refusal):
    """Seats belong to the spaces that have no part."""

    sentence = (
        "« {name} » a ses propres places. Ramenez-les à zéro, puis donnez-lui des parties : "
        "les places sont celles des parties."
    )


class UnderItself(Refusal):
    """A tree has no ring."""

    sentence = "Un espace ne peut pas être dans une de ses parties. Choisissez un autre endroit."


class OfAnotherSite(Refusal):
    """A parent of another site."""

    sentence = "Cet espace est d'un autre lieu. Choisissez un espace de celui-ci."


class SpaceBooked(Refusal):
    """People count on it."""

    sentence = (
        "« {name} » a {bookings} à venir, jusqu'au {until}. Annulez ou attendez, puis retirez-le."
    )


class NotRemoved(Refusal):
    """It is there."""

    sentence = "Cet espace n'est pas retiré. Actualisez la page."


class ParentRemoved(Refusal):
    """It would hang from nothing."""

    sentence = "L'espace qui le contenait est retiré. Rétablissez-le d'abord."


@dataclass(frozen=True)
class Described:
    """What is said of a space; None unknown.

    audiences  who may book it; empty: nobody but the managers
    *_min      minutes
    """

    kind: str
    name: str
    sold_by: str = SoldBy.WHOLE
    rank: int = 0
    is_bookable: bool = True
    area_m2: float | None = None
    most_people: int | None = None
    opening_hours: str = ""
    audiences: tuple[str, ...] = ()
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    step_min: int = 30
    shortest_min: int = 30
    longest_min: int | None = None
    notice_min: int = 0
    horizon_days: int = 180
    most_ahead: int | None = None
    needs_approval: bool = False
    needs_certification: bool = False
    free_cancel_min: int = 60
    late_kept_percent: int = 100


def add(
    site: Site, said: Described, author: Author, *, parent: Space | None = None, seats: int = 0
) -> Space:
    """A new space, under another one or at the top, with its numbered seats."""
    with transaction.atomic():
        row = held(site)
        above = _parent(row, parent)
        _refuse_double(row, said.name)
        made = Space.objects.create(site=row, parent=above, **_columns(said))
        made.path = [*(above.path if above else ()), made.pk]
        made.save(update_fields=["path"])
        keep_seats.number(made, seats, author.at)
        note("spaces.add", made, author, seats=seats)
    return made


def correct(space: Space, said: Described, author: Author, *, version: int) -> Space:
    """Write what is said of a space again."""
    with transaction.atomic():
        row = held_space(space, version)
        _refuse_double(row.site, said.name, besides=row.pk)
        columns = _columns(said)
        for name, value in columns.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*columns, "version"])
        note("spaces.correct", row, author, version=row.version)
    return row


def move(space: Space, parent: Space | None, author: Author, *, version: int) -> Space:
    """Under another space, or at the top, with all its parts.

    Raises UnderItself, HasSeats, OfAnotherSite.
    """
    with transaction.atomic():
        row = held_space(space, version)
        above = _parent(row.site, parent)
        if above and row.pk in above.path:
            raise UnderItself
        depth = len(row.path) - 1
        row.parent = above
        row.version += 1
        row.save(update_fields=["parent", "version"])
        start = list(above.path) if above else []
        # what was removed follows too: it may come back
        subtree = list(Space.objects.filter(path__contains=[row.pk]))
        for part in subtree:
            part.path = start + part.path[depth:]
        Space.objects.bulk_update(subtree, ["path"])
        row.path = [*start, row.pk]
        note("spaces.move", row, author, version=row.version)
    return row


def remove(space: Space, author: Author) -> Space:
    """Off the site with its parts: kept, ready to be taken back.

    Raises SpaceBooked when one of its seats is counted on.
    """
    with transaction.atomic():
        row = held_space(space)
        gone = Space.objects.present().filter(path__contains=[row.pk])
        seats = Seat.objects.filter(space__in=gone).order_by("pk").select_for_update(no_key=True)
        taken = bookings_to_come.of_seats([seat.pk for seat in seats], author.at)
        if taken:
            until = max(found.until for found in taken.values() if found.until)
            count = sum(found.count for found in taken.values())
            words = f"{count} réservation{'s' if count > 1 else ''}"
            raise SpaceBooked(name=row.name, bookings=words, until=moment(until))
        gone.update(removed_at=author.at)
        row.removed_at = author.at
        note("spaces.remove", row, author)
    return row


def take_back(space: Space, author: Author) -> Space:
    """On the site again, with the parts that left with it."""
    with transaction.atomic():
        site = held(space.site)
        row = Space.objects.select_for_update(no_key=True).get(pk=space.pk)
        if row.removed_at is None:
            raise NotRemoved
        if row.parent_id and not Space.objects.present().filter(pk=row.parent_id).exists():
            raise ParentRemoved
        back = list(Space.objects.filter(path__contains=[row.pk], removed_at=row.removed_at))
        for part in back:
            _refuse_double(site, part.name)
        Space.objects.filter(pk__in=[part.pk for part in back]).update(removed_at=None)
        row.removed_at, row.site = None, site
        note("spaces.take_back", row, author)
    return row


def _parent(site: Site, parent: Space | None) -> Space | None:
    if parent is None:
        return None
    above = Space.objects.select_for_update(no_key=True).get(pk=parent.pk)
    if above.site_id != site.pk:
        raise OfAnotherSite
    if above.removed_at:
        raise SpaceRemoved
    if above.seats.filter(removed_at=None).exists():
        raise HasSeats(name=above.name)
    return above


def _refuse_double(site: Site, name: str, besides: int = 0) -> None:
    others = Space.objects.present().filter(site=site).exclude(pk=besides)
    if others.filter(name__iexact=name).exists():
        raise NameTaken(name=name)


def _columns(said: Described) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(said).items()
    }
