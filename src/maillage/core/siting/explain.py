"""Why this village: what is lost without a site, what would replace it, how much is enough."""

from dataclasses import dataclass

import numpy as np

from maillage.core.siting.network import NetworkModel
from maillage.core.siting.plan import Siting
from maillage.core.siting.problem import NetworkProblem
from maillage.core.siting.solver import maximise

ALTERNATIVES = 5


@dataclass(frozen=True)
class Alternative:
    """Another candidate in the place of a site, the others unchanged; loss in inhabitants."""

    candidate: int
    loss: int


@dataclass(frozen=True)
class Why:
    """What a site brings.

    lost_if_removed    inhabitants beyond reach without it, the other sites unchanged
    lost_if_forbidden  the same when the best network without it is sought, a proved figure;
                       None when no network exists without it, or none was proved in time
    minis_if_forbidden mini-coworks of that network, None likewise
    alternatives       best replacements first
    is_for_commuters   a network without it would serve the inhabitants as well, with as many
                       useful seats: it is there for those who pass by on their way to work
    """

    site: int
    tier: str
    lost_if_removed: int
    lost_if_forbidden: int | None
    minis_if_forbidden: int | None
    alternatives: tuple[Alternative, ...]
    is_for_commuters: bool = False


@dataclass(frozen=True)
class CurvePoint:
    """The most inhabitants within reach with at most some minis, proved when gap is 0."""

    minis: int
    inhabitants: int
    bound: int

    @property
    def gap(self) -> float:
        """Distance to the proved bound, as a share."""
        return (self.bound - self.inhabitants) / max(1, self.inhabitants)


def why(
    problem: NetworkProblem, siting: Siting, *, site: int, time_limit_s: float | None = None
) -> Why:
    """The reasons of one open site."""
    covering = siting.covering
    now = problem.inhabitants(covering)
    without = covering.copy()
    without[site] = False
    tier = next(t for t, chosen in siting.open_sites.items() if chosen[site])
    if tier == "corpo":
        return Why(site, tier, 0, None, None, ())
    best_without = _best_without(problem, site, time_limit_s)
    return Why(
        site=site,
        tier=tier,
        lost_if_removed=now - problem.inhabitants(without),
        lost_if_forbidden=best_without and now - best_without[0],
        minis_if_forbidden=best_without and best_without[1],
        alternatives=_alternatives(problem, siting, site, tier, now),
    )


def chosen_for_commuters(
    problem: NetworkProblem, siting: Siting, *, time_limit_s: float | None = None
) -> frozenset[int]:
    """The sites of a proved plan that only the commuters on the way explain.

    Some network without the site gives the inhabitants the same service and as many useful seats,
    but none that intercepts as many commuters as well.
    """
    if siting.status != "proved" or not problem.passing.any():
        return frozenset()
    service = NetworkModel(problem, with_seats=False)
    service.keep_service(siting.open_sites)
    replaceable = [
        int(j)
        for j in np.flatnonzero(siting.covering)
        if _exists_without(service, int(j), time_limit_s)
    ]
    if not replaceable:
        return frozenset()
    seats, commuters = NetworkModel(problem), NetworkModel(problem)
    intercepted = commuters.passing.passes[:, siting.covering].any(axis=1)
    for plan, counted in ((seats, np.zeros_like(intercepted)), (commuters, intercepted)):
        plan.keep_service(siting.open_sites)
        plan.keep_useful(siting.served, counted)
    return frozenset(
        j
        for j in replaceable
        if _exists_without(seats, j, time_limit_s)
        and not _exists_without(commuters, j, time_limit_s)
    )


def _exists_without(plan: NetworkModel, site: int, time_limit_s: float | None) -> bool:
    """Whether what a model keeps can be kept with nothing open at a candidate."""
    with plan.closed(site):
        return maximise(plan.model, {}, time_limit_s=time_limit_s).status != "infeasible"


