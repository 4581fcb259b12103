"""The municipal geography through time: which codes existed when, and what became of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files, registry
from maillage.core.sources.notes import Note

# Movement kinds of v_mvt_commune: 20 created, 21 restored or split, 41 and 50 code changed,
# 31 to 35 merged; of one day, they apply in this order
_DIVIDE = ("20", "21")
_RECODE = ("41", "50")
_COLUMNS = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP")

# Loading check: codes of no geography, over all the codes of a table
UNKNOWN_CODES_SHARE = 0.01

DISTRICTS = {
    code: geo.commune_of_district(code)
    for code in map(str, [*range(75101, 75121), *range(69381, 69390), *range(13201, 13217)])
}


@dataclass(frozen=True)
class Movement:
    """One line of the movements: a commune before, a commune after; `before` None: created."""

    kind: str
    on: str
    type_before: str | None
    before: str | None
    after: str


@dataclass(frozen=True)
class Recoding:
    """Old commune codes to the codes of the current geography.

    successors  old code -> the current code that took its whole territory
    incomplete  current codes whose old figures cannot be known: a commune was divided since,
                and the old table only has the figure of the whole
    """

    successors: Mapping[str, str]
    incomplete: frozenset[str]

    def current(self, code: pl.Expr) -> pl.Expr:
        """The current code of a column of codes; unknown codes stay as they are."""
        return code.replace(dict(self.successors))

    def former(self, current: Collection[str]) -> list[str]:
        """Every code of an old table that falls in some current communes."""
        found = set(current)
        found |= {old for old, now in self.successors.items() if now in found}
        return sorted(found | {code for code, commune in DISTRICTS.items() if commune in found})


@dataclass(frozen=True)
class Recoded:
    """A table brought to the current communes.

    incomplete  current codes that have no figure because a commune was divided since
    """

    table: pl.DataFrame
    incomplete: frozenset[str]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class History:
    """Every movement of communes, oldest first, and the mainland codes of today.

    Without codes of today nothing can be recognised: codes are taken as they are.
    """

    movements: tuple[Movement, ...]
    communes: frozenset[str]

    def __hash__(self) -> int:
        # tables are kept by the history they were read with: thirteen thousand lines are long
        return hash((len(self.movements), self.communes))

    def at(self, date: str) -> frozenset[str]:
        """The codes of the geography of an ISO date: today's, with later movements undone."""
        codes = set(self.communes)
        for stage in _stages(self.movements, date)[::-1]:
            events = [m for m in stage if m.before is None or m.type_before == "COM"]
            codes -= {m.after for m in events}
            codes |= {m.before for m in events if m.before is not None}
        return frozenset(codes)

    def since(self, date: str) -> Recoding:
        """What became of the codes of the geography of an ISO date."""
        return _replayed(self.movements, date)

    def recoding(
        self, path: Path, codes: pl.Series, declared: str | None
    ) -> tuple[Recoding, tuple[Note, ...]]:
        """The recoding of a table's codes: from its declared geography when it knows them all.

        Otherwise from the geography that recognises most of them; a note says so when the
        declared one was wrong.
        Raises BadInput `codes_lost_zero`, `unknown_codes`.
        """
        refuse_lost_zeros(path, codes)
        if not self.communes:
            return Recoding({}, frozenset()), ()
        present = frozenset(
            DISTRICTS.get(code, code) for code in codes.unique() if code and _is_mainland(code)
        )
        if declared is not None and present <= self.at(declared):
            return self.since(declared), ()
        found, unknown = self._recognised(present, declared)
        if len(unknown) > UNKNOWN_CODES_SHARE * len(present):
            raise BadInput(
                "unknown_codes", path=path, count=len(unknown), codes=unknown[:3], year=found[:4]
            )
        notes = []
        if declared is not None and found != declared:
            facts: dict[str, object] = {"file": path.name, "declared": declared, "found": found}
            notes.append(Note("geography_recognised", facts))
        if unknown:
            notes.append(Note("unknown_codes", {"file": path.name, "codes": unknown}))
        return self.since(found), tuple(notes)

    def _recognised(self, present: frozenset[str], declared: str | None) -> tuple[str, list[str]]:
        """The geography that knows most codes, the declared or else the latest among equals."""
        dates = registry.geographies()
        unknown = {date: present - self.at(date) for date in dates}
        best = min(reversed(dates), key=lambda d: (len(unknown[d]), d != declared))
        return best, sorted(unknown[best])


