"""The best network of a ground, as a problem of siting, as sites by name, and what it costs."""

from collections.abc import Callable

import numpy as np

from maillage.core import siting
from maillage.core.candidates import Candidates
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network, OpenSite
from maillage.core.siting import TIERS, NetworkProblem, Relaxation, Siting
from maillage.core.siting_problem import Wanted, build

Progress = Callable[[str], None]


class NoNetwork(Exception):  # noqa: N818  (a result, not an error)
    """The rules allow no network; `relaxations` tells which one to relax, and by how much."""

    def __init__(self, found: tuple[Relaxation, ...], options: Candidates) -> None:
        super().__init__(found)
        self.relaxations = found
        self.candidates = options


def search(ground: Ground, problem: NetworkProblem, on_step: Progress = lambda _: None) -> Siting:
    """The best network of a ground; raises NoNetwork where none obeys the rules."""
    limit = ground.request.time_limit_s
    plan = siting.plan_network(problem, time_limit_s=limit, on_stage=on_step)
    if plan.status == "infeasible":
        raise NoNetwork(siting.relaxations(problem), ground.options)
    return plan


def problem_of(ground: Ground, case: str = "central") -> NetworkProblem:
    """The siting problem of a ground, in whole numbers.

    case  of travel: "low" is the slow one
    """
    times = ground.times[case]
    count = sum(bool(c.tiers) for c in ground.options.every)
    potential = ground.demand.potential(times.cells[:, :count].min(axis=1))
    return build(
        ground.territory,
        ground.options,
        times,
        Wanted(potential, ground.passing, ground.per_worker.central),
        ground.request.choices,
        ground.assumptions,
    )


def network_of(ground: Ground, plan: Siting) -> Network:
    """The sites of a plan, each by the name of its place."""
    return tuple(
        OpenSite(ground.options.every[j].id, tier, int(plan.seats[j]))
        for tier in TIERS
        for j in np.flatnonzero(plan.open_sites[tier])
    )


def as_drawn(ground: Ground, network: Network) -> Siting:
    """A network that somebody drew: its sites, nothing proved of it yet."""
    count = len(ground.options.every)
    opened = {tier: np.zeros(count, dtype=np.bool_) for tier in TIERS}
    seats = np.zeros(count, dtype=np.int64)
    for site in network:
        j = ground.place(site.candidate_id)
        opened[site.tier][j] = True
        seats[j] = site.seats
    return Siting(opened, seats, np.zeros((0, count)), (), "drawn")


def least_yearly_cost_eur(problem: NetworkProblem, plan: Siting) -> int:
    """What the sites of a plan cost a year, each with the fewest seats that its tier allows."""
    return sum(problem.yearly_cost[t].of(plan.open_sites[t], problem.seats_min[t]) for t in TIERS)
