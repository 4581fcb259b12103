"""The linear relaxation of a case, exactly: its prices are the best multipliers that there are.

A column per site and one per origin (what the origin costs). For any radius d, the origin costs
at least d less what the nearer sites spare: cost_i >= d - sum_j max(0, d - c_ij) y_j. Only the
radii that a solution violates are written. The price of each row shares the origin out among its
radii, and the mean radius is its multiplier.

source  Durán-Mateluna, Ales, Elloumi 2023, "An efficient Benders decomposition for the p-median
        problem", EJOR 308 (1)
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.inputs import Budget
from maillage.core.siting.median.dual import CLOSED, OPEN
from maillage.core.siting.median.instance import Arcs, Indices, Instance, Numbers
from maillage.core.siting.solver import INFINITY, GrowingModel

# a radius is written where it lacks this share of the mean cost of an origin
TOLERANCE = 1e-7
# radii written at the start: those of the arcs just below and just above each multiplier
ABOUT = (-1, 0)


class Relaxation:
    """The linear relaxation of one set of arcs, kept from a case to the next."""

    def __init__(
        self, arcs: Arcs, instance: Instance, u: Numbers, budget: Budget | None = None
    ) -> None:
        self.arcs = arcs
        n, m = u.size, instance.number.size
        self.sites = m
        self.model = GrowingModel(
            np.concatenate([np.zeros(m), np.ones(n)]),
            np.concatenate([np.zeros(m), arcs.floor]),
            np.concatenate([np.ones(m), np.full(n, INFINITY)]),
        )
        self.fixed_rows = 0
        every = np.ones(m)
        self._limit(every, float(instance.p), least=float(instance.p))
        if instance.most.size > 1:
            for c in range(instance.most.size):
                self._limit(every * (instance.group == c), float(instance.most[c]))
        if budget is not None:
            self._limit(budget.price, budget.most)
        self.origin = np.empty(0, np.int64)
        self.radius = np.empty(0)
        self.idle = np.empty(0, np.int64)
        last = arcs.floor
        for shift in ABOUT:
            radius = _radius_about(arcs.start, arcs.cost, arcs.ceiling, u, shift)
            rows = np.flatnonzero(radius > last)
            self._write(rows, radius[rows])
            last = radius

    def _limit(self, each: Numbers, most: float, *, least: float = -INFINITY) -> None:
        """A row on the sites alone: least <= sum(each x open) <= most."""
        column = np.flatnonzero(each).astype(np.int32)
        self.model.add_rows(
            np.array([least]), np.array([most]), np.array([0, column.size], np.int32),
            column, each[column],
        )  # fmt: skip
        self.fixed_rows += 1

    def _write(self, origins: Indices, radius: Numbers) -> None:
        if not origins.size:
            return
        arcs = self.arcs
        start, column, value = _rows(arcs.start, arcs.site, arcs.cost, origins, radius, self.sites)
        self.model.add_rows(radius, np.full(radius.size, INFINITY), start, column, value)
        self.origin = np.concatenate([self.origin, origins])
        self.radius = np.concatenate([self.radius, radius])
        self.idle = np.concatenate([self.idle, np.zeros(radius.size, np.int64)])

    def restrict(self, state: NDArray[np.int8]) -> None:
        """Open and close sites as a case says."""
        self.model.bound_columns(
            np.arange(self.sites, dtype=np.int32),
            (state == OPEN).astype(np.float64),
            (state != CLOSED).astype(np.float64),
        )

    def solve_once(self, time_limit_s: float | None) -> tuple[Numbers, Numbers, int] | None:
        """Solve, then write the radii violated: multipliers [i], sites [j] (0-1), rows written.

        returns None when time ran out, no choice is left, or numbers are too large for the solver
        """
        found = self.model.solve(time_limit_s=time_limit_s)
        # rows with a coefficient beyond 1e15 are not taken
        if not found.is_solved or found.prices.size != self.fixed_rows + self.origin.size:
            return None
        y, theta = found.values[: self.sites], found.values[self.sites :]
        prices = np.maximum(found.prices[self.fixed_rows :], 0.0)
        share = np.bincount(self.origin, prices, minlength=theta.size)
        spread = np.bincount(self.origin, prices * self.radius, minlength=theta.size)
        u = spread + np.maximum(0.0, 1.0 - share) * self.arcs.floor
        self._forget(prices)
        return u, y, self._separate(y, theta, found.objective)

    def solve_whole(self, time_limit_s: float) -> tuple[float, Numbers | None, int]:
        """Open whole sites: the solver's bound, sites [j] (None if none found), rows written."""
        found = self.model.solve_whole(self.sites, time_limit_s=time_limit_s)
        if found.status == "infeasible":
            return np.inf, None, 0
        if not np.isfinite(found.objective):
            return found.bound, None, 0
        y, theta = found.values[: self.sites], found.values[self.sites :]
        return found.bound, y, self._separate(np.round(y), theta, found.objective)

    def _separate(self, y: Numbers, theta: Numbers, objective: float) -> int:
        """Write the radius that each origin violates most; how many do."""
        slack = TOLERANCE * max(1.0, objective / theta.size)
        radius = _violated(
            self.arcs.start, self.arcs.site, self.arcs.cost, self.arcs.ceiling, y, theta, slack
        )
        rows = np.flatnonzero(radius > 0)
        self._write(rows, radius[rows])
        return rows.size

    def _forget(self, prices: Numbers) -> None:
        """Drop the rows that have served nothing for long."""
        self.idle = np.where(prices > 0, 0, self.idle + 1)
        old = self.idle > 12
        if old.sum() > 0.3 * old.size:
            self.model.drop_rows((np.flatnonzero(old) + self.fixed_rows).astype(np.int32))
            self.origin, self.radius = self.origin[~old], self.radius[~old]
            self.idle = self.idle[~old]


