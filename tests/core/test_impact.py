"""Impact: thresholds of the method, rebound on gains only, never a flattering default."""

import pytest

from maillage.core import impact
from maillage.core.money import Range

KGCO2_KM = 0.2176


VISITS = Range(900, 1000, 1100)

# Everyone by car, alone, no rebound, no building: the arithmetic of the method, nothing else
PLAIN = {"rebound": 0, "car_share": 1, "car_occupancy": 1, "car_kgco2_km": KGCO2_KM}


def project(assumed, *, work_km=30, site_km=8, visits=VISITS, **fixed):
    values = {f"impact.{name}": value for name, value in fixed.items()}
    return impact.project(
        visits=visits,
        work_km=work_km,
        site_km=site_km,
        area_m2=0,
        assumptions=assumed.with_values(values),
        seed=1,
    )


@pytest.mark.parametrize(
    ("work_km", "site_km", "threshold"), [(30, 8, 0.27), (13, 8, 0.62), (20, 3, 0.15)]
)
def test_the_plan_turns_positive_at_the_published_thresholds(assumed, work_km, site_km, threshold):
    effect = project(assumed, work_km=work_km, site_km=site_km, **PLAIN)

    assert effect.threshold.central == pytest.approx(threshold, abs=0.005)


def test_a_visit_that_replaces_home_adds_carbon(assumed):
    curve = project(assumed, visits=Range(1000, 1000, 1000), **PLAIN).curve

    # a thousand visits: tonnes are the kilograms of one visit
    assert curve[-1].net_t.central == pytest.approx(9.57, abs=0.01)
    assert curve[0].net_t.central == pytest.approx(-3.48, abs=0.01)


def test_without_rebound_nor_building_the_curve_crosses_zero_where_kilometres_balance(assumed):
    effect = project(assumed, rebound=0)

    assert effect.threshold.low == pytest.approx(8 / 30)
    assert effect.threshold.high == pytest.approx(8 / 30)


def test_rebound_cuts_gains_and_never_losses(assumed):
    plain, rebounding = project(assumed, rebound=0), project(assumed, rebound=0.31)

    assert rebounding.curve[0] == plain.curve[0]
    assert rebounding.curve[-1].net_t.central == pytest.approx(
        plain.curve[-1].net_t.central * 0.69, rel=1e-6
    )
    assert rebounding.threshold.central == pytest.approx(0.345, abs=0.001)


def test_the_curve_runs_from_no_office_day_to_all_and_rises(assumed):
    curve = project(assumed).curve

    assert [curve[0].office_share, curve[-1].office_share] == [0.0, 1.0]
    nets = [point.net_t.central for point in curve]
    assert nets == sorted(nets)
    assert all(p.net_t.low <= p.net_t.central <= p.net_t.high for p in curve)


def test_a_site_farther_than_work_never_saves(assumed):
    effect = impact.project(Range(1, 2, 3), 5, 12, 0, assumed, 1)

    assert all(point.net_t.high <= 0 for point in effect.curve)
    assert effect.threshold.central >= 1
