"""The list of premises as files: open data, a French spreadsheet, a template to fill."""

from collections.abc import Iterable

from maillage.apps.premises.columns import RENAMED
from maillage.apps.premises.models import Premises
from maillage.core.sources.described import COLUMNS
from maillage.report import files, shown
from maillage.report.shown import Cell, Column, Grid

NUMERIC = frozenset({"lon", "lat", "area_m2", "motorway_min", "services_min", "station_min"})
# every column, so that the file comes back by an import; the titles are those that it reads
HEADS = tuple(Column(name, name, name in NUMERIC) for name in COLUMNS)

TEMPLATE_ROW = {
    "id": "L1",
    "name": "Ancienne perception (fictif)",
    "kind": "building",
    "state": "existing",
    "address": "1 place de la Mairie",
    "area_m2": 220.0,
    "fibre": "yes",
    "step_free": "no",
    "works": "light",
    "owner": "commune",
    "rented": "no",
}


def open_data(rows: Iterable[Premises]) -> bytes:
    """Comma, point, UTF-8."""
    return files.grid_csv(_grid(rows))


def excel(rows: Iterable[Premises]) -> bytes:
    """Semicolon, decimal comma, byte order mark."""
    return files.grid_excel(_grid(rows))


def template(commune_code: str) -> bytes:
    """A list of one example, for a spreadsheet."""
    said = TEMPLATE_ROW | {"commune_code": commune_code}
    row = tuple(_cell(said.get(name)) for name in COLUMNS)
    return files.grid_excel(Grid("", HEADS, (row,)))


def _grid(rows: Iterable[Premises]) -> Grid:
    return Grid("", HEADS, tuple(_row(row) for row in rows))


def _row(row: Premises) -> tuple[Cell, ...]:
    return tuple(_value(row, name) for name in COLUMNS)


def _value(row: Premises, name: str) -> Cell:
    if name in {"lon", "lat"} and row.position_origin == "town":
        # the town stands for a point that nobody knows
        return _cell(None)
    value = getattr(row, RENAMED.get(name, name))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return _cell(value)


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return Cell("", None)
    if isinstance(value, float):
        return Cell(f"{value:g}", value)
    return shown.words(str(value)) if isinstance(value, str) else Cell(str(value), value)  # type: ignore[arg-type]
