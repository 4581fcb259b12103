"""What each euro buys: the networks that no other beats on both inhabitants and money.

Efficient points by the epsilon-constraint method: the most inhabitants under a budget, then the
least money for as many; the next budget is one euro below.
method  docs/method/siting.md
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.errors import UnknownSite
from maillage.core.siting.network import NetworkModel
from maillage.core.siting.problem import TIERS, NetworkProblem

# what money is counted on this axis: yearly, annualised investment included, or to begin with
AXES = ("yearly_cost", "investment")


@dataclass(frozen=True)
class ParetoPoint:
    """A network that no other beats on both, each of its two figures proved.

    euros        of the axis; no network that covers as many costs less than `euros_bound`
    inhabitants  within reach; no network that costs as much covers more than `inhabitants_bound`
    hubs, minis, corpos  [k] candidates that open
    enter, leave  candidates that open or close against the next cheaper point
    """

    euros: int
    euros_bound: int
    inhabitants: int
    inhabitants_bound: int
    hubs: tuple[int, ...]
    minis: tuple[int, ...]
    corpos: tuple[int, ...]
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether it is efficient, with certainty."""
        return self.euros == self.euros_bound and self.inhabitants == self.inhabitants_bound

    @property
    def covering(self) -> frozenset[int]:
        """The candidates that count for coverage."""
        return frozenset(self.hubs + self.minis)


OnPoint = Callable[[ParetoPoint], None]


def pareto(
    problem: NetworkProblem,
    *,
    axis: str = "yearly_cost",
    points: int | None = None,
    time_limit_s: float | None = None,
    on_point: OnPoint = lambda _: None,
) -> tuple[ParetoPoint, ...]:
    """Efficient networks, cheapest first; those that time left unproved are not given.

    axis          one of AXES; sites hold the fewest seats that their tier allows
    points        at most so many, spread evenly in money; None: every one there is
    time_limit_s  of each computation
    on_point      called with each point as it is found, dearest first; it may raise to stop
    The gain that a mini-cowork must bring does not count here: money decides instead.
    """
    front = _Front(problem, axis, time_limit_s)
    least = front.least_possible()
    if least is None:
        return ()
    found: list[ParetoPoint] = []
    budget: int | None = None
    while (budget is None or budget >= least) and len(found) != points:
        point = front.best_under(budget, found[-1] if found else None)
        if point is None:
            break
        on_point(point)
        found.append(point)
        step = 1 if points is None else _step(found[0].euros - least, points)
        # the last budget is the least possible one
        budget = max(point.euros - step, least) if point.euros > least else least - 1
    return _told([point for point in reversed(found) if point.is_proved])


def _step(span: int, points: int) -> int:
    """Euros between two budgets that share a span evenly."""
    return max(1, ceil(span / max(1, points - 1)))


def _told(front: list[ParetoPoint]) -> tuple[ParetoPoint, ...]:
    """Each point with what changes against the one before it."""
    told = front[:1]
    for before, point in pairwise(front):
        enter, leave = point.covering - before.covering, before.covering - point.covering
        told.append(replace(point, enter=tuple(sorted(enter)), leave=tuple(sorted(leave))))
    return tuple(told)


