"""Import an export of GRR that was previewed: its places, its rooms, its bookings to come.

A booking that meets another one is never written over it: it stays in the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.apps.bookings import reserve, seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.grr_hours import hours_of
from maillage.apps.bookings.grr_models import GrrImport, GrrState
from maillage.apps.bookings.grr_plan import (
    CONFLICT,
    FULL,
    Plan,
    Target,
    is_request,
    origin_of,
    plan_of,
)
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.receive_grr import AlreadyOver
from maillage.apps.bookings.reserve import TakenError, Terms
from maillage.apps.bookings.space_rules import TooManyPeople
from maillage.apps.journal.record import record
from maillage.apps.memberships.standing import standing
from maillage.apps.sites import keep, keep_space
from maillage.apps.sites.keep_space import Described
from maillage.apps.sites.models import Site, SoldBy, Space, SpaceKind, Stage
from maillage.apps.sites.set_stage import set_stage
from maillage.apps.sites.versions import Author
from maillage.apps.territories.models import Territory
from maillage.core.periods import Period
from maillage.core.sources.grr_export import Entry
from maillage.kit.refusal import Refusal

REASON = "import GRR"
# one transaction, within what a proxy waits
MOST_AT_ONCE = 3_000
STEPS_MIN = (5, 10, 15, 20, 30, 60)


class ChangedMeanwhile(Refusal):
    """What the preview said is not what would be done."""

    sentence = (
        "Des réservations ou des choix ont changé depuis cet aperçu. Relisez-le : il montre "
        "maintenant ce qui sera fait."
    )


class NothingToImport(Refusal):
    """Every booking is there, or cannot be taken."""

    sentence = "Rien à reprendre de ce fichier : tout est déjà là, passé ou laissé de côté."


class TooManyAtOnce(Refusal):
    """More than one transaction writes while somebody waits."""

    sentence = (
        "{count} réservations d'un coup, c'est trop : {most} au plus. Laissez des ressources de "
        "côté, importez, puis renvoyez le même fichier pour les autres : rien ne sera en double."
    )


class PlaceWithoutCommune(Refusal):
    """A new site stands in a commune of the territory."""

    sentence = "Choisissez la commune de « {name} », puis actualisez l'aperçu."
    status = 422


@dataclass
class _Made:
    """What an import writes."""

    sites: list[int] = field(default_factory=list)
    spaces: list[int] = field(default_factory=list)
    bookings: list[int] = field(default_factory=list)


def import_grr(of: GrrImport, *, shown: str, by: int | None, at: datetime) -> GrrImport:
    """Write what the preview said, in one transaction.

    shown  the digest of the plan that the person read
    Raises AlreadyOver, ChangedMeanwhile, NothingToImport, TooManyAtOnce, PlaceWithoutCommune, and
    the refusals of the verbs of sites.
    """
    author = Author(by, at)
    with transaction.atomic():
        Territory.objects.select_for_update(no_key=True).get(pk=of.territory_id)
        held = GrrImport.objects.select_for_update().select_related("territory").get(pk=of.pk)
        if held.state != GrrState.WAITING:
            raise AlreadyOver
        plan = plan_of(held, at=at)
        if plan.digest != shown:
            raise ChangedMeanwhile
        if plan.is_empty:
            raise NothingToImport
        if len(plan.taken) > MOST_AT_ONCE:
            raise TooManyAtOnce(count=len(plan.taken), most=MOST_AT_ONCE)
        made = _Made()
        spaces = _spaces(held.territory, plan, author, made)
        written = _bookings(plan, spaces, author, made)
        held.report = _report(plan, written)
        held.made = {"sites": made.sites, "spaces": made.spaces, "bookings": made.bookings}
        held.state, held.done_at = GrrState.DONE, at
        held.read, held.choices = {}, {}
        held.save()
        record(
            "bookings.import_grr",
            ("grr_import", held.pk),
            by=by,
            at=at,
            scope=held.territory.scopes[0],
            sites=len(made.sites),
            spaces=len(made.spaces),
            bookings=len(made.bookings),
        )
    return held


def _spaces(territory: Territory, plan: Plan, author: Author, made: _Made) -> dict[int, Space]:
    """The space of each room that is taken, made where there is none."""
    sites = {
        key: plan.there.sites[choice.site]
        for key, choice in plan.choices.places.items()
        if choice.site is not None
    }
    rooms = [target.room.area_id for target in plan.targets.values()]
    areas = [area for place in plan.places for area in place.areas if area.id in rooms]
    for place in plan.new_sites:
        choice = plan.choices.places[place.key]
        commune = plan.there.communes.get(choice.commune_code)
        if commune is None:
            raise PlaceWithoutCommune(name=choice.name or place.name)
        where = keep.Place(choice.commune_code, commune, place.address)
        site = keep.open_site(territory, keep.Identity(choice.name or place.name), where, author)
        held = [p for p in plan.places if plan.site_key(p) == place.key]
        if hours := hours_of([area for p in held for area in p.areas if area in areas]):
            site = keep.correct(site, keep.Hours(hours), author, version=site.version)
        # people book there already
        set_stage(site, Stage.OPEN, author.at.date(), author, words=REASON)
        sites[place.key] = site
        made.sites.append(site.pk)
    found = {}
    for key, target in plan.targets.items():
        space = target.space or _space(sites[plan.site_key(target.place)], target, author)
        if target.space is None:
            made.spaces.append(space.pk)
        found[key] = space
    return found


def _space(site: Site, target: Target, author: Author) -> Space:
    room = target.room
    area = next(area for area in target.place.areas if area.id == room.area_id)
    own = hours_of([area])
    is_desks = target.kind == SpaceKind.OPEN_SPACE
    said = Described(
        kind=target.kind,
        name=target.name,
        sold_by=SoldBy.BOTH if is_desks else SoldBy.WHOLE,
        is_bookable=room.is_open,
        most_people=room.capacity,
        # "" is « as its site »
        opening_hours="" if own == site.opening_hours else own,
        step_min=area.step_min if area.step_min in STEPS_MIN else 30,
        needs_approval=room.is_moderated,
    )
    seats_count = (room.capacity or 1) if is_desks else 1
    return keep_space.add(site, said, author, seats=seats_count)


def _bookings(
    plan: Plan, spaces: Mapping[int, Space], author: Author, made: _Made
) -> dict[int, Booking | str]:
    """By entry: its booking, or the bucket where it ended after all."""
    if not plan.taken:
        return {}
    asks = {entry.id: _ask(entry, spaces) for entry in plan.taken}
    settings = reserve.settings_for(list(asks.values()))
    reserve.hold_sites(settings.values())
    below = seats.lock(settings)
    public = standing(None, next(iter(settings.values())).space.site.territory_id, author.at.date())
    found: dict[int, Booking | str] = {}
    for entry in plan.taken:
        ask = asks[entry.id]
        setting = settings[ask.space_id]
        booker = _booker(entry, plan.targets[entry.room_id], author)
        terms = Terms(imported_from=origin_of(entry), is_told=False)
        try:
            # a booking that cannot be written takes nothing with it
            with transaction.atomic():
                space_rules.check_capacity(setting, ask, at=author.at)
                booking = reserve.book_one(
                    setting, ask, booker, public, below[ask.space_id], author.at, terms
                )
        except TakenError:
            found[entry.id] = CONFLICT
        except TooManyPeople:
            found[entry.id] = FULL
        else:
            found[entry.id] = booking
            made.bookings.append(booking.pk)
    return found


def _ask(entry: Entry, spaces: Mapping[int, Space]) -> Ask:
    period = Period(entry.starts_at, entry.ends_at)
    return Ask(spaces[entry.room_id].pk, period, party=1, is_whole=True)


def _booker(entry: Entry, target: Target, author: Author) -> Booker:
    """Nobody's account: the name that GRR shows; what waits for a manager stays a request."""
    title = entry.name
    if entry.tentative_until:
        title = f"{title} (option jusqu'au {entry.tentative_until:%d/%m/%Y})"
    return Booker(
        person=None,
        by=author.by,
        guest=Guest(entry.beneficiary[:120] or "GRR", ""),
        purpose=title[:200],
        override_reason="" if is_request(entry, target) else REASON,
    )


def _report(plan: Plan, written: Mapping[int, Booking | str]) -> list[list[Any]]:
    """One line a booking of the file: see `grr_shown.Reported`."""
    lines = []
    for line in plan.lines:
        entry, bucket, reference = line.entry, line.bucket, ""
        result = written.get(entry.id)
        if isinstance(result, str):
            bucket = result
        elif result is not None:
            reference = result.reference
        lines.append(
            [
                entry.id,
                bucket,
                line.place,
                line.room,
                int(entry.starts_at.timestamp()),
                int(entry.ends_at.timestamp()),
                entry.name,
                entry.beneficiary,
                reference,
            ]
        )
    return lines
