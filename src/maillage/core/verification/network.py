"""A three-tier plan: every rule looked at again, its four objectives recomputed.

Axes: i cells, j candidates, s demand scenarios, g groups of commuters, t tiers (hub, mini, corpo).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.verification.archive import LARGEST, Archive
from maillage.core.verification.verdict import (
    GAP,
    PROVED,
    SOLVER,
    StageChecked,
    Verdict,
    Wrong,
)

KIND = "network"
STAGES = ("coverage", "equity", "seats", "cost")
HUB, MINI, CORPO = 0, 1, 2
EUROS = ("investment", "operation", "yearly")

# seats are counted in thousandths; a stage is kept to half a unit, and rounded to one
SEAT_SCALE = 1000
UNIT = 1.0
# shares of a commune and amounts of a linear solver
SHARES = 1e-6

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """The plan stated: tier [j] of each candidate (-1 closed), its seats [j], who sits where."""

    tier: NDArray[np.int64]
    seats: NDArray[np.int64]
    scenario: NDArray[np.int64]
    cell: NDArray[np.int64]
    site: NDArray[np.int64]
    amount: Numbers

    @property
    def covering(self) -> Flags:
        """The sites open to all: a corporate space is not."""
        return np.asarray((self.tier == HUB) | (self.tier == MINI))


def verify(certificate: Archive, instance: Archive) -> Verdict:
    """Feasibility, the four values, and what they are worth without the solver's bounds."""
    case = Case(instance)
    plan = case.plan(certificate)
    case.refuse_unlawful(plan)
    case.refuse_misseated(plan)
    stages = tuple(
        _stage(certificate, n, name, case.value(name, plan), case.limit(name))
        for n, name in enumerate(STAGES)
    )
    is_met = all(stage.objective == stage.bound for stage in stages)
    if (certificate.text("status") == PROVED) != is_met:
        raise Wrong("status_misstated")
    first = stages[0]
    gap = abs(first.limit - first.objective) / max(1.0, abs(first.objective))
    opened = int((plan.tier >= 0).sum())
    return Verdict(
        SOLVER if is_met else GAP,
        KIND, first.objective, first.limit, first.bound, gap, opened, stages,
    )  # fmt: skip


def _stage(
    certificate: Archive, number: int, name: str, value: float, limit: float
) -> StageChecked:
    """A stage as stated, against its value recomputed. Raises Wrong."""
    objective, bound = _stated(certificate, number, name)
    sign = -1.0 if name == "cost" else 1.0
    slack = {"equity": SHARES, "seats": UNIT / SEAT_SCALE}.get(name, SHARES)
    # what is not proved may have been bettered by a later stage
    if sign * value < sign * objective - slack:
        raise Wrong("objective_misstated", stated=objective, found=value)
    if bound == objective and abs(value - objective) > slack:
        raise Wrong("objective_misstated", stated=objective, found=value)
    if sign * bound < sign * value - slack:
        raise Wrong("bound_misstated", stated=bound, found=value)
    return StageChecked(name, objective if bound == objective else value, bound, limit)


def _stated(certificate: Archive, number: int, name: str) -> tuple[float, float]:
    stages = certificate.header.get("stages")
    found = stages[number] if isinstance(stages, list) and len(stages) == len(STAGES) else None
    if not isinstance(found, dict) or found.get("name") != name:
        raise Wrong("header", file="certificate", name="stages")
    values = [found.get("objective"), found.get("bound")]
    if not all(type(v) in (int, float) and abs(v) <= LARGEST for v in values):  # type: ignore[arg-type]
        raise Wrong("header", file="certificate", name="stages")
    return float(values[0]), float(values[1])  # type: ignore[arg-type]


