"""Choosing sites under a budget: the relaxation's rows in the mixed-integer solver, until enough.

A budget has no place in the Lagrangian choice of the p best sites, so that the bound is the
solver's own.

method  docs/method/location.md
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.inputs import Budget
from maillage.core.siting.median.branch import Record
from maillage.core.siting.median.cuts import Relaxation
from maillage.core.siting.median.engine import Outcome, solve
from maillage.core.siting.median.instance import Arcs, Instance, arcs_of
from maillage.core.siting.median.search import Incumbent, Swaps, any_choice

SOLVER = Record(method="solver")

# the solver's own tolerance on a bound, relative
TOLERANCE = 1e-6


@dataclass
class _Search:
    """The relaxation and the best choice within the budget so far."""

    instance: Instance
    budget: Budget
    relaxation: Relaxation
    swaps: Swaps
    incumbent: Incumbent
    seconds_left: Callable[[], float]
    bound: float = -np.inf

    def is_done(self) -> bool:
        nearly = TOLERANCE * max(1.0, abs(self.instance.total - self.incumbent.value))
        if self.instance.whole:
            nearly = 1.0 - nearly
        return self.bound >= min(self.incumbent.value - nearly, self.instance.far)

    def offer(self, wish: NDArray[np.float64]) -> None:
        sites = any_choice(self.instance, np.argsort(-wish))
        if sites is not None and self.budget.price[sites].sum() <= self.budget.most:
            self.incumbent.offer(self.instance.number[sites], self.swaps.value(sites))

    def relax(self) -> None:
        """Write the rows that the relaxation violates, until it violates none."""
        # where nobody gains anything, nothing can be violated
        violated = self.instance.alone.size
        while violated and self.seconds_left() > 0:
            found = self.relaxation.solve_once(self.seconds_left())
            if found is None:
                return
            _, wish, violated = found
            self.offer(wish)

    def decide(self) -> None:
        """Let the solver choose whole sites, until the rows tell what they truly cost."""
        while not self.is_done() and self.seconds_left() > 0:
            bound, wish, violated = self.relaxation.solve_whole(self.seconds_left())
            self.bound = max(self.bound, bound)
            if wish is not None:
                self.offer(wish)
            if not violated:
                return


def solve_asked(instance: Instance, budget: Budget | None, time_limit_s: float | None) -> Outcome:
    """Solve, within a budget where there is one (prices of the caller's sites)."""
    if budget is None:
        return solve(instance, time_limit_s)
    own = Budget(budget.price[instance.number], budget.most)
    return solve_within(instance, own, time_limit_s)


def solve_within(instance: Instance, budget: Budget, time_limit_s: float | None) -> Outcome:
    """The best choice of an instance whose prices (of its own sites) stay within a budget."""
    began = perf_counter()
    limit = np.inf if time_limit_s is None else time_limit_s
    sites = any_choice(instance, np.argsort(budget.price))
    if sites is None or budget.price[sites].sum() > budget.most:
        return Outcome(None, np.inf, np.inf, SOLVER, {"branch": perf_counter() - began})
    swaps = Swaps(instance, lambda: False)
    incumbent = Incumbent(instance.number[sites], swaps.value(sites))
    arcs = _all_arcs(instance)
    u = np.clip((swaps.first + swaps.second) / 2, arcs.floor, arcs.ceiling)
    search = _Search(
        instance,
        budget,
        Relaxation(arcs, instance, u, budget),
        swaps,
        incumbent,
        lambda: float(limit - (perf_counter() - began)),
        bound=float(arcs.floor.sum()),
    )
    search.relaxation.restrict(instance.must.astype(np.int8))
    search.relax()
    relaxed = perf_counter()
    search.decide()
    raw = incumbent.value if search.is_done() else search.bound
    seconds = {"bound": relaxed - began, "branch": perf_counter() - relaxed}
    return Outcome(np.sort(incumbent.sites), incumbent.value, raw, SOLVER, seconds)


def _all_arcs(instance: Instance) -> Arcs:
    return arcs_of(instance, np.minimum(instance.cost.max(axis=1), instance.alone))
