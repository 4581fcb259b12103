"""Location problems whose sites have so many seats, an origin's demand being shared out at will.

method  docs/method/location.md
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.core.siting.errors import Unreachable
from maillage.core.siting.inputs import (
    Allowed,
    Budget,
    Costs,
    Numbers,
    Quotas,
    allowed_of,
    budget_of,
    costs_of,
    groups_of,
    number_of,
    refuse_too_large,
    time_limit_of,
    weights_of,
)
from maillage.core.siting.median import p_median
from maillage.core.siting.seating import Case, Choice, Whole, bound_of, served, value_of
from maillage.core.siting.solution import (
    GAP,
    INFEASIBLE,
    PROVED,
    Proof,
    Shares,
    Solution,
    gap_between,
)
from maillage.core.siting.solver import maximise

# arcs of each origin that the first model holds
FIRST_ARCS = 10
# values of a linear solver closer than this, relatively, are one
CLOSE = 1e-6
# seconds of the search for a first choice, which capacities may refuse anyway
START_S = 10.0


def capacitated_p_median(
    cost: Costs,
    p: int,
    *,
    demand: ArrayLike | None = None,
    capacity: ArrayLike,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that all demand is seated at the least cost, within their capacities.

    cost       [i, j] of one unit of demand, inf where a site is out of reach
    demand     [i], 1 each when none is given; it may be shared out among sites
    capacity   [j] units that a site serves when open
    quotas     at most so many in each group; budget, the most that opening may cost
    returns    `shares` say who goes where. "proved" within 1e-6 of the objective; "gap" when time
               ran out, with the best choice known and a true bound; "infeasible", with `reason`
               "capacity" (no p sites hold all demand) or "rules"
    proof      "multipliers" where the prices of the linear relaxation prove it, else "solver"
               with the same prices, that prove a part of it
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`), and
               Unreachable (all the origins with demand that no allowed site reaches)
    """
    costs = costs_of(cost)
    asked = _asked(costs, np.inf, demand, capacity, allowed_of(
        p, costs.shape[1], fixed=fixed, forbidden=forbidden), quotas, budget)  # fmt: skip
    is_out = ~np.isfinite(costs[:, ~asked.allowed.forbidden]).any(axis=1) & (asked.demand > 0)
    if is_out.any():
        raise Unreachable(np.flatnonzero(is_out).tolist())
    dearest = np.where(np.isfinite(costs), costs, 0.0).max(axis=1)
    with np.errstate(over="ignore"):
        refuse_too_large("cost", float(asked.demand @ dearest))
    groups = np.where(asked.demand > 0, np.arange(len(costs)), -1)
    return _solved(asked, groups, time_limit_of(time_limit_s))


