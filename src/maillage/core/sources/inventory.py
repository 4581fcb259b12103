"""What a folder of official tables holds: each table read as a study would read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources import (
    census,
    cog,
    communes,
    equipment,
    fetched,
    flows,
    grid,
    osm,
    outlines,
    places,
    registry,
)
from maillage.core.sources.cog import History
from maillage.core.sources.registry import Dataset

# Outlines give their position to towns, and their commune to cells, where no table does
OUTLINES = ("outlines", "outlines_national")
# Every file of these is read, not one of them
_SEVERAL = (*OUTLINES, "roads")


@dataclass(frozen=True)
class Entry:
    """One table of the registry in a folder.

    path     the file that a study would read, None when there is none
    rows     lines that a study uses, None when it could not be read or is not made of lines
    refusal  why it cannot be read
    needed   whether no study can run without it, in this folder
    unread   names of the other files of this table, which a study leaves aside
    """

    dataset: Dataset
    path: Path | None
    rows: int | None
    vintage: str | None
    refusal: BadInput | None
    needed: bool
    unread: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether the table is there and could be read."""
        return self.path is not None and self.refusal is None

    @property
    def is_absent(self) -> bool:
        """Whether no file of the folder is this table."""
        return self.path is None


@dataclass(frozen=True)
class _Read:
    """What reading a file told: usable lines, vintage, whether it needs outlines beside it."""

    rows: int | None
    vintage: str | None = None
    needs_outlines: bool = False


def of_folder(folder: Path) -> tuple[Entry, ...]:
    """Every table of the registry, in its order; one unreadable file does not hide the others.

    Raises BadInput `missing_folder`, `not_a_folder`.
    """
    registry.refuse_no_folder(folder)
    readers = _readers(folder, _history(folder))
    read = [_entry(folder, dataset, readers) for dataset in registry.datasets().values()]
    entries = tuple(entry for entry, _ in read)
    has_outlines = any(e.is_readable for e in entries if e.dataset.id in OUTLINES)
    if has_outlines or not any(needs_outlines for _, needs_outlines in read):
        return entries
    return tuple(replace(e, needed=e.needed or e.dataset.id in OUTLINES[:1]) for e in entries)


def can_run(entries: tuple[Entry, ...]) -> bool:
    """Whether a study can run: needed tables are there, and every table there is readable."""
    return all(entry.is_readable or (entry.is_absent and not entry.needed) for entry in entries)


def _entry(
    folder: Path, dataset: Dataset, readers: Mapping[str, Callable[[Path], _Read]]
) -> tuple[Entry, bool]:
    path = registry.find(folder, dataset.id)
    if path is None:
        return Entry(dataset, None, None, None, None, dataset.needed), False
    others = () if dataset.id in _SEVERAL else registry.find_all(folder, dataset.id)
    unread = tuple(other.name for other in others if other != path)
    dataset = registry.edition(dataset.id, path.name)
    absent = Entry(dataset, path, None, None, None, dataset.needed, unread)
    try:
        found = readers[dataset.id](path)
    except BadInput as refusal:
        return replace(absent, refusal=refusal), False
    vintage = found.vintage or fetched.vintage_of(path) or dataset.vintage
    return replace(absent, rows=found.rows, vintage=vintage), found.needs_outlines


def _history(folder: Path) -> History:
    """The movements that recode the other tables, where they and the communes can be read."""
    try:
        movements = registry.require(folder, "movements")
        listed = communes.read(
            registry.require(folder, "communes"), registry.require(folder, "epci")
        )
        return cog.read_history(movements, listed["commune_code"])
    except BadInput:
        # each of the three tables says its own refusal on its own line
        return History((), frozenset())


def _readers(folder: Path, history: History) -> dict[str, Callable[[Path], _Read]]:
    """How each table is read, by dataset."""
    nothing = history.since(registry.geographies()[-1])

    def read_communes(path: Path) -> _Read:
        listed = communes.read(path, registry.find(folder, "epci"))
        return _Read(len(listed), needs_outlines=listed["lon"].has_nulls())

    def read_census(path: Path) -> _Read:
        work, year = census.read(path, history)
        return _Read(len(work.table), f"RP {year}")

    def read_flows(path: Path) -> _Read:
        rows, year = flows.count(path, history)
        return _Read(rows, f"RP {year}" if year else None)

    def read_grid(path: Path) -> _Read:
        cells = grid.read(path)
        return _Read(len(cells), needs_outlines=not grid.tells_communes(cells))

    def read_outlines(dataset: str) -> _Read:
        # a study tries each file of outlines until one holds all the members
        found = [outlines.read(path) for path in registry.find_all(folder, dataset)]
        return _Read(len(frozenset().union(*found)))

    def read_places(dataset: str, path: Path) -> _Read:
        found = places.read(dataset, path, nothing)
        return _Read(len(found.table), found.vintage)

    def read_roads(path: Path) -> _Read:
        for extract in registry.find_all(folder, "roads"):
            _refuse_other_than_roads(extract)
        return _Read(None, _day_of_roads(path))

    return {
        "communes": read_communes,
        "epci": lambda path: _Read(len(communes.read_epcis(path))),
        "movements": lambda path: _Read(len(cog.read_history(path, ()).movements)),
        "census": read_census,
        "grid": read_grid,
        "equipment": lambda p: _Read(len(equipment.read(p, history, history.communes).table)),
        "outlines": lambda _: read_outlines("outlines"),
        "outlines_national": lambda _: read_outlines("outlines_national"),
        **{dataset: partial(read_places, dataset) for dataset in places.DATASETS},
        "flows": read_flows,
        "roads": read_roads,
    }


def _day_of_roads(path: Path) -> str | None:
    """The ISO date in an extract's header, where this machine has what reads it."""
    try:
        return osm.announced_day(path)
    except BadInput:
        return None


def _refuse_other_than_roads(path: Path) -> None:
    """An extract of OpenStreetMap begins with its header; the rest is read when routes are."""
    with path.open("rb") as stream:
        if b"OSMHeader" not in stream.read(64):
            raise BadInput("file_unreadable", path=path, reason="osm")
