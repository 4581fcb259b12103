"""Travel times modelled from straight-line distance, where no road network is known.

method  docs/method/travel.md
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions

Minutes = NDArray[np.float32]
Points = NDArray[np.float64]

CASES = ("low", "central", "high")

# Mean straight distance from the centre of a unit square to a point of it (geometry)
MEAN_DISTANCE_TO_CENTRE = 0.3826


@dataclass(frozen=True)
class TravelModel:
    """Car times from distance: km by road = straight km x detour, at speeds rising with distance.

    bands  (end of band in road km, speed in km/h); the last band has no end (inf)
    """

    kind: str
    detour: float
    bands: tuple[tuple[float, float], ...]

    def road_km(self, straight_km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kilometres by road for straight-line kilometres, same shape."""
        return straight_km * self.detour

    def of_distance(self, straight_km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minutes for straight-line kilometres, same shape; increasing with distance."""
        road = self.road_km(straight_km)
        total = np.zeros_like(road)
        begin = 0.0
        for end, speed_kmh in self.bands:
            total += (np.clip(road, begin, end) - begin) * (60.0 / speed_kmh)
            begin = end
        return total

    def minutes(
        self,
        origins: Points,
        sites: Points,
        *,
        origin_size_km: float = 0.0,
        within_min: float = np.inf,
    ) -> Minutes:
        """Minutes by car [i, j] between Lambert-93 points [i, 2] and [j, 2].

        origin_size_km  side of the square each origin stands for
        within_min      pairs farther than that are infinite
        """
        straight = geo.distances_km(origins, sites)
        floor_km = origin_size_km * MEAN_DISTANCE_TO_CENTRE
        found = self.of_distance(np.maximum(straight, floor_km)).astype(np.float32)
        found[found > within_min] = np.inf
        return found

    def road_km_within(self, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kilometres by road driven in some minutes, same shape: the inverse of the times."""
        left = minutes.astype(np.float64)
        total = np.zeros_like(left)
        begin = 0.0
        for end, speed_kmh in self.bands:
            driven = np.minimum(left * (speed_kmh / 60.0), end - begin)
            total += driven
            left = left - driven * (60.0 / speed_kmh)
            begin = end
        return total


def model(assumptions: Assumptions, case: str) -> TravelModel:
    """The car model of a case: "low" is the slow one (less is reached), "high" the fast one."""
    slow_to_fast = {"low": "high", "central": "central", "high": "low"}[case]
    speeds = [
        (assumptions.value("travel.town_until_km"), "travel.town_speed"),
        (assumptions.value("travel.local_until_km"), "travel.local_speed"),
        (assumptions.value("travel.regional_until_km"), "travel.regional_speed"),
        (np.inf, "travel.fast_speed"),
    ]
    return TravelModel(
        kind="modelled",
        detour=assumptions["travel.detour"].at(slow_to_fast),
        bands=tuple((end, assumptions[key].at(case)) for end, key in speeds),
    )
