"""A scene as GeoJSON layers, for the interactive map: the same marks as the drawing."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.sources.grid import EPSG, SIDE_M
from maillage.core.territory import Territory
from maillage.report import french, layers
from maillage.report.layers import Layer, collection, feature
from maillage.report.map.marks import flow_widths, is_beside
from maillage.report.map.scene import Scene

# About a metre: finer than any mark of the map
DIGITS = 5
LAMBERT_93 = 2154
MOST_TOWNS = 12

Minutes = NDArray[np.float32]


def outlines(territory: Territory) -> Layer:
    """Communes, then the whole territory."""
    names = dict(territory.communes.select("commune_code", "name").iter_rows())
    communes = [
        feature(_rounded(shape), {"kind": "commune", "commune_code": code, "name": names[code]})
        for code, shape in territory.tables.outlines.items()
    ]
    whole = layers.outline(territory)
    properties = {"kind": "territory", "name": territory.name}
    return collection([*communes, feature(_rounded(whole), properties)] if communes else [])


def cells(territory: Territory, minutes: Mapping[str, Minutes]) -> Layer:
    """Squares sized by inhabitants; for each name of `minutes`, whole minutes and legend class.

    The name "" gives the properties `minutes` and `class`, another one `before`, `class_before`.
    """
    corners = territory.cells.select("x3035_m", "y3035_m").to_numpy().astype(np.float64)
    people = territory.cells["population"].to_numpy()
    half = layers.side_share(people)[:, None, None] * (SIDE_M / 2)
    ring = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], dtype=np.float64)
    metres = corners[:, None, :] + SIDE_M / 2 + ring[None] * half
    squares = geo.unproject(metres.reshape(-1, 2), EPSG).round(DIGITS).reshape(-1, 5, 2)
    return collection(
        [
            feature(
                {"type": "Polygon", "coordinates": [square.tolist()]},
                {"population": int(people[i])} | _timed(minutes, i),
            )
            for i, square in enumerate(squares)
        ]
    )


def minutes_of(scene: Scene) -> list[list[int | None]]:
    """Whole minutes and legend class of each cell, in the order of the layer of cells."""
    return [
        [round(float(value)) if np.isfinite(value) else None, _class(float(value))]
        for value in scene.minutes
    ]


def _timed(minutes: Mapping[str, Minutes], i: int) -> Layer:
    properties: Layer = {}
    for name, values in minutes.items():
        value = float(values[i])
        properties[name or "minutes"] = round(value) if np.isfinite(value) else None
        properties[f"class_{name}".removesuffix("_")] = _class(value)
    return properties


def _class(value: float) -> int | None:
    """The rank of the legend's class, None where no place is known."""
    return None if np.isnan(value) else layers.MINUTES.index(layers.class_of(value))


def links(scene: Scene) -> Layer:
    """From each commune's town to the site its people would use."""
    return collection(
        [
            feature(
                {"type": "LineString", "coordinates": [_point(*start), _point(*end)]},
                {"commune_code": code, "site_id": site},
            )
            for code, start, site, end in scene.links
        ]
    )


def zones(scene: Scene) -> Layer:
    """The land within reach, one mark a case of travel: "low" is the slow one."""
    return collection(
        [
            feature(
                _rounded(shapely.transform(shape, lambda xy: geo.unproject(xy, LAMBERT_93))),
                {"case": case},
            )
            for case, shape in scene.zones.items()
        ]
    )


def flows(scene: Scene) -> Layer:
    """From home to work, with the width of the line and its words."""
    widths = flow_widths(scene.flows)
    return collection(
        [
            feature(
                {"type": "LineString", "coordinates": [_point(*f.start), _point(*f.end)]},
                {"home": f.home_name, "work": f.work_name, "width": round(width, 1)},
            )
            for f, width in zip(scene.flows, widths, strict=True)
        ]
    )


def places(scene: Scene) -> Layer:
    """Open places that are not sites of the plan."""
    territory = scene.territory
    members = set(territory.communes["commune_code"])
    known = pl.concat([territory.communes, territory.surroundings])
    names = dict(known.select("commune_code", "name").iter_rows())
    return collection(
        [
            feature(
                {"type": "Point", "coordinates": _point(row["lon"], row["lat"])},
                {
                    "name": row["name"],
                    "kind": french.PLACES[row["kind"]],
                    "commune_name": names.get(row["commune_code"]),
                    "is_inside": row["commune_code"] in members,
                },
            )
            for row in scene.places.iter_rows(named=True)
        ]
    )


def markers(scene: Scene) -> Layer:
    """The sites of a plan, north to south, as a keyboard goes through them.

    `beside`: drawn a little aside, since it stands in a town that has its own marker.
    """
    ordered = sorted(scene.sites, key=lambda site: -site.candidate.lat)
    return collection(
        [
            feature(
                {"type": "Point", "coordinates": _point(s.candidate.lon, s.candidate.lat)},
                {
                    "id": s.candidate.id,
                    "tier": s.tier,
                    "name": s.candidate.name,
                    "seats": s.seats,
                    "opening_year": s.opening_year,
                    "beside": is_beside(s),
                    "label": f"{french.TIERS[s.tier].capitalize()}, {s.candidate.name}, "
                    f"{french.count(s.seats, 'place')}",
                },
            )
            for s in ordered
        ]
    )


def labels(scene: Scene) -> Layer:
    """Names to write, the first served first: sites, communes, places, towns around."""
    sites = [(s.candidate.name, s.candidate.lon, s.candidate.lat, "site") for s in scene.sites]
    sites = [site for site, s in zip(sites, scene.sites, strict=True) if s.tier != "corpo"]
    taken = {name for name, *_ in sites}
    communes = [(*row, "commune") for row in _largest(scene.named, 8) if row[0] not in taken]
    others = [(*row, "place") for row in scene.places.select("name", "lon", "lat").iter_rows()]
    around = [(*row, "town") for row in _largest(scene.territory.surroundings, MOST_TOWNS)]
    return collection(
        [
            feature(
                {"type": "Point", "coordinates": _point(lon, lat)},
                {"name": name, "kind": kind, "rank": rank},
            )
            for rank, (name, lon, lat, kind) in enumerate([*sites, *communes, *others, *around], 1)
        ]
    )


def bounds(territory: Territory) -> tuple[float, float, float, float]:
    """West, south, east, north of what is drawn."""
    whole = layers.outline(territory)
    if whole is None:
        lonlat = territory.cells.select("lon", "lat").to_numpy()
        west, south, east, north = *lonlat.min(axis=0), *lonlat.max(axis=0)
    else:
        west, south, east, north = whole.bounds
    return tuple(round(float(x), DIGITS) for x in (west, south, east, north))  # type: ignore[return-value]


def _largest(communes: pl.DataFrame, count: int) -> list[tuple[str, float, float]]:
    ranked = communes.sort("population", "commune_code", descending=[True, False], nulls_last=True)
    return list(ranked.head(count).select("name", "lon", "lat").iter_rows())


def _point(lon: float, lat: float) -> list[float]:
    return [round(lon, DIGITS), round(lat, DIGITS)]


def _rounded(shape: shapely.Geometry) -> Layer:
    rounded = shapely.transform(shape, lambda lonlat: lonlat.round(DIGITS))
    mapped: Layer = shapely.geometry.mapping(rounded)
    return mapped
