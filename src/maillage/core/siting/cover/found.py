"""What a search hands back, and the clock it looks at."""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.cover.reach import Indices, Reach, Starts
from maillage.core.siting.inputs import Numbers
from maillage.core.siting.solution import INFEASIBLE, Proof, Solution

NOWHERE = -1


class Clock:
    """Seconds spent by stage, and whether time is out."""

    def __init__(self, limit_s: float | None) -> None:
        self._begun = self._last = monotonic()
        self._limit_s = np.inf if limit_s is None else limit_s
        self.seconds: dict[str, float] = {}

    def passed(self, stage: str) -> None:
        """A stage ends here."""
        now = monotonic()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now

    def left_s(self) -> float:
        """Seconds left, inf without a limit."""
        return max(0.0, self._begun + self._limit_s - monotonic())

    def is_out(self) -> bool:
        """Whether the limit is reached."""
        return self.left_s() <= 0


@dataclass(frozen=True)
class Found:
    """The best choice of a search.

    is_open  [j]
    proof    over the patterns
    """

    is_open: NDArray[np.bool_]
    bound: float
    proof: Proof


def nearest_open(reach: Reach, is_open: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The open site that each origin reaches at the least cost, NOWHERE when it reaches none."""
    return _nearest(reach.start, reach.site, reach.cost, is_open)


@compiled
def _nearest(
    start: Starts, site: Indices, cost: Numbers, is_open: NDArray[np.bool_]
) -> NDArray[np.int64]:
    found = np.full(len(start) - 1, NOWHERE, np.int64)
    for i in range(len(found)):
        least = np.inf
        for a in range(start[i], start[i + 1]):
            j = site[a]
            # at equal costs the lowest number
            if is_open[j] and (cost[a] < least or (cost[a] == least and j < found[i])):
                least, found[i] = cost[a], j
    return found


def nothing(origins: int, clock: Clock) -> Solution:
    """The answer when no choice is allowed."""
    return Solution(
        open_sites=np.empty(0, np.int64),
        assignment=np.full(origins, NOWHERE),
        objective=np.nan,
        bound=np.nan,
        gap=np.nan,
        status=INFEASIBLE,
        seconds=clock.seconds,
    )
