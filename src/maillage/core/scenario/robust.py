"""A network whose coverage holds when every trip is slower, and what that costs."""

from dataclasses import dataclass

from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network
from maillage.core.scenario.search import least_yearly_cost_eur, network_of, problem_of
from maillage.core.siting import Siting, plan_network


@dataclass(frozen=True)
class Robust:
    """The best network under slow travel, beside the best one under central travel.

    siting      the network, found and proved under slow travel
    network     its sites
    when_slow   inhabitants within reach under slow travel: of it, of the central plan
    centrally   the same under central travel: the second less the first is what robustness costs
    euros       a year, each site with the fewest seats of its tier: of it, of the central plan
    """

    siting: Siting
    network: Network
    when_slow: tuple[int, int]
    centrally: tuple[int, int]
    euros: tuple[int, int]


def robust(ground: Ground, central_plan: Siting) -> Robust | None:
    """The plan under slow travel; None when the rules allow no network then.

    method  docs/method/siting.md
    """
    slow, central = problem_of(ground, "low"), problem_of(ground)
    plan = plan_network(slow, time_limit_s=ground.request.time_limit_s)
    if plan.status == "infeasible":
        return None
    both = plan.covering, central_plan.covering
    return Robust(
        plan,
        network_of(ground, plan),
        when_slow=(slow.inhabitants(both[0]), slow.inhabitants(both[1])),
        centrally=(central.inhabitants(both[0]), central.inhabitants(both[1])),
        euros=(least_yearly_cost_eur(central, plan), least_yearly_cost_eur(central, central_plan)),
    )
