"""How fit premises are to hold a shared workplace: points by criterion, and their weighted mean.

method  docs/method/premises.md
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.money import Range

# criterion -> the assumption that holds its default weight, in the order they are read
WEIGHTS = {
    "area": "fitness.weight_area",
    "fibre": "fitness.weight_fibre",
    "step_free": "fitness.weight_step_free",
    "works": "fitness.weight_works",
    "owner": "fitness.weight_owner",
    "town_centre": "fitness.weight_town_centre",
    "business_park": "fitness.weight_business_park",
    "motorway": "fitness.weight_motorway",
    "services": "fitness.weight_services",
    "station": "fitness.weight_station",
}
CRITERIA = tuple(WEIGHTS)
# owners that lend their premises without a lease
LENDERS = frozenset({"commune", "epci"})

Points = Mapping[str, Range | None]

_NONE, _FULL = Range(0, 0, 0), Range(1, 1, 1)


@dataclass(frozen=True)
class Facts:
    """What is known of premises; None where nobody knows.

    works      none, light or heavy
    owner      commune, epci, state, association or private
    motorway   minutes by car to the nearest exit; `services`: to the nearest France services;
               `station`: to the nearest railway station; declared minutes are a range of one value
    """

    area_m2: float | None = None
    fibre: bool | None = None
    step_free: bool | None = None
    works: str | None = None
    owner: str | None = None
    town_centre: bool | None = None
    business_park: bool | None = None
    motorway: Range | None = None
    services: Range | None = None
    station: Range | None = None


@dataclass(frozen=True)
class Score:
    """A weighted mean of points (0-1), between its worst and its best.

    value        over what is known; None when nothing that counts is known
    low, high    every unknown criterion at its worst, at its best
    known_share  share of the weight (0-1) of what is known
    """

    value: float | None
    low: float
    high: float
    known_share: float


def default_weights(assumptions: Assumptions) -> dict[str, float]:
    """The weights shipped with the product, by criterion."""
    return {criterion: assumptions.value(key) for criterion, key in WEIGHTS.items()}


def points(facts: Facts, assumptions: Assumptions) -> dict[str, Range | None]:
    """Points (0-1) by criterion, low to high where a time is modelled; None where unknown."""
    return {criterion: _RULES[criterion](facts, assumptions) for criterion in CRITERIA}


def score(found: Points, weights: Mapping[str, float]) -> Score:
    """The mean of the points, weighted; unknown criteria are left out and widen the interval.

    Raises BadInput `weight_negative`, `weights_all_zero`.
    """
    for criterion in CRITERIA:
        if weights[criterion] < 0:
            raise BadInput("weight_negative", criterion=criterion)
    total = sum(weights[criterion] for criterion in CRITERIA)
    if total <= 0:
        raise BadInput("weights_all_zero")
    known = [(weights[c], p) for c in CRITERIA if (p := found[c]) is not None and weights[c] > 0]
    weight = sum(w for w, _ in known)
    low = sum(w * p.low for w, p in known) / total
    high = (sum(w * p.high for w, p in known) + (total - weight)) / total
    if not known:
        return Score(None, 0.0, 1.0, 0.0)
    value = sum(w * p.central for w, p in known) / weight
    # rounding of floats alone could put the mean outside its bounds
    low, high = max(0.0, min(low, value)), min(1.0, max(high, value))
    return Score(value, low, high, min(1.0, weight / total))


def _certain(share: float) -> Range:
    return Range(share, share, share)


def _yes_no(value: bool | None) -> Range | None:  # noqa: FBT001  (one fact)
    if value is None:
        return None
    return _FULL if value else _NONE


def _area(facts: Facts, assumptions: Assumptions) -> Range | None:
    if facts.area_m2 is None:
        return None
    least = assumptions.value("fitness.area_least")
    enough = assumptions.value("fitness.area_enough")
    return _certain(_rising(facts.area_m2, least, enough))


def _works(facts: Facts, assumptions: Assumptions) -> Range | None:
    if facts.works is None:
        return None
    if facts.works == "none":
        return _FULL
    shares = {
        "light": assumptions.value("fitness.works_light"),
        "heavy": assumptions.value("fitness.works_heavy"),
    }
    return _certain(shares[facts.works])


def _owner(facts: Facts, assumptions: Assumptions) -> Range | None:
    if facts.owner is None:
        return None
    if facts.owner in LENDERS:
        return _FULL
    shares = {
        "state": assumptions.value("fitness.owner_state"),
        "association": assumptions.value("fitness.owner_association"),
        "private": assumptions.value("fitness.owner_private"),
    }
    return _certain(shares[facts.owner])


def _near(minutes: Range | None, near: float, far: float) -> Range | None:
    """Full points within `near` minutes, none beyond `far`; fewer minutes, more points."""
    if minutes is None:
        return None
    low, central, high = (
        1 - _rising(value, near, far) for value in (minutes.high, minutes.central, minutes.low)
    )
    return Range(low, central, high)


def _rising(value: float, least: float, enough: float) -> float:
    """0 up to `least`, 1 from `enough`, straight between."""
    if value >= enough:
        return 1.0
    return max(0.0, (value - least) / (enough - least)) if value > least else 0.0


_RULES: dict[str, Callable[[Facts, Assumptions], Range | None]] = {
    "area": _area,
    "fibre": lambda facts, _: _yes_no(facts.fibre),
    "step_free": lambda facts, _: _yes_no(facts.step_free),
    "works": _works,
    "owner": _owner,
    "town_centre": lambda facts, _: _yes_no(facts.town_centre),
    "business_park": lambda facts, _: _yes_no(facts.business_park),
    "motorway": lambda facts, a: _near(
        facts.motorway, a.value("fitness.motorway_near"), a.value("fitness.motorway_far")
    ),
    "services": lambda facts, a: _near(
        facts.services, a.value("fitness.services_near"), a.value("fitness.services_far")
    ),
    "station": lambda facts, a: _near(
        facts.station, a.value("fitness.station_near"), a.value("fitness.station_far")
    ),
}
