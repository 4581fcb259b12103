"""Kilometres and CO2 avoided, as a curve over the visits that replace a day at the office.

method  docs/method/impact.md
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.assumptions import Assumptions
from maillage.core.demand import triangular
from maillage.core.money import Range

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Interval:
    """A modelled quantity with its 90 % interval."""

    low: float
    central: float
    high: float


@dataclass(frozen=True)
class ImpactPoint:
    """A year of the mature network if a share of its visits replaced a day at the office.

    gross_km   kilometres by car avoided, the trips to the site deducted
    net_t      tonnes of CO2e avoided, rebound and buildings deducted
    """

    office_share: float
    gross_km: Interval
    net_t: Interval


@dataclass(frozen=True)
class Impact:
    """The curve, and the share of visits from which the plan saves CO2.

    threshold  share of office visits where the net balance is zero; 1 or more: never
    visits     occupied days a year
    """

    curve: tuple[ImpactPoint, ...]
    threshold: Interval
    visits: Range
    work_km: float
    site_km: float
    area_m2: float


def project(
    visits: Range,
    work_km: float,
    site_km: float,
    area_m2: float,
    assumptions: Assumptions,
    seed: int,
) -> Impact:
    """The impact of a mature year.

    visits            occupied days a year: the demand's P10, P50, P90, drawn between them
    work_km, site_km  one way by road, means of the commuters and of the visits
    """
    drawn = _draw(assumptions, seed)
    uniform = np.random.default_rng([seed, *b"visits"]).random(len(drawn["rebound"]))
    drawn["visits"] = triangular(visits.low, visits.central, visits.high, uniform)
    steps = int(assumptions.value("impact.share_steps"))
    shares = np.linspace(0.0, 1.0, steps + 1)
    curve = tuple(_point(float(share), work_km, site_km, area_m2, drawn) for share in shares)
    thresholds = _threshold(work_km, site_km, area_m2, drawn)
    return Impact(
        curve=curve,
        threshold=_interval(thresholds),
        visits=visits,
        work_km=work_km,
        site_km=site_km,
        area_m2=area_m2,
    )


def _draw(assumptions: Assumptions, seed: int) -> dict[str, NDArray[np.float64]]:
    count = int(assumptions.value("impact.draws"))
    return {
        name: triangular(
            a.low, a.value, a.high, np.random.default_rng([seed, *name.encode()]).random(count)
        )
        for name, a in sorted(assumptions.section("impact").items())
    }


def _point(
    share: float,
    work_km: float,
    site_km: float,
    area_m2: float,
    drawn: dict[str, NDArray[np.float64]],
) -> ImpactPoint:
    by_car = drawn["visits"] * drawn["car_share"] / drawn["car_occupancy"]
    gained_km = by_car * share * 2 * max(0.0, work_km - site_km)
    added_km = by_car * ((1 - share) * 2 * site_km + share * 2 * max(0.0, site_km - work_km))
    gain_kg = gained_km * drawn["car_kgco2_km"] * (1 - drawn["rebound"])
    cost_kg = added_km * drawn["car_kgco2_km"] + area_m2 * drawn["building_kgco2_m2"]
    return ImpactPoint(
        office_share=share,
        gross_km=_interval(gained_km - added_km),
        net_t=_interval((gain_kg - cost_kg) / 1000.0),
    )


def _threshold(
    work_km: float,
    site_km: float,
    area_m2: float,
    drawn: dict[str, NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Share where gain x share = added x (1 - share) + buildings: linear, solved exactly."""
    by_car = drawn["visits"] * drawn["car_share"] / drawn["car_occupancy"] * drawn["car_kgco2_km"]
    gain = by_car * 2 * (work_km - site_km) * (1 - drawn["rebound"])
    added = by_car * 2 * site_km
    buildings = area_m2 * drawn["building_kgco2_m2"]
    slope = gain + added
    return np.divide(added + buildings, slope, out=np.full_like(slope, np.inf), where=slope > 0)


def _interval(draws: NDArray[np.float64]) -> Interval:
    # a threshold never reached is infinite, and nothing lies between two infinities
    if not np.isfinite(draws).all():
        low, central, high = np.quantile(draws, QUANTILES, method="higher")
    else:
        low, central, high = np.quantile(draws, QUANTILES)
    return Interval(float(low), float(central), float(high))
