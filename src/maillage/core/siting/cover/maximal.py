"""Where p sites reach the most people."""

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike

from maillage.core.siting.cover.budgeted import within_budget
from maillage.core.siting.cover.dual import CLOSED, FREE, OPEN
from maillage.core.siting.cover.found import Clock, Found, nearest_open, nothing
from maillage.core.siting.cover.patterns import Patterns, patterns_of
from maillage.core.siting.cover.reach import Reach, reach_of
from maillage.core.siting.cover.swap import Table
from maillage.core.siting.cover.tree import Search
from maillage.core.siting.inputs import (
    Allowed,
    Budget,
    Costs,
    Numbers,
    Quotas,
    allowed_of,
    budget_of,
    groups_of,
    time_limit_of,
    weights_of,
)
from maillage.core.siting.solution import GAP, PROVED, Proof, Solution, gap_between

# A bound this near a whole value proves it: sums of weights are rounded
_NEARLY_ONE = 1 - 1e-4
# the same for weights that are not whole, relative
_SAME = 1e-9
# beyond this many numbers the vectors of a proof are not kept
_MOST_NUMBERS = 2**26


def max_cover(
    cost: Costs,
    p: int,
    *,
    within: float,
    weights: ArrayLike | None = None,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that the most weight is within reach of one of them.

    cost       [i, j] matrix, sparse matrix (absent: out of reach) or places in the plane
    within     the greatest cost at which an origin is covered, in the unit of the cost
    weights    [i], 1 each when none is given
    fixed      sites that must be among the p; forbidden, sites that must not
    quotas     at most so many in each group; budget, the most that opening may cost
    returns    objective: the weight covered; assignment: the nearest open site within reach, -1
               where there is none. "proved" when no choice is better: for whole weights exactly,
               for others within 1e-9 of the objective. "infeasible" when quotas or budget leave
               no p sites
    proof      vectors u, 0 <= u_i <= w_i: a case is worth at most sum_i (w_i - u_i) + the sum of
               the greatest rho_j = sum of u_i over the i near j, up to p sites, those open in the
               case included, those closed excluded, quotas respected; "solver" under a budget
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`)
    """
    clock = Clock(time_limit_of(time_limit_s))
    reach = reach_of(cost, within)
    weight = weights_of(weights, reach.origins)
    allowed = allowed_of(p, reach.sites, fixed=fixed, forbidden=forbidden)
    group, most = groups_of(quotas, allowed)
    within_means = budget_of(budget, allowed)
    clock.passed("reach")
    patterns = patterns_of(reach, weight, allowed.forbidden)
    clock.passed("patterns")
    table = Table(
        patterns.start, patterns.site, patterns.of_site, patterns.pattern, patterns.weight,
        group, most, allowed.p,
    )  # fmt: skip
    if within_means is not None:
        found = within_budget(table, allowed, within_means, _slack(weight), clock)
    else:
        found = _searched(table, allowed, _slack(weight), clock)
    clock.passed("search")
    if found is None:
        return nothing(reach.origins, clock)
    proof = _of_origins(found.proof, patterns, weight)
    return _solution(reach, weight, found, proof, clock)


def _searched(table: Table, allowed: Allowed, slack: float, clock: Clock) -> Found | None:
    """The best choice and its bound by multipliers; None when quotas leave too few sites."""
    state = np.where(allowed.fixed, OPEN, np.where(allowed.forbidden, CLOSED, FREE))
    search = Search(table, state.astype(np.int8), slack, clock.is_out)
    search.start()
    if not search.best.size:
        return None
    search.shake()
    search.descend_root()
    if not search.is_done():
        search.shake()
    while not search.is_done():
        search.step()
    bound, proof = search.finish()
    return Found(search.best, bound, proof)


def _slack(weight: Numbers) -> float:
    is_whole = bool(np.all(weight == np.floor(weight)))
    return _NEARLY_ONE if is_whole else _SAME * max(1.0, float(weight.sum()))


def _of_origins(proof: Proof, patterns: Patterns, weight: Numbers) -> Proof:
    """The same proof over the origins: each has its share of its pattern's multiplier."""
    if proof.method == "solver":
        return proof
    if len(proof.multipliers) * len(weight) > _MOST_NUMBERS:
        return Proof("solver")
    total = patterns.weight
    share = np.divide(
        proof.multipliers, total, out=np.zeros_like(proof.multipliers), where=total > 0
    )
    # one more column, for the origins that no allowed site reaches: all of their weight is lost
    share = np.append(share, np.ones((len(share), 1)), axis=1)
    u = np.minimum(share[:, patterns.of_origin] * weight, weight)
    return Proof(proof.method, u, proof.tree)


def _solution(reach: Reach, weight: Numbers, found: Found, proof: Proof, clock: Clock) -> Solution:
    assignment = nearest_open(reach, found.is_open)
    objective = float(weight[assignment >= 0].sum())
    is_proved = found.bound < objective + _slack(weight)
    bound = objective if is_proved else found.bound
    clock.passed("assignment")
    return Solution(
        open_sites=np.flatnonzero(found.is_open),
        assignment=assignment,
        objective=objective,
        bound=bound,
        gap=0.0 if is_proved else gap_between(objective, bound),
        status=PROVED if is_proved else GAP,
        seconds=clock.seconds,
        proof=proof,
    )
