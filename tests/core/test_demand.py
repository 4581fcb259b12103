"""Demand: the method's worked example, conservation, and honest spreads."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.core import demand
from maillage.core.demand import EMPLOYEES, ESTIMATED

# Worked example of docs/method/demand.md: 5,500 employees, 500 self-employed, a site at the door
PEOPLE = {"executives": 650, "intermediate": 1500, "employees": 1700, "workers": 1650}


def at_case(assumed, case):
    return {name: np.array([a.at(case)]) for name, a in assumed.section("demand").items()} | {
        f"{p}_share": np.array([n / 5500]) for p, n in PEOPLE.items()
    }


@pytest.mark.parametrize(
    ("case", "teleworkers", "employee_seats", "self_employed_seats"),
    [("low", 465, 0.8, 0.75), ("central", 655, 4.5, 3.4), ("high", 1040, 27.4, 10.0)],
)
def test_the_worked_example_is_found_again(
    assumed, case, teleworkers, employee_seats, self_employed_seats
):
    values = at_case(assumed, case)
    rates = demand._seat_rates(values)

    telework = sum(n * values[f"telework_{p}"][0] for p, n in PEOPLE.items())
    assert telework * values["rural_factor"][0] == pytest.approx(teleworkers, rel=0.01)
    seats = sum(5500 * rates[p][0] for p in EMPLOYEES)
    assert seats == pytest.approx(employee_seats, rel=0.03)
    assert 500 * rates["self_employed"][0] == pytest.approx(self_employed_seats, rel=0.03)


def test_means_by_public_and_by_commune_add_up_to_the_total(outcome):
    use = outcome.demand

    assert sum(s.mean for s in use.by_public.values()) == pytest.approx(use.seats_per_day.mean)
    assert sum(s.mean for s in use.by_commune.values()) == pytest.approx(use.seats_per_day.mean)
    assert set(use.by_public) == set(ESTIMATED)


def test_quantiles_are_ordered_and_apart(outcome):
    for spread in (
        outcome.demand.seats_per_day,
        outcome.demand.seats_at_peak,
        outcome.demand.users,
    ):
        assert 0 < spread.p10 < spread.p50 < spread.p90


def test_fewer_people_come_than_live_and_work_there(outcome, place):
    assert outcome.demand.users.p90 < 0.05 * place.employed


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(place, assumed):
    minutes = np.full(len(place.cells), 5, dtype=np.float32)

    first = demand.DemandModel(place, assumed, 7).expected(minutes)

    assert demand.DemandModel(place, assumed, 7).expected(minutes) == first
    assert (
        demand.DemandModel(place, assumed, 8).expected(minutes).seats_per_day != first.seats_per_day
    )


def test_farther_sites_draw_fewer_people(place, assumed):
    near, far = (
        demand.DemandModel(place, assumed, 1).expected(
            np.full(len(place.cells), m, dtype=np.float32)
        )
        for m in (3, 12)
    )

    assert far.seats_per_day.p10 < near.seats_per_day.p10
    assert far.seats_per_day.p90 < near.seats_per_day.p90


def test_nobody_comes_from_beyond_the_cut():
    half, cut = np.array([10.0]), 2.0

    assert demand.decay(np.array([0.0, 10.0, 20.0, 20.1]), half, cut).tolist() == [1, 0.5, 0.25, 0]


def test_the_five_most_influential_parameters_come_widest_first(outcome):
    swings = [abs(i.at_high - i.at_low) for i in outcome.demand.influence]

    assert swings == sorted(swings, reverse=True)
    assert len(swings) >= 5


def test_a_commune_without_figures_is_left_out_not_counted_as_zero(place, assumed):
    unknown = place.communes["commune_code"][0]
    blank = pl.when(pl.col("commune_code") != unknown)
    communes = place.communes.with_columns(
        blank.then(pl.col(c)) for c in ("employed", "unemployed", "jobs", "salaried_jobs")
    )
    minutes = np.full(len(place.cells), 5, dtype=np.float32)

    use = demand.DemandModel(replace(place, communes=communes), assumed, 1).expected(minutes)

    assert unknown not in use.by_commune
    assert len(use.by_commune) == 34


@given(
    uniform=st.floats(0, 0.999999),
    bounds=st.lists(st.floats(0, 100), min_size=3, max_size=3).map(sorted),
)
@settings(max_examples=200)
def test_a_triangular_draw_stays_within_its_bounds(uniform, bounds):
    low, mode, high = bounds

    draw = demand.triangular(low, mode, high, np.array([uniform]))[0]

    assert low - 1e-9 <= draw <= high + 1e-9


def test_triangular_draws_have_the_triangular_mean():
    uniform = np.random.default_rng(0).random(200_000)

    assert demand.triangular(1, 2, 6, uniform).mean() == pytest.approx((1 + 2 + 6) / 3, rel=0.01)
