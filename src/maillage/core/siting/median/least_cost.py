"""The p-median: open p sites so that weighted costs to the nearest add up to the least, with proof.

method  docs/method/location.md
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from maillage.core.siting.errors import Unreachable
from maillage.core.siting.inputs import (
    Allowed,
    Budget,
    Costs,
    Quotas,
    allowed_of,
    budget_of,
    costs_of,
    refuse_too_large,
    time_limit_of,
    weights_of,
)
from maillage.core.siting.median.budget import solve_asked
from maillage.core.siting.median.engine import Outcome
from maillage.core.siting.median.instance import (
    Indices,
    Instance,
    Numbers,
    are_whole,
    instance_of,
)
from maillage.core.siting.solution import GAP, INFEASIBLE, PROVED, Solution

# what leaves somebody out is dearer than what does not by this share, at least
CLEARLY = 1e-5


def p_median(
    cost: Costs,
    p: int,
    *,
    weights: ArrayLike | None = None,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that the weighted costs of the origins to their nearest add up to the least.

    cost       [i, j], inf where a site is out of reach
    weights    [i], 1 each when none is given
    fixed      sites that must be among the p; forbidden, sites that must not
    quotas     at most so many in each group of sites
    budget     the prices of the open sites add up to no more; the proof is then the solver's,
               within 1e-6
    returns    "proved" when no choice is better: for whole weighted costs exactly, for decimals
               within 1e-9 of the objective; "gap" when time ran out (no sites and an infinite
               objective if none was found that reach everybody); "infeasible" when quotas and
               reach allow no choice
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`), and
               Unreachable (all the origins that no allowed site reaches)
    """
    costs = costs_of(cost)
    n, m = costs.shape
    weight = weights_of(weights, n)
    allowed = allowed_of(p, m, fixed=fixed, forbidden=forbidden)
    reached = np.isfinite(costs[:, ~allowed.forbidden]).any(axis=1)
    if not reached.all():
        raise Unreachable(np.flatnonzero(~reached).tolist())
    instance = _instance(weighted(costs, weight), allowed, quotas)
    outcome = solve_asked(instance, budget_of(budget, allowed), time_limit_of(time_limit_s))
    return _solution(costs, instance, outcome)


def weighted(costs: Numbers, weight: Numbers) -> Numbers:
    """Weight x cost [i, j]; nothing where the weight is none, inf where out of reach."""
    found = np.zeros_like(costs)
    with np.errstate(over="ignore"):
        np.multiply(costs, weight[:, None], out=found, where=weight[:, None] > 0)
    is_lost = np.isinf(found) & np.isfinite(costs)
    most = np.where(np.isfinite(found), found, 0.0).max(axis=1, initial=0.0)
    refuse_too_large("cost", np.inf if is_lost.any() else float(most.sum()))
    return found


def _instance(cost: Numbers, allowed: Allowed, quotas: Quotas | None) -> Instance:
    cost = cost[:, ~allowed.forbidden]
    is_far = np.isinf(cost)
    far = np.inf
    whole = are_whole(cost)
    if is_far.any():
        # dearer than any choice that reaches everybody, by more than the roundings of a bound
        most = np.where(is_far, 0.0, cost).max(axis=1).sum()
        far = 1.0 + np.floor(most + CLEARLY * most)
        cost[is_far] = far
    alone = np.full(cost.shape[0], np.inf)
    return replace(instance_of(cost, alone, allowed, quotas, whole=whole), far=far)


def _solution(costs: Numbers, instance: Instance, outcome: Outcome) -> Solution:
    value, sites = outcome.value, outcome.sites
    if sites is None or value >= instance.far:
        return _nothing(costs.shape[0], instance, outcome)
    gap = instance.gap(value, outcome.raw)
    return Solution(
        open_sites=sites,
        assignment=_nearest(costs, sites),
        objective=value,
        bound=value if gap == 0.0 else instance.bound_of(outcome.raw, value),
        gap=gap,
        status=PROVED if gap == 0.0 else GAP,
        seconds=outcome.seconds,
        proof=outcome.record.proof(costs.shape[0]),
    )


def _nothing(count: int, instance: Instance, outcome: Outcome) -> Solution:
    """No choice reaches everybody, or none was found in time."""
    bound = outcome.raw
    # where the least is proved and leaves somebody out, every choice does
    is_least = instance.gap(outcome.value, bound) == 0.0
    is_proved = outcome.sites is None or bound >= instance.far or is_least
    return Solution(
        open_sites=np.empty(0, np.int64),
        assignment=np.full(count, -1),
        objective=np.nan if is_proved else np.inf,
        bound=np.nan if is_proved else bound,
        gap=np.nan if is_proved else np.inf,
        status=INFEASIBLE if is_proved else GAP,
        seconds=outcome.seconds,
        proof=None if is_proved else outcome.record.proof(count),
    )


def _nearest(costs: Numbers, sites: Indices) -> Indices:
    """The nearest open site of each origin, -1 where none is within reach."""
    near = np.argmin(costs[:, sites], axis=1)
    is_reached = np.isfinite(costs[np.arange(near.size), sites[near]])
    return np.where(is_reached, sites[near], -1)
