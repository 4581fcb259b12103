"""Why not this village: the best network that opens a place there, and what is given up for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maillage.core import siting
from maillage.core.bad_input import BadInput
from maillage.core.scenario.assess import COVERING
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network
from maillage.core.scenario.search import (
    as_drawn,
    least_yearly_cost_eur,
    network_of,
    problem_of,
    search,
)
from maillage.core.siting import NetworkProblem, Price

VILLAGE_STEPS = ("candidates", *siting.STAGES, "price")

# seconds given to each computation of a price: beyond it, what is not proved is not said
PRICE_LIMIT_S = 20.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Imposed:
    """The best network with a place in a commune, beside a network of the same rules.

    network       its sites
    is_proved     whether no other network under the rules and with a place there is better
    inhabitants   within reach: with the place, without
    euros         a year, each site with the fewest seats of its tier: with the place, without
    enter, leave  places that open or do not any more, by id
    keeping_euros a year more to keep as many inhabitants within reach with a place there, least
                  networks compared; None when the rules allow none
    is_keeping_proved  whether no smaller sum does
    """

    network: Network
    is_proved: bool
    inhabitants: tuple[int, int]
    euros: tuple[int, int]
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    keeping_euros: int | None
    is_keeping_proved: bool


def impose(
    ground: Ground,
    network: Network,
    commune_code: str,
    on_step: Progress = lambda _: None,
) -> Imposed:
    """What it costs to open a hub or a mini-cowork in a commune that has none.

    network  compared with: the one the search found, or one drawn by hand
    on_step  called with a name of VILLAGE_STEPS as each step begins; it may raise to stop
    Raises BadInput as `refuse_village`, NoNetwork when no network opens a place there.
    method   docs/method/siting.md
    """
    refuse_village(ground, network, commune_code)
    choices = ground.request.choices
    required = (*choices.required_communes, commune_code)
    asked = replace(ground.request, choices=replace(choices, required_communes=required))
    forced = replace(ground, request=asked)
    own, before = problem_of(forced), as_drawn(ground, network)
    plan = search(forced, own, on_step)
    found = network_of(forced, plan)
    now, was = ({s.candidate_id for s in each} for each in (found, network))
    reached = own.inhabitants(before.covering)
    on_step("price")
    price = _least(problem_of(ground), _places(ground, commune_code), reached, _limit(ground))
    return Imposed(
        network=found,
        is_proved=plan.status == "proved",
        inhabitants=(own.inhabitants(plan.covering), reached),
        euros=(least_yearly_cost_eur(own, plan), least_yearly_cost_eur(own, before)),
        enter=tuple(s.candidate_id for s in found if s.candidate_id not in was),
        leave=tuple(s.candidate_id for s in network if s.candidate_id not in now),
        keeping_euros=None if price is None else _more(price),
        is_keeping_proved=price is not None and price.is_proved,
    )


def refuse_village(ground: Ground, network: Network, commune_code: str) -> None:
    """Whatever makes the question of a village without object.

    Raises BadInput `unknown_commune`, `village_served`, `village_forbidden`,
    `village_without_candidate`.
    """
    if commune_code not in ground.territory.communes["commune_code"]:
        raise BadInput("unknown_commune", code=commune_code, name=ground.territory.name)
    name = ground.commune_name(commune_code)
    if commune_code in served(ground, network):
        raise BadInput("village_served", commune=name)
    if commune_code in ground.request.choices.forbidden_communes:
        raise BadInput("village_forbidden", commune=name)
    if not _places(ground, commune_code):
        raise BadInput("village_without_candidate", commune=name)


def served(ground: Ground, network: Network) -> frozenset[str]:
    """The communes where a network opens a place for all."""
    return frozenset(
        ground.candidate(s.candidate_id).commune_code for s in network if s.tier in COVERING
    )


def without_candidate(ground: Ground) -> frozenset[str]:
    """The communes where the search may open nothing for all."""
    held = {c.commune_code for c in ground.options.every if c.tiers & set(COVERING)}
    return frozenset(set(ground.territory.communes["commune_code"]) - held)


def _places(ground: Ground, commune_code: str) -> list[int]:
    return [
        j
        for j, c in enumerate(ground.options.every)
        if c.commune_code == commune_code and c.tiers & set(COVERING)
    ]


def _limit(ground: Ground) -> float:
    return ground.request.time_limit_s or PRICE_LIMIT_S


def _least(
    problem: NetworkProblem, places: list[int], inhabitants: int, limit_s: float
) -> Price | None:
    """The cheapest of the places of a village, as many inhabitants within reach."""
    prices = [
        siting.price_of(problem, site=j, inhabitants=inhabitants, time_limit_s=limit_s)
        for j in places
    ]
    possible = [p for p in prices if p.euros is not None and p.cheapest is not None]
    return min(possible, key=lambda p: int(p.euros or 0), default=None)


def _more(price: Price) -> int:
    return int(price.euros or 0) - int(price.cheapest or 0)