class Case:
    """The instance of a three-tier plan."""

    def __init__(self, instance: Archive) -> None:
        n, m = instance.count("origins"), instance.count("sites")
        self.weight = instance.array("weight", "<i8", (n,))
        self.commune = instance.array("commune", "<i8", (n,))
        self.near = instance.array("near", "|b1", (n, m))
        self.hub_near = instance.array("hub_near", "|b1", (n, m))
        self.links = instance.array("links", "|b1", (m, m))
        self.may_hold = instance.array("may_hold", "|b1", (3, m))
        self.candidate_commune = instance.array("candidate_commune", "<i8", (m,))
        self.covered_today = instance.array("covered_today", "|b1", (n,))
        self.seats_min = instance.array("seats_min", "<i8", (3, m))
        self.seats_max = instance.array("seats_max", "<i8", (3, m))
        self.demand = instance.array("demand", "<i8", (-1, n))
        self.probability = instance.array("probability", "<i8", (len(self.demand),))
        self.passes = instance.array("passes", "|b1", (-1, m))
        self.passing = instance.array("passing", "<i8", (len(self.passes),))
        self.fixed = {k: instance.array(f"{k}_fixed", "<i8", (3, m)) for k in EUROS}
        self.each = {k: instance.array(f"{k}_per_seat", "<i8", (3, m)) for k in EUROS}
        self.income = instance.array("income_eur", "<f8", (m,))
        self.forbidden = instance.array("forbidden", "|b1", (m,))
        self.required = instance.array("required", "|b1", (-1, m))
        self.instance = instance
        self.sites = m
        if self.weight.min() < 0 or self.probability.sum() <= 0:
            raise Wrong("array_number", file="instance", name="weight")

    def rule(self, name: str) -> float:
        """A limit of the rules, infinite where there is none."""
        return np.inf if self.instance.header.get(name) is None else self.instance.number(name)

    def plan(self, certificate: Archive) -> Plan:
        """The plan stated. Raises Wrong where it names what does not exist."""
        tier = certificate.array("tier", "<i8", (self.sites,))
        scenario = certificate.array("share_scenario", "<i8", (-1,))
        cell = certificate.array("share_cell", "<i8", scenario.shape)
        site = certificate.array("share_site", "<i8", scenario.shape)
        amount = certificate.array("share_amount", "<f8", scenario.shape)
        limits = ((tier, -1, 3), (scenario, 0, len(self.demand)), (cell, 0, len(self.weight)),
                  (site, 0, self.sites))  # fmt: skip
        for numbers, low, high in limits:
            if numbers.min(initial=low) < low or numbers.max(initial=low) >= high:
                raise Wrong("assignment")
        if not np.isfinite(amount).all() or amount.min(initial=0.0) < 0:
            raise Wrong("assignment")
        seats = certificate.array("seats", "<i8", (self.sites,))
        return Plan(tier, seats, scenario, cell, site, amount)

    def refuse_unlawful(self, plan: Plan) -> None:
        """Every rule about sites, seats and money. Raises Wrong."""
        opened = np.flatnonzero(plan.tier >= 0)
        tier, seats = plan.tier[opened], plan.seats[opened]
        forbidden = self.forbidden[opened] | ~self.may_hold[tier, opened]
        if forbidden.any():
            raise Wrong("forbidden_open", site=int(opened[np.argmax(forbidden)]))
        misfit = (seats < self.seats_min[tier, opened]) | (seats > self.seats_max[tier, opened])
        if misfit.any() or plan.seats[plan.tier < 0].any():
            raise Wrong("seats_misfit")
        for number, name, least in ((HUB, "hubs", True), (CORPO, "corpos", True),
                                    (MINI, "minis", False)):  # fmt: skip
            count = int((tier == number).sum())
            fewest = self.rule(f"{name}_min") if least else 0
            if not fewest <= count <= self.rule(f"{name}_max"):
                raise Wrong("count_of_tier", tier=number, given=count)
        hubs, minis = opened[tier == HUB], opened[tier == MINI]
        if len(np.unique(self.candidate_commune[hubs])) < len(hubs):
            raise Wrong("two_hubs_in_commune")
        alone = ~self.links[np.ix_(minis, hubs)].any(axis=1)
        if alone.any():
            raise Wrong("mini_without_hub", site=int(minis[np.argmax(alone)]))
        if not (self.required & plan.covering).any(axis=1).all():
            raise Wrong("required_missing")
        self._refuse_overspent(plan, opened)

    def _euros(self, kind: str, plan: Plan, opened: NDArray[np.int64]) -> NDArray[np.int64]:
        tier = plan.tier[opened]
        per_seat = self.each[kind][tier, opened] * plan.seats[opened]
        return np.asarray(self.fixed[kind][tier, opened] + per_seat)

    def _refuse_overspent(self, plan: Plan, opened: NDArray[np.int64]) -> None:
        _, commune = np.unique(self.candidate_commune[opened], return_inverse=True)
        invested = np.bincount(commune, self._euros("investment", plan, opened))
        most = self.rule("commune_budget_eur")
        if invested.max(initial=0.0) > most:
            raise Wrong("budget_broken", spent=float(invested.max()), budget=most)
        share = self.probability[plan.scenario] / self.probability.sum()
        income = float((self.income[plan.site] * share * plan.amount).sum()) / SEAT_SCALE
        net = float(self._euros("operation", plan, opened).sum()) - income
        most = self.rule("epci_budget_eur")
        if net > most + SHARES * max(1.0, abs(most)):
            raise Wrong("budget_broken", spent=net, budget=most)

    def refuse_misseated(self, plan: Plan) -> None:
        """Nobody sits out of reach, twice, or where no seat is left. Raises Wrong."""
        at = plan.tier[plan.site]
        reach = self.near[plan.cell, plan.site]
        reach = reach | ((at == HUB) & self.hub_near[plan.cell, plan.site])
        wrong = ~reach | ((at != HUB) & (at != MINI))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise Wrong("out_of_reach", origin=int(plan.cell[row]), site=int(plan.site[row]))
        for s, wanted in enumerate(self.demand):
            rows = plan.scenario == s
            seated = np.bincount(plan.cell[rows], plan.amount[rows], minlength=len(wanted))
            if (seated > wanted + SHARES * (1.0 + wanted)).any():
                raise Wrong("demand_misserved", origin=int(np.argmax(seated - wanted)))
            used = np.bincount(plan.site[rows], plan.amount[rows], minlength=self.sites)
            room = SEAT_SCALE * plan.seats
            if (used > room + SHARES * (1.0 + room)).any():
                raise Wrong("capacity_broken", site=int(np.argmax(used - room)))

    def value(self, stage: str, plan: Plan) -> float:
        """One objective of a plan, recomputed."""
        if stage == "cost":
            return float(self._euros("yearly", plan, np.flatnonzero(plan.tier >= 0)).sum())
        if stage == "seats":
            used = float(self.probability[plan.scenario] @ plan.amount)
            return self._in_seats(used, self.passes[:, plan.covering].any(axis=1))
        covered = self.covered_today | self.near[:, plan.covering].any(axis=1)
        if stage == "equity":
            return self._worst_share(covered)
        price = self.instance.number("min_gain_per_mini") * int((plan.tier == MINI).sum())
        return float(self.weight[covered].sum()) - price

    def limit(self, stage: str) -> float:
        """What no plan can pass: every allowed site open at once; the fewest and cheapest."""
        may = self.may_hold & ~self.forbidden
        if stage == "cost":
            return self._cheapest(HUB, "hubs_min", may) + self._cheapest(CORPO, "corpos_min", may)
        if stage == "seats":
            reach = (self.hub_near & may[HUB]) | (self.near & (may[HUB] | may[MINI]))
            wanted = self.demand[:, reach.any(axis=1)].sum(axis=1)
            passing = self.passes[:, may[HUB] | may[MINI]].any(axis=1)
            return self._in_seats(float(self.probability @ wanted), passing)
        covered = self._coverable()
        return (
            self._worst_share(covered) if stage == "equity" else float(self.weight[covered].sum())
        )

    def _coverable(self) -> Flags:
        may = self.may_hold & ~self.forbidden
        return np.asarray(self.covered_today | self.near[:, may[HUB] | may[MINI]].any(axis=1))

    def _in_seats(self, used: float, intercepted: Flags) -> float:
        total = int(self.probability.sum())
        worth = total * int(self.passing[intercepted].sum())
        return (used + worth) / (SEAT_SCALE * total)

    def _worst_share(self, covered: Flags) -> float:
        """The share covered of the worst-covered commune, among those that can be at all."""
        _, commune = np.unique(self.commune, return_inverse=True)
        total = np.bincount(commune, self.weight)
        inside = np.bincount(commune, self.weight * covered)
        counts = (np.bincount(commune, self._coverable()) > 0) & (total > 0)
        return float((inside[counts] / total[counts]).min(initial=1.0)) if counts.any() else 0.0

    def _cheapest(self, tier: int, fewest: str, may: Flags) -> float:
        each = self.fixed["yearly"][tier] + self.each["yearly"][tier] * self.seats_min[tier]
        return float(np.sort(each[may[tier]])[: int(self.rule(fewest))].sum())
