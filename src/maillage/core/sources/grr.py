"""What a commune exports of GRR, the reservation software it already has: places, rooms, bookings.

GRR is by J. Devome and others (github.com/JeromeDevome/GRR); the tables are those of versions 3.3
to 4.6, where a column that came later may be absent. Of the people, only who a booking is for is
read, as text, and how many accounts there are: no password, no address, no right.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.periods import PARIS
from maillage.core.sources import grr_sql
from maillage.core.sources.grr_export import Area, Entry, Export, Kind, Room, Series, Site
from maillage.core.sources.grr_sql import Dump
from maillage.core.sources.notes import Note

# GRR counts seconds and shows them at the time of France, whatever the server's

_MINUTES_OF_DAY = 24 * 60
# beyond, no date can be written
_MOST_SECONDS = 1 << 37
# a column that no other software of the same ancestry has, by table
_SIGNATURES = {"area": "morningstarts_area", "room": "statut_room", "entry": "statut_entry"}
_READ = ("site", "area", "room", "entry", "repeat", "type_area", "j_site_area", "setting")
_DAYS = ("calendar", "calendrier_feries", "calendrier_vacances")
_MODERATIONS = {0: "none", 1: "waiting", 2: "accepted", 3: "refused"}
_RHYTHMS = {
    1: "daily",
    2: "weekly",
    3: "monthly",
    4: "yearly",
    5: "monthly_weekday",
    6: "cycle",
    7: "monthly_weekday",
}


@dataclass(slots=True)
class _Line:
    """One row of a table, by column."""

    dump: Dump
    table: str
    position: int
    values: dict[str, str | None] = field(default_factory=dict)

    def whole(self, column: str, otherwise: int | None = None) -> int:
        """A whole number; `otherwise` stands for what is not written."""
        written = self.values.get(column)
        if not written and otherwise is not None:
            return otherwise
        try:
            return int(written or "")
        except ValueError:
            raise self._bad(column) from None

    def moment(self, column: str) -> datetime:
        """A number of seconds, at the time of Paris."""
        seconds = self.whole(column)
        if not 0 <= seconds < _MOST_SECONDS:
            raise self._bad(column)
        return datetime.fromtimestamp(seconds, PARIS)

    def label(self, column: str) -> str:
        """A name on one line."""
        return " ".join(self.body(column).split())

    def body(self, column: str) -> str:
        """A text as it was written, without what cannot be seen."""
        written = (self.values.get(column) or "").replace("\r\n", "\n").strip()
        return "".join(c for c in written if c in "\n\t" or unicodedata.category(c) != "Cc")

    def _bad(self, column: str) -> BadInput:
        value = (self.values.get(column) or "")[:40]
        return self.dump.wrong(
            "dump_bad_value", self.table, self.position, column=column, value=value
        )


def read(path: Path, prefix: str = "") -> Export:
    """A dump of GRR on the disk; see `of_bytes`. Raises BadInput `missing_file` and others too."""
    return _export(grr_sql.read(path), prefix)


def of_bytes(name: str, data: bytes, prefix: str = "") -> Export:
    """A dump of GRR: .sql, .sql.gz or .zip, by mysqldump, phpMyAdmin or GRR's own backup.

    prefix  of its tables, needed when the file holds several GRR
    Raises BadInput `dump_not_grr`, `dump_missing_tables`, `dump_several_grr`,
    `dump_unknown_prefix`, `dump_lost_table`, `dump_missing_columns`, `dump_bad_value`,
    `dump_duplicate_id`, and those of `grr_sql.parse` and `Dump.rows`.
    """
    return _export(grr_sql.parse(name, data), prefix)


def _export(dump: Dump, asked: str) -> Export:
    prefix = _prefix(dump, asked)
    for name in (*_READ, *_DAYS):
        if prefix + name in dump.lost:
            raise BadInput(
                "dump_lost_table",
                path=dump.path,
                table=prefix + name,
                line=dump.lost[prefix + name],
            )
    tables = _Tables(dump, prefix)
    sites = {line.whole("id_area"): line.whole("id_site") for line in tables.lines("j_site_area")}
    areas = tables.every("area", lambda line: _area(line, sites))
    rooms = tables.every("room", _room)
    entries = tables.every("entry", _entry)
    settings = {line.label("name"): line.label("value") for line in tables.lines("setting")}
    return Export(
        prefix=prefix,
        version=settings.get("version", ""),
        sites=tables.every("site", _site),
        areas=areas,
        rooms=rooms,
        entries=entries,
        repeats=tables.every("repeat", _series),
        kinds=tuple(
            Kind(line.label("type_letter"), line.label("type_name"))
            for line in tables.lines("type_area")
        ),
        closed_on=tables.days("calendar"),
        public_holidays=tables.days("calendrier_feries"),
        school_holidays=tables.days("calendrier_vacances"),
        users_count=dump.count(f"{prefix}utilisateurs"),
        notes=_notes(dump, prefix, areas, entries),
    )


def _prefix(dump: Dump, asked: str) -> str:
    """What the names of GRR's tables begin with, "grr_" most often."""
    named = {
        table.removesuffix(name)
        for table in dump.tables
        for name, column in _SIGNATURES.items()
        if table.endswith(name) and column in dump.columns(table)
    }
    if asked:
        named = {prefix for prefix in named if prefix in {asked, f"{asked}_"}}
        if not named:
            raise BadInput("dump_unknown_prefix", path=dump.path, prefix=asked)
    whole = sorted(p for p in named if all(p + name in dump.tables for name in _SIGNATURES))
    if len(whole) > 1:
        raise BadInput("dump_several_grr", path=dump.path, prefixes=whole)
    if whole:
        return whole[0]
    if named:
        prefix = min(named)
        missing = [prefix + name for name in _SIGNATURES if prefix + name not in dump.tables]
        raise BadInput("dump_missing_tables", path=dump.path, tables=missing)
    bare = [t for t in sorted(dump.tables) if t.endswith("_entry") and not dump.columns(t)]
    if bare:
        raise BadInput("dump_without_structure", path=dump.path, table=bare[0])
    raise BadInput("dump_not_grr", path=dump.path, tables=sorted(dump.tables)[:4])