def gains_if_added(problem: NetworkProblem, siting: Siting) -> dict[int, int]:
    """Inhabitants that one more mini-cowork would bring within reach, by candidate not chosen.

    Why not this village: the gain is below the price of a mini, or others already serve it.
    """
    now = problem.inhabitants(siting.covering)
    gains = {}
    for j in np.flatnonzero(problem.may_hold["mini"] & ~siting.covering):
        more = siting.covering.copy()
        more[j] = True
        gains[int(j)] = problem.inhabitants(more) - now
    return gains


def curve(
    problem: NetworkProblem, *, up_to: int, time_limit_s: float | None = None
) -> tuple[CurvePoint, ...]:
    """V(k): the best coverage with at most k minis, k = 0, 1, 2… until nothing more is gained.

    up_to         the curve goes at least this far where more can be gained
    time_limit_s  of each point; a point that stops early keeps its value and true bound
    """
    free = problem.with_rules(min_gain_per_mini=0, minis_max=None)
    most = _inhabitants(free, time_limit_s)[0]
    points: list[CurvePoint] = []
    for k in range(problem.sites + 1):
        inhabitants, bound = _inhabitants(free.with_rules(minis_max=k), time_limit_s)
        if inhabitants < 0:
            continue
        points.append(CurvePoint(k, inhabitants, bound))
        if inhabitants >= most and k >= up_to:
            break
    return tuple(points)


def _inhabitants(problem: NetworkProblem, time_limit_s: float | None) -> tuple[int, int]:
    """Best covered inhabitants and their bound, -1 when the rules allow no network."""
    plan = NetworkModel(problem, with_seats=False)
    answer = plan.solve("coverage", time_limit_s=time_limit_s)
    if answer.status == "infeasible":
        return -1, -1
    values = plan.completed(answer.values)
    stage = plan.hold("coverage", answer, values)
    return int(stage.objective), int(stage.bound)


def _best_without(
    problem: NetworkProblem, site: int, time_limit_s: float | None
) -> tuple[int, int] | None:
    """Inhabitants within reach and minis of the best network that may not use a site."""
    plan = NetworkModel(
        problem.with_rules(
            forbidden=problem.rules.forbidden | {site},
            required=tuple(g - {site} for g in problem.rules.required if g != {site}),
        ),
        with_seats=False,
    )
    answer = plan.solve("coverage", time_limit_s=time_limit_s)
    if answer.status != "optimal":
        return None
    sites = plan.open_sites(plan.completed(answer.values))
    return problem.inhabitants(np.asarray(sites["hub"] | sites["mini"])), int(sites["mini"].sum())


def _alternatives(
    problem: NetworkProblem, siting: Siting, site: int, tier: str, now: int
) -> tuple[Alternative, ...]:
    found = []
    for j in np.flatnonzero(problem.may_hold[tier]):
        if siting.covering[j] or j in problem.rules.forbidden:
            continue
        if not _is_lawful_move(problem, siting, site, int(j), tier):
            continue
        moved = siting.covering.copy()
        moved[site], moved[j] = False, True
        found.append(Alternative(int(j), now - problem.inhabitants(moved)))
    return tuple(sorted(found, key=lambda a: (a.loss, a.candidate))[:ALTERNATIVES])


def _is_lawful_move(problem: NetworkProblem, siting: Siting, site: int, to: int, tier: str) -> bool:
    """Whether the other sites may stay as they are: hub links, one hub a commune, required."""
    opened = {t: chosen.copy() for t, chosen in siting.open_sites.items()}
    opened[tier][site], opened[tier][to] = False, True
    hubs, minis = np.flatnonzero(opened["hub"]), np.flatnonzero(opened["mini"])
    communes = problem.candidate_commune[hubs]
    return (
        len(set(communes.tolist())) == len(hubs)
        and all(problem.links[j, hubs].any() for j in minis)
        and all(
            any(opened["hub"][j] or opened["mini"][j] for j in group)
            for group in problem.rules.required
        )
    )