class _Front:
    """One model for all points: budgets and coverage are limits of two of its rows."""

    def __init__(self, problem: NetworkProblem, axis: str, time_limit_s: float | None) -> None:
        self.problem = problem
        self.time_limit_s = time_limit_s
        self.plan = NetworkModel(problem.with_rules(min_gain_per_mini=0), with_seats=False)
        self.people = {
            k: float(w) for k, w in zip(self.plan.z, self.plan.patterns.weight, strict=True)
        }
        self.euros = self.plan.euros_of(getattr(problem, axis))
        self.budget_row = self.plan.model.add_limit(self.euros)
        self.people_row = self.plan.model.add_limit(self.people)

    def least_possible(self) -> int | None:
        """Euros below which the rules allow no network; None when they never allow one."""
        answer = self.least_euros(None, None)
        return None if answer is None else answer[1]

    def best_under(self, budget: int | None, last: ParetoPoint | None) -> ParetoPoint | None:
        """The efficient point of a budget; `last`, dearer, gives the start."""
        model = self.plan.model
        model.limit(self.budget_row, most=budget)
        model.limit(self.people_row)
        start = None if last is None or budget is None else self._trimmed(last, budget)
        answer = self.plan.best(self.people, start, self.time_limit_s)
        if answer.status == "infeasible" or not np.isfinite(answer.objective):
            return None
        values = self.plan.completed(answer.values)
        reached = self._inhabitants(values)
        is_proved = answer.status == "optimal"
        covered_bound = reached if is_proved else int(np.floor(answer.bound + 1e-6))
        cheapest = self.least_euros(reached, values)
        if cheapest is None:
            return None
        euros, bound, values = cheapest
        sites = self.plan.open_sites(values)
        hubs, minis, corpos = (tuple(np.flatnonzero(sites[t]).tolist()) for t in TIERS)
        inhabitants = self._inhabitants(values)
        return ParetoPoint(euros, bound, inhabitants, covered_bound, hubs, minis, corpos)

    def least_euros(
        self, inhabitants: int | None, start: NDArray[np.float64] | None
    ) -> tuple[int, int, NDArray[np.float64]] | None:
        """Least euros that cover so many, their bound, the network; None without any."""
        self.plan.model.limit(self.people_row, least=inhabitants)
        answer = self.plan.best({k: -c for k, c in self.euros.items()}, start, self.time_limit_s)
        if answer.status == "infeasible" or not np.isfinite(answer.objective):
            return None
        values = self.plan.completed(answer.values)
        euros = round(sum(c * values[k] for k, c in self.euros.items()))
        bound = euros if answer.status == "optimal" else ceil(-answer.bound - 1e-6)
        return euros, bound, values

    def _trimmed(self, point: ParetoPoint, budget: int) -> NDArray[np.float64]:
        """A dearer network less the mini-coworks that cover fewest, until it fits a budget."""
        minis = list(point.minis)
        values = self._opened(point, minis)
        while minis and sum(c * values[k] for k, c in self.euros.items()) > budget:
            kept = {
                j: self.problem.inhabitants(self._covering(point.hubs, minis, j)) for j in minis
            }
            minis.remove(max(kept, key=lambda j: kept[j]))
            values = self._opened(point, minis)
        return self.plan.completed(values)

    def _covering(self, hubs: tuple[int, ...], minis: list[int], without: int) -> NDArray[np.bool_]:
        covering = np.zeros(self.problem.sites, dtype=np.bool_)
        covering[[*hubs, *minis]] = True
        covering[without] = False
        return covering

    def _opened(self, point: ParetoPoint, minis: list[int]) -> NDArray[np.float64]:
        values = np.zeros(len(self.plan.model.upper))
        for tier, sites in (("hub", point.hubs), ("mini", minis), ("corpo", point.corpos)):
            values[[self.plan.y[tier][j] for j in sites]] = 1.0
        return values

    def _inhabitants(self, values: NDArray[np.float64]) -> int:
        return round(float(sum(w * values[k] for k, w in self.people.items())))


@dataclass(frozen=True)
class Price:
    """The least that a network costs when a hub or a mini-cowork opens at a candidate.

    euros     of the axis, sites at their fewest seats; None when the rules let nothing open there
    bound     no such network costs less
    cheapest  the least that a network costs without that condition, under the same rules
    """

    site: int
    euros: int | None
    bound: int | None
    cheapest: int | None

    @property
    def is_proved(self) -> bool:
        """Whether no smaller budget lets it in."""
        return self.euros is not None and self.euros == self.bound


def price_of(
    problem: NetworkProblem,
    *,
    site: int,
    inhabitants: int | None = None,
    axis: str = "yearly_cost",
    time_limit_s: float | None = None,
) -> Price:
    """The smallest budget at which a village enters.

    inhabitants  that the network must still cover, None for no such condition
    axis         one of AXES
    Raises UnknownSite.
    """
    if not 0 <= site < problem.sites:
        raise UnknownSite(site, candidates=problem.sites)
    required = (*problem.rules.required, frozenset({site}))
    forced = _Front(problem.with_rules(required=required), axis, time_limit_s)
    free = _Front(problem, axis, time_limit_s)
    with_it, without = forced.least_euros(inhabitants, None), free.least_euros(inhabitants, None)
    return Price(
        site,
        with_it and with_it[0],
        with_it and with_it[1],
        without and without[0],
    )
