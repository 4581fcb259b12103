"""Sharing out demand among open sites that have a capacity, and choosing these sites: the models.

Everything is a minimisation. Axes: i origins, j sites, a arcs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.inputs import Allowed, Budget, Numbers
from maillage.core.siting.solution import Shares
from maillage.core.siting.solver import INFINITY, GrowingModel, Model, maximise

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

# a part of an origin smaller than this share of its demand is a rounding of the solver
DUST = 1e-9


@dataclass(frozen=True)
class Case:
    """A capacitated problem.

    cost      [i, j] of a unit, inf out of reach
    outside   cost of a unit that no site serves, inf where all must be served
    demand    [i], above zero; capacity [j]
    group     [j], most [c] sites open in each group at most
    """

    cost: Numbers
    outside: float
    demand: Numbers
    capacity: Numbers
    allowed: Allowed
    group: Whole
    most: Whole
    budget: Budget | None

    @property
    def sites(self) -> int:
        """How many candidates there are."""
        return len(self.capacity)


class Choice:
    """The choice of the sites over some arcs of each origin, the cheapest first.

    The arcs left out are stood for by the cheapest of them, without limit nor site: no choice
    costs less than this model says, and it is exact once nothing uses the stand-ins.
    Columns: y sites, x arcs, z what each origin sends outside or to its stand-in.
    """

    def __init__(self, case: Case, kept: Whole) -> None:
        self.case = case
        self.origin, self.site, self.stand_in = _nearest_arcs(case, kept)
        self.model = Model()
        self.y = self.model.add_columns(case.sites, whole=True)
        self.x = self.model.add_columns(len(self.origin))
        self.z = self.model.add_columns(len(case.demand))
        price = np.minimum(self.stand_in, case.outside)
        limit = np.where(np.isfinite(price), case.demand, 0.0)
        self.model.upper[self.x.start : self.x.stop] = case.demand[self.origin].tolist()
        self.model.upper[self.z.start : self.z.stop] = limit.tolist()
        paid = np.concatenate([
            np.zeros(case.sites), case.cost[self.origin, self.site],
            np.where(np.isfinite(price), price, 0.0),
        ])  # fmt: skip
        self.cost = paid
        self._everybody_served()
        self._capacities()
        self._rules()

    def _everybody_served(self) -> None:
        """One row an origin, the first of the model: its prices are the multipliers."""
        first = np.searchsorted(self.origin, np.arange(len(self.case.demand) + 1))
        for i, wanted in enumerate(self.case.demand.tolist()):
            arcs = self.x[int(first[i]) : int(first[i + 1])]
            self.model.add_row([*arcs, self.z[i]], [1.0] * (len(arcs) + 1), wanted, wanted)

    def _capacities(self) -> None:
        """What a site serves, in all and to each origin, only where it is open."""
        case = self.case
        order = np.argsort(self.site, kind="stable")
        first = np.searchsorted(self.site[order], np.arange(case.sites + 1))
        for j, room in enumerate(case.capacity.tolist()):
            arcs = [self.x[a] for a in order[first[j] : first[j + 1]].tolist()]
            self.model.add_row([*arcs, self.y[j]], [1.0] * len(arcs) + [-room], -INFINITY, 0.0)
        most = np.minimum(case.demand[self.origin], case.capacity[self.site])
        for arc, site, limit in zip(self.x, self.site.tolist(), most.tolist(), strict=True):
            self.model.add_row([arc, self.y[site]], [1.0, -limit], -INFINITY, 0.0)

    def _rules(self) -> None:
        case, every = self.case, list(self.y)
        ones = [1.0] * len(every)
        self.model.add_row(every, ones, case.allowed.p, case.allowed.p)
        if np.isinf(case.outside):
            total = float(case.demand.sum())
            self.model.add_row(every, case.capacity.tolist(), total * (1 - DUST), INFINITY)
        for group, most in enumerate(case.most.tolist()):
            members = [self.y[j] for j in np.flatnonzero(case.group == group).tolist()]
            self.model.add_row(members, [1.0] * len(members), 0.0, float(most))
        if case.budget is not None:
            self.model.add_row(every, case.budget.price.tolist(), 0.0, float(case.budget.most))
        for j in np.flatnonzero(case.allowed.forbidden).tolist():
            self.model.upper[self.y[j]] = 0.0
        for j in np.flatnonzero(case.allowed.fixed).tolist():
            self.model.add_row([self.y[j]], [1.0], 1.0, 1.0)

    def objective(self) -> dict[int, float]:
        """To be maximised: the cost, negative."""
        return dict(enumerate((-self.cost).tolist()))

    def start(self, is_open: Flags, shares: Shares) -> Numbers:
        """The columns of a known solution."""
        values = np.zeros(len(self.model.upper))
        values[list(self.y)] = is_open
        amount = np.zeros_like(self.case.cost)
        amount[shares.origin, shares.site] = shares.amount
        in_model = amount[self.origin, self.site]
        values[list(self.x)] = in_model
        sent = np.bincount(self.origin, in_model, minlength=len(self.case.demand))
        values[list(self.z)] = self.case.demand - sent
        return values

    def leaning(self, values: Numbers) -> Flags:
        """The origins [i] that use their stand-in, so that their arcs left out may matter."""
        sent = values[list(self.z)]
        return np.asarray((self.stand_in < self.case.outside) & (sent > DUST * self.case.demand))

    def prices(self, time_limit_s: float | None) -> Numbers | None:
        """What a unit of demand costs each origin [i] when sites may open in part; None if late."""
        model = self.model
        relaxed = GrowingModel(self.cost, np.zeros(len(self.cost)), np.array(model.upper))
        relaxed.add_rows(
            np.array(model.row_lower, dtype=np.float64),
            np.array(model.row_upper, dtype=np.float64),
            np.array(model.start, dtype=np.int32),
            np.array(model.index, dtype=np.int32),
            np.array(model.value, dtype=np.float64),
        )
        found = relaxed.solve(time_limit_s=time_limit_s)
        return found.prices[: len(self.case.demand)] if found.is_solved else None


def _nearest_arcs(case: Case, kept: Whole) -> tuple[Whole, Whole, Numbers]:
    """The cheapest arcs of each origin, and the cost of the first one left out (inf: none).

    kept  [i] how many
    """
    cost = np.where(case.allowed.forbidden[None, :], np.inf, case.cost)
    order = np.argsort(cost, axis=1, kind="stable")
    ranked = np.take_along_axis(cost, order, axis=1)
    keep = (np.arange(case.sites)[None, :] < kept[:, None]) & np.isfinite(ranked)
    origin, rank = np.nonzero(keep)
    is_last = kept >= case.sites
    after = ranked[np.arange(len(kept)), np.minimum(kept, case.sites - 1)]
    return origin, order[origin, rank], np.where(is_last, np.inf, after)


def served(case: Case, is_open: Flags) -> Shares | None:
    """Who goes where at the least cost among the open sites; None where they cannot serve all."""
    sites = np.flatnonzero(is_open)
    is_near = np.isfinite(case.cost[:, sites])
    # a model without any arc is no model to the solver
    if np.isinf(case.outside) and not is_near.any(axis=1).all():
        return None
    origin, slot = np.nonzero(is_near)
    cost = case.cost[origin, sites[slot]]
    model = Model()
    arcs = np.array(model.add_columns(len(origin)), dtype=np.int64)
    model.upper = case.demand[origin].tolist()
    least = 1.0 if np.isinf(case.outside) else 0.0
    first = np.searchsorted(origin, np.arange(len(case.demand) + 1))
    for i, wanted in enumerate(case.demand.tolist()):
        columns = arcs[first[i] : first[i + 1]].tolist()
        model.add_row(columns, [1.0] * len(columns), least * wanted, wanted)
    order = np.argsort(slot, kind="stable")
    first = np.searchsorted(slot[order], np.arange(len(sites) + 1))
    for k, room in enumerate(case.capacity[sites].tolist()):
        columns = arcs[order[first[k] : first[k + 1]]].tolist()
        model.add_row(columns, [1.0] * len(columns), -INFINITY, room)
    answer = maximise(model, dict(enumerate((-cost).tolist())))
    if answer.status == "infeasible":
        return None
    return _without_dust(case, Shares(origin, sites[slot], answer.values))


def _without_dust(case: Case, shares: Shares) -> Shares:
    """Parts that count, adding up to the demand exactly where all must be served."""
    keep = shares.amount > DUST * case.demand[shares.origin]
    origin, site, amount = shares.origin[keep], shares.site[keep], shares.amount[keep]
    total = np.bincount(origin, amount, minlength=len(case.demand))
    if np.isinf(case.outside):
        amount = amount * (case.demand / np.maximum(total, DUST))[origin]
    return Shares(origin, site, amount)


def value_of(case: Case, shares: Shares) -> float:
    """What these parts cost, those that go nowhere included."""
    paid = float((case.cost[shares.origin, shares.site] * shares.amount).sum())
    if np.isinf(case.outside):
        return paid
    return paid + case.outside * float(case.demand.sum() - shares.amount.sum())


def bound_of(case: Case, u: Numbers) -> float:
    """What no choice can cost less than: each site filled with the demand that pays most.

    u       [i] price of a unit of demand, at most `outside`
    source  Lagrangian relaxation of "everybody is served", docs/method/certificates.md
    """
    reduced = case.cost - u[:, None]
    order = np.argsort(reduced, axis=0)
    demand = case.demand[order]
    before = np.cumsum(demand, axis=0) - demand
    taken = np.clip(case.capacity[None, :] - before, 0.0, demand)
    paying = np.minimum(0.0, np.take_along_axis(reduced, order, axis=0))
    worth = np.where(taken > 0, paying * taken, 0.0).sum(axis=0)
    is_free = ~(case.allowed.fixed | case.allowed.forbidden)
    left = case.allowed.p - int(case.allowed.fixed.sum())
    chosen = float(np.sort(worth[is_free])[:left].sum())
    return float(case.demand @ u) + float(worth[case.allowed.fixed].sum()) + chosen
