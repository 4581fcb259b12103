"""The whole chain: a territory and some choices in; a network, its proof, money, impact out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from maillage.core import siting
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.candidates import Candidates
from maillage.core.commuting import Commuting
from maillage.core.demand import Demand
from maillage.core.finance import Budget
from maillage.core.impact import Impact
from maillage.core.money import Range
from maillage.core.on_the_way import Passing
from maillage.core.scenario import nearby, nearest
from maillage.core.scenario.assess import COVERING, Coverage, Site, assess
from maillage.core.scenario.ground import Ground, lay
from maillage.core.scenario.nearby import Zones
from maillage.core.scenario.request import Network, Request
from maillage.core.scenario.robust import Robust, robust
from maillage.core.scenario.search import (
    as_drawn,
    least_yearly_cost_eur,
    network_of,
    problem_of,
    search,
)
from maillage.core.siting import (
    CurvePoint,
    NetworkProblem,
    ParetoPoint,
    Siting,
    Stage,
    Why,
)
from maillage.core.sources.notes import Note
from maillage.core.territory import Territory

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads.quality import Quality

# points of the curve of money that people read, and seconds given to each of its computations
FRONT_POINTS, FRONT_LIMIT_S = 24, 5.0

STEPS = ("candidates", "commuting", *siting.STAGES, "curve", "why", "slower", "demand")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """A plan with everything that explains it.

    siting  "drawn" when the request brought its own network: one stage then tells how far it is
            from the best of as many mini-coworks
    gains_if_added  inhabitants one more mini would bring, by candidate j that is not chosen
    passing         who passes by every place of `candidates.anywhere` on the way to work
    commuters       persons who could stop at an open site on their way, each counted once
    robust          beside the plan, the one for slower trips; None unless the request asks for it,
                    or where the rules allow none
    """

    territory: Territory
    request: Request
    assumptions: Assumptions
    candidates: Candidates
    problem: NetworkProblem
    siting: Siting
    network: Network
    sites: tuple[Site, ...]
    coverage: Coverage
    curve: tuple[CurvePoint, ...]
    gains_if_added: dict[int, int]
    commuting: Commuting
    passing: Passing
    commuters: Range
    demand: Demand
    money: Budget
    impact: Impact
    open_today: pl.DataFrame
    robust: Robust | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader must know about the inputs and the candidates."""
        return (*self.territory.notes, *self.candidates.notes)

    @cached_property
    def nearest_site(self) -> dict[str, str]:
        """Commune code -> id of the site open to all that its town is nearest to."""
        found = [s.candidate for s in self.sites if s.tier in COVERING]
        central = self.territory.travel(self.assumptions)["central"]
        times = nearest.town_minutes(self.territory, found, central)
        return nearest.of_towns(self.territory, found, times)

    @cached_property
    def without_car(self) -> dict[str, Range] | None:
        """Share of the inhabitants within reach by bike and on foot; None without streets."""
        return nearby.shares_without_car(self.territory, self.request, self.assumptions, self.sites)

    @cached_property
    def zones(self) -> Zones | None:
        """The land within reach of the open places by car; None without streets."""
        return nearby.zones(self.territory, self.request, self.assumptions, self.sites)

    @cached_property
    def front(self) -> tuple[ParetoPoint, ...]:
        """What each euro a year buys: networks that no other beats on money and inhabitants."""
        limit = self.request.time_limit_s or FRONT_LIMIT_S
        return siting.pareto(self.problem, points=FRONT_POINTS, time_limit_s=limit)

    @property
    def least_yearly_cost_eur(self) -> int:
        """What the plan's sites cost a year, each with the fewest seats that its tier allows."""
        return least_yearly_cost_eur(self.problem, self.siting)

    @cached_property
    def road_quality(self) -> "Quality | None":
        """What is known of the streets, and whom they do not reach; None without any."""
        return nearby.road_quality(self.territory, self.assumptions, self.candidates, self.problem)


def evaluate(
    territory: Territory,
    request: Request,
    assumptions: Assumptions,
    on_step: Progress = lambda _: None,
) -> Outcome:
    """The plan of a territory under the choices of a request.

    on_step  called with a name of STEPS as each step begins
    Raises NoNetwork when no network obeys the rules, BadInput when they contradict each other,
    or when a site of the request's own network names no place.
    """
    on_step("candidates")
    ground = lay(territory, request, assumptions)
    on_step("commuting")
    if request.network is None:
        problem = problem_of(ground)
        plan = search(ground, problem, on_step)
        network = network_of(ground, plan)
    else:
        network = request.network
        _refuse_unknown(ground, network)
        problem = problem_of(ground)
        plan = as_drawn(ground, network)
    on_step("curve")
    minis = sum(site.tier == "mini" for site in network)
    curve = siting.curve(problem, up_to=minis, time_limit_s=request.time_limit_s)
    if request.network is not None:
        plan = replace(plan, stages=(_against(problem, plan, curve),))
    on_step("why")
    reasons = _reasons(ground, problem, plan)
    gains = siting.gains_if_added(problem, plan)
    slower = None
    if request.slower_trips:
        on_step("slower")
        slower = robust(ground, plan)
    on_step("demand")
    judged = assess(ground, network)
    return Outcome(
        territory=territory,
        request=request,
        assumptions=assumptions,
        candidates=ground.options,
        problem=problem,
        siting=plan,
        network=network,
        sites=tuple(replace(s, why=reasons.get(s.candidate.id)) for s in judged.sites),
        coverage=judged.coverage,
        curve=curve,
        gains_if_added=gains,
        commuting=ground.flows,
        passing=ground.passing,
        commuters=judged.commuters,
        demand=judged.demand,
        money=judged.money,
        impact=judged.impact,
        open_today=ground.open_today,
        robust=slower,
    )


def _reasons(ground: Ground, problem: NetworkProblem, plan: Siting) -> dict[str, Why]:
    """Why each site that covers is there, by the name of its place."""
    limit = ground.request.time_limit_s
    for_commuters = siting.chosen_for_commuters(problem, plan, time_limit_s=limit)
    return {
        ground.options.every[j].id: replace(
            siting.why(problem, plan, site=int(j), time_limit_s=limit),
            is_for_commuters=int(j) in for_commuters,
        )
        for j in np.flatnonzero(plan.covering)
    }


def _refuse_unknown(ground: Ground, network: Network) -> None:
    known = {c.id for c in ground.options.anywhere}
    for site in network:
        if site.candidate_id not in known:
            raise BadInput("unknown_place", id=site.candidate_id)


def _against(problem: NetworkProblem, plan: Siting, curve: tuple[CurvePoint, ...]) -> Stage:
    """How far a drawn network is from the best of as many mini-coworks under the rules."""
    reached = problem.inhabitants(plan.covering)
    best = best_with(curve, int(plan.open_sites["mini"].sum()))
    return Stage("coverage", reached, best, abs(best - reached) / max(1, reached))


def best_with(curve: tuple[CurvePoint, ...], minis: int) -> int:
    """The proved bound of inhabitants within reach with at most some mini-coworks."""
    upto = [point.bound for point in curve if point.minis <= minis]
    return max(upto) if upto else curve[0].bound
