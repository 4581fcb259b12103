"""Whether the numbers of a network problem are ones that a plan can be computed from."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    UnknownSite,
    WrongShape,
)
from maillage.core.siting.problem import TIERS, NetworkProblem

# of any kind of number
Array = NDArray[Any]


def refuse_impossible(problem: NetworkProblem) -> None:
    """Refuse what no plan can be computed from.

    More hubs than candidates is no error: the plan is then infeasible, and says which rule to
    relax. A cell that no candidate reaches is none either: see `beyond_reach`.
    Raises WrongShape, ImpossibleNumber, UnknownSite or ContradictorySites.
    """
    for what, found, shape in _shapes(problem):
        if found.shape != shape:
            raise WrongShape(what, expected=shape, given=found.shape)
    for what, numbers in _amounts(problem):
        _refuse_negative(what, numbers)
    _refuse_contradiction(problem)


def beyond_reach(problem: NetworkProblem) -> NDArray[np.int64]:
    """The inhabited cells [n] that no allowed hub or mini-cowork would bring within reach."""
    may_open = problem.may_hold["hub"] | problem.may_hold["mini"]
    may_open[list(problem.rules.forbidden)] = False
    return np.flatnonzero((problem.weight > 0) & ~problem.covered(may_open))


def _shapes(problem: NetworkProblem) -> Iterator[tuple[str, Array, tuple[int, ...]]]:
    cells, sites = len(problem.weight), problem.sites
    groups, scenarios = len(problem.passing), len(problem.probability)
    for what in ("near", "hub_near", "minutes"):
        yield what, getattr(problem, what), (cells, sites)
    for what in ("commune", "covered_today"):
        yield what, getattr(problem, what), (cells,)
    for what in ("candidate_commune", "income_eur"):
        yield what, getattr(problem, what), (sites,)
    yield "links", problem.links, (sites, sites)
    yield "demand", problem.demand, (scenarios, cells)
    yield "passes", problem.passes, (groups, sites)
    for t in TIERS:
        yield "may_hold", problem.may_hold[t], (sites,)
        yield "seats_min", problem.seats_min[t], (sites,)
        yield "seats_max", problem.seats_max[t], (sites,)


def _amounts(problem: NetworkProblem) -> Iterator[tuple[str, Array]]:
    for what in ("weight", "minutes", "demand", "probability", "passing", "income_eur"):
        yield what, getattr(problem, what)
    for t in TIERS:
        yield "capacity", problem.seats_min[t]
        yield "capacity", problem.seats_max[t] - problem.seats_min[t]
        for euros in (problem.investment[t], problem.operation[t], problem.yearly_cost[t]):
            yield "price", euros.fixed
            yield "price", euros.per_seat


def _refuse_negative(what: str, numbers: Array) -> None:
    wrong = ~(numbers >= 0)
    if wrong.any():
        row, *column = (int(n) for n in np.argwhere(wrong)[0])
        value = float(numbers[(row, *column)])
        raise ImpossibleNumber(what, value, row=row, column=column[0] if column else None)


def _refuse_contradiction(problem: NetworkProblem) -> None:
    rules = problem.rules
    for site in sorted(frozenset().union(rules.forbidden, *rules.required)):
        if not 0 <= site < problem.sites:
            raise UnknownSite(site, candidates=problem.sites)
    both = sorted(site for group in rules.required for site in group if group <= rules.forbidden)
    if both:
        raise ContradictorySites("both", both)
