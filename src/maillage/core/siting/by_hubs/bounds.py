"""The most that each set of structuring sites may cover: linear relaxations and their prices.

The prices of one set's relaxation bound every other set: a few relaxations settle thousands.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.sets import Flags, HubSets
from maillage.core.siting.problem import NetworkProblem, Patterns
from maillage.core.siting.solver import INFINITY, GrowingModel, Relaxed

Numbers = NDArray[np.float64]
Clock = Callable[[], float]

# what rounding in 64 bits may take from a sum of inhabitants
_ROUNDING = 1e-6


class SetBounds:
    """Bounds on inhabitants covered less the price of the minis, by set of structuring sites.

    bound      [s] true at any time, lower and lower
    is_solved  [s] the set's own relaxation gave it
    may_open   [s, j] once solved, the minis that a network worth `least` may open
    share      [s, j] once solved, how much of each mini its relaxation opens
    """

    def __init__(self, problem: NetworkProblem, patterns: Patterns, sets: HubSets) -> None:
        beyond = ~patterns.covered_today
        self._near = patterns.near[beyond]
        self._weight = patterns.weight[beyond].astype(np.float64)
        self._base = float(patterns.weight[~beyond].sum())
        self._price = float(problem.rules.min_gain_per_mini)
        self._sets = sets
        self._gains: dict[int, Numbers] = {}
        self.share: dict[int, Numbers] = {}
        count = len(sets.holds)
        self.bound = np.full(count, self._base + float(self._weight.sum()))
        self.is_solved = np.zeros(count, dtype=np.bool_)
        self._model = self._relaxation()

    def next_above(self, threshold: float) -> int | None:
        """The set of greatest bound still to solve, None when none is above the threshold."""
        left = np.where(self.is_solved, -np.inf, self.bound)
        s = int(np.argmax(left))
        return s if left[s] > threshold else None

    def solve(self, s: int, *, above: float, time_limit_s: float | None = None) -> bool:
        """The relaxation of one set, and what its prices say of all; False when out of time.

        above  sets bounded below it already are left as they are
        """
        mini = self._sets.linked[s].astype(np.float64)
        hubs = self._sets.holds[s].astype(np.float64)
        upper = np.concatenate([mini, hubs])
        lower = np.concatenate([np.zeros(len(mini)), hubs])
        self._model.bound_columns(np.arange(len(upper), dtype=np.int32), lower, upper)
        found = self._model.solve(time_limit_s=time_limit_s)
        if not found.is_solved:
            return False
        self._learn(s, found, above)
        return True

    def may_open(self, s: int, least: float) -> Flags:
        """The minis [j] that a network of this set worth `least` may open."""
        spare = self.bound[s] - least
        return np.asarray(self._sets.linked[s] & (self._gains[s] - self._price >= -spare - 1))

    def _learn(self, s: int, found: Relaxed, above: float) -> None:
        u = np.clip(np.abs(found.prices), 0.0, self._weight)
        gain = u @ self._near
        lost = self._base + float((self._weight - u).sum())
        reward = np.maximum(gain - self._price, 0.0)
        left = np.flatnonzero(self.bound > above)
        told = lost + self._sets.linked[left].astype(np.float64) @ reward + _ROUNDING
        told += self._sets.holds[left].astype(np.float64) @ gain[self._sets.sites]
        self.bound[left] = np.minimum(self.bound[left], told)
        self.is_solved[s] = True
        self._gains[s] = gain
        self.share[s] = found.values[: self._near.shape[1]]

    def _relaxation(self) -> GrowingModel:
        """Minis [j], structuring sites [h], then patterns covered, each between 0 and 1."""
        minis, hubs = self._near.shape[1], len(self._sets.sites)
        cost = np.concatenate([np.full(minis, self._price), np.zeros(hubs), -self._weight])
        model = GrowingModel(cost, np.zeros(cost.size), np.ones(cost.size))
        both = np.concatenate([self._near, self._near[:, self._sets.sites]], axis=1)
        column = np.nonzero(both)[1]
        ends = np.cumsum(both.sum(axis=1))
        patterns = minis + hubs + np.arange(len(ends))
        model.add_rows(
            np.zeros(len(ends)),
            np.full(len(ends), INFINITY),
            np.concatenate([[0], ends + np.arange(1, len(ends) + 1)]).astype(np.int32),
            np.insert(column, ends, patterns).astype(np.int32),
            np.insert(np.ones(len(column)), ends, -1.0),
        )
        return model
