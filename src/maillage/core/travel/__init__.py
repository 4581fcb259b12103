"""Minutes between places, behind one function, whatever measures them."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from maillage.core.assumptions import Assumptions
from maillage.core.travel import distance
from maillage.core.travel.distance import CASES, Minutes, Points, TravelModel

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads.times import Roads

__all__ = [
    "CASES",
    "Minutes",
    "Points",
    "Travel",
    "TravelModel",
    "by_case",
    "minutes",
]


class Travel(Protocol):
    """What measures a trip: the distance model or a road network, under one case of speeds.

    kind  "modelled" from distance, or "roads"
    """

    @property
    def kind(self) -> str:
        """What the page says of these times."""
        ...

    def minutes(
        self,
        origins: Points,
        sites: Points,
        *,
        origin_size_km: float = 0.0,
        within_min: float = np.inf,
    ) -> Minutes:
        """Minutes [i, j] between Lambert-93 points."""
        ...

    def road_km_within(self, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kilometres by road driven in some minutes, same shape."""
        ...


def by_case(assumptions: Assumptions, roads: "Roads | None" = None) -> dict[str, Travel]:
    """Travel by car in every case of CASES: by road where a network is known, else by distance."""
    if roads is None:
        return {case: distance.model(assumptions, case) for case in CASES}
    return {case: roads.travel(assumptions, case) for case in CASES}


def minutes(
    origins: Points,
    sites: Points,
    travel: Travel,
    *,
    origin_size_km: float = 0.0,
    within_min: float = np.inf,
) -> Minutes:
    """Minutes [i, j] from Lambert-93 points [i, 2] to [j, 2]; infinite where no road leads.

    origin_size_km  side of the square each origin stands for: inside it nobody is at distance zero
    within_min      pairs farther than that are infinite: a large matrix takes less time
    source          docs/method/travel.md
    """
    return travel.minutes(origins, sites, origin_size_km=origin_size_km, within_min=within_min)
