"""What the benches of travel measure on: extracts, and a network as large as a département."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.sources import osm
from maillage.core.sources.osm import TAGS, Streets
from maillage.core.travel.roads import RoadMap, Roads

EXTRACTS = Path(__file__).resolve().parents[2] / "shared" / "bench" / "osm"

# A département: 60,000 crossings, 74,000 stretches both ways, 80 km a side
CROSSINGS, STRETCHES_EACH, SIDE_M = 60_000, 74 / 60, 80_000.0
SOUTH_WEST = (700_000.0, 6_600_000.0)


@dataclass(frozen=True)
class Place:
    """A network to measure on.

    name     of the extract
    extract  None where the network is invented
    """

    name: str
    extract: Path | None
    streets: Streets

    def roads(self, mode: str, assumed: Assumptions) -> Roads:
        """The network of a mode."""
        return RoadMap(self.streets).of(mode, assumed)


def of_extract(path: Path) -> Place:
    """The streets of a file."""
    return Place(path.name.removesuffix(".osm.pbf"), path, osm.read(path))


def synthetic(seed: int, crossings: int = CROSSINGS) -> Place:
    """Invented roads: a spanning tree of random crossings, and loops between neighbours."""
    chance = np.random.default_rng(seed)
    xy = chance.random((crossings, 2)) * SIDE_M
    ends = _neighbours(xy)
    metres = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    links = coo_array((metres, tuple(ends.T)), shape=(crossings, crossings))
    tree = minimum_spanning_tree(links).tocoo()
    kept = np.sort(np.column_stack([tree.row, tree.col]), axis=1)
    known = set(map(tuple, kept.tolist()))
    loops = [pair for pair in chance.permutation(ends).tolist() if tuple(pair) not in known]
    wanted = round(crossings * STRETCHES_EACH) - len(kept)
    kept = np.concatenate([kept, loops[:wanted]])
    tags = {name: [None] * len(kept) for name in TAGS} | {"highway": ["secondary"] * len(kept)}
    streets = Streets(
        lonlat=geo.unproject(xy + np.array(SOUTH_WEST), 2154),
        marks=np.zeros(crossings, dtype=np.uint8),
        starts=np.arange(len(kept) + 1) * 2,
        nodes=kept.ravel().astype(np.int64),
        tags=pl.DataFrame(tags, schema=dict.fromkeys(TAGS, pl.String)),
        summits=np.empty((0, 2)),
    )
    return Place(f"inventé, graine {seed}", None, streets)


def _neighbours(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Pairs [e, 2] of crossings that share a side of a triangle, the lower number first."""
    corners = Delaunay(xy).simplices
    sides = np.concatenate([corners[:, pair] for pair in ([0, 1], [1, 2], [0, 2])])
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)
