"""Where points join the network, and how far they stand from it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.travel.roads import rules
from maillage.core.travel.roads.network import Network

Real = NDArray[np.float64]

# nobody's door opens on a motorway
_NO_DOORS = [rules.CLASSES.index(name) for name in ("motorway", "trunk")]


@dataclass(frozen=True)
class Snapped:
    """Points [p] on the network.

    stretch   number of the stretch
    along     share of it behind the point, from its tail: 0 to 1
    off_m     metres to it as the crow flies
    """

    stretch: NDArray[np.int64]
    along: Real
    off_m: Real


class Snapper:
    """The stretches that have doors, in a spatial index; or every stretch."""

    def __init__(self, network: Network, *, doors_only: bool = True) -> None:
        has_doors = ~np.isin(network.rank, _NO_DOORS) & ~network.is_link
        if not (doors_only and has_doors.any()):
            has_doors[:] = True
        self._numbers = np.flatnonzero(has_doors)
        self._lines = network.lines[has_doors]
        self._tree = shapely.STRtree(self._lines)

    def snap(self, xy: Real) -> Snapped:
        """The nearest stretch of Lambert-93 points [p, 2]."""
        points = shapely.points(xy)
        nearest = np.asarray(self._tree.nearest(points), dtype=np.int64).reshape(-1)
        lines = self._lines[nearest]
        along = shapely.line_locate_point(lines, points, normalized=True)
        return Snapped(
            stretch=self._numbers[nearest],
            along=np.nan_to_num(along),
            off_m=shapely.distance(lines, points),
        )
