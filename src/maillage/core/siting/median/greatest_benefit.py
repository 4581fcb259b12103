"""The greatest benefit: open p sites so that what the origins gain at their best one adds up most.

It is a p-median where an origin may take no site: a benefit is what it costs not to have the best.

method  docs/method/location.md
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from maillage.core.siting.errors import ImpossibleNumber
from maillage.core.siting.inputs import (
    Budget,
    Costs,
    Quotas,
    allowed_of,
    budget_of,
    costs_of,
    given_arcs,
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
from maillage.core.siting.median.least_cost import weighted
from maillage.core.siting.solution import GAP, INFEASIBLE, PROVED, Proof, Solution


def max_benefit(
    benefit: Costs,
    p: int,
    *,
    weights: ArrayLike | None = None,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that the weighted benefits of the origins at their best site add up to most.

    benefit    [i, j], 0 where a site brings nothing; an origin that gains nowhere takes no site
    weights    [i], 1 each when none is given
    fixed      sites that must be among the p; forbidden, sites that must not
    quotas     at most so many in each group of sites
    budget     the prices of the open sites add up to no more; the proof is then the solver's,
               within 1e-6
    returns    "proved" when no choice is better: for whole weighted benefits exactly, for decimals
               within 1e-9 of the objective; "gap" when time ran out; "infeasible" when the quotas
               allow no choice
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`), an
               infinite benefit among them
    """
    gains = gains_of(benefit)
    n, m = gains.shape
    allowed = allowed_of(p, m, fixed=fixed, forbidden=forbidden)
    worth = weighted(gains, weights_of(weights, n))[:, ~allowed.forbidden]
    most = worth.max(axis=1)
    gainers = most > 0
    missed = (most[:, None] - worth)[gainers]
    instance = replace(
        instance_of(missed, most[gainers], allowed, quotas, whole=are_whole(worth)),
        total=float(most.sum()),
    )
    outcome = solve_asked(instance, budget_of(budget, allowed), time_limit_of(time_limit_s))
    if outcome.sites is None:
        return _nothing(n, outcome)
    return _solution(gains, most, instance, outcome, outcome.sites)


def gains_of(benefit: Costs) -> Numbers:
    """Benefits [i, j], 0 where a sparse matrix has no arc.

    Raises ImpossibleNumber for one that is "not a number", below zero or infinite.
    """
    if sparse.issparse(benefit):
        gains = costs_of(given_arcs(benefit).toarray())
    else:
        gains = costs_of(benefit)
    if np.isinf(gains).any():
        row, column = (int(n) for n in np.argwhere(np.isinf(gains))[0])
        raise ImpossibleNumber("benefit", np.inf, row=row, column=column)
    return gains


def _solution(
    gains: Numbers, most: Numbers, instance: Instance, outcome: Outcome, sites: Indices
) -> Solution:
    gap = instance.gap(outcome.value, outcome.raw)
    value = instance.total - outcome.value
    bound = instance.total - instance.bound_of(outcome.raw, outcome.value)
    best = np.argmax(gains[:, sites], axis=1)
    gained = gains[np.arange(best.size), sites[best]]
    return Solution(
        open_sites=sites,
        assignment=np.where(gained > 0, sites[best], -1),
        objective=value,
        bound=value if gap == 0.0 else bound,
        gap=gap,
        status=PROVED if gap == 0.0 else GAP,
        seconds=outcome.seconds,
        proof=_proof(most, outcome),
    )


def _proof(most: Numbers, outcome: Outcome) -> Proof:
    """The proof in benefits: a multiplier of the cost is what is missing from the most."""
    gainers = most > 0
    found = outcome.record.proof(int(gainers.sum()))
    vectors = np.zeros((len(found.multipliers), most.size))
    vectors[:, gainers] = most[gainers] - found.multipliers
    return replace(found, multipliers=vectors)


def _nothing(count: int, outcome: Outcome) -> Solution:
    """The quotas allow no choice."""
    return Solution(
        open_sites=np.empty(0, np.int64),
        assignment=np.full(count, -1),
        objective=np.nan,
        bound=np.nan,
        gap=np.nan,
        status=INFEASIBLE,
        seconds=outcome.seconds,
    )


def saved_km(
    to_work_km: NDArray[np.float64],
    to_site_km: NDArray[np.float64],
    to_site_min: NDArray[np.float64],
    *,
    within_min: float,
    least_km: float,
) -> Numbers:
    """Kilometres [o, j] that a commuter of each flow saves, one way, by stopping at each site.

    to_work_km   [o] from home to work
    to_site_km   [o, j] from home to site; to_site_min, the same in minutes
    within_min   nobody goes farther from home
    least_km     nobody stops for less
    source       the study of shared offices around Toulouse by Odyssee: an isochrone around home
                 and a least saving
    """
    saved = to_work_km[:, None] - to_site_km
    is_worth = (to_site_min <= within_min) & (saved >= least_km)
    return np.where(is_worth, np.maximum(saved, 0.0), 0.0)
