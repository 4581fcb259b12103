"""The stored page of a portrait as components: values only, nothing to compute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from maillage.apps.territories import dictionary, reading
from maillage.apps.territories.models import Portrait
from maillage.apps.territories.reading import Stored
from maillage.kit.components import Document, Figure, Link, MapPanel
from maillage.kit.tables import Cell, Column, Number, Row, Table, sorted_by
from maillage.report.shown import NO_FIGURE

PAGE, DOCUMENT = "page.json", "portrait.json"
RULE_MIN = 10.0

Json = Mapping[str, Any]
Linked = Mapping[str, Callable[[str], str]]
Keep = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True)
class Shown:
    """A portrait with what its pages read: its words, its numbers, its closed list of files."""

    siren: str
    folder: str
    words: Json
    numbers: Json
    files: Mapping[str, Stored]
    loaded_at: datetime

    def has(self, name: str) -> bool:
        """Whether this portrait has a file."""
        return name in self.files

    def drawing(self, name: str) -> str:
        """A drawing of ours, to write inline; nothing when there is none."""
        return reading.text(self.folder, name) if self.has(name) else ""

    def address(self, name: str) -> str:
        """Where a file is downloaded."""
        return reverse("territory_file", args=(self.siren, name))

    def table(self, key: str) -> Json | None:
        """An open table, None when this portrait has no such one."""
        return next((t for t in self.words["tables"] if t["key"] == key), None)

    @property
    def version(self) -> str:
        """What its pages change with."""
        return f"{self.folder} {self.loaded_at}"

    @property
    def trips(self) -> str:
        """Whether trips to work are observed or modelled."""
        return str(self.words["destinations"]["origin"])

    def provenance(self, table: str, column: str) -> dictionary.Provenance:
        """Where the values of a column come from."""
        return dictionary.provenance(table, column, self.numbers["sources"], self.trips)


def shown(portrait: Portrait) -> Shown:
    """What the pages of a portrait read."""
    return Shown(
        siren=portrait.territory_id,
        folder=portrait.folder,
        words=reading.document(portrait.folder, PAGE),
        numbers=reading.document(portrait.folder, DOCUMENT),
        files=reading.stored(portrait),
        loaded_at=portrait.loaded_at,
    )


def figure(entry: Json) -> Figure:
    """A key figure."""
    return Figure(**entry)


def documents(of: Shown, table: Json) -> list[Document]:
    """Both files of an open table, with their size."""
    return [
        Document(title, of.address(name), "text/csv", of.files[name].size_bytes)
        for title, name in (("Données ouvertes", table["csv"]), ("Excel FR", table["excel"]))
        if of.has(name)
    ]


def grid(id_: str, entry: Json, *, note: str = "", downloads: Sequence[Document] = ()) -> Table:
    """A small table that accompanies a chart, in the order given."""
    columns = [Column(c["key"], c["label"], c["is_numeric"]) for c in entry["columns"]]
    rows = [_row(columns, cells) for cells in entry["rows"]]
    total = _total(columns, entry["total"])
    return Table(id_, entry["caption"], columns, rows, total, downloads, note)


def open_table(of: Shown, table: Json, query: QueryDict, links: Linked, keep: Keep) -> Table:
    """An open table: sorted, filtered, with its files; a modelled column says so."""
    entry, key = table["grid"], table["key"]
    columns = [
        Column(
            c["key"],
            c["label"],
            c["is_numeric"],
            is_sortable=True,
            origin=_origin(of, key, c["key"]),
        )
        for c in entry["columns"]
    ]
    rows = [_row(columns, cells, links) for cells in entry["rows"] if keep(_texts(columns, cells))]
    is_whole = len(rows) == len(entry["rows"])
    return Table(
        id="tableau",
        caption=entry["caption"],
        columns=columns,
        rows=sorted_by(rows, columns, query),
        total=_total(columns, entry["total"]) if is_whole else None,
        downloads=documents(of, table),
        note=note_of(of, key, [c["key"] for c in entry["columns"]]),
    )


def note_of(of: Shown, table: str, keys: Sequence[str]) -> str:
    """The sources of a table, each once."""
    found = {of.provenance(table, key).source for key in keys}
    each = dict.fromkeys(line for source in sorted(found) for line in source.split(" ; ") if line)
    return f"Sources : {' ; '.join(each)}." if each else ""


def _origin(of: Shown, table: str, key: str) -> str:
    origin = of.provenance(table, key).origin
    return "" if origin == "observed" else origin


def _texts(columns: Sequence[Column], cells: Sequence[Json]) -> dict[str, str]:
    return {c.key: str(cell["text"]) for c, cell in zip(columns, cells, strict=True)}


def _row(columns: Sequence[Column], cells: Sequence[Json], links: Linked | None = None) -> Row:
    code = _texts(columns, cells).get("commune_code", "")
    by_key: dict[str, Cell] = {}
    for column, cell in zip(columns, cells, strict=True):
        to = (links or {}).get(column.key)
        by_key[column.key] = Link(cell["text"], to(code)) if to and code else shown_cell(cell)
    return Row(by_key)


def shown_cell(cell: Json) -> Cell:
    """A cell: a number with its wording, a text, or None when nobody knows."""
    value, text = cell["value"], cell["text"]
    if value is None:
        return None if text in {"", NO_FIGURE} else str(text)
    return Number(value, text) if isinstance(value, int | float) else str(text)


def _total(columns: Sequence[Column], cells: Sequence[Json]) -> Row | None:
    if not cells:
        return None
    return Row({c.key: cell["text"] for c, cell in zip(columns, cells, strict=True)})


def map_panel(of: Shown, list_id: str) -> MapPanel:
    """The map of today; without a known place there is no minute to colour."""
    drawn = of.words["map"]
    return MapPanel(
        id="carte",
        svg=of.drawing(drawn["panel"]),
        alternative=drawn["alternative"],
        list_id=list_id,
        layers={name: of.address(file) for name, file in drawn["layers"].items()},
        bounds=tuple(drawn["bounds"]),
        source=of.words["attribution"],
        tiers=("existing",),
        how=drawn.get("how", ""),
        rule_min=RULE_MIN if drawn["rule"] else None,
    )
