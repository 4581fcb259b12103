"""What is known of a road network and of how places are tied to it: what a reader must be told.

method  docs/method/travel.md
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.travel.distance import Minutes, Points
from maillage.core.travel.roads.times import RoadTravel

Real = NDArray[np.float64]


@dataclass(frozen=True)
class OffRoad:
    """How far some points stand from the street each is tied to, metres.

    worst  number of the farthest point
    """

    median_m: float
    worst_m: float
    worst: int


@dataclass(frozen=True)
class Quality:
    """The streets that were read, and who they do not reach.

    streets_km   kilometres of street that the mode follows
    left_out     kilometres of the pieces that nothing joins to the rest, longest first
    cells        of the inhabited cells, each inhabitant counting once
    places       of the places that could hold a site; None without any
    without_road (number of the place, metres to the nearest street), farthest first: too far to
                 be tied to any
    unreached    inhabitants from whom no road leads to any of these places
    """

    streets_km: float
    left_out: tuple[float, ...]
    cells: OffRoad
    places: OffRoad | None
    without_road: tuple[tuple[int, float], ...]
    unreached: int


def of(
    travel: RoadTravel, cells: Points, people: NDArray[np.int64], places: Points, minutes: Minutes
) -> Quality:
    """The quality of a network for Lambert-93 cells [i, 2] of some people [i] and places [j, 2].

    minutes  [i, j] from the cells to the places, infinite where no road leads
    """
    network = travel.roads.network
    off_cells = travel.off_road_m(cells)
    off_places = travel.off_road_m(places) if len(places) else np.zeros(0)
    most = travel.assumptions.value("roads.snap_most_m")
    lost = np.flatnonzero(off_places > most)
    ranked = lost[np.argsort(-off_places[lost], kind="stable")]
    reached = np.isfinite(minutes).any(axis=1)
    return Quality(
        streets_km=network.km,
        left_out=network.left_out,
        cells=_off(off_cells, people),
        places=_off(off_places, np.ones(len(places), dtype=np.int64)) if len(places) else None,
        without_road=tuple((int(j), float(off_places[j])) for j in ranked),
        unreached=int(people[~reached].sum()),
    )


def _off(metres: Real, weight: NDArray[np.int64]) -> OffRoad:
    order = np.argsort(metres, kind="stable")
    behind = np.cumsum(weight[order])
    middle = order[np.searchsorted(behind, behind[-1] / 2)]
    worst = int(metres.argmax())
    return OffRoad(float(metres[middle]), float(metres[worst]), worst)