@dataclass(frozen=True)
class _Tables:
    """The tables of one GRR."""

    dump: Dump
    prefix: str

    def lines(self, name: str) -> Iterator[_Line]:
        """Each row of a table; a table that is not there has none."""
        table = self.prefix + name
        columns = _COLUMNS[name]
        missing = [c for c in _NEEDED.get(name, columns) if c not in self.dump.columns(table)]
        if missing and table in self.dump.inserts and self.dump.columns(table):
            raise BadInput(
                "dump_missing_columns", path=self.dump.path, table=table, columns=missing
            )
        for position, values in self.dump.rows(table, columns):
            yield _Line(self.dump, table, position, dict(zip(columns, values, strict=True)))

    def every[Thing](self, name: str, made: Callable[[_Line], Thing]) -> tuple[Thing, ...]:
        """Each row of a table as a thing, in the order of the file."""
        seen: set[int] = set()
        things: list[Thing] = []
        for line in self.lines(name):
            number = line.whole("id")
            if number in seen:
                raise self.dump.wrong("dump_duplicate_id", line.table, line.position, id=number)
            seen.add(number)
            things.append(made(line))
        return tuple(things)

    def days(self, name: str) -> frozenset[date]:
        """The days of a calendar."""
        return frozenset(line.moment("day").date() for line in self.lines(name))


def _site(line: _Line) -> Site:
    address = (line.label(f"adresse_ligne{n}") for n in (1, 2, 3))
    return Site(
        id=line.whole("id"),
        name=line.label("sitename"),
        code=line.label("sitecode"),
        address=", ".join(part for part in address if part),
        postcode=line.label("cp"),
        town=line.label("ville"),
    )


def _area(line: _Line, sites: dict[int, int]) -> Area:
    number = line.whole("id")
    opens_min = line.whole("morningstarts_area", 0) * 60
    closes_min = line.whole("eveningends_area", 0) * 60 + line.whole("eveningends_minutes_area", 0)
    # with "y", the columns are those of an earlier choice
    is_own = line.label("calendar_default_values") != "y"
    has_hours = is_own and 0 <= opens_min < closes_min <= _MINUTES_OF_DAY
    step_s = line.whole("resolution_area", 0)
    return Area(
        id=number,
        name=line.label("area_name"),
        site_id=sites.get(number),
        opens_min=opens_min if has_hours else None,
        closes_min=closes_min if has_hours else None,
        step_min=step_s // 60 if is_own and step_s >= 60 else None,
        days=_weekdays(line.label("display_days"), "y") if is_own else _weekdays("", "y"),
        is_by_period=line.label("enable_periods") == "y",
        is_restricted=line.label("access") == "r",
        rank=line.whole("order_display", 0),
    )


def _room(line: _Line) -> Room:
    capacity = line.whole("capacity", 0)
    return Room(
        id=line.whole("id"),
        area_id=line.whole("area_id", 0),
        name=line.label("room_name"),
        description=line.label("description"),
        comment=line.body("comment_room"),
        capacity=capacity if capacity > 0 else None,
        is_moderated=line.whole("moderate", 0) == 1,
        is_open=line.label("statut_room") != "0",
        rank=line.whole("order_display", 0),
    )


