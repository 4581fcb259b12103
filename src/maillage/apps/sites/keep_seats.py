"""The numbered seats of a space: how many, their labels, those that are out of order."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from maillage.apps.sites import bookings_to_come
from maillage.apps.sites.models import Seat, Space
from maillage.apps.sites.versions import Author, held_space, note
from maillage.kit.filters import moment
from maillage.kit.refusal import Refusal

MOST_SEATS = 500


class SeatsBooked(Refusal):
    """A seat that somebody counts on stays."""

    sentence = (
        "{taken} à venir sur {seats} de « {name} », jusqu'au {until}. "
        "Le nombre de places peut descendre à {least} pour l'instant."
    )


class HasParts(Refusal):
    """Seats belong to the spaces that have no part."""

    sentence = "« {name} » a des parties : ses places sont les leurs. Changez celles d'une partie."


class TooManySeats(Refusal):
    """No room holds that many."""

    sentence = "Un espace a au plus {most} places. Partagez-le en plusieurs espaces."
    status = 422


def set_count(space: Space, count: int, author: Author) -> Space:
    """So many seats: new ones get the numbers that follow, the free ones with the highest go."""
    with transaction.atomic():
        row = held_space(space)
        before = row.seats.filter(removed_at=None).count()
        number(row, count, author.at)
        note("spaces.set_seats", row, author, before=before, seats=count)
    return row


def number(space: Space, count: int, at: datetime) -> None:
    """Within the transaction of a verb that holds the space."""
    if count > MOST_SEATS:
        raise TooManySeats(most=MOST_SEATS)
    if count and space.parts.filter(removed_at=None).exists():
        raise HasParts(name=space.name)
    # in the order of the identifiers, as those who book lock them
    seats = list(Seat.objects.filter(space=space).order_by("pk").select_for_update(no_key=True))
    present = [seat for seat in seats if seat.removed_at is None]
    if count > len(present):
        _grow(space, seats, count - len(present))
    elif count < len(present):
        _shrink(space, present, len(present) - count, at)


def _grow(space: Space, seats: list[Seat], more: int) -> None:
    gone = sorted((s for s in seats if s.removed_at), key=lambda s: s.number)[:more]
    Seat.objects.filter(pk__in=[s.pk for s in gone]).update(removed_at=None)
    last = max((s.number for s in seats), default=0)
    Seat.objects.bulk_create(
        Seat(space=space, number=last + n) for n in range(1, more - len(gone) + 1)
    )


def _shrink(space: Space, present: list[Seat], fewer: int, at: datetime) -> None:
    taken = bookings_to_come.of_seats([seat.pk for seat in present], at)
    free = sorted((s for s in present if s.pk not in taken), key=lambda s: -s.number)
    if len(free) < fewer:
        count = sum(found.count for found in taken.values())
        raise SeatsBooked(
            taken=f"{count} réservation{'s' if count > 1 else ''}",
            seats=f"{len(taken)} place{'s' if len(taken) > 1 else ''}",
            name=space.name,
            until=moment(max(f.until for f in taken.values() if f.until)),
            least=len(taken),
        )
    Seat.objects.filter(pk__in=[s.pk for s in free[:fewer]]).update(removed_at=at)


def label(space: Space, labels: Mapping[int, str], author: Author) -> None:
    """The words beside the numbers, by seat: « près de la fenêtre »."""
    with transaction.atomic():
        row = held_space(space)
        seats = list(row.seats.filter(pk__in=labels))
        for seat in seats:
            seat.label = labels[seat.pk]
        Seat.objects.bulk_update(seats, ["label"])
        note("spaces.label_seats", row, author, seats=len(seats))


def put_out_of_order(seat: Seat, author: Author) -> Seat:
    """Nobody may take it from now on; who booked it keeps the booking, the manager moves it."""
    return _write("seats.out_of_order", seat, author.at, author)


def put_back(seat: Seat, author: Author) -> Seat:
    """It may be taken again."""
    return _write("seats.put_back", seat, None, author)


def _write(act: str, seat: Seat, since: datetime | None, author: Author) -> Seat:
    with transaction.atomic():
        row = (
            Seat.objects.select_for_update(no_key=True)
            .select_related("space__site")
            .get(pk=seat.pk)
        )
        if (row.out_of_order_since is None) == (since is None):
            # twice the same answer changes nothing
            return row
        row.out_of_order_since = since
        row.save(update_fields=["out_of_order_since"])
        note(act, row.space, author, seat=row.number)
    return row