def read_history(path: Path, communes: Collection[str]) -> History:
    """The movements of v_mvt_commune, with the commune codes of today."""
    table = files.required(path, files.read_any(path, _COLUMNS), _COLUMNS)
    kept = table.filter(
        (pl.col("TYPECOM_AP") == "COM")
        & ((pl.col("TYPECOM_AV") == "COM") | pl.col("MOD").is_in(_DIVIDE))
    )
    rows = kept.select("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "COM_AP").iter_rows()
    movements = sorted((Movement(*row) for row in rows), key=lambda m: (m.on, _rank(m.kind)))
    return History(tuple(movements), frozenset(filter(_is_mainland, communes)))


def with_districts_merged(column: pl.Expr) -> pl.Expr:
    """Commune codes with the municipal districts of Paris, Lyon, Marseille in their commune."""
    return column.replace(DISTRICTS)


def refuse_lost_zeros(path: Path, codes: pl.Series) -> None:
    """Codes of four figures were numbers once: 1004 is 01004, or so one must suppose."""
    short = codes.filter(codes.str.contains(r"^[1-9]\d{3}$")).unique().sort()
    if not short.is_empty():
        code = short[0]
        raise BadInput("codes_lost_zero", path=path, code=code, repaired=code.zfill(5))


def _is_mainland(code: str) -> bool:
    """Whether a code is a commune of metropolitan France; 97 and 98 overseas, 99 abroad."""
    return geo.is_commune_code(code) and code < "97"


def _stages(movements: Iterable[Movement], since: str) -> list[list[Movement]]:
    """The movements after a date, in groups that happen at once."""
    later = (m for m in movements if m.on > since)
    return [list(stage) for _, stage in groupby(later, key=lambda m: (m.on, _rank(m.kind)))]


def _rank(kind: str) -> int:
    return 0 if kind in _DIVIDE else 1 if kind in _RECODE else 2


def _replayed(movements: Iterable[Movement], since: str) -> Recoding:
    """Follow the old communes that lie inside each code, event after event."""
    inside: dict[str, frozenset[str]] = {}
    incomplete: set[str] = set()
    for events in _stages(movements, since):
        for code, parts, restored in _divisions(events):
            olds = inside.get(code, frozenset({code}))
            placed, unclear = _divided(code, olds, parts, restored, clear=code not in incomplete)
            inside |= placed
            incomplete = incomplete - {code} | unclear
        _merge(events, inside, incomplete)
    successors = {old: now for now, olds in inside.items() for old in olds if old != now}
    return Recoding(successors, frozenset(incomplete))


def _divisions(events: list[Movement]) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """Code divided, its parts, and those among them that were delegated communes."""
    divisions = [m for m in events if m.kind in _DIVIDE]
    delegated = {m.after for m in divisions if m.type_before in ("COMD", "COMA")}
    parts: dict[str, set[str]] = {}
    for m in divisions:
        if m.type_before == "COM" and m.before is not None:
            parts.setdefault(m.before, set()).add(m.after)
    return [(code, frozenset(p), frozenset(p & delegated)) for code, p in parts.items()]


def _divided(
    code: str,
    olds: frozenset[str],
    parts: frozenset[str],
    restored: frozenset[str],
    *,
    clear: bool,
) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Where the old communes inside a divided code go, and the parts that stay unknown.

    An old commune that is restored gets its own back; what is left goes to the one other part.
    When a part was inside a larger old commune, nobody knows what is its share.
    """
    returned = {part: frozenset({part}) & olds for part in restored}
    others, remainder = olds - restored, parts - restored
    if clear and all(returned.values()) and bool(others) == bool(remainder) and len(remainder) <= 1:
        return returned | dict.fromkeys(remainder, others), frozenset()
    known = {part: own for part, own in returned.items() if own and part != code}
    unknown = parts - known.keys()
    placed = dict.fromkeys(unknown, frozenset[str]()) | known
    heir = code if code in parts else min(parts)
    return placed | {heir: olds - frozenset(known)}, unknown


def _merge(events: list[Movement], inside: dict[str, frozenset[str]], incomplete: set[str]) -> None:
    """Put the communes that merged or changed code inside their successor."""
    merged: dict[str, set[str]] = {}
    for m in events:
        if m.kind not in _DIVIDE and m.before is not None and m.before != m.after:
            merged.setdefault(m.after, {m.after}).add(m.before)
    gone = {code for befores in merged.values() for code in befores} - merged.keys()
    was_incomplete = frozenset(incomplete)
    joined = {
        after: frozenset().union(*(inside.get(code, frozenset({code})) for code in befores))
        for after, befores in merged.items()
    }
    incomplete -= gone
    incomplete |= {after for after, befores in merged.items() if befores & was_incomplete}
    inside.update(dict.fromkeys(gone, frozenset()))
    inside.update(joined)
