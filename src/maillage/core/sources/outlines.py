"""Outlines of communes, from a GeoJSON or GeoParquet file."""

import json
from collections.abc import Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from maillage.core.bad_input import BadInput
from maillage.core.sources import files

Outlines = Mapping[str, BaseGeometry]


def read(path: Path, wanted: frozenset[str]) -> dict[str, BaseGeometry]:
    """The outlines (lon, lat) of the wanted communes that the file holds, by commune code."""
    if path.suffix == ".parquet":
        table = files.read_parquet(path, columns=["code", "geometry"])
        rows = [(code, wkb) for code, wkb in table.rows() if code in wanted]
        return {code: shapely.from_wkb(wkb) for code, wkb in rows}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise BadInput("file_unreadable", path=path, reason="GeoJSON") from error
    return {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in features
        if feature["properties"].get("code") in wanted
    }


def commune_of_points(outlines: Outlines, lonlat: list[tuple[float, float]]) -> list[str | None]:
    """The commune whose outline holds each point, None outside all of them."""
    codes = list(outlines)
    tree = shapely.STRtree([outlines[code] for code in codes])
    points = shapely.points(lonlat)
    found: list[str | None] = [None] * len(lonlat)
    for point, outline in zip(*tree.query(points, predicate="within"), strict=True):
        found[point] = codes[outline]
    return found


def bounds(outlines: Outlines) -> tuple[float, float, float, float]:
    """West, south, east, north of all the outlines, degrees."""
    west, south, east, north = shapely.total_bounds(list(outlines.values()))
    return float(west), float(south), float(east), float(north)
