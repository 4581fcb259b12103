"""How fit the premises of a territory are: their points, their score, what each is known from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from maillage.apps.premises.models import Kind, Premises
from maillage.apps.premises.nearby import Nearby, nearby
from maillage.apps.premises.weigh import weights_of
from maillage.apps.territories import landmarks
from maillage.apps.territories.landmarks import Landmarks
from maillage.apps.territories.models import Territory
from maillage.core import assumptions, fitness
from maillage.core.assumptions import Assumptions
from maillage.core.fitness import Facts, Score
from maillage.core.money import Range


@dataclass(frozen=True)
class Fit:
    """Premises with their score.

    points   by criterion, None where unknown
    origins  by criterion: "declared", "observed" or "modelled"
    exit_name  the motorway exit that the minutes lead to
    """

    premises: Premises
    facts: Facts
    points: Mapping[str, Range | None]
    origins: Mapping[str, str]
    score: Score
    exit_name: str = ""


@cache
def shipped() -> Assumptions:
    """The assumptions of the product, read once by each process."""
    return assumptions.load()


def fits_of(territory: Territory, premises: Sequence[Premises]) -> list[Fit]:
    """The score of each, by the weights of the territory."""
    assumed, weights = shipped(), weights_of(territory)
    found = landmarks.latest(territory)
    around = nearby(premises, found, assumed)
    return [_fit(row, found[1] if found else None, around, weights, assumed) for row in premises]


def _fit(
    row: Premises,
    near: Landmarks | None,
    around: Nearby,
    weights: Mapping[str, float],
    assumed: Assumptions,
) -> Fit:
    origins = dict.fromkeys(fitness.CRITERIA, "declared")
    services, station = _declared(row.services_min), _declared(row.station_min)
    motorway, exit_name = _declared(row.motorway_min), row.motorway_exit
    if services is None and row.pk in around.services:
        services, origins["services"] = around.services[row.pk], "modelled"
    if station is None and row.pk in around.stations:
        station, origins["station"] = around.stations[row.pk], "modelled"
    if motorway is None and row.pk in around.exits:
        (exit_name, motorway), origins["motorway"] = around.exits[row.pk], "modelled"
    origins["town_centre"] = "modelled"
    facts = Facts(
        area_m2=row.area_m2,
        fibre=row.fibre,
        step_free=row.step_free,
        works=row.works or None,
        owner=row.owner or None,
        town_centre=row.commune_code in near.town_centres if near else None,
        business_park=row.kind == Kind.BUSINESS_PARK,
        motorway=motorway,
        services=services,
        station=station,
    )
    points = fitness.points(facts, assumed)
    return Fit(row, facts, points, origins, fitness.score(points, weights), exit_name)


def _declared(value: int | None) -> Range | None:
    return None if value is None else Range(value, value, value)
