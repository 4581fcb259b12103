"""The plan of a large territory: the sets that can be the best, then four stages over them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.coverage import Coverage, Left, restricted, widened
from maillage.core.siting.by_hubs.narrow import narrowed
from maillage.core.siting.by_hubs.sets import Flags, hub_sets
from maillage.core.siting.network import STAGES, NetworkModel, Stage
from maillage.core.siting.problem import TIERS, NetworkProblem, SeatPatterns, merge_seats
from maillage.core.siting.solver import INFINITY, Answer

# stages that depend on who sits where: the seats of the sites already found come first
COUNT_SEATS = ("seats", "cost")


@dataclass(frozen=True)
class Planned:
    """A network found set by set.

    open_sites  tier -> [j]; seats [j]; served [s, j] seats used at peak
    """

    open_sites: dict[str, Flags]
    seats: NDArray[np.int64]
    served: NDArray[np.float64]
    stages: tuple[Stage, ...]


def plan_by_hubs(
    problem: NetworkProblem,
    *,
    time_limit_s: float | None,
    tolerance: float,
    on_stage: Callable[[str], None],
) -> Planned | None:
    """The best network, None where the sets are too many or cannot be told apart in time."""
    sets = hub_sets(problem)
    if sets is None or not len(sets.holds):
        return None
    on_stage("coverage")
    left = Coverage(problem, sets, tolerance, time_limit_s or INFINITY).run()
    return None if left is None else _later_stages(problem, left, time_limit_s, on_stage)


def _later_stages(
    problem: NetworkProblem,
    left: Left,
    time_limit_s: float | None,
    on_stage: Callable[[str], None],
) -> Planned:
    model = left.model
    values = model.starting(restricted(left.opened, left.sites))
    is_proved = left.bound < left.value + 1
    known = Answer("optimal" if is_proved else "gap", float(left.value), left.bound, values)
    stages = [model.hold("coverage", known, values)]
    for name in STAGES[1:]:
        on_stage(name)
        end = None if time_limit_s is None else time.monotonic() + time_limit_s
        if name in COUNT_SEATS:
            model.add_seat_cuts(model.objective(name))
            with model.only_open(values):
                near = model.solve(name, start=values, time_limit_s=_left_s(end))
            values = model.completed(near.values)
        answer = model.solve(name, start=values, time_limit_s=_left_s(end))
        values = model.completed(answer.values)
        stages.append(model.hold(name, answer, values))
    opened = widened(model.open_sites(values), left.sites, problem.sites)
    seats = np.zeros(problem.sites, dtype=np.int64)
    seats[left.sites] = model.seats(values)
    return _settled(problem, opened, seats, tuple(stages), time_limit_s)


def _settled(
    problem: NetworkProblem,
    opened: dict[str, Flags],
    seats: NDArray[np.int64],
    stages: tuple[Stage, ...],
    time_limit_s: float | None,
) -> Planned:
    """The same sites, with seats nearest to their users among plans equal on every stage."""
    small, sites = narrowed(problem, opened)
    plan = NetworkModel(small, seat_patterns=_among(merge_seats(problem), small, sites))
    values = np.zeros(len(plan.model.upper))
    for t in TIERS:
        values[list(plan.y[t])] = opened[t][sites]
        extra = seats[sites] - problem.seats_min[t][sites]
        values[list(plan.e[t])] = extra * opened[t][sites]
    cost = plan.objective("cost")
    plan.keep("cost", round(sum(c * values[k] for k, c in cost.items())))
    most = plan.solve("seats", start=values, time_limit_s=time_limit_s)
    plan.hold("seats", most, plan.completed(most.values))
    values = plan.settled(plan.completed(most.values), time_limit_s)
    served = np.zeros((len(problem.demand), problem.sites))
    served[:, sites] = plan.served(values)
    seats = np.zeros(problem.sites, dtype=np.int64)
    seats[sites] = plan.seats(values)
    return Planned(opened, seats, served, stages)


def _among(patterns: SeatPatterns, small: NetworkProblem, sites: NDArray[np.int64]) -> SeatPatterns:
    """The people of the whole problem, told apart by all its candidates, at a few of them."""
    can_seat = {t: at[:, sites] & small.may_hold[t] for t, at in patterns.can_seat.items()}
    return SeatPatterns(can_seat, patterns.minutes[:, sites], patterns.demand)


def _left_s(end: float | None) -> float | None:
    return None if end is None else max(0.1, end - time.monotonic())
