"""Outlines of communes, from a GeoJSON or GeoParquet file."""

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files

Outlines = Mapping[str, BaseGeometry]

# Property names of the commune code: Etalab, Insee, IGN
_CODE = r"code|codgeo|code_insee|insee_com|depcom"
_AREAS = ("Polygon", "MultiPolygon")
# Names of the projection whose coordinates are longitude and latitude
_LONLAT = ("CRS84", "4326")


def read(path: Path, wanted: Collection[str] | None = None) -> dict[str, BaseGeometry]:
    """The outlines (lon, lat) of the wanted communes (None: all) that the file holds, by code.

    Raises BadInput `outlines_unknown_projection`, `outlines_swapped`, `outlines_not_areas`,
    `table_missing_column`, `table_without_rows`.
    """
    read_pairs = _from_parquet if path.suffix == ".parquet" else _from_geojson
    shapes = {code: shape for code, shape in read_pairs(path, wanted) if shape is not None}
    if any(shape.geom_type not in _AREAS for shape in shapes.values()):
        raise BadInput("outlines_not_areas", path=path)
    _refuse_other_coordinates(path, shapes)
    return shapes


def commune_of_points(outlines: Outlines, lonlat: list[tuple[float, float]]) -> list[str | None]:
    """The commune whose outline holds each point, None outside all of them."""
    if not lonlat:
        return []
    codes = list(outlines)
    tree = shapely.STRtree([outlines[code] for code in codes])
    points = shapely.points(lonlat)
    found: list[str | None] = [None] * len(lonlat)
    for point, outline in zip(*tree.query(points, predicate="within"), strict=True):
        found[point] = codes[outline]
    return found


def inner_points(outlines: Outlines) -> NDArray[np.float64]:
    """A point [n, 2] (lon, lat) inside each outline, in their order: not the town hall."""
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(list(outlines.values()))))


def bounds(outlines: Outlines) -> tuple[float, float, float, float]:
    """West, south, east, north of all the outlines, degrees."""
    west, south, east, north = shapely.total_bounds(list(outlines.values()))
    return float(west), float(south), float(east), float(north)


def _from_parquet(
    path: Path, wanted: Collection[str] | None
) -> Iterable[tuple[str, BaseGeometry | None]]:
    code = files.column_like(files.columns_of(path), _CODE)
    if code is None:
        raise BadInput("table_missing_column", table=path.name, columns=["code"])
    metadata = json.loads(files.parquet_metadata(path).get("geo", "null"))
    if metadata is None:
        raise BadInput("outlines_unknown_projection", path=path, found=None)
    geometry = metadata["primary_column"]
    # GeoParquet: no crs means longitude and latitude, a null crs means unknown
    crs = metadata["columns"][geometry].get("crs", {"type": "GeographicCRS"})
    if crs is None or crs["type"] != "GeographicCRS":
        found = crs["name"] if crs else None
        raise BadInput("outlines_unknown_projection", path=path, found=found)
    table = files.read_parquet(path, (code, geometry)).select(code, geometry)
    for name, wkb in table.iter_rows():
        if wanted is None or name in wanted:
            yield name, shapely.from_wkb(wkb)


def _from_geojson(
    path: Path, wanted: Collection[str] | None
) -> Iterable[tuple[str, BaseGeometry | None]]:
    document = files.read_json(path)
    if not _is_collection(document):
        raise BadInput("file_unreadable", path=path, reason="geojson")
    if not document["features"]:
        raise BadInput("table_without_rows", path=path)
    crs = document.get("crs", {"properties": {"name": "CRS84"}})
    found = crs and crs.get("properties", {}).get("name")
    if not found or not found.endswith(_LONLAT):
        raise BadInput("outlines_unknown_projection", path=path, found=found)
    for feature in document["features"]:
        code = _code_of(path, feature["properties"])
        if wanted is None or code in wanted:
            geometry = feature["geometry"]
            yield code, _shape(path, geometry) if geometry else None


def _is_collection(document: object) -> bool:
    """Whether a value is a GeoJSON collection whose features have properties."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        return False
    return all(
        isinstance(f, dict) and isinstance(f.get("properties"), dict) and "geometry" in f
        for f in document["features"]
    )


def _shape(path: Path, geometry: Any) -> BaseGeometry:
    try:
        return shapely.geometry.shape(geometry)
    except (shapely.errors.ShapelyError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput("file_unreadable", path=path, reason="geojson") from error


def _code_of(path: Path, properties: Mapping[str, object]) -> str:
    name = files.column_like(properties, _CODE)
    if name is None:
        raise BadInput("table_missing_column", table=path.name, columns=["code"])
    return str(properties[name])


def _refuse_other_coordinates(path: Path, shapes: Outlines) -> None:
    if not shapes:
        return
    west, south, east, north = bounds(shapes)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise BadInput("outlines_unknown_projection", path=path, found=None)
    if geo.is_mainland(south, west) and not geo.is_mainland(west, south):
        raise BadInput("outlines_swapped", path=path, lon=west, lat=south)
