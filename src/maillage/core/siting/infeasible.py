"""When no network obeys the rules: which rule to relax, and by how much."""

from dataclasses import dataclass
from math import ceil

from maillage.core.siting.network import NetworkModel
from maillage.core.siting.problem import NetworkProblem
from maillage.core.siting.solver import INFINITY, maximise

CENT = 0.01


@dataclass(frozen=True)
class Relaxation:
    """One rule which, relaxed alone, lets a network exist.

    rule       "hubs", "required", "forbidden", "commune_budget" or "epci_budget"
    now        its present value
    needed     the nearest value that works; the candidates j to release for
               "required" and "forbidden"
    """

    rule: str
    now: float
    needed: float
    candidates: tuple[int, ...] = ()


def relaxations(problem: NetworkProblem) -> tuple[Relaxation, ...]:
    """Every rule that restores a network when it alone is relaxed, by how little it takes."""
    found = [
        _fewer_hubs(problem),
        _larger_commune_budget(problem),
        _larger_epci_budget(problem),
        _fewer_required(problem),
        _fewer_forbidden(problem),
    ]
    return tuple(r for r in found if r is not None)


def _is_possible(problem: NetworkProblem) -> bool:
    plan = NetworkModel(problem, with_seats=False)
    return plan.solve("coverage").status != "infeasible"


def _fewer_hubs(problem: NetworkProblem) -> Relaxation | None:
    fewest, most = problem.rules.hubs
    for hubs in range(fewest - 1, 0, -1):
        if _is_possible(problem.with_rules(hubs=(hubs, most))):
            return Relaxation("hubs", fewest, hubs)
    return None


def _larger_commune_budget(problem: NetworkProblem) -> Relaxation | None:
    """The smallest budget per commune that allows a network: the least of its largest bills."""
    now = problem.rules.commune_budget_eur
    if now is None:
        return None
    plan = NetworkModel(problem.with_rules(commune_budget_eur=None), with_seats=False)
    largest = plan.model.add_columns(1, upper=INFINITY)[0]
    for columns, costs in plan.commune_costs():
        plan.model.add_row([*columns, largest], [*costs, -1.0], -INFINITY, 0.0)
    return _cheapest(plan, {largest: 1.0}, "commune_budget", now)


def _larger_epci_budget(problem: NetworkProblem) -> Relaxation | None:
    """The smallest yearly budget that allows a network: the cheapest one to operate."""
    now = problem.rules.epci_budget_eur
    if now is None:
        return None
    plan = NetworkModel(problem.with_rules(epci_budget_eur=None))
    columns, costs = plan.epci_cost()
    return _cheapest(plan, dict(zip(columns, costs, strict=True)), "epci_budget", now)


def _cheapest(plan: NetworkModel, cost: dict[int, float], rule: str, now: int) -> Relaxation | None:
    """The least cost of a network, to the euro above, as the budget that is needed."""
    answer = maximise(plan.model, {k: -c for k, c in cost.items()}, tolerance=CENT)
    if answer.status == "infeasible":
        return None
    return Relaxation(rule, now, ceil(-answer.objective - CENT))


def _fewer_required(problem: NetworkProblem) -> Relaxation | None:
    required = problem.rules.required
    for n, group in enumerate(required):
        others = required[:n] + required[n + 1 :]
        if _is_possible(problem.with_rules(required=others)):
            return Relaxation("required", len(required), len(others), tuple(sorted(group)))
    if required and _is_possible(problem.with_rules(required=())):
        every = frozenset().union(*required)
        return Relaxation("required", len(required), 0, tuple(sorted(every)))
    return None


def _fewer_forbidden(problem: NetworkProblem) -> Relaxation | None:
    forbidden = problem.rules.forbidden
    for j in sorted(forbidden):
        if _is_possible(problem.with_rules(forbidden=forbidden - {j})):
            return Relaxation("forbidden", len(forbidden), len(forbidden) - 1, (j,))
    if forbidden and _is_possible(problem.with_rules(forbidden=frozenset())):
        return Relaxation("forbidden", len(forbidden), 0, tuple(sorted(forbidden)))
    return None
