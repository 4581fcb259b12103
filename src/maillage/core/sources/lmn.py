"""Places of digital mediation, in the national schema (LMN): CSV, or JSON with the same names.

France Tiers-Lieux publishes the third places of the country in it.
schema  github.com/LaMednum/standard-mediation-num
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files
from maillage.core.sources.notes import Note
from maillage.core.tables import Column, Schema, check

LMN = Schema(
    "lmn",
    (
        Column("id", pl.String, "", "identifier in the file", nullable=True),
        Column("kind", pl.String, "", "coworking, fablab, third_place or service_house"),
        Column("name", pl.String, "", "name of the place"),
        Column("commune_code", pl.String, "", "Insee code, null when not told", nullable=True),
        Column("lon", pl.Float64, "degree", "longitude"),
        Column("lat", pl.Float64, "degree", "latitude"),
        Column("opening_hours", pl.String, "", "OpenStreetMap syntax", nullable=True),
        Column("services", pl.String, "", "what is offered, separated by |", nullable=True),
        Column("updated_on", pl.String, "", "ISO date of the line", nullable=True),
    ),
)

_NEEDED = ("nom", "commune", "latitude", "longitude")
_OPTIONAL = ("id", "code_insee", "typologie", "services", "horaires", "date_maj", "source")
# A line of the first kind that fits; the others are places of mediation where nobody works
_KINDS = (("TIERS_LIEUX", "third_place"), ("RFS", "service_house"))
# France Tiers-Lieux only lists third places, and does not always say it of each
_THIRD_PLACES_SOURCE = re.compile(r"tiers[-_ ]?lieux", re.IGNORECASE)
_SEPARATORS = re.compile(r"[|;,]")
_LIST_SEPARATORS = re.compile(r"[|;]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Places:
    """The places of a file that people may work in, as LMN, and what was left out of it."""

    table: pl.DataFrame
    notes: tuple[Note, ...]

    @property
    def latest(self) -> str | None:
        """The ISO date of the line that was updated last."""
        dates = self.table["updated_on"].drop_nulls()
        return None if dates.is_empty() else str(dates.max())


def is_lmn(path: Path) -> bool:
    """Whether a file has the columns of the schema."""
    if path.suffix.lower() == ".json":
        return True
    return {"nom", "latitude", "longitude"} <= set(files.columns_of(path))


def read(path: Path) -> Places:
    """The third places and France services of a file; a line that cannot be placed is counted.

    Raises BadInput `table_missing_column`, `table_without_rows`, `file_unreadable`,
    `table_without_places`, `table_projected_coordinates` and those of delimited files.
    """
    lines = _lines(path)
    kept: list[dict[str, object]] = []
    left: dict[str, int] = dict.fromkeys(("other_kind", "no_name", "no_position", "twice"), 0)
    seen: set[str] = set()
    for line in lines:
        why = _unusable(line, seen)
        if why is None:
            kept.append(_place(line))
        else:
            left[why] += 1
    if not kept:
        _refuse_metres(path, lines)
        raise BadInput("table_without_places", path=path, lines=len(lines))
    table = pl.DataFrame(kept, schema={c.name: c.dtype for c in LMN.columns})
    facts: dict[str, object] = {"file": path.name, **left}
    notes = (Note("places_left_out", facts),) if any(left.values()) else ()
    return Places(check(table.sort("commune_code", "name"), LMN, path), notes)


def _lines(path: Path) -> list[dict[str, object]]:
    if path.suffix.lower() == ".json":
        return _from_json(path)
    table = files.read_delimited(path, (*_NEEDED, *_OPTIONAL))
    return files.required(path, table, _NEEDED).to_dicts()


def _from_json(path: Path) -> list[dict[str, object]]:
    document = files.read_json(path, "json")
    if not isinstance(document, list) or not all(isinstance(line, dict) for line in document):
        raise BadInput("file_unreadable", path=path, reason="json")
    if not document:
        raise BadInput("table_without_rows", path=path)
    missing = [name for name in _NEEDED if not any(name in line for line in document)]
    if missing:
        raise BadInput("table_missing_column", table=path.name, columns=missing)
    return document


def _unusable(line: Mapping[str, object], seen: set[str]) -> str | None:
    """Why a line is left out: another kind of place, no name, no position, given already."""
    if _kind(line) is None:
        return "other_kind"
    if not _text(line, "nom"):
        return "no_name"
    position = _position(line)
    if position is None:
        return "no_position"
    # without an identifier, the same name at the same point is the same place
    identity = _text(line, "id") or f"{_text(line, 'nom')}@{position}"
    if identity in seen:
        return "twice"
    seen.add(identity)
    return None


def _place(line: Mapping[str, object]) -> dict[str, object]:
    lon, lat = _position(line) or (0.0, 0.0)
    code = _text(line, "code_insee")
    day = _DATE.match(_text(line, "date_maj"))
    return {
        "id": _text(line, "id") or None,
        "kind": _kind(line),
        "name": _text(line, "nom"),
        "commune_code": code if geo.is_commune_code(code) else None,
        "lon": lon,
        "lat": lat,
        "opening_hours": _text(line, "horaires") or None,
        "services": "|".join(_listed(line.get("services"), _LIST_SEPARATORS)) or None,
        "updated_on": day[0] if day else None,
    }


def _kind(line: Mapping[str, object]) -> str | None:
    types = set(_listed(line.get("typologie"), _SEPARATORS))
    for typology, kind in _KINDS:
        if typology in types:
            return kind
    is_third = not types and _THIRD_PLACES_SOURCE.search(_text(line, "source"))
    return "third_place" if is_third else None


def _position(line: Mapping[str, object]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None when they are absent, or are no place on Earth."""
    numbers = _numbers(line)
    if numbers is None or numbers == (0.0, 0.0):
        return None
    return numbers if _is_on_earth(*numbers) else None


def _is_on_earth(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90


def _numbers(line: Mapping[str, object]) -> tuple[float, float] | None:
    try:
        lon, lat = (
            float(_text(line, name).replace(",", ".")) for name in ("longitude", "latitude")
        )
    except ValueError:
        return None
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


def _refuse_metres(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    """A whole file in metres is not a file without places."""
    for numbers in map(_numbers, lines):
        if numbers is not None and not _is_on_earth(*numbers):
            lon, lat = numbers
            raise BadInput("table_projected_coordinates", path=path, lon=lon, lat=lat)


def _text(line: Mapping[str, object], name: str) -> str:
    value = line.get(name)
    return "" if value is None else str(value).strip()


def _listed(value: object, separators: re.Pattern[str]) -> Iterable[str]:
    parts = value if isinstance(value, list) else separators.split(str(value or ""))
    return [text for part in parts if (text := str(part).strip())]
