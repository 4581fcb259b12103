"""What importing an export of GRR would do: every booking of the file in one bucket, none lost."""

import hashlib
import json
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maillage.apps.bookings import grr_choices, grr_kept
from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.grr_choices import NEW, NOTHING, Choices, Known, Place
from maillage.apps.bookings.grr_models import GrrImport
from maillage.apps.bookings.models import Booking, Occupancy
from maillage.apps.sites.models import Seat, Space
from maillage.core.periods import Period
from maillage.core.sources import grr_sift
from maillage.core.sources.grr_export import Entry, Room
from maillage.core.sources.grr_sift import WHYS
from maillage.core.sources.notes import Note

ORIGIN = "grr:"
BOOKED, OUTSIDE = "booked", "outside_hours"
CONFLICT, FULL, ALREADY, CHANGED, NOT_CHOSEN = (
    "conflict",
    "full",
    "already",
    "changed",
    "not_chosen",
)
TAKEN = (BOOKED, OUTSIDE)
BUCKETS = (BOOKED, OUTSIDE, CONFLICT, FULL, CHANGED, ALREADY, NOT_CHOSEN, *WHYS)


@dataclass(frozen=True)
class Target:
    """The space that a room becomes: one that is there, or a new one of a kind."""

    place: Place
    room: Room
    name: str
    kind: str = ""
    space: Space | None = None

    @property
    def needs_approval(self) -> bool:
        """Whether a booking there is a request."""
        return self.space.needs_approval if self.space else self.room.is_moderated


@dataclass(frozen=True)
class Line:
    """A booking of the file and where it goes: one of BUCKETS."""

    entry: Entry
    bucket: str
    place: str
    room: str