@compiled
def _radius_about(
    start: Indices, cost: Numbers, ceiling: Numbers, u: Numbers, shift: int
) -> Numbers:
    """The cost of the arc that lies `shift` arcs after each multiplier."""
    found = np.empty(u.size)
    for i in range(u.size):
        a = start[i]
        while a < start[i + 1] and cost[a] < u[i]:
            a += 1
        a = max(a + shift, start[i])
        found[i] = cost[a] if a < start[i + 1] else ceiling[i]
    return found


@compiled
def _rows(
    start: Indices,
    site: NDArray[np.int32],
    cost: Numbers,
    origins: Indices,
    radius: Numbers,
    sites: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32], Numbers]:
    """One row per origin and radius: what it costs, and what each nearer site spares."""
    begin = np.zeros(origins.size + 1, np.int32)
    for r in range(origins.size):
        i = origins[r]
        a = start[i]
        while a < start[i + 1] and cost[a] < radius[r]:
            a += 1
        begin[r + 1] = begin[r] + a - start[i] + 1
    column = np.empty(begin[-1], np.int32)
    value = np.empty(begin[-1])
    for r in range(origins.size):
        i = origins[r]
        k = begin[r]
        column[k] = sites + i
        value[k] = 1.0
        for a in range(start[i], start[i] + begin[r + 1] - begin[r] - 1):
            k += 1
            column[k] = site[a]
            value[k] = radius[r] - cost[a]
    return begin, column, value


@compiled
def _violated(
    start: Indices,
    site: NDArray[np.int32],
    cost: Numbers,
    ceiling: Numbers,
    y: Numbers,
    theta: Numbers,
    slack: float,
) -> Numbers:
    """The radius whose row each origin violates most, 0 where it violates none."""
    found = np.zeros(theta.size)
    for i in range(theta.size):
        served = 0.0
        paid = 0.0
        radius = ceiling[i]
        for a in range(start[i], start[i + 1]):
            if served + y[site[a]] >= 1.0 - 1e-9:
                radius = cost[a]
                break
            served += y[site[a]]
            paid += y[site[a]] * cost[a]
        if radius * (1.0 - served) + paid > theta[i] + slack:
            found[i] = radius
    return found
