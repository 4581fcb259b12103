"""The proven-best network of three tiers: four objectives, each kept exactly before the next.

method  docs/method/siting.md
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.errors import ImpossibleNumber
from maillage.core.siting.network import STAGES, NetworkModel, Stage
from maillage.core.siting.problem import TIERS, NetworkProblem
from maillage.core.siting.soundness import refuse_impossible

Progress = Callable[[str], None]


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
    status = "proved" if all(stage.is_proved for stage in stages) else "gap"
    return Siting(
        plan.open_sites(values), plan.seats(values), plan.served(values), tuple(stages), status
    )


def _no_plan(problem: NetworkProblem, stages: list[Stage]) -> Siting:
    nothing = {t: np.zeros(problem.sites, dtype=np.bool_) for t in TIERS}
    served = np.zeros((len(problem.demand), problem.sites))
    no_seats = np.zeros(problem.sites, dtype=np.int64)
    return Siting(nothing, no_seats, served, tuple(stages), "infeasible")