def capacitated_max_cover(
    cost: Costs,
    p: int,
    *,
    within: float,
    demand: ArrayLike | None = None,
    capacity: ArrayLike,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that the most demand is seated within reach, within their capacities.

    within     the greatest cost at which a site may serve an origin, in the unit of the cost
    The rest is as for `capacitated_p_median`; the objective is the demand seated, nobody must be.
    """
    within = number_of(within, "within")
    costs = costs_of(cost)
    near = np.where(costs <= within, -1.0, np.inf)
    asked = _asked(near, 0.0, demand, capacity, allowed_of(
        p, costs.shape[1], fixed=fixed, forbidden=forbidden), quotas, budget)  # fmt: skip
    # origins that the same sites may serve are one
    packed = np.packbits(np.isfinite(near), axis=1)
    _, groups = np.unique(packed, axis=0, return_inverse=True)
    found = _solved(
        asked, np.where(asked.demand > 0, groups.ravel(), -1), time_limit_of(time_limit_s)
    )
    # 0, never -0
    return replace(found, objective=0.0 - found.objective, bound=0.0 - found.bound)


def _asked(
    cost: Numbers,
    outside: float,
    demand: ArrayLike | None,
    capacity: ArrayLike,
    allowed: Allowed,
    quotas: Quotas | None,
    budget: Budget | None,
) -> Case:
    """The case of all origins. Raises for numbers or rules that cannot be."""
    n, m = cost.shape
    wanted = weights_of(demand, n, what="demand")
    room = np.minimum(weights_of(capacity, m, what="capacity"), wanted.sum())
    group, most = groups_of(quotas, allowed)
    return Case(cost, outside, wanted, room, allowed, group, most, budget_of(budget, allowed))


@dataclass
class Search:
    """The best choice known and the best bound, as the models grow."""

    case: Case
    is_open: NDArray[np.bool_] | None = None
    shares: Shares | None = None
    value: float = np.inf
    bound: float = -np.inf

    def offer(self, is_open: NDArray[np.bool_]) -> None:
        """Keep a choice of sites if it serves everybody for less."""
        shares = served(self.case, is_open)
        if shares is not None and value_of(self.case, shares) < self.value:
            self.is_open, self.shares = is_open, shares
            self.value = value_of(self.case, shares)

    def is_done(self) -> bool:
        """Whether the bound meets the value."""
        return self.value - self.bound <= self.slack()

    def slack(self) -> float:
        """How close is the same."""
        return CLOSE * max(1.0, abs(self.value)) if np.isfinite(self.value) else CLOSE


def _solved(asked: Case, group: Whole, time_limit_s: float | None) -> Solution:
    """Merge origins by group (-1: left out), search, and hand back shares by origin."""
    began = monotonic()
    inside = group >= 0
    found, first = np.unique(group[inside], return_index=True)
    merged = np.searchsorted(found, group[inside])
    rows = np.flatnonzero(inside)
    demand = np.bincount(merged, asked.demand[rows], minlength=len(found))
    case = replace(asked, cost=asked.cost[rows[first]], demand=demand)
    nobody = np.full(len(group), -1)
    reason = _hopeless(case)
    if reason:
        return _nothing(nobody, reason, monotonic() - began)
    search, prices = _searched(case, time_limit_s)
    if search.is_open is None or search.shares is None:
        return _nothing(nobody, "rules", monotonic() - began)
    shares = _by_origin(search.shares, asked.demand[rows] / demand[merged], merged, rows)
    u = np.zeros(len(group))
    u[rows] = prices[merged]
    limit = bound_of(case, prices)
    is_by_prices = limit >= search.value - search.slack()
    search.bound = max(search.bound, limit)
    return _solution(search, shares, u, monotonic() - began, is_by_prices=is_by_prices)


def _hopeless(case: Case) -> str:
    """Why no choice of p sites can do, seen before any search."""
    if np.isfinite(case.outside):
        return ""
    is_free = ~(case.allowed.fixed | case.allowed.forbidden)
    left = case.allowed.p - int(case.allowed.fixed.sum())
    largest = np.sort(case.capacity[is_free])[::-1][:left].sum()
    room = float(case.capacity[case.allowed.fixed].sum() + largest)
    return "capacity" if room < case.demand.sum() * (1 - CLOSE) else ""


def _searched(case: Case, time_limit_s: float | None) -> tuple[Search, Numbers]:
    """Choose over the nearest arcs, then add those of the origins that would go further."""
    ends = np.inf if time_limit_s is None else monotonic() + time_limit_s
    search = Search(case)
    _start(search, min(START_S, ends - monotonic()))
    # a covering has no far arc: all are alike
    few = FIRST_ARCS if np.isinf(case.outside) else case.sites
    kept = np.full(len(case.demand), min(few, case.sites))
    while True:
        choice = Choice(case, kept)
        known = None
        if search.is_open is not None and search.shares is not None:
            known = choice.start(search.is_open, search.shares)
        answer = maximise(
            choice.model, choice.objective(), start=known, tolerance=search.slack(),
            time_limit_s=None if np.isinf(ends) else max(0.1, ends - monotonic()),
        )  # fmt: skip
        if answer.status == "infeasible":
            break
        search.bound = max(search.bound, -answer.bound)
        search.offer(answer.values[list(choice.y)] > 0.5)
        leaning = choice.leaning(answer.values)
        is_late = monotonic() >= ends and search.is_open is not None
        if search.is_done() or is_late or not leaning.any():
            break
        kept = np.where(leaning, np.minimum(2 * kept, case.sites), kept)
    return search, _prices(case, choice, ends - monotonic())


def _start(search: Search, limit_s: float) -> None:
    """The sites that would be chosen without capacities, where they hold everybody."""
    case = search.case
    if case.budget is not None or limit_s <= 0 or len(case.demand) == 0:
        return
    # somebody out of reach, or a covering: any cost above all others
    far = 1.0 + 2.0 * np.where(np.isfinite(case.cost), np.abs(case.cost), 0.0).max()
    near = np.where(np.isfinite(case.cost), case.cost - min(0.0, case.cost.min()), far)
    found = p_median(
        near, case.allowed.p, weights=case.demand, quotas=Quotas(case.group, case.most),
        fixed=np.flatnonzero(case.allowed.fixed).tolist(),
        forbidden=np.flatnonzero(case.allowed.forbidden).tolist(), time_limit_s=limit_s,
    )  # fmt: skip
    if found.status != INFEASIBLE:
        is_open = np.zeros(case.sites, dtype=np.bool_)
        is_open[found.open_sites] = True
        search.offer(is_open)


def _prices(case: Case, choice: Choice, left_s: float) -> Numbers:
    """The multipliers that bound best: those of the relaxation, or the nearest costs."""
    nearest = np.minimum(case.cost.min(axis=1), case.outside)
    relaxed = choice.prices(None if np.isinf(left_s) else max(1.0, left_s))
    if relaxed is None:
        return nearest
    low = 0.0 if np.isinf(case.outside) else -np.inf
    relaxed = np.clip(relaxed, low, case.outside)
    return max((relaxed, nearest), key=lambda u: bound_of(case, u))


def _by_origin(shares: Shares, part: Numbers, merged: Whole, rows: Whole) -> Shares:
    """Parts of groups as parts of their origins, each in the proportion of its demand."""
    order = np.argsort(merged, kind="stable")
    first = np.searchsorted(merged[order], np.arange(merged.max(initial=-1) + 2))
    count = np.diff(first)[shares.origin]
    row = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    member = order[first[shares.origin[row]] + place]
    return Shares(rows[member], shares.site[row], shares.amount[row] * part[member])


def _solution(
    search: Search, shares: Shares, prices: Numbers, seconds: float, *, is_by_prices: bool
) -> Solution:
    assignment = np.full(len(prices), -1)
    order = np.argsort(shares.amount, kind="stable")
    # the largest part comes last, and stays
    assignment[shares.origin[order]] = shares.site[order]
    assert search.is_open is not None  # noqa: S101  (a solution was found)
    bound = search.value if search.is_done() else search.bound
    return Solution(
        open_sites=np.flatnonzero(search.is_open),
        assignment=assignment,
        objective=search.value,
        bound=bound,
        gap=gap_between(search.value, bound),
        status=PROVED if search.is_done() else GAP,
        seconds={"search": seconds},
        shares=shares,
        proof=Proof(
            "multipliers" if is_by_prices else "solver",
            np.abs(prices)[None, :],
            np.array([-1], dtype=np.int32),
        ),
    )


def _nothing(nobody: Whole, reason: str, seconds: float) -> Solution:
    return Solution(
        np.zeros(0, np.int64), nobody, np.nan, np.nan, np.nan, INFEASIBLE,
        {"search": seconds}, reason=reason,
    )  # fmt: skip