def _entry(line: _Line) -> Entry:
    option = line.whole("option_reservation", 0)
    # an outsider is "name|e-mail"
    outsider = line.label("beneficiaire_ext").partition("|")[0].strip()
    return Entry(
        id=line.whole("id"),
        room_id=line.whole("room_id"),
        starts_at=line.moment("start_time"),
        ends_at=line.moment("end_time"),
        name=line.label("name"),
        description=line.body("description"),
        kind=line.label("type"),
        beneficiary=line.label("beneficiaire") or outsider,
        moderation=_MODERATIONS.get(line.whole("moderate", 0), "none"),
        series_id=line.whole("repeat_id", 0) or None,
        tentative_until=line.moment("option_reservation").date() if option > 0 else None,
        is_cancelled=line.whole("supprimer", 0) != 0,
        has_more_fields=bool(line.label("overload_desc")),
    )


def _series(line: _Line) -> Series:
    rhythm = _RHYTHMS.get(line.whole("rep_type", 0), "")
    is_weekly = rhythm == "weekly"
    return Series(
        id=line.whole("id"),
        room_id=line.whole("room_id"),
        starts_at=line.moment("start_time"),
        ends_at=line.moment("end_time"),
        until=line.moment("end_date").date(),
        rhythm=rhythm,
        every_weeks=max(line.whole("rep_num_weeks", 1), 1) if is_weekly else 1,
        days=_weekdays(line.label("rep_opt"), "1") if is_weekly else frozenset(),
    )


def _weekdays(marks: str, yes: str) -> frozenset[int]:
    """Days of seven marks from Sunday, 1 is Monday; all of them when nothing is marked."""
    days = {day or 7 for day, mark in enumerate(marks[:7]) if mark == yes}
    return frozenset(days or range(1, 8))


def _notes(
    dump: Dump, prefix: str, areas: Sequence[Area], entries: Sequence[Entry]
) -> tuple[Note, ...]:
    """What the file has and the export does not."""
    known = {prefix + name for name in (*_READ, *_DAYS, "utilisateurs")}
    others = {t: dump.count(t) for t in dump.inserts if t.startswith(prefix) and t not in known}
    without_hours = sorted(a.name for a in areas if a.opens_min is None and not a.is_by_period)
    more = sum(entry.has_more_fields for entry in entries)
    users = dump.count(f"{prefix}utilisateurs")
    notes = (
        (users, Note("grr_accounts", {"count": users})),
        (more, Note("grr_more_fields", {"count": more})),
        (len(without_hours), Note("grr_default_hours", {"names": without_hours})),
        (
            sum(others.values()),
            Note("grr_other_tables", {"count": sum(others.values()), "names": sorted(others)}),
        ),
    )
    return tuple(note for count, note in notes if count)


_COLUMNS: dict[str, tuple[str, ...]] = {
    "site": (
        *("id", "sitename", "sitecode", "cp", "ville"),
        *(f"adresse_ligne{n}" for n in (1, 2, 3)),
    ),
    "area": (
        *("id", "area_name", "access", "order_display", "morningstarts_area", "eveningends_area"),
        *("eveningends_minutes_area", "resolution_area", "calendar_default_values"),
        *("enable_periods", "display_days"),
    ),
    "room": (
        *("id", "area_id", "room_name", "description", "comment_room", "capacity", "statut_room"),
        *("moderate", "order_display"),
    ),
    "entry": (
        *("id", "room_id", "start_time", "end_time", "name", "description", "type", "beneficiaire"),
        *("beneficiaire_ext", "moderate", "repeat_id", "option_reservation", "supprimer"),
        "overload_desc",
    ),
    "repeat": (
        *("id", "room_id", "start_time", "end_time", "end_date", "rep_type", "rep_opt"),
        "rep_num_weeks",
    ),
    "type_area": ("type_letter", "type_name"),
    "j_site_area": ("id_site", "id_area"),
    "setting": ("name", "value"),
    **dict.fromkeys(_DAYS, ("day",)),
}
# the others came with a later version, or say nothing when they are absent
_NEEDED: dict[str, tuple[str, ...]] = {
    "site": ("id", "sitename"),
    "area": ("id", "area_name"),
    "room": ("id", "area_id", "room_name"),
    "entry": ("id", "room_id", "start_time", "end_time", "name"),
    "repeat": ("id", "room_id", "start_time", "end_time", "end_date"),
}