@dataclass(frozen=True)
class Plan:
    """A file against what is known.

    targets  by room
    lines    by beginning
    taken    the bookings to write, in the order in which they were judged
    """

    places: Sequence[Place]
    there: Known
    choices: Choices
    targets: Mapping[int, Target]
    lines: Sequence[Line]
    taken: Sequence[Entry]
    notes: Sequence[Note] = field(default_factory=tuple)

    @property
    def counts(self) -> dict[str, int]:
        """Bookings in each bucket, in the order of BUCKETS; empty ones are left out."""
        by = Counter(line.bucket for line in self.lines)
        return {bucket: by[bucket] for bucket in BUCKETS if by[bucket]}

    @property
    def digest(self) -> str:
        """What the preview showed, as one text: another one would do something else."""
        told = [
            self.choices.packed(),
            [[line.entry.id, line.bucket] for line in self.lines],
            sorted((site.pk, site.name) for site in self.there.sites.values()),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def new_sites(self) -> list[Place]:
        """The places that become new sites: those that hold something."""
        used = {self.choices.host(target.place.key) for target in self.targets.values()}
        return [p for p in self.places if p.key in used and self._is_new(p)]

    def _is_new(self, place: Place) -> bool:
        return self.choices.places[place.key].becomes == NEW

    def site_key(self, place: Place) -> str:
        """The place whose site holds its rooms."""
        return self.choices.host(place.key)

    @property
    def new_spaces(self) -> list[Target]:
        """The rooms that become new spaces."""
        return [target for target in self.targets.values() if target.space is None]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        is_booked = any(line.bucket in TAKEN for line in self.lines)
        return not (is_booked or self.new_sites or self.new_spaces)


def plan_of(of: GrrImport, *, at: datetime) -> Plan:
    """What the file would do, as chosen so far."""
    export = grr_kept.unpacked(of.read)
    places = grr_choices.places_of(export)
    there = grr_choices.known(of.territory)
    choices = grr_choices.proposed(places, there, grr_choices.unpacked(of.choices))
    targets = _targets(places, there, choices)
    sifted = grr_sift.sift(export, at=at)
    rooms = {room.id: (place, room) for place in places for room in place.rooms}
    judge = _Judge(of, targets, sifted.kept, sifted.outside_hours)
    judged = [(entry, judge.bucket(entry)) for entry in sifted.kept]
    taken = [entry for entry, bucket in judged if bucket in TAKEN]
    judged += [(left.entry, left.why) for left in sifted.left]
    lines = [_line(entry, bucket, rooms) for entry, bucket in judged]
    lines.sort(key=lambda line: (line.entry.starts_at.timestamp(), line.entry.id))
    return Plan(places, there, choices, targets, lines, taken, sifted.notes)


def _targets(places: Sequence[Place], there: Known, choices: Choices) -> dict[int, Target]:
    found = {}
    # a site has one space of a name
    names: dict[str, set[str]] = {}
    for place in places:
        choice = choices.of_host(place.key)
        taken = names.setdefault(
            choices.host(place.key),
            {space.name.casefold() for space in there.spaces.get(choice.site or 0, ())},
        )
        for room in place.rooms:
            becomes = choices.rooms[room.id]
            if NOTHING in (choice.becomes, becomes):
                continue
            space = there.space(choice.site, becomes)
            if space:
                found[room.id] = Target(place, room, space.name, space=space)
                continue
            kind = becomes.removeprefix(f"{NEW}:")
            found[room.id] = Target(place, room, _free_name(room, place, taken), kind)
    return found


def _free_name(room: Room, place: Place, taken: set[str]) -> str:
    name = grr_choices.name_of(room, place)
    tries = (name, f"{name} ({place.name})", f"{name} ({place.name}, {room.id})")
    free = next(said for said in tries if said.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _line(entry: Entry, bucket: str, rooms: Mapping[int, tuple[Place, Room]]) -> Line:
    place, room = rooms.get(entry.room_id, (None, None))
    return Line(entry, bucket, place.name if place else "", room.name if room else "")


Span = tuple[float, float]


class _Judge:
    """Takes the bookings one by one, as the import will, and says what becomes of each."""

    def __init__(
        self,
        of: GrrImport,
        targets: Mapping[int, Target],
        kept: Sequence[Entry],
        outside: frozenset[int],
    ) -> None:
        self.targets = targets
        self.outside = outside
        self.seats = _seats_below({t.space.pk for t in targets.values() if t.space})
        self.taken = self._occupied(kept)
        self.imported: dict[str, list[Booking]] = {}
        rows = Booking.objects.filter(
            site__territory=of.territory, imported_from__startswith=ORIGIN
        ).select_related("space")
        for row in rows:
            self.imported.setdefault(row.imported_from, []).append(row)

    def _occupied(self, kept: Sequence[Entry]) -> dict[object, list[Span]]:
        seats = sorted({seat for found in self.seats.values() for seat in found})
        if not seats or not kept:
            return {}
        day = timedelta(days=1)
        within = Period(
            min(entry.starts_at for entry in kept) - day, max(e.ends_at for e in kept) + day
        )
        found: dict[object, list[Span]] = {}
        rows = Occupancy.objects.filter(seat__in=seats, period__overlap=range_of(within))
        for seat, period in rows.values_list("seat", "period"):
            insort(found.setdefault(seat, []), _span(period_of(period)))
        return found

    def bucket(self, entry: Entry) -> str:
        target = self.targets.get(entry.room_id)
        if target is None:
            return NOT_CHOSEN
        before = self._before(entry, target)
        if before:
            return before
        held = _span(held_by(target, entry))
        seats: Sequence[object] = (
            self.seats[target.space.pk] if target.space else [("room", target.room.id)]
        )
        if not seats or any(self._meets(seat, held) for seat in seats):
            return CONFLICT
        if not is_request(entry, target):
            for seat in seats:
                insort(self.taken.setdefault(seat, []), held)
        return OUTSIDE if entry.id in self.outside else BOOKED

    def _before(self, entry: Entry, target: Target) -> str:
        """Already imported: as it is, or it changed in GRR since."""
        period = Period(entry.starts_at, entry.ends_at)
        found = self.imported.get(origin_of(entry), [])
        for row in found:
            is_same = target.space == row.space or row.space.name == target.name
            if is_same and period_of(row.period) == period:
                return ALREADY
        site = target.space.site_id if target.space else None
        return CHANGED if any(row.site_id == site for row in found) else ""

    def _meets(self, seat: object, held: Span) -> bool:
        spans = self.taken.get(seat, [])
        # those of a seat never overlap: the one before the end ends last
        place = bisect_left(spans, (held[1], held[1]))
        return place > 0 and spans[place - 1][1] > held[0]


def origin_of(entry: Entry) -> str:
    """What an imported booking keeps of where it comes from."""
    return f"{ORIGIN}{entry.id}"


def is_request(entry: Entry, target: Target) -> bool:
    """Whether it still waits for a manager: it takes no seat."""
    return entry.moderation == "waiting" and target.needs_approval


def held_by(target: Target, entry: Entry) -> Period:
    """The time it takes, with the buffers of a space that is there."""
    period = Period(entry.starts_at, entry.ends_at)
    if target.space is None:
        return period
    before, after = target.space.buffer_before_min, target.space.buffer_after_min
    return period.widened(timedelta(minutes=before), timedelta(minutes=after))


def _seats_below(spaces: set[int]) -> dict[int, list[int]]:
    rows = Seat.objects.filter(
        space__path__overlap=sorted(spaces),
        space__removed_at=None,
        removed_at=None,
        out_of_order_since=None,
    ).order_by("pk")
    found: dict[int, list[int]] = {space: [] for space in spaces}
    for seat, path in rows.values_list("pk", "space__path"):
        for space in spaces.intersection(path):
            found[space].append(seat)
    return found


def _span(period: Period) -> Span:
    return period.begins.timestamp(), period.ends.timestamp()
