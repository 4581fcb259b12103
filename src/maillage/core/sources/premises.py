"""Premises and existing places that the intercommunality writes itself, in two CSV files.

Their columns are described in docs/files.md, with an example of each in docs/examples. A study
stops at the first fault; a page that imports premises is told every one (`described`).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files

PREMISES_KINDS = ("building", "shop", "business_park")
EXISTING_STATES = ("open", "closed")


@dataclass(frozen=True)
class Premises:
    """A building, a shop or a business park that could hold a site."""

    id: str
    name: str
    commune_code: str
    kind: str
    lon: float
    lat: float
    area_m2: float | None
    rented: bool


@dataclass(frozen=True)
class ExistingPlace:
    """A shared workplace that is open or closed today, as the intercommunality knows it."""

    id: str
    name: str
    commune_code: str
    lon: float
    lat: float
    state: str


def read_premises(path: Path) -> tuple[Premises, ...]:
    """The premises of a CSV: id, name, commune_code, kind, lon, lat, area_m2, rented."""

    def parse(row: "Line") -> Premises:
        lon, lat = row.position()
        return Premises(
            id=row.text("id"),
            name=row.text("name"),
            commune_code=row.commune_code(),
            kind=row.choice("kind", PREMISES_KINDS),
            lon=lon,
            lat=lat,
            area_m2=row.area_m2(),
            rented=row.choice("rented", ("yes", "no")) == "yes",
        )

    names = ["id", "name", "commune_code", "kind", "lon", "lat", "area_m2", "rented"]
    return _read(path, names, parse)


def read_existing(path: Path) -> tuple[ExistingPlace, ...]:
    """The existing places of a CSV: id, name, commune_code, lon, lat, state."""

    def parse(row: "Line") -> ExistingPlace:
        lon, lat = row.position()
        return ExistingPlace(
            id=row.text("id"),
            name=row.text("name"),
            commune_code=row.commune_code(),
            lon=lon,
            lat=lat,
            state=row.choice("state", EXISTING_STATES),
        )

    return _read(path, ["id", "name", "commune_code", "lon", "lat", "state"], parse)


@dataclass(frozen=True)
class Line:
    """One line of a table that somebody wrote: each reading refuses what the cell must not hold."""

    path: Path
    line: int
    values: Mapping[str, str | None]

    def text(self, column: str) -> str:
        """A text, BadInput `line_empty_value` without one."""
        value = (self.values[column] or "").strip()
        if not value:
            raise self.wrong("line_empty_value", column)
        return value

    def number(self, column: str) -> float:
        """A finite number, decimal point or comma."""
        try:
            value = float(self.text(column).replace(",", "."))
        except ValueError:
            raise self.wrong("line_not_a_number", column) from None
        if not math.isfinite(value):
            raise self.wrong("line_not_a_number", column)
        return value

    def area_m2(self) -> float | None:
        """A surface above 0, or None where nothing is written."""
        if not (self.values["area_m2"] or "").strip():
            return None
        area_m2 = self.number("area_m2")
        if not area_m2 > 0:
            raise self.wrong("line_not_positive", "area_m2")
        return area_m2

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        """One word of a closed list."""
        value = self.text(column)
        if value not in allowed:
            raise self.wrong("line_unknown_choice", column, allowed=allowed)
        return value

    def commune_code(self) -> str:
        """A code with the shape of an Insee code."""
        code = self.text("commune_code")
        if geo.is_commune_code(code.zfill(5)) and len(code) == 4:
            raise self.wrong("line_code_lost_zero", "commune_code", repaired=code.zfill(5))
        if not geo.is_commune_code(code):
            raise self.wrong("line_bad_code", "commune_code")
        return code

    def position(self) -> tuple[float, float]:
        """Longitude and latitude, in the right order, in degrees, in mainland France."""
        lon, lat = self.number("lon"), self.number("lat")
        if geo.is_mainland(lon, lat):
            return lon, lat
        if geo.is_mainland(lat, lon):
            raise self.wrong("line_swapped_coordinates", "lon", lon=lon, lat=lat)
        if abs(lon) > 180 or abs(lat) > 90:
            raise self.wrong("line_projected_coordinates", "lon", lon=lon, lat=lat)
        raise self.wrong("line_outside_mainland", "lon", lon=lon, lat=lat)

    def wrong(self, code: str, column: str, **facts: object) -> BadInput:
        """The refusal of a cell."""
        value = self.values.get(column)
        return BadInput(code, path=self.path, line=self.line, column=column, value=value, **facts)


def _read[Item: (Premises, ExistingPlace)](
    path: Path, columns: list[str], parse: Callable[[Line], Item]
) -> tuple[Item, ...]:
    table = _table(path, columns)
    # line 1 is the header
    items = [parse(Line(path, n + 2, row)) for n, row in enumerate(table.iter_rows(named=True))]
    ids = [item.id for item in items]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise BadInput("duplicate_id", path=path, id=twice)
    return tuple(items)


def _table(path: Path, columns: list[str]) -> pl.DataFrame:
    """The file's lines; a refusal tells the `expected` columns, for nobody publishes this file."""
    try:
        table = files.read_any(path)
        missing = [name for name in columns if name not in table.columns]
        if missing:
            raise BadInput("table_missing_column", table=path.name, columns=missing)
    except BadInput as refusal:
        raise BadInput(refusal.code, **refusal.facts, expected=columns) from refusal
    return table
