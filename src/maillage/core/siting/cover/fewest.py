"""How few sites reach everybody, or how cheaply; several times over where backup is wanted."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from maillage.core.siting.cover.found import Clock, nearest_open, nothing
from maillage.core.siting.cover.patterns import Patterns, narrowest, patterns_of
from maillage.core.siting.cover.reach import Reach, reach_of
from maillage.core.siting.cover.swap import Flags
from maillage.core.siting.errors import Unreachable
from maillage.core.siting.inputs import (
    Allowed,
    Costs,
    Numbers,
    Quotas,
    any_allowed_of,
    groups_of,
    time_limit_of,
    weights_of,
    whole_of,
)
from maillage.core.siting.solution import GAP, PROVED, Proof, Solution, gap_between
from maillage.core.siting.solver import INFINITY, GrowingModel, Model, maximise

HALF = 0.5
# A bound this near a whole value proves it: the solver's numbers are rounded
_NEARLY_ONE = 1 - 1e-6
# the same for prices that are not whole, relative
_SAME = 1e-9


def set_cover(
    cost: Costs,
    *,
    within: float,
    times: int = 1,
    prices: ArrayLike | None = None,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open the fewest sites, or the cheapest, so that every origin is within reach of `times`.

    cost       [i, j] matrix, sparse matrix (absent: out of reach) or places in the plane
    within     the greatest cost at which an origin is covered, in the unit of the cost
    times      open sites that each origin must reach: 2 for a backup of each
    prices     [j], 1 each when none is given
    fixed      sites that must open; forbidden, sites that must not
    quotas     at most so many in each group
    returns    objective: the sum of prices; assignment: the nearest open site; "infeasible" when
               quotas leave somebody out
    proof      one vector u >= 0: any choice costs at least times x sum_i u_i + sum_j min(0,
               price_j - sum of u_i over the i near j), a fixed site its price less its sum, rounded
               up for whole prices; "solver" where that stays below the value
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`), and
               Unreachable (all the origins that fewer than `times` allowed sites reach)
    """
    clock = Clock(time_limit_of(time_limit_s))
    reach = reach_of(cost, within)
    price = weights_of(prices, reach.sites, what="price")
    allowed = any_allowed_of(reach.sites, fixed=fixed, forbidden=forbidden)
    times = whole_of(times, "times", most=allowed.p)
    group, most = groups_of(quotas, allowed)
    _refuse_unreachable(reach, allowed, times)
    patterns = narrowest(patterns_of(reach, np.ones(reach.origins), allowed.forbidden))
    case = _Case(patterns, price, allowed, times)
    clock.passed("patterns")
    u = _multipliers(case, clock)
    clock.passed("multipliers")
    left_s = clock.left_s()
    answer = maximise(
        _model(case, Quotas(group, most)),
        dict(enumerate((-price).tolist())),
        time_limit_s=left_s if np.isfinite(left_s) else None,
        tolerance=case.slack,
    )
    clock.passed("search")
    if answer.status == "infeasible":
        return nothing(reach.origins, clock)
    is_open = answer.values[: reach.sites] > HALF
    return _solution(reach, case, is_open, -answer.bound, u, clock)


@dataclass(frozen=True)
class _Case:
    """Every pattern needs `times` open sites; price [j]."""

    patterns: Patterns
    price: Numbers
    allowed: Allowed
    times: int

    @property
    def slack(self) -> float:
        """A bound above value - slack proves the value."""
        is_whole = bool(np.all(self.price == np.floor(self.price)))
        return _NEARLY_ONE if is_whole else _SAME * max(1.0, float(self.price.sum()))

    def bound_at(self, u: Numbers) -> float:
        """What any choice costs at least, by the multipliers u [r]."""
        arcs = np.repeat(u, np.diff(self.patterns.start))
        taken = np.bincount(self.patterns.site, arcs, minlength=len(self.price))
        worth = self.price - taken
        free = ~self.allowed.fixed & ~self.allowed.forbidden
        least = np.minimum(0.0, worth[free]).sum() + worth[self.allowed.fixed].sum()
        return float(self.times * u.sum() + least)


def _refuse_unreachable(reach: Reach, allowed: Allowed, times: int) -> None:
    origin = np.repeat(np.arange(reach.origins), np.diff(reach.start))
    kept = ~allowed.forbidden[reach.site]
    short = np.bincount(origin[kept], minlength=reach.origins) < times
    if short.any():
        raise Unreachable(np.flatnonzero(short).tolist())


def _multipliers(case: _Case, clock: Clock) -> Numbers:
    """The prices of the patterns in the linear relaxation [r]; zero when time is out."""
    count = len(case.patterns.weight)
    allowed = case.allowed
    model = GrowingModel(
        case.price, allowed.fixed.astype(np.float64), (~allowed.forbidden).astype(np.float64)
    )
    model.add_rows(
        np.full(count, float(case.times)),
        np.full(count, INFINITY),
        case.patterns.start.astype(np.int32),
        case.patterns.site,
        np.ones(len(case.patterns.site)),
    )
    left_s = clock.left_s()
    relaxed = model.solve(time_limit_s=left_s if np.isfinite(left_s) else None)
    return np.maximum(0.0, relaxed.prices) if relaxed.is_solved else np.zeros(count)


def _model(case: _Case, quotas: Quotas) -> Model:
    model = Model()
    sites = len(case.price)
    model.add_columns(sites, whole=True)
    start, near = case.patterns.start, case.patterns.site
    model.add_rows(
        np.diff(start), near.astype(np.int64), np.ones(len(near)),
        float(case.times), [INFINITY] * (len(start) - 1),
    )  # fmt: skip
    for flags, value in ((case.allowed.fixed, 1.0), (case.allowed.forbidden, 0.0)):
        for j in np.flatnonzero(flags).tolist():
            model.add_row([j], [1.0], value, value)
    for c, most in enumerate(quotas.most.tolist()):
        group = np.flatnonzero(quotas.group == c).tolist()
        model.add_row(group, [1.0] * len(group), 0.0, most)
    return model


def _solution(
    reach: Reach, case: _Case, is_open: Flags, solver_bound: float, u: Numbers, clock: Clock
) -> Solution:
    objective = float(case.price[is_open].sum())
    own = case.bound_at(u)
    is_own = own > objective - case.slack
    bound = max(own, solver_bound, 0.0)
    is_proved = bound > objective - case.slack
    if is_proved:
        bound = objective
    elif case.slack == _NEARLY_ONE:
        bound = float(np.ceil(bound - (1 - _NEARLY_ONE)))
    return Solution(
        open_sites=np.flatnonzero(is_open),
        assignment=nearest_open(reach, is_open),
        objective=objective,
        bound=bound,
        gap=0.0 if is_proved else gap_between(objective, bound),
        status=PROVED if is_proved else GAP,
        seconds=clock.seconds,
        proof=_proof(reach, case, u) if is_own else Proof("solver"),
    )


def _proof(reach: Reach, case: _Case, u: Numbers) -> Proof:
    """One origin of each pattern carries its multiplier."""
    found = np.zeros((1, reach.origins))
    found[0, case.patterns.first] = u
    return Proof("multipliers", found, np.array([-1], dtype=np.int32))
