"""How fit the premises of a territory are: their points, their score, what each is known from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from maillage.apps.premises.models import Kind, Premises
from maillage.apps.premises.weigh import weights_of
from maillage.apps.territories import landmarks
from maillage.apps.territories.landmarks import Landmarks, Points
from maillage.apps.territories.models import Territory
from maillage.core import assumptions, fitness, geo
from maillage.core.assumptions import Assumptions
from maillage.core.fitness import Facts, Score
from maillage.core.money import Range
from maillage.core.travel import distance, minutes

Times = Mapping[int, Range]


@dataclass(frozen=True)
class Fit:
    """Premises with their score.

    points   by criterion, None where unknown
    origins  by criterion: "declared", "observed" or "modelled"
    """

    premises: Premises
    facts: Facts
    points: Mapping[str, Range | None]
    origins: Mapping[str, str]
    score: Score


@cache
def shipped() -> Assumptions:
    """The assumptions of the product, read once by each process."""
    return assumptions.load()


def fits_of(territory: Territory, premises: Sequence[Premises]) -> list[Fit]:
    """The score of each, by the weights of the territory."""
    assumed, weights = shipped(), weights_of(territory)
    found = landmarks.latest(territory)
    near = found[1] if found else None
    services = _nearest(premises, near.services if near else None, assumed)
    stations = _nearest(premises, near.stations if near else None, assumed)
    return [_fit(row, near, (services, stations), weights, assumed) for row in premises]


def _fit(
    row: Premises,
    near: Landmarks | None,
    times: tuple[Times, Times],
    weights: Mapping[str, float],
    assumed: Assumptions,
) -> Fit:
    origins = dict.fromkeys(fitness.CRITERIA, "declared")
    services, station = _declared(row.services_min), _declared(row.station_min)
    if services is None and row.pk in times[0]:
        services, origins["services"] = times[0][row.pk], "modelled"
    if station is None and row.pk in times[1]:
        station, origins["station"] = times[1][row.pk], "modelled"
    origins["town_centre"] = "modelled"
    facts = Facts(
        area_m2=row.area_m2,
        fibre=row.fibre,
        step_free=row.step_free,
        works=row.works or None,
        owner=row.owner or None,
        town_centre=row.commune_code in near.town_centres if near else None,
        business_park=row.kind == Kind.BUSINESS_PARK,
        motorway=_declared(row.motorway_min),
        services=services,
        station=station,
    )
    points = fitness.points(facts, assumed)
    return Fit(row, facts, points, origins, fitness.score(points, weights))


def _declared(value: int | None) -> Range | None:
    return None if value is None else Range(value, value, value)


def _nearest(premises: Iterable[Premises], points: Points | None, assumed: Assumptions) -> Times:
    """Minutes by car to the nearest of some points, for the premises that have a position."""
    placed = [(row.pk, row.lon, row.lat) for row in premises if row.lon is not None]
    if not points or not placed:
        return {}
    origins = geo.project(np.array([[lon, lat] for _, lon, lat in placed], dtype=np.float64))
    sites = geo.project(np.array([[lon, lat] for _, lon, lat in points], dtype=np.float64))
    # "low" is the slow model: it gives the most minutes
    slow, central, fast = (
        minutes(origins, sites, distance.model(assumed, case)).min(axis=1)
        for case in ("low", "central", "high")
    )
    return {
        pk: Range(float(fast[n]), float(central[n]), float(slow[n]))
        for n, (pk, _, _) in enumerate(placed)
    }
