"""From metres to pixels: the frame of a map, and the look it has at the width it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.sources.grid import SIDE_M
from maillage.core.territory import Territory
from maillage.report import layers
from maillage.report.layers import LonLat

WIDTH = 848.0
MARGIN = 26.0
# A wide territory keeps the same picture: its neighbours fill it, above and below
LEAST_HEIGHT = 0.92
# what stands farther than this is another map's business
NEAR_M = 12_000.0

INK, INK_2, LINE, LAND, GROUND = "#16211E", "#43514C", "#CBD5D0", "#FFFFFF", "#EFF3F1"
CELL_OUTLINE, RULE = "#3D4D47", "#B42318"
FONT = 'font-family="Public Sans, system-ui, sans-serif"'
MARKER_RADIUS = {"hub": 13.0, "mini": 10.5, "corpo": 10.5}


@dataclass(frozen=True)
class Look:
    """How a map is drawn for the width at which it is read.

    zoom       letters, markers and lines, 1 for a map as wide as the page
    named      the tiers whose sites are named; none of them: the largest communes
    """

    zoom: float
    named: tuple[str, ...]
    largest_named: int
    has_towns: bool
    has_legend: bool


FULL = Look(1.0, ("hub", "mini"), 8, has_towns=True, has_legend=True)
# The page writes the legend itself, once for both its maps
PANEL = Look(1.0, ("hub", "mini"), 8, has_towns=True, has_legend=False)
# Two maps side by side: letters twice as large, only what they must compare
SMALL = Look(1.75, ("hub",), 3, has_towns=False, has_legend=False)


@dataclass(frozen=True)
class Frame:
    """From Lambert-93 metres to the picture: scale in pixels per metre, origin, size."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def xy(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels [n, 2] of projected points [n, 2]."""
        east = (metres[:, 0] - self.west) * self.scale
        south = (self.north - metres[:, 1]) * self.scale
        return np.column_stack([east, south])

    def holds(self, x: float, y: float, margin: float = 8) -> bool:
        """Whether a pixel is in the picture, away from its edge."""
        return margin < x < self.width - margin and margin < y < self.height - margin

    def of(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels of one point in degrees."""
        x, y = self.xy(geo.project(np.array([[lon, lat]])))[0]
        return float(x), float(y)


def frame_of(territory: Territory, beside: Sequence[LonLat] = ()) -> Frame:
    """The frame that holds a territory, its shape centred.

    beside  points to hold too, where they stand near it
    """
    shape = layers.outline(territory)
    lonlat = (
        shapely.get_coordinates(shape)
        if shape is not None
        else territory.cells.select("lon", "lat").to_numpy()
    )
    metres = geo.project(lonlat)
    if beside:
        west_south, east_north = metres.min(axis=0) - NEAR_M, metres.max(axis=0) + NEAR_M
        others = geo.project(np.array(beside))
        is_near = ((others >= west_south) & (others <= east_north)).all(axis=1)
        metres = np.vstack([metres, others[is_near]])
    return frame_around(metres)


def frame_around(metres: NDArray[np.float64], *, least_height: float = LEAST_HEIGHT) -> Frame:
    """The frame that holds projected points [n, 2], their shape centred.

    least_height  of the picture, as a share of its width
    """
    west, south = metres.min(axis=0) - SIDE_M
    east, north = metres.max(axis=0) + SIDE_M
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (WIDTH * 1.05) / (north - south))
    height = max((north - south) * scale + 2 * MARGIN, WIDTH * least_height)
    beside = (WIDTH - (east - west) * scale) / 2
    above = (height - (north - south) * scale) / 2
    return Frame(west - beside / scale, north + above / scale, scale, WIDTH, height)
