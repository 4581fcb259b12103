"""Which bookings of GRR can be booked here, and why each of the others cannot: none is lost."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maillage.core.sources.grr_export import Area, Entry, Export, Room
from maillage.core.sources.notes import Note

WHYS = (
    "cancelled",
    "refused",
    "no_room",
    "no_area",
    "by_period",
    "reversed",
    "past",
    "overlapping",
)


@dataclass(frozen=True, slots=True)
class Left:
    """A booking that is not taken; `why` is one of WHYS.

    against  the booking kept in its place, when they overlap
    """

    entry: Entry
    why: str
    against: Entry | None = None


@dataclass(frozen=True)
class Sifted:
    """Every entry of an export, once: kept or left.

    kept  without overlap in a room, by beginning then room
    outside_hours  the kept ones (their id) that leave the hours or the days of their area
    """

    kept: tuple[Entry, ...]
    left: tuple[Left, ...]
    outside_hours: frozenset[int]
    notes: tuple[Note, ...]


def sift(export: Export, *, at: datetime) -> Sifted:
    """Which entries are still to come and can stand together.

    at  an entry that has ended by then is past

    Of two that overlap in a room, the one kept is firm rather than waiting or tentative, then the
    one that GRR wrote first.
    """
    areas = {area.id: area for area in export.areas}
    rooms = {room.id: room for room in export.rooms}
    left: list[Left] = []
    usable: list[Entry] = []
    for entry in export.entries:
        why = _unusable(entry, rooms, areas, at)
        if why:
            left.append(Left(entry, why))
        else:
            usable.append(entry)
    kept, overlapping = _apart(usable)
    left += overlapping
    left.sort(key=lambda item: item.entry.id)
    outside = frozenset(e.id for e in kept if _leaves_hours(e, areas[rooms[e.room_id].area_id]))
    return Sifted(kept, tuple(left), outside, _notes(export, kept, left, outside))


def _unusable(
    entry: Entry, rooms: Mapping[int, Room], areas: Mapping[int, Area], at: datetime
) -> str:
    """Why an entry cannot be booked whatever the others are, "" when it can."""
    room = rooms.get(entry.room_id)
    area = areas.get(room.area_id) if room else None
    reasons = {
        "cancelled": entry.is_cancelled,
        "refused": entry.moderation == "refused",
        "no_room": room is None,
        "no_area": area is None,
        "by_period": area is not None and area.is_by_period,
        "reversed": _ends(entry) <= _starts(entry),
        "past": _ends(entry) <= at.timestamp(),
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _apart(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], list[Left]]:
    """Entries of which no two overlap in a room, and the others with the one they meet."""
    kept: list[Entry] = []
    left: list[Left] = []
    held: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=_precedence):
        taken = held[entry.room_id]
        place = bisect_left(taken, _ends(entry), key=_starts)
        # of those that begin before its end, the last ends last, as they do not overlap
        before = taken[place - 1] if place else None
        if before is not None and _ends(before) > _starts(entry):
            left.append(Left(entry, "overlapping", before))
            continue
        taken.insert(place, entry)
        kept.append(entry)
    kept.sort(key=lambda entry: (_starts(entry), entry.room_id))
    return tuple(kept), left


# in seconds: two times of one zone compare by the wall, where an hour of October comes twice
def _starts(entry: Entry) -> float:
    return entry.starts_at.timestamp()


def _ends(entry: Entry) -> float:
    return entry.ends_at.timestamp()


def _precedence(entry: Entry) -> tuple[bool, bool, int]:
    return entry.moderation == "waiting", entry.tentative_until is not None, entry.id


def _leaves_hours(entry: Entry, area: Area) -> bool:
    """Whether some of an entry is out of the hours or the days of its area, when they are known."""
    if area.opens_min is None or area.closes_min is None:
        return False
    midnight = entry.starts_at.replace(hour=0, minute=0, second=0)
    # the clock of the wall: both have the same zone, so the change of hour does not count
    begins, ends = entry.starts_at - midnight, entry.ends_at - midnight
    return (
        begins < timedelta(minutes=area.opens_min)
        or ends > timedelta(minutes=area.closes_min)
        or midnight.isoweekday() not in area.days
    )


def _notes(
    export: Export, kept: Sequence[Entry], left: Sequence[Left], outside: frozenset[int]
) -> tuple[Note, ...]:
    """What the reader must know of the entries: how many are left, why, and what is odd."""
    by = Counter(item.why for item in left)
    areas = {area.id for area in export.areas}
    orphans = sorted(room.name for room in export.rooms if room.area_id not in areas)
    periods = sorted(area.name for area in export.areas if area.is_by_period)
    waiting = sum(entry.moderation == "waiting" for entry in kept)
    tentative = sum(entry.tentative_until is not None for entry in kept)
    notes = (
        Note("grr_cancelled", {"count": by["cancelled"]}),
        Note("grr_refused", {"count": by["refused"]}),
        Note("grr_no_room", {"count": by["no_room"]}),
        Note("grr_no_area", {"count": by["no_area"]}),
        Note("grr_by_period", {"count": by["by_period"], "names": periods}),
        Note("grr_reversed", {"count": by["reversed"]}),
        Note("grr_past", {"count": by["past"]}),
        Note("grr_overlapping", {"count": by["overlapping"]}),
        Note("grr_outside_hours", {"count": len(outside)}),
        Note("grr_waiting", {"count": waiting}),
        Note("grr_tentative", {"count": tentative}),
        Note("grr_rooms_without_area", {"count": len(orphans), "names": orphans}),
    )
    return tuple(note for note in (*export.notes, *notes) if note.facts.get("count", 1))
