"""The proven-best network of three tiers: four objectives, each kept exactly before the next.

method  docs/method/siting.md
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.errors import ImpossibleNumber
from maillage.core.siting.network import STAGES, NetworkModel, Stage
from maillage.core.siting.problem import TIERS, NetworkProblem
from maillage.core.siting.soundness import refuse_impossible

Progress = Callable[[str], None]

# cells times candidates from which the sets of structuring sites are examined one by one
LARGE = 10_000


@dataclass(frozen=True)
class Siting:
    """A network and its proof.

    open_sites  tier -> [j]
    seats       [j] seats of each open site
    served      [s, j] seats used at peak at each site by scenario
    status      "proved", "gap" or "infeasible"
    """

    open_sites: dict[str, NDArray[np.bool_]]
    seats: NDArray[np.int64]
    served: NDArray[np.float64]
    stages: tuple[Stage, ...]
    status: str

    @property
    def covering(self) -> NDArray[np.bool_]:
        """The sites [j] that count for coverage: structuring sites and mini-coworks."""
        return np.asarray(self.open_sites["hub"] | self.open_sites["mini"])


def plan_network(
    problem: NetworkProblem,
    *,
    time_limit_s: float | None = None,
    tolerance: float = 0.0,
    on_stage: Progress = lambda _: None,
) -> Siting:
    """The best network under the rules: coverage, then equity, seats, cost.

    time_limit_s  of each stage; a stage that stops early keeps its solution and true bound
    tolerance     gap at which a stage may stop, as a share of its value; its true gap is told
    Each stage holds the values that those before it reached, in whole numbers, exactly.
    Raises ImpossibleNumber, WrongShape, UnknownSite or ContradictorySites where the problem is
    not one, ImpossibleNumber for a tolerance below zero.
    """
    refuse_impossible(problem)
    if not tolerance >= 0:
        raise ImpossibleNumber("tolerance", tolerance, row=0)
    found = _set_by_set(problem, time_limit_s, tolerance, on_stage) if suits(problem) else None
    return found or _whole(problem, time_limit_s, tolerance, on_stage)


def suits(problem: NetworkProblem) -> bool:
    """Whether a plan is sought set by set: large, under rules that the sets' bounds know."""
    rules = problem.rules
    limits = (rules.commune_budget_eur, rules.epci_budget_eur, rules.minis_max)
    is_known = all(limit is None for limit in limits)
    return is_known and problem.near.size >= LARGE


def _set_by_set(
    problem: NetworkProblem, time_limit_s: float | None, tolerance: float, on_stage: Progress
) -> Siting | None:
    try:
        by_hubs = import_module("maillage.core.siting.by_hubs.plan")
    except ModuleNotFoundError:
        # the extra `siting` is not installed: the whole model answers too
        return None
    found = by_hubs.plan_by_hubs(
        problem, time_limit_s=time_limit_s, tolerance=tolerance, on_stage=on_stage
    )
    if found is None:
        return None
    status = _status(found.stages)
    return Siting(found.open_sites, found.seats, found.served, found.stages, status)


def _whole(
    problem: NetworkProblem, time_limit_s: float | None, tolerance: float, on_stage: Progress
) -> Siting:
    plan = NetworkModel(problem, relative_gap=tolerance)
    stages: list[Stage] = []
    values: NDArray[np.float64] | None = None
    for name in STAGES:
        on_stage(name)
        answer = plan.solve(name, start=values, time_limit_s=time_limit_s)
        if answer.status == "infeasible":
            return _no_plan(problem, stages)
        values = plan.completed(answer.values)
        stages.append(plan.hold(name, answer, values))
    assert values is not None  # noqa: S101  (four stages ran)
    values = plan.settled(values, time_limit_s)
    opened, seats, served = plan.open_sites(values), plan.seats(values), plan.served(values)
    return Siting(opened, seats, served, tuple(stages), _status(stages))


def _status(stages: Sequence[Stage]) -> str:
    return "proved" if all(stage.is_proved for stage in stages) else "gap"


def _no_plan(problem: NetworkProblem, stages: list[Stage]) -> Siting:
    nothing = {t: np.zeros(problem.sites, dtype=np.bool_) for t in TIERS}
    served = np.zeros((len(problem.demand), problem.sites))
    no_seats = np.zeros(problem.sites, dtype=np.int64)
    return Siting(nothing, no_seats, served, tuple(stages), "infeasible")
