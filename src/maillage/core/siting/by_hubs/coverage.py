"""The first stage of a large plan: the sets of structuring sites that can still be the best."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.bounds import SetBounds
from maillage.core.siting.by_hubs.model import HubSetModel
from maillage.core.siting.by_hubs.narrow import narrowed
from maillage.core.siting.by_hubs.sets import Flags, HubSets
from maillage.core.siting.by_hubs.tabu import Neighbourhood
from maillage.core.siting.problem import TIERS, NetworkProblem, merge

Opened = dict[str, Flags]

# relaxations before the first networks are looked for, and how many sets are searched at a time
_FIRST, _SEARCHED = 30, 5
# a bound this near the next whole value proves the one below
_NEARLY_ONE = 1 - 1e-4
# beyond so many relaxations, or so many sets left, the whole model is asked instead
_MOST_SOLVED, _MOST_LEFT = 800, 80


@dataclass(frozen=True)
class Left:
    """What the first stage leaves.

    opened  tier -> [j] the best network found
    value   inhabitants covered less the price of its minis; bound, the most there can be
    model   over the sets and minis that may still be as good
    sites   numbers in the whole of the model's candidates
    """

    opened: Opened
    value: int
    bound: float
    model: HubSetModel
    sites: NDArray[np.int64]


class Coverage:
    """The search: bounds of all sets, networks of the best ones, then whole numbers."""

    def __init__(
        self, problem: NetworkProblem, sets: HubSets, tolerance: float, limit_s: float
    ) -> None:
        self.problem, self.sets, self.tolerance = problem, sets, tolerance
        self.end = time.monotonic() + limit_s
        patterns = merge(problem)
        self.bounds = SetBounds(problem, patterns, sets)
        self.neighbourhood = Neighbourhood(patterns, problem.rules.min_gain_per_mini)
        may_cover = self._may_hold("hub") | self._may_hold("mini")
        is_covered = patterns.covered_today | patterns.near[:, may_cover].any(axis=1)
        self.reachable = np.unique(patterns.commune[is_covered])
        self.value = 0
        self.opened: Opened | None = None
        self.searched: set[int] = set()

    def run(self) -> Left | None:
        """What is left, None where the sets cannot be told apart in time."""
        for _ in range(_FIRST):
            self._solve_next(self.value)
        self._search()
        if not self._settle(self._enough):
            return None
        self._search()
        if self.opened is None:
            return None
        bound = self._close()
        if not self._settle(self._least):
            return None
        model, sites = self._model(self.bounds.bound >= self._least(), self.tolerance)
        return Left(self.opened, self.value, max(bound, float(self.value)), model, sites)

    def _enough(self) -> float:
        """A bound below this leaves no better whole number."""
        return self.value + _NEARLY_ONE

    def _least(self) -> float:
        """A set bounded below this holds no network as good as the one known."""
        return self.value - 1 + _NEARLY_ONE

    def _close(self) -> float:
        """Ask for whole numbers where relaxations leave a doubt; the bound.

        To the last inhabitant whatever the tolerance: every network that is left out here is one
        that the later stages need not look at, and they are the longer for it otherwise.
        """
        doubtful = self.bounds.bound > self._enough()
        settled = float(self.bounds.bound[~doubtful].max(initial=0.0))
        if not doubtful.any():
            return settled
        model, sites = self._model(doubtful, 0.0)
        start = None if self.opened is None else model.starting(restricted(self.opened, sites))
        is_inside = start is not None and start[list(model.chosen)].any()
        answer = model.best(
            model.objective("coverage"), start if is_inside else None, self._left_s()
        )
        if answer.status == "infeasible":
            return settled
        if answer.objective > self.value:
            self.value = round(answer.objective)
            self.opened = widened(model.open_sites(answer.values), sites, self.problem.sites)
        return max(settled, answer.bound)

    def _model(self, left: Flags, relative_gap: float) -> tuple[HubSetModel, NDArray[np.int64]]:
        """The model of the networks of some sets [s] that are as good as the one known."""
        may_open = np.zeros(self.problem.sites, dtype=np.bool_)
        for s in np.flatnonzero(left).tolist():
            may_open |= self.bounds.may_open(s, self._least())
        sets = self.sets.only(left)
        is_used = sets.holds.any(axis=0)
        may_hub = np.zeros_like(may_open)
        may_hub[sets.sites[is_used]] = True
        may_hold = {"hub": may_hub, "mini": may_open, "corpo": self._may_hold("corpo")}
        problem, sites = narrowed(self.problem, may_hold)
        number = np.searchsorted(sites, sets.sites[is_used])
        fewer = HubSets(number, sets.holds[:, is_used], sets.linked[:, sites])
        return HubSetModel(problem, fewer, self.reachable, relative_gap), sites

    def _solve_next(self, threshold: float) -> bool:
        s = self.bounds.next_above(threshold)
        if s is None:
            return False
        # sets below the best network found are of no use to anybody, now or later
        return self.bounds.solve(s, above=self._least(), time_limit_s=self._left_s())

    def _settle(self, threshold: Callable[[], float]) -> bool:
        """Solve sets until none is above a value; False when too many are, or time is out."""
        while self.bounds.next_above(threshold()) is not None:
            is_long = self.bounds.is_solved.sum() >= _MOST_SOLVED or self._left_s() <= 0
            if is_long or not self._solve_next(threshold()):
                return False
        return int((self.bounds.bound > threshold()).sum()) <= _MOST_LEFT

    def _search(self) -> None:
        """Look for networks around the sets of greatest bound, from what their relaxation opens."""
        solved = np.flatnonzero(self.bounds.is_solved)
        order = solved[np.argsort(-self.bounds.bound[solved])].tolist()
        for s in [s for s in order if s not in self.searched][:_SEARCHED]:
            self.searched.add(s)
            hubs = self.sets.sites[self.sets.holds[s]]
            corpo = self._corpos(hubs)
            if corpo is None:
                continue
            allowed = self.sets.linked[s] & ~corpo
            allowed[hubs] = False
            share = self.bounds.share[s]
            kept = self._imposed(hubs, allowed, share)
            if kept is None:
                continue
            value, minis = self.neighbourhood.improved(hubs, allowed, kept, share > 0.5)
            if value > self.value:
                hub = np.zeros_like(minis)
                hub[hubs] = True
                self.value, self.opened = value, {"hub": hub, "mini": minis, "corpo": corpo}

    def _imposed(
        self, hubs: NDArray[np.int64], allowed: Flags, share: NDArray[np.float64]
    ) -> Flags | None:
        """One mini for each group that must have a site and has no hub, None where none may be."""
        kept = np.zeros_like(allowed)
        for group in self.problem.rules.required:
            members = np.array(sorted(group), dtype=np.int64)
            if np.isin(members, hubs).any() or kept[members].any():
                continue
            possible = members[allowed[members]]
            if not len(possible):
                return None
            kept[possible[np.argmax(share[possible])]] = True
        return kept

    def _corpos(self, hubs: NDArray[np.int64]) -> Flags | None:
        """Where the fewest corporate spaces open at least cost, None without room for them."""
        may_hold = self._may_hold("corpo")
        may_hold[hubs] = False
        free = np.flatnonzero(may_hold)
        fewest = self.problem.rules.corpos[0]
        if len(free) < fewest:
            return None
        price = self.problem.yearly_cost["corpo"].fixed[free]
        corpo = np.zeros_like(may_hold)
        corpo[free[np.argsort(price, kind="stable")][:fewest]] = True
        return corpo

    def _may_hold(self, tier: str) -> Flags:
        allowed = self.problem.may_hold[tier].copy()
        allowed[list(self.problem.rules.forbidden)] = False
        return np.asarray(allowed)

    def _left_s(self) -> float:
        return self.end - time.monotonic()


def restricted(opened: Opened, sites: NDArray[np.int64]) -> Opened:
    """A network among fewer candidates, by their numbers in the whole."""
    return {t: opened[t][sites] for t in TIERS}


def widened(opened: Opened, sites: NDArray[np.int64], count: int) -> Opened:
    """A network of fewer candidates, in the whole."""
    found = {t: np.zeros(count, dtype=np.bool_) for t in TIERS}
    for t in TIERS:
        found[t][sites] = opened[t]
    return found
