"""The network of three tiers as a linear model: its rules, its four objectives.

method  docs/method/siting.md
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.problem import (
    SEAT_SCALE,
    TIERS,
    NetworkProblem,
    PassingPatterns,
    Patterns,
    SeatPatterns,
    SiteEuros,
    merge,
    merge_passing,
    merge_seats,
)
from maillage.core.siting.seat_arcs import (
    Arcs,
    Capacity,
    add_held,
    add_wanted,
    joined,
    no_arcs,
)
from maillage.core.siting.solver import INFINITY, WHOLE, Answer, Model, maximise

# Two shares closer than this are one: a hundredth of an inhabitant among a million
SHARE_TOLERANCE = 1e-8

STAGES = ("coverage", "equity", "seats", "cost")

# Columns and inhabitants of a commune's patterns, then all its inhabitants
Commune = tuple[list[int], list[float], int]


@dataclass(frozen=True)
class Stage:
    """One objective: its value, its proved bound, and the gap between them.

    gap  |bound - objective| / max(1, |objective|), 0 when proved
    """

    name: str
    objective: float
    bound: float
    gap: float

    @property
    def is_proved(self) -> bool:
        """Whether no better value exists."""
        return self.gap == 0.0


class NetworkModel:
    """The siting problem as a linear model.

    Columns: y sites and e their seats above the fewest, by tier; z covered patterns;
    x seats used, by scenario, pattern and site; u patterns of commuters intercepted; g the
    worst-covered commune's share.

    seat_patterns  those of the problem, unless they were merged before
    """

    def __init__(
        self,
        problem: NetworkProblem,
        *,
        with_seats: bool = True,
        relative_gap: float = 0.0,
        seat_patterns: SeatPatterns | None = None,
    ) -> None:
        self.problem = problem
        self.relative_gap = relative_gap
        self.patterns: Patterns = merge(problem)
        self.seat_patterns: SeatPatterns = seat_patterns or merge_seats(problem)
        self.passing: PassingPatterns = merge_passing(problem)
        self.model = Model()
        self.y = {t: self._site_columns(t) for t in TIERS}
        self.e = {t: self._seat_columns(t) for t in TIERS}
        self.z = self.model.add_columns(len(self.patterns.weight))
        self._one_tier_per_site()
        self._one_hub_per_commune()
        self._required()
        self._how_many()
        self._links()
        self._coverage()
        seats_people = with_seats or problem.rules.epci_budget_eur is not None
        self.arcs = self._seats() if seats_people else no_arcs()
        self.u = self._intercepted() if with_seats else range(0)
        self._budgets()

    def solve(
        self,
        stage: str,
        *,
        start: NDArray[np.float64] | None = None,
        time_limit_s: float | None = None,
    ) -> Answer:
        """The best value of one stage's objective over all that is held so far."""
        if stage == "equity":
            return self._best_equity(start, time_limit_s)
        return self.best(self.objective(stage), start, time_limit_s)

    def best(
        self,
        objective: dict[int, float],
        start: NDArray[np.float64] | None = None,
        time_limit_s: float | None = None,
        tolerance: float = WHOLE,
    ) -> Answer:
        """The best value of any objective over all that is held so far."""
        return maximise(
            self.model,
            objective,
            start=start,
            time_limit_s=time_limit_s,
            tolerance=tolerance,
            relative_gap=self.relative_gap,
        )

    def objective(self, stage: str) -> dict[int, float]:
        """Coefficients of a stage, all whole numbers; cost counts negative."""
        if stage == "coverage":
            price = float(self.problem.rules.min_gain_per_mini)
            gains = {k: float(w) for k, w in zip(self.z, self.patterns.weight, strict=True)}
            return gains | dict.fromkeys(self.y["mini"], -price)
        if stage == "seats":
            weight = self.problem.probability
            used = self._by_column(weight[self.arcs.scenario])
            worth = map(float, weight.sum() * self.passing.worth)
            return used | dict(zip(self.u, worth, strict=True))
        return {k: -cost for k, cost in self.euros_of(self.problem.yearly_cost).items()}

    def euros_of(self, amounts: dict[str, SiteEuros]) -> dict[int, float]:
        """Coefficients of what a network costs, whole euros."""
        return dict(zip(*self._euros(amounts, range(self.problem.sites)), strict=True))

    def hold(self, stage: str, answer: Answer, values: NDArray[np.float64]) -> Stage:
        """Keep the value of a stage for the next ones; what it says of itself."""
        if stage == "equity":
            return self._hold_equity(answer)
        objective = self.objective(stage)
        reached = round(sum(c * values[k] for k, c in objective.items()))
        self._keep(objective, reached)
        bound = reached if answer.status == "optimal" else float(np.floor(answer.bound))
        scales = {"seats": SEAT_SCALE * int(self.problem.probability.sum()), "cost": -1}
        scale = scales.get(stage, 1)
        gap = abs(bound - reached) / max(1, abs(reached))
        return Stage(stage, reached / scale, bound / scale, gap)

    def completed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same sites, exactly whole, with every pattern they cover or intercept counted."""
        values = values.copy()
        for t in TIERS:
            for columns in (self.y[t], self.e[t]):
                values[list(columns)] = np.round(values[list(columns)])
        covering = self._is_open(values, "hub") | self._is_open(values, "mini")
        is_near = self.patterns.near[:, covering].any(axis=1)
        values[list(self.z)] = self.patterns.covered_today | is_near
        values[list(self.u)] = self.passing.passes[: len(self.u), covering].any(axis=1)
        return values

    def settled(
        self, values: NDArray[np.float64], time_limit_s: float | None
    ) -> NDArray[np.float64]:
        """Among plans equal on every stage, the same sites with seats nearest to their users."""
        opened = [k for t in TIERS for k in self.y[t] if values[k] > 0.5]
        self.model.add_row(opened, [1.0] * len(opened), len(opened), INFINITY)
        weight = self.problem.probability
        arcs = self.arcs
        minutes = self.seat_patterns.minutes[arcs.pattern, arcs.site]
        nearest = self._by_column(-weight[arcs.scenario] * minutes)
        answer = self.best(nearest, values, time_limit_s)
        return values if answer.status == "infeasible" else self.completed(answer.values)

    def open_sites(self, values: NDArray[np.float64]) -> dict[str, NDArray[np.bool_]]:
        """The sites [j] that a solution opens, by tier."""
        return {t: self._is_open(values, t) for t in TIERS}

    def seats(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Seats [j] of the sites that a solution opens."""
        total = np.zeros(self.problem.sites)
        for t in TIERS:
            total += self.problem.seats_min[t] * values[list(self.y[t])] + values[list(self.e[t])]
        return np.round(total).astype(np.int64)

    def served(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seats used at peak [s, j] in a solution."""
        used = np.zeros((len(self.problem.demand), self.problem.sites))
        arcs = self.arcs
        np.add.at(used, (arcs.scenario, arcs.site), values[arcs.column] / SEAT_SCALE)
        return used

    def _by_column(self, amounts: NDArray[np.generic]) -> dict[int, float]:
        """One amount [a] per arc, as coefficients."""
        return dict(zip(self.arcs.column.tolist(), map(float, amounts.tolist()), strict=True))

    def _is_open(self, values: NDArray[np.float64], tier: str) -> NDArray[np.bool_]:
        return np.asarray(values[list(self.y[tier])] > 0.5)

    def _site_columns(self, tier: str) -> range:
        columns = self.model.add_columns(self.problem.sites, whole=True)
        for j, k in enumerate(columns):
            if not self.problem.may_hold[tier][j] or j in self.problem.rules.forbidden:
                self.model.upper[k] = 0.0
        return columns

    def _seat_columns(self, tier: str) -> range:
        """Seats above the fewest, only where the site is open."""
        columns = self.model.add_columns(self.problem.sites, whole=True)
        extra = self.problem.seats_max[tier] - self.problem.seats_min[tier]
        for j, (y, e) in enumerate(zip(self.y[tier], columns, strict=True)):
            self.model.upper[e] = float(extra[j])
            if extra[j]:
                self.model.add_row([e, y], [1.0, -float(extra[j])], -INFINITY, 0.0)
        return columns

    def _euros(
        self, amounts: dict[str, SiteEuros], sites: Iterable[int]
    ) -> tuple[list[int], list[float]]:
        """Columns and coefficients of what some candidates cost, seats included."""
        columns: list[int] = []
        costs: list[float] = []
        for t in TIERS:
            for j in sites:
                per_seat = int(amounts[t].per_seat[j])
                fewest = int(self.problem.seats_min[t][j])
                columns += [self.y[t][j], self.e[t][j]]
                costs += [float(amounts[t].fixed[j] + per_seat * fewest), float(per_seat)]
        return columns, costs

    def _one_tier_per_site(self) -> None:
        for j in range(self.problem.sites):
            columns = [self.y[t][j] for t in TIERS]
            self.model.add_row(columns, [1.0] * len(columns), 0.0, 1.0)

    def _required(self) -> None:
        for group in self.problem.rules.required:
            columns = [self.y[t][j] for t in ("hub", "mini") for j in sorted(group)]
            self.model.add_row(columns, [1.0] * len(columns), 1.0, INFINITY)

    def _one_hub_per_commune(self) -> None:
        """Two buildings of one town centre are rivals, not two structuring sites."""
        for commune in np.unique(self.problem.candidate_commune):
            inside = np.flatnonzero(self.problem.candidate_commune == commune)
            rivals = [self.y["hub"][j] for j in inside if self.problem.may_hold["hub"][j]]
            if len(rivals) > 1:
                self.model.add_row(rivals, [1.0] * len(rivals), 0.0, 1.0)

    def _how_many(self) -> None:
        rules = self.problem.rules
        most_minis = INFINITY if rules.minis_max is None else float(rules.minis_max)
        limits = {"hub": rules.hubs, "corpo": rules.corpos, "mini": (0, most_minis)}
        for tier, (fewest, most) in limits.items():
            columns = list(self.y[tier])
            self.model.add_row(columns, [1.0] * len(columns), float(fewest), float(most))

    def _links(self) -> None:
        for j in np.flatnonzero(self.problem.may_hold["mini"]):
            hubs = [self.y["hub"][k] for k in np.flatnonzero(self.problem.links[j])]
            columns = [*hubs, self.y["mini"][j]]
            self.model.add_row(columns, [1.0] * len(hubs) + [-1.0], 0.0, INFINITY)

    def _coverage(self) -> None:
        beyond = np.flatnonzero(~self.patterns.covered_today)
        self._only_where_open(self.z[0] + beyond, self.patterns.near[beyond])

    def _seats(self) -> Arcs:
        """Seats [s, pattern, site]: at most what is wanted, at most what the open sites hold."""
        every, for_hubs = self._capacity(("hub", "mini")), self._capacity(("hub",))
        parts = []
        for s in range(len(self.problem.demand)):
            arcs = add_wanted(self.model, self.seat_patterns, s)
            add_held(self.model, arcs, every)
            far = ~self.seat_patterns.can_seat["mini"][arcs.pattern, arcs.site]
            add_held(self.model, arcs.where(far), for_hubs)
            parts.append(arcs)
        return joined(parts)

    def _capacity(self, tiers: tuple[str, ...]) -> Capacity:
        """Columns and coefficients of the seats that some tiers open at each candidate."""
        fewest = {t: (-SEAT_SCALE * self.problem.seats_min[t]).tolist() for t in tiers}
        each = [-float(SEAT_SCALE)] * len(tiers)
        sites = range(self.problem.sites)
        return Capacity(
            {j: [self.y[t][j] for t in tiers] + [self.e[t][j] for t in tiers] for j in sites},
            {j: [float(fewest[t][j]) for t in tiers] + each for j in sites},
        )

    def _intercepted(self) -> range:
        """Commuters by pattern, each once, where a hub or a mini-cowork is open on their way."""
        patterns = self.model.add_columns(len(self.passing.worth))
        self._only_where_open(np.array(patterns, dtype=np.int64), self.passing.passes)
        return patterns

    def _only_where_open(self, columns: NDArray[np.int64], sites: NDArray[np.bool_]) -> None:
        """Each column is at most the number of hubs and minis open among its sites [column, j]."""
        row, site = np.nonzero(sites)
        order = np.lexsort((np.tile(site, 2), np.repeat([0, 1], len(row)), np.tile(row, 2)))
        opened = np.concatenate([self.y[t][0] + site for t in ("hub", "mini")])[order]
        ends = 2 * np.cumsum(sites.sum(axis=1))
        values = np.insert(np.ones(len(opened)), ends, -1.0)
        lengths = 2 * sites.sum(axis=1) + 1
        unlimited = [INFINITY] * len(columns)
        self.model.add_rows(lengths, np.insert(opened, ends, columns), values, 0.0, unlimited)

    def commune_costs(self) -> list[tuple[list[int], list[float]]]:
        """Columns and coefficients of what each commune invests, euros."""
        communes = self.problem.candidate_commune
        inside = [np.flatnonzero(communes == commune).tolist() for commune in np.unique(communes)]
        return [self._euros(self.problem.investment, sites) for sites in inside]

    def epci_cost(self) -> tuple[list[int], list[float]]:
        """Columns and coefficients of yearly operation less expected income, euros."""
        problem = self.problem
        columns, costs = self._euros(problem.operation, range(problem.sites))
        weight = problem.probability / problem.probability.sum()
        income = problem.income_eur[self.arcs.site] * weight[self.arcs.scenario]
        columns += self.arcs.column.tolist()
        costs += (-income / SEAT_SCALE).tolist()
        return columns, costs

    def _budgets(self) -> None:
        rules = self.problem.rules
        if rules.commune_budget_eur is not None:
            for columns, costs in self.commune_costs():
                self.model.add_row(columns, costs, 0.0, float(rules.commune_budget_eur))
        if rules.epci_budget_eur is not None:
            columns, costs = self.epci_cost()
            self.model.add_row(columns, costs, -INFINITY, float(rules.epci_budget_eur))

    def _reachable_communes(self) -> list[Commune]:
        """Patterns, weights and inhabitants of each commune that some site can serve."""
        can_be = self._can_be_covered()
        found = []
        for commune in np.unique(self.patterns.commune):
            inside = np.flatnonzero(self.patterns.commune == commune)
            if can_be[inside].any():
                weights = self.patterns.weight[inside]
                found.append(
                    (
                        [self.z[n] for n in inside],
                        weights.astype(float).tolist(),
                        int(weights.sum()),
                    )
                )
        return found

    def _can_be_covered(self) -> NDArray[np.bool_]:
        """The patterns that some site allowed can serve."""
        allowed = {k for t in ("hub", "mini") for k in self.y[t] if self.model.upper[k] > 0}
        sites = [
            j for j in range(self.problem.sites) if {self.y["hub"][j], self.y["mini"][j]} & allowed
        ]
        return np.asarray(self.patterns.covered_today | self.patterns.near[:, sites].any(axis=1))

    def _best_equity(self, start: NDArray[np.float64] | None, time_limit_s: float | None) -> Answer:
        """Raise the share covered of the worst-covered commune (only where that is possible)."""
        communes = self._reachable_communes()
        model = self.model
        g = model.add_columns(1)[0]
        for columns, weights, total in communes:
            model.add_row([*columns, g], [*weights, -float(total)], 0.0, INFINITY)
        if start is not None:
            shares = [
                sum(w * start[k] for k, w in zip(columns, weights, strict=True)) / total
                for columns, weights, total in communes
            ]
            start = np.append(start, min(shares, default=0.0))
        answer = self.best({g: 1.0}, start, time_limit_s, SHARE_TOLERANCE)
        self._equity = (g, communes)
        return answer

    def _hold_equity(self, answer: Answer) -> Stage:
        """Keep the worst share as whole inhabitants of each commune, so that it is kept exactly."""
        g, communes = self._equity
        reached = self._keep_worst_share(self.completed(answer.values), communes)
        self.model.upper[g] = reached
        if not communes:
            # no site can reach anyone: there is no share to raise
            return Stage("equity", 0.0, 0.0, 0.0)
        bound = reached if answer.status == "optimal" else min(1.0, answer.bound)
        return Stage("equity", reached, bound, abs(bound - reached) / max(1, abs(reached)))

    def keep(self, stage: str, reached: int) -> None:
        """Stay at a value of a stage's objective."""
        self._keep(self.objective(stage), reached)

    def keep_service(self, opened: dict[str, NDArray[np.bool_]]) -> None:
        """Keep what some sites [j], by tier, give to the inhabitants: coverage, worst share."""
        values = np.zeros(len(self.model.upper))
        for t in TIERS:
            values[list(self.y[t])] = opened[t]
        values = self.completed(values)
        coverage = self.objective("coverage")
        self._keep(coverage, round(sum(c * values[k] for k, c in coverage.items())))
        self._keep_worst_share(values, self._reachable_communes())

    def keep_useful(self, served: NDArray[np.float64], commuters: NDArray[np.bool_]) -> None:
        """Keep the worth of the seats used [s, j], and of the commuters [pattern] intercepted."""
        weight = self.problem.probability
        worth = round(float(weight @ served.sum(axis=1)) * SEAT_SCALE)
        worth += int(weight.sum() * self.passing.worth[commuters].sum())
        objective = self.objective("seats")
        if not commuters.any():
            objective = {k: c for k, c in objective.items() if k not in self.u}
        self._keep(objective, worth)

    @contextmanager
    def closed(self, site: int) -> Iterator[None]:
        """Let no site open at a candidate, for a while."""
        before = {k: self.model.upper[k] for k in (self.y[t][site] for t in TIERS)}
        for k in before:
            self.model.upper[k] = 0.0
        yield
        for k, upper in before.items():
            self.model.upper[k] = upper

    def _keep(self, objective: dict[int, float], reached: int) -> None:
        """Stay at a value; whole objective: staying above reached - 1/2 is staying at reached."""
        self.model.add_row(list(objective), list(objective.values()), reached - 0.5, INFINITY)

    def _keep_worst_share(self, values: NDArray[np.float64], communes: list[Commune]) -> float:
        """Every commune keeps the share of the worst-covered one, in whole inhabitants."""
        if not communes:
            return 0.0
        counts = [
            round(sum(w * values[k] for k, w in zip(columns, weights, strict=True)))
            for columns, weights, _ in communes
        ]
        totals = [total for _, _, total in communes]
        worst = min(range(len(totals)), key=lambda n: counts[n] / totals[n])
        for columns, weights, total in communes:
            least = -(-counts[worst] * total // totals[worst])
            self.model.add_row(columns, weights, least - 0.5, INFINITY)
        return float(counts[worst] / totals[worst])
