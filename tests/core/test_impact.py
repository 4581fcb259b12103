"""Impact: thresholds of the method, rebound on gains only, never a flattering default."""

import pytest

from maillage.core import impact
from maillage.core.money import Range

KGCO2_KM = 0.2176


@pytest.mark.parametrize(
    ("work_km", "site_km", "threshold"), [(30, 8, 0.27), (13, 8, 0.62), (20, 3, 0.15)]
)
def test_kilometres_balance_at_the_published_thresholds(work_km, site_km, threshold):
    assert impact.break_even(work_km, site_km) == pytest.approx(threshold, abs=0.005)


def test_a_visit_that_replaces_home_adds_carbon():
    assert impact.per_visit_kg(30, 8, KGCO2_KM, replaces_office=True) == pytest.approx(
        9.57, abs=0.01
    )
    assert impact.per_visit_kg(30, 8, KGCO2_KM, replaces_office=False) == pytest.approx(
        -3.48, abs=0.01
    )


def project(assumed, **fixed):
    values = {f"impact.{name}": value for name, value in fixed.items()}
    return impact.project(
        visits=Range(900, 1000, 1100),
        work_km=30,
        site_km=8,
        area_m2=0,
        assumptions=assumed.with_values(values),
        seed=1,
    )


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
