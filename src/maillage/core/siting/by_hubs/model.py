"""The linear model of three tiers over a few sets of structuring sites, seats as cuts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.seats import SEATED, SeatCut, SeatFlow
from maillage.core.siting.by_hubs.sets import Flags, HubSets
from maillage.core.siting.network import NetworkModel, Stage
from maillage.core.siting.problem import SEAT_SCALE, TIERS, NetworkProblem
from maillage.core.siting.seat_arcs import Arcs, no_arcs
from maillage.core.siting.solver import INFINITY, WHOLE, Answer, maximise

Numbers = NDArray[np.float64]

# relaxations with more cuts each time, before whole numbers are asked for; a cut is worth its row
# when the seats that it takes away are that share of those used
_ROUNDS, _WORTH_A_CUT = 10, 1e-3


class HubSetModel(NetworkModel):
    """Columns besides those of the whole model: a sets chosen, s seats used by scenario.

    reachable  numbers of the communes that some candidate of the whole problem can serve
    """

    def __init__(
        self, problem: NetworkProblem, sets: HubSets, reachable: NDArray[np.int64], gap: float
    ) -> None:
        self.sets = sets
        self.reachable = reachable
        self._least_seats: float | None = None
        super().__init__(problem, relative_gap=gap)
        self.flow = SeatFlow(self.seat_patterns)

    def objective(self, stage: str) -> dict[int, float]:
        """Coefficients of a stage; seats are counted by scenario."""
        if stage != "seats":
            return super().objective(stage)
        weight = self.problem.probability
        worth = map(float, weight.sum() * self.passing.worth)
        used = dict(zip(self.used, map(float, weight), strict=True))
        return used | dict(zip(self.u, worth, strict=True))

    def hold(self, stage: str, answer: Answer, values: Numbers) -> Stage:
        """Keep the value of a stage for the next ones; what it says of itself."""
        if stage == "seats":
            self._least_seats = self._worth(self.objective("seats"), values) - WHOLE
        return super().hold(stage, answer, values)

    def completed(self, values: Numbers) -> Numbers:
        """The same sites, exactly whole, with all that they cover, intercept and seat counted."""
        values = super().completed(values)
        capacity = self._capacity_of(values)
        values[list(self.used)] = [self.flow.served(capacity, s) for s in range(len(self.used))]
        return values

    def starting(self, opened: dict[str, Flags]) -> Numbers:
        """Values of all columns for a network, with as many seats as its sites may have."""
        values = np.zeros(len(self.model.upper))
        for t in TIERS:
            extra = self.problem.seats_max[t] - self.problem.seats_min[t]
            values[list(self.y[t])] = opened[t]
            values[list(self.e[t])] = extra * opened[t]
        is_set = (self.sets.holds == opened["hub"][self.sets.sites]).all(axis=1)
        values[list(self.chosen)] = is_set
        return self.completed(values)

    def add_seat_cuts(self, objective: dict[int, float]) -> None:
        """The cuts that the relaxation asks for, before whole numbers do."""
        relaxed = replace(self.model, whole=[False] * len(self.model.whole))
        for _ in range(_ROUNDS):
            if not self._cut(maximise(relaxed, objective).values):
                return

    def best(
        self,
        objective: dict[int, float],
        start: Numbers | None = None,
        time_limit_s: float | None = None,
        tolerance: float = WHOLE,
    ) -> Answer:
        """The best value of an objective; more cuts as long as it counts seats that are not."""
        end = INFINITY if time_limit_s is None else time.monotonic() + time_limit_s
        while True:
            left = max(0.1, end - time.monotonic())
            answer = super().best(
                objective, start, None if time_limit_s is None else left, tolerance
            )
            if answer.status == "infeasible":
                return answer
            values = self.completed(answer.values)
            keeps = self._keeps_seats(values)
            reached = self._worth(objective, values) if keeps else answer.objective
            near = max(tolerance, self.relative_gap * abs(reached))
            found = replace(answer, objective=reached, values=values)
            if keeps and (answer.bound - reached <= near or time.monotonic() > end):
                is_proved = answer.bound - reached < tolerance
                return replace(found, status="optimal" if is_proved else "gap")
            if time.monotonic() > end and start is not None:
                worth = self._worth(objective, start)
                return replace(answer, status="gap", objective=worth, values=start)
            start = values if keeps else start
            self._cut(answer.values, least=0.0)

    @contextmanager
    def only_open(self, values: Numbers) -> Iterator[None]:
        """Let no other site open than those of a solution, for a while."""
        upper = self.model.upper
        shut = [k for t in TIERS for k in self.y[t] if values[k] < 0.5 and upper[k] > 0]
        for k in shut:
            upper[k] = 0.0
        yield
        for k in shut:
            upper[k] = 1.0

    def _keeps_seats(self, values: Numbers) -> bool:
        least = self._least_seats
        return least is None or self._worth(self.objective("seats"), values) >= least

    def _worth(self, objective: dict[int, float], values: Numbers) -> float:
        return float(sum(c * values[k] for k, c in objective.items()))

    def _capacity_of(self, values: Numbers) -> dict[str, NDArray[np.int64]]:
        held = {}
        for t in SEATED:
            seats = self.problem.seats_min[t] * values[list(self.y[t])] + values[list(self.e[t])]
            held[t] = np.round(SEAT_SCALE * np.maximum(seats, 0.0)).astype(np.int64)
        return held

    def _cut(self, values: Numbers, least: float = _WORTH_A_CUT) -> int:
        """Add the cuts that values break; how many."""
        capacity = self._capacity_of(values)
        added = 0
        for s, column in enumerate(self.used):
            used, cut = self.flow.used(capacity, s)
            if values[column] > used + max(0.5, least * used):
                self._add(cut)
                added += 1
        return added

    def _add(self, cut: SeatCut) -> None:
        columns, coefficients = [self.used[cut.scenario]], [1.0]
        for t in SEATED:
            for j in np.flatnonzero(cut.inside[t] & self.problem.may_hold[t]).tolist():
                columns += [self.y[t][j], self.e[t][j]]
                fewest = float(SEAT_SCALE * self.problem.seats_min[t][j])
                coefficients += [-fewest, -float(SEAT_SCALE)]
        self.model.add_row(columns, coefficients, -INFINITY, float(cut.outside))

    def _links(self) -> None:
        """One set is chosen; a mini opens where it hangs on the set."""
        sets = self.sets
        self.chosen = self.model.add_columns(len(sets.holds), whole=True)
        self.model.add_row(list(self.chosen), [1.0] * len(self.chosen), 1.0, 1.0)
        for h, j in enumerate(sets.sites.tolist()):
            members = [self.chosen[s] for s in np.flatnonzero(sets.holds[:, h])]
            row = [*members, self.y["hub"][j]]
            self.model.add_row(row, [1.0] * len(members) + [-1.0], 0.0, 0.0)
        for j in np.flatnonzero(self.problem.may_hold["mini"]).tolist():
            members = [self.chosen[s] for s in np.flatnonzero(sets.linked[:, j])]
            row = [*members, self.y["mini"][j]]
            self.model.add_row(row, [1.0] * len(members) + [-1.0], 0.0, INFINITY)

    def _seats(self) -> Arcs:
        """Seats used in each scenario, at most what those within reach of a candidate want."""
        reach = self.seat_patterns.can_seat["hub"] | self.seat_patterns.can_seat["mini"]
        wanted = self.seat_patterns.demand[:, reach.any(axis=1)].sum(axis=1)
        first = len(self.model.upper)
        for most in wanted.tolist():
            self.model.add_columns(1, upper=float(most))
        self.used = range(first, len(self.model.upper))
        return no_arcs()

    def _can_be_covered(self) -> Flags:
        return np.isin(self.patterns.commune, self.reachable)
