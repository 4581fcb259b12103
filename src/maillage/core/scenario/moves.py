"""What a person does to a network by hand: open, close, move, resize, date a site."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from maillage.core.bad_input import BadInput
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network, OpenSite
from maillage.core.siting import TIERS

SEATS_MAX = 200
YEARS_MAX = 30
_FEWEST = {"hub": "hub_seats_min", "mini": "mini_seats_min", "corpo": "corpo_seats"}


@dataclass(frozen=True)
class Open:
    """A new site; without seats, the fewest of its tier."""

    place: str
    tier: str
    seats: int | None = None


@dataclass(frozen=True)
class Close:
    """A site that does not open."""

    place: str


@dataclass(frozen=True)
class Shift:
    """A site at another place, its tier, seats and year unchanged."""

    place: str
    to: str


@dataclass(frozen=True)
class Resize:
    """Another number of seats."""

    place: str
    seats: int


@dataclass(frozen=True)
class Date:
    """Another opening year."""

    place: str
    year: int


Move = Open | Close | Shift | Resize | Date


def after(ground: Ground, network: Network, moves: Iterable[Move]) -> Network:
    """The network once every move is made, in order.

    Raises BadInput `unknown_place`, `site_not_open`, `site_already_open`, `unknown_tier`,
    `seats_out_of_bounds`, `year_out_of_bounds`.
    """
    for move in moves:
        network = _after_one(ground, network, move)
    return network


def between(now: Network, wanted: Network) -> tuple[Move, ...]:
    """The moves that lead from a network to another, opening years left as they are."""
    was, will = ({s.candidate_id: s for s in network} for network in (now, wanted))
    # a site that changes tier closes, then opens again
    kept = {p for p in was.keys() & will.keys() if was[p].tier == will[p].tier}
    closed = [Close(p) for p in was if p not in kept]
    opened = [Open(p, s.tier, s.seats) for p, s in will.items() if p not in kept]
    resized = [Resize(p, s.seats) for p, s in will.items() if p in kept and s.seats != was[p].seats]
    return (*closed, *opened, *resized)


def _after_one(ground: Ground, network: Network, move: Move) -> Network:
    if isinstance(move, Open):
        return (*network, _opened(ground, network, move))
    site = _site(ground, network, move.place)
    others = tuple(s for s in network if s is not site)
    if isinstance(move, Close):
        return others
    if isinstance(move, Shift):
        _refuse_taken(ground, network, move.to)
        changed = replace(site, candidate_id=move.to)
    elif isinstance(move, Resize):
        changed = replace(site, seats=_seats(move.seats))
    else:
        changed = replace(site, opening_year=_year(ground, move.year))
    return tuple(changed if s is site else s for s in network)


def _opened(ground: Ground, network: Network, move: Open) -> OpenSite:
    if move.tier not in TIERS:
        raise BadInput("unknown_tier", tier=move.tier)
    _refuse_taken(ground, network, move.place)
    fewest = int(ground.assumptions.value(f"siting.{_FEWEST[move.tier]}"))
    return OpenSite(move.place, move.tier, _seats(fewest if move.seats is None else move.seats))


def _site(ground: Ground, network: Network, place: str) -> OpenSite:
    found = next((s for s in network if s.candidate_id == place), None)
    if found is None:
        raise BadInput("site_not_open", name=_name(ground, place))
    return found


def _refuse_taken(ground: Ground, network: Network, place: str) -> None:
    name = _name(ground, place)
    if any(s.candidate_id == place for s in network):
        raise BadInput("site_already_open", name=name)


def _name(ground: Ground, place: str) -> str:
    try:
        return ground.candidate(place).name
    except KeyError:
        raise BadInput("unknown_place", id=place) from None


def _seats(seats: int) -> int:
    if not 1 <= seats <= SEATS_MAX:
        raise BadInput("seats_out_of_bounds", seats=seats, most=SEATS_MAX)
    return seats


def _year(ground: Ground, year: int) -> int:
    first = ground.request.first_year
    if not first <= year <= first + YEARS_MAX:
        raise BadInput("year_out_of_bounds", year=year, first=first, last=first + YEARS_MAX)
    return year
