"""Where p sites leave nobody far: the least of the greatest costs, with proof.

Within a given cost, p sites reach everybody or they do not: the answer is the smallest of the
distinct costs at which they do (Minieka, SIAM Review 12, 1970).
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.cover.everybody import Everybody
from maillage.core.siting.cover.found import Clock, nothing
from maillage.core.siting.errors import Unreachable
from maillage.core.siting.inputs import (
    Allowed,
    Costs,
    Numbers,
    Quotas,
    allowed_of,
    costs_of,
    groups_of,
    time_limit_of,
)
from maillage.core.siting.solution import GAP, PROVED, Proof, Solution, gap_between

Flags = NDArray[np.bool_]


def p_center(
    cost: Costs,
    p: int,
    *,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p sites so that the greatest cost of an origin to its nearest one is the least.

    cost       [i, j] matrix, sparse matrix (absent: out of reach) or places in the plane
    fixed      sites that must be among the p; forbidden, sites that must not
    quotas     at most so many in each group
    returns    objective: the greatest cost; bound: no p sites do better; "infeasible" when no p
               sites reach everybody at any cost
    proof      vectors u >= 0 over "nearer than the bound": a case takes at least sum_i u_i +
               sum_j min(0, 1 - rho_j) sites, rho_j = sum of u_i over the i nearer than the bound
               to j, over the sites not closed, whole (not their minimum with 0) for those open;
               more than p in every case. "solver" where only the quotas prove it
    raises     a named error for numbers or rules that cannot be (`core.siting.errors`), and
               Unreachable (all the origins that no allowed site reaches)
    """
    clock = Clock(time_limit_of(time_limit_s))
    costs = costs_of(cost)
    allowed = allowed_of(p, costs.shape[1], fixed=fixed, forbidden=forbidden)
    group, most = groups_of(quotas, allowed)
    costs[:, allowed.forbidden] = np.inf
    nearest = costs.min(axis=1, initial=np.inf)
    if not np.isfinite(nearest).all():
        raise Unreachable(np.flatnonzero(~np.isfinite(nearest)).tolist())
    # nobody can do better than everybody's nearest site
    values = np.unique(costs[np.isfinite(costs)])
    values = values[values >= nearest.max(initial=0.0)]
    clock.passed("distances")
    radius = _Radius(costs, values, allowed, (group, most), clock)
    radius.narrow()
    clock.passed("narrowing")
    radius.prove()
    clock.passed("proof")
    return radius.solution(nearest)


class _Radius:
    """The distinct costs: below `low` none will do, `high` will do with the sites `best`."""

    def __init__(
        self,
        cost: Numbers,
        values: Numbers,
        allowed: Allowed,
        quotas: tuple[NDArray[np.int64], NDArray[np.int64]],
        clock: Clock,
    ) -> None:
        self._cost = cost
        self._values = values
        self._allowed = allowed
        self._quotas = quotas
        self._clock = clock
        self._refused: Everybody | None = None
        self._open: dict[int, Everybody] = {}
        self._best: Flags | None = None
        self._low, self._high = 0, len(values)

    def narrow(self) -> None:
        """Quick looks at costs in the middle of what is left, a doubt counting as a no."""
        floor = 0
        while floor < self._high and (self._best is None or not self._clock.is_out()):
            middle = (floor + self._high) // 2
            if not self._try(middle):
                floor = middle + 1
        if self._best is None:
            self._high = len(self._values)

    def prove(self) -> None:
        """Decide the cost below the best one until it is refused."""
        while self._low < self._high and not self._clock.is_out():
            last = self._high - 1
            if last not in self._open and self._try(last):
                continue
            found = self._open.get(last)
            if found is None:
                continue
            found.decide()
            self._learn(last, found)

    def _try(self, index: int) -> bool:
        """Whether a quick look finds sites; what it learns is kept."""
        limit = float(self._values[index])
        found = Everybody.within(self._cost, limit, self._allowed, self._quotas, self._clock.is_out)
        if not found.look():
            self._low = self._high = len(self._values)
            return False
        self._learn(index, found)
        return found.is_covered

    def _learn(self, index: int, found: Everybody) -> None:
        self._open.pop(index, None)
        if found.is_covered:
            self._best = found.search.best
            radius = self._cost[:, self._best].min(axis=1).max()
            self._high = int(np.searchsorted(self._values, radius))
        elif not found.is_impossible:
            self._open[index] = found
        elif index + 1 > self._low:
            self._low, self._refused = index + 1, found

    def solution(self, nearest: Numbers) -> Solution:
        """The answer, proved or with the bound reached."""
        origins = len(nearest)
        if self._best is None and self._low == len(self._values):
            return nothing(origins, self._clock)
        objective, sites, assignment = np.inf, np.empty(0, np.int64), np.full(origins, -1)
        if self._best is not None:
            objective = float(self._values[self._high])
            sites = np.flatnonzero(self._best)
            assignment = sites[np.argmin(self._cost[:, sites], axis=1)]
        bound = float(self._values[self._low])
        is_proved = self._low == self._high
        return Solution(
            open_sites=sites,
            assignment=assignment,
            objective=objective,
            bound=bound,
            gap=0.0 if is_proved else gap_between(objective, bound),
            status=PROVED if is_proved else GAP,
            seconds=self._clock.seconds,
            proof=self._proof(nearest),
        )

    def _proof(self, nearest: Numbers) -> Proof:
        if self._refused is not None:
            allowed = self._allowed
            return self._refused.proof(len(nearest), allowed.fixed, allowed.forbidden)
        # the farthest origin has no site nearer than the bound
        u = np.zeros((1, len(nearest)))
        u[0, np.argmax(nearest)] = self._allowed.p + 1
        return Proof("multipliers", u, np.array([-1], dtype=np.int32))
