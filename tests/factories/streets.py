"""Invented streets (fictives): a small extract of OpenStreetMap drawn over the cells of a place."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import osmium
import polars as pl

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.sources import osm, registry, roads
from maillage.core.sources.gather import Tables

FILE = "rues-fictives.osm.pbf"
# Cenves, the northernmost commune
FAR = "69035"
AS_OF = "2026-11-01T20:21:00Z"
CELL_M = 1000
# degrees between a town or the centre of a cell and its street: some tens of metres
ASIDE = 0.0009
# a street this near to a point that must have none is not drawn
CLEAR_M = 3500.0


def extract(
    folder: Path,
    tables: Tables,
    *,
    far: str | None = None,
    kmh: int | None = None,
    exit_near: str | None = None,
) -> Path:
    """An extract in which a country road joins each inhabited cell to its neighbours.

    Every town has a street of its own. A lane of 800 m that nothing joins stands in the south.
    far  code of a commune whose town no road comes near
    kmh  the limit posted on every road; None: none is
    exit_near  code of a commune beside whose town a motorway passes, with an exit
    """
    drawn = _Drawn(_clear_of(tables, far))
    cells = tables.cells
    drawn.grid(cells, {} if kmh is None else {"maxspeed": str(kmh)})
    drawn.towns(tables.communes.filter("is_member"))
    drawn.lane(cells)
    drawn.motorway(tables.communes.filter(pl.col("commune_code") == (exit_near or "")))
    return drawn.write(folder / FILE)


def added(tables: Tables, path: Path, assumptions: Assumptions) -> Tables:
    """The tables once an extract has been read, as `gather` would give them."""
    found = roads.around(
        tables.communes, tables.cells, [path], is_chosen=True, assumptions=assumptions
    )
    read = [registry.source("roads", used, osm.announced_day(used)) for used in found.used]
    return replace(
        tables,
        streets=found.streets,
        sources=(*tables.sources, *read),
        notes=(*tables.notes, *found.notes),
    )


def _clear_of(tables: Tables, far: str | None) -> np.ndarray:
    alone = tables.communes.filter(pl.col("commune_code") == (far or ""))
    return geo.project(alone.select("lon", "lat").to_numpy())


class _Drawn:
    """Nodes and streets, numbered as they come."""

    def __init__(self, clear: np.ndarray) -> None:
        self.clear = clear
        self.nodes: list[tuple[float, float]] = []
        self.ways: list[tuple[list[int], dict[str, str]]] = []
        self.tags: dict[int, dict[str, str]] = {}
        self.cell_xy = np.zeros((0, 2))

    def node(self, lon: float, lat: float) -> int:
        self.nodes.append((float(lon), float(lat)))
        return len(self.nodes)

    def street(self, nodes: list[int], **tags: str) -> None:
        xy = geo.project(np.array([self.nodes[n - 1] for n in nodes]))
        if len(self.clear) and geo.distances_km(xy, self.clear).min() * 1000 < CLEAR_M:
            return
        self.ways.append((nodes, tags))

    def grid(self, cells: pl.DataFrame, tags: dict[str, str]) -> None:
        """Each cell to its neighbours, and every group of cells to the nearest one."""
        self.cell_xy = geo.project(cells.select("lon", "lat").to_numpy())
        numbers = [
            self.node(lon + ASIDE, lat) for lon, lat in cells.select("lon", "lat").iter_rows()
        ]
        corner = cells.select("x3035_m", "y3035_m").rows()
        at = {place: n for n, place in enumerate(corner)}
        joined = set()
        for n, (x, y) in enumerate(corner):
            for beside in ((x + CELL_M, y), (x, y + CELL_M)):
                if beside in at:
                    joined.add((n, at[beside]))
        joined |= _spanning(self.cell_xy)
        for a, b in sorted(joined):
            self.street([numbers[a], numbers[b]], highway="tertiary", **tags)

    def towns(self, communes: pl.DataFrame) -> None:
        """A street from each town to the nearest cell, and one that ends there."""
        for lon, lat in communes.select("lon", "lat").iter_rows():
            xy = geo.project(np.array([[lon, lat]]))
            nearest = int(geo.distances_km(xy, self.cell_xy)[0].argmin()) + 1
            town = self.node(lon, lat + ASIDE)
            self.street([nearest, town], highway="residential")
            self.street([town, self.node(lon + 0.003, lat + ASIDE)], highway="residential")

    def lane(self, cells: pl.DataFrame) -> None:
        """An isolated piece, too short to be a place of its own."""
        south = float(cells["lat"].min()) - 0.04  # type: ignore[arg-type]
        west = float(cells["lon"].min())  # type: ignore[arg-type]
        self.street(
            [self.node(west, south), self.node(west + 0.0104, south)], highway="residential"
        )

    def motorway(self, towns: pl.DataFrame) -> None:
        """A kilometre north of each town, both ways, its exit 30 down to the town's own street."""
        for lon, lat in towns.select("lon", "lat").iter_rows():
            apart = np.hypot(*(np.array(self.nodes) - (lon, lat)).T)
            town = 1 + int(apart.argmin())
            west, middle, east = (self.node(lon + step, lat + 0.009) for step in (-0.1, 0, 0.1))
            self.tags[middle] = {"highway": "motorway_junction", "ref": "30"}
            self.street([west, middle, east], highway="motorway", oneway="no", ref="A 6")
            self.street([middle, town], highway="motorway_link", oneway="no", maxspeed="60")

    def write(self, path: Path) -> Path:
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", AS_OF)
        header.set("generator", "Maillage, rues fictives")
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for n, at in enumerate(self.nodes, 1):
                tags = self.tags.get(n, {})
                writer.add_node(osmium.osm.mutable.Node(id=n, location=at, tags=tags))
            for n, (nodes, tags) in enumerate(self.ways, 1):
                writer.add_way(osmium.osm.mutable.Way(id=n, nodes=nodes, tags=tags))
        return path


def _spanning(xy: np.ndarray) -> set[tuple[int, int]]:
    """The shortest set of links that joins every point."""
    apart = geo.distances_km(xy, xy)
    nearest = np.zeros(len(xy), dtype=np.int64)
    best = apart[0].copy()
    inside = np.zeros(len(xy), dtype=bool)
    inside[0] = True
    links = set()
    for _ in range(len(xy) - 1):
        n = int(np.where(inside, np.inf, best).argmin())
        links.add(tuple(sorted((int(nearest[n]), n))))
        inside[n] = True
        closer = apart[n] < best
        best[closer], nearest[closer] = apart[n][closer], n
    return links
