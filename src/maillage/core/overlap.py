"""Which projects serve the same people: points closer to one another than the rule of the network.

method  docs/method/travel.md (times), core/assumptions/siting.toml (the rule)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.travel import Points, Travel, by_case, minutes

RULE = "siting.coverage_minutes"

Times = dict[str, NDArray[np.float64]]
Travels = Mapping[str, Travel]


@dataclass(frozen=True)
class Overlap:
    """Two points nearer than the rule: their ranks, the minutes by car between them.

    low, high  of the fast and of the slow travel model: low <= minutes <= high
    """

    i: int
    j: int
    minutes: float
    low: float
    high: float


def within(
    points: Points, assumptions: Assumptions, travels: Travels | None = None
) -> tuple[Overlap, ...]:
    """The pairs i < j of points [n, 2] (lon, lat) closer than the rule, nearest first.

    travels  travel in every case, None: by distance
    """
    times = _times(points, points, travels or by_case(assumptions))
    rows, columns = np.triu_indices(len(times["central"]), k=1)
    return _closer(times, rows, columns, assumptions)


def between(
    points: Points, others: Points, assumptions: Assumptions, travels: Travels | None = None
) -> tuple[Overlap, ...]:
    """The pairs (i of points [n, 2], j of others [m, 2]), both in degrees, closer than the rule."""
    times = _times(points, others, travels or by_case(assumptions))
    rows, columns = np.indices(times["central"].shape).reshape(2, -1)
    return _closer(times, rows, columns, assumptions)


def _times(points: Points, others: Points, travels: Travels) -> Times:
    """Minutes [i, j] by case of travel; "low" is the slow one."""
    start, end = geo.project(points), geo.project(others)
    return {
        case: minutes(start, end, travel).astype(np.float64) for case, travel in travels.items()
    }


def _closer(
    times: Times,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    assumptions: Assumptions,
) -> tuple[Overlap, ...]:
    rule = assumptions.value(RULE)
    found = [
        Overlap(
            int(i),
            int(j),
            minutes=float(times["central"][i, j]),
            low=float(times["high"][i, j]),
            high=float(times["low"][i, j]),
        )
        for i, j in zip(rows, columns, strict=True)
        if times["central"][i, j] < rule
    ]
    return tuple(sorted(found, key=lambda pair: (pair.minutes, pair.i, pair.j)))
