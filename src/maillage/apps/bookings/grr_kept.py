"""What is kept of an export of GRR between its preview and its import: no more than is read."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from maillage.core.periods import PARIS
from maillage.core.sources.grr_export import Area, Entry, Export, Room, Site
from maillage.core.sources.notes import Note

Kept = dict[str, Any]
# more is nobody's title of a booking
MOST_TEXT = 200


def packed(export: Export) -> Kept:
    """An export as a JSON document: the bookings as lists, in the order of `_ENTRY`."""
    return {
        "version": export.version,
        "users": export.users_count,
        "sites": [asdict(site) for site in export.sites],
        "areas": [asdict(area) | {"days": sorted(area.days)} for area in export.areas],
        "rooms": [asdict(room) for room in export.rooms],
        "entries": [_entry(entry) for entry in export.entries],
        "notes": [[note.code, dict(note.facts)] for note in export.notes],
    }


def unpacked(kept: Kept) -> Export:
    """The export again, without its series, its calendars and its kinds."""
    return Export(
        prefix="",
        version=kept["version"],
        sites=tuple(Site(**said) for said in kept["sites"]),
        areas=tuple(Area(**said | {"days": frozenset(said["days"])}) for said in kept["areas"]),
        rooms=tuple(Room(**said) for said in kept["rooms"]),
        entries=tuple(_read(said) for said in kept["entries"]),
        repeats=(),
        kinds=(),
        closed_on=frozenset(),
        public_holidays=frozenset(),
        school_holidays=frozenset(),
        users_count=kept["users"],
        notes=tuple(Note(code, facts) for code, facts in kept["notes"]),
    )


def _entry(of: Entry) -> list[Any]:
    return [
        of.id,
        of.room_id,
        int(of.starts_at.timestamp()),
        int(of.ends_at.timestamp()),
        of.name[:MOST_TEXT],
        of.beneficiary[:MOST_TEXT],
        of.moderation,
        of.tentative_until.isoformat() if of.tentative_until else "",
        of.is_cancelled,
    ]


def _read(said: list[Any]) -> Entry:
    number, room, begins, ends, name, beneficiary, moderation, tentative, is_cancelled = said
    return Entry(
        id=number,
        room_id=room,
        starts_at=datetime.fromtimestamp(begins, PARIS),
        ends_at=datetime.fromtimestamp(ends, PARIS),
        name=name,
        description="",
        kind="",
        beneficiary=beneficiary,
        moderation=moderation,
        series_id=None,
        tentative_until=date.fromisoformat(tentative) if tentative else None,
        is_cancelled=is_cancelled,
        has_more_fields=False,
    )
