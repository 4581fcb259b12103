"""When no network obeys the rules: which rule to relax, and by how much."""

from dataclasses import dataclass

from maillage.core.siting.network import NetworkModel
from maillage.core.siting.problem import TIERS, NetworkProblem


@dataclass(frozen=True)
class Relaxation:
    """One rule which, relaxed alone, lets a network exist.

    rule       "hubs", "required", "commune_budget" or "epci_budget"
    now        its present value
    needed     the nearest value that works; the candidates j to release for "required"
    """

    rule: str
    now: float
    needed: float
    candidates: tuple[int, ...] = ()


def relaxations(problem: NetworkProblem) -> tuple[Relaxation, ...]:
    """Every rule that restores a network when it alone is relaxed, by how little it takes."""
    found = [
        _fewer_hubs(problem),
        _more_budget(problem, "commune_budget_eur", "commune_budget"),
        _more_budget(problem, "epci_budget_eur", "epci_budget"),
        _fewer_required(problem),
    ]
    return tuple(r for r in found if r is not None)


def _is_possible(problem: NetworkProblem) -> bool:
    plan = NetworkModel(problem, with_seats=False)
    return plan.solve("coverage").status != "infeasible"


def _fewer_hubs(problem: NetworkProblem) -> Relaxation | None:
    fewest, most = problem.rules.hubs
    for hubs in range(fewest - 1, -1, -1):
        if _is_possible(problem.with_rules(hubs=(hubs, most))):
            return Relaxation("hubs", fewest, hubs)
    return None


def _more_budget(problem: NetworkProblem, name: str, rule: str) -> Relaxation | None:
    """The smallest budget, to the euro, by bisection: a larger budget never forbids anything."""
    now = getattr(problem.rules, name)
    if now is None or not _is_possible(problem.with_rules(**{name: None})):
        return None
    amounts = problem.investment if name == "commune_budget_eur" else problem.operation
    most = sum(
        int((amounts[t].fixed + amounts[t].per_seat * problem.seats_max[t]).sum()) for t in TIERS
    )
    too_low, enough = now, most + 1
    while enough - too_low > 1:
        middle = (too_low + enough) // 2
        if _is_possible(problem.with_rules(**{name: middle})):
            enough = middle
        else:
            too_low = middle
    return Relaxation(rule, now, enough)


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
