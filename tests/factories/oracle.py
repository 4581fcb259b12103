"""Valhalla, another route planner, as a judge: tiles of an extract, then minutes between points.

It is never part of the product.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import valhalla
from numpy.typing import NDArray
from valhalla.config import get_config

from maillage.core import geo
from maillage.core.travel.roads import Roads

COSTINGS = {"car": "auto", "bike": "bicycle", "walk": "pedestrian"}

# The wait that Valhalla counts at a border, ten minutes: no road is slower for it
_NO_CUSTOMS = {name: {"country_crossing_cost": 0} for name in COSTINGS.values()}

_ON_STREET_M = 0.5
_FAR_M = 10_000_000
_MANY = 1_000_000


class Oracle:
    """Valhalla over one extract, in one thread."""

    def __init__(self, extract: Path, folder: Path) -> None:
        """Builds the tiles in a folder that exists."""
        written = folder / "valhalla.json"
        written.write_text(json.dumps(_settings(folder)), encoding="utf-8")
        # the wheel ships the builder; its own launcher looks for it on the PATH
        builder = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        subprocess.run(
            [builder, "-c", written, "-j", "1", extract], check=True, capture_output=True
        )
        self._actor = valhalla.Actor(str(written))

    def minutes(
        self, origins: NDArray[np.float64], sites: NDArray[np.float64], mode: str
    ) -> NDArray[np.float64]:
        """Minutes [i, j] between Lambert-93 points [i, 2] and [j, 2]; NaN without a route."""
        asked = {
            "sources": _places(origins),
            "targets": _places(sites),
            "costing": COSTINGS[mode],
            "costing_options": _NO_CUSTOMS,
        }
        rows = self._actor.matrix(asked)["sources_to_targets"]
        seconds = [[np.nan if c["time"] is None else c["time"] for c in row] for row in rows]
        return np.array(seconds) / 60


def doorsteps(roads: Roads, count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Random Lambert-93 points [count, 2] along the streets to which places are tied.

    Every stretch is as likely as another: crossings are dense where people live.
    """
    network = roads.network
    found = np.empty((0, 2))
    while len(found) < count:
        stretch = chance.integers(0, len(network.metres), 2 * count)
        points = network.points(stretch, chance.random(2 * count))
        # a point of a motorway is tied to another street
        found = np.concatenate([found, points[roads.snapper.snap(points).off_m < _ON_STREET_M]])
    return found[:count]


def _settings(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = get_config(tile_extract="", tile_dir=folder)
    for name in ("tile_extract", "admin", "timezone"):
        config["mjolnir"].pop(name, None)
    config["mjolnir"]["logging"] = {"type": ""}
    for costing in COSTINGS.values():
        config["service_limits"][costing] |= {
            "max_distance": _FAR_M,
            "max_matrix_distance": _FAR_M,
            "max_matrix_location_pairs": _MANY,
        }
    return config


def _places(xy: NDArray[np.float64]) -> list[dict[str, float]]:
    return [{"lon": lon, "lat": lat} for lon, lat in geo.unproject(xy, 2154).tolist()]
