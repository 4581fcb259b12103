"""Rooms, furniture, works: proposals that grow, totals that add up to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import assumptions, fit_out
from maillage.core.bad_input import BadInput
from maillage.core.fit_out import FUNCTIONS, MOST_SEATS, Amount, Room

ASSUMED = assumptions.load()
WORKS = (None, "none", "light", "heavy")

rooms = st.lists(
    st.builds(
        Room,
        st.sampled_from(FUNCTIONS),
        st.integers(1, 20),
        st.integers(0, 5000).map(lambda tenths: tenths / 10),
        st.integers(0, 30),
    ),
    max_size=12,
)
seats = st.integers(1, MOST_SEATS)


def worked(found):
    return sum(r.count * r.seats for r in found if r.function in fit_out.WORKED)


@given(seats)
def test_a_proposal_has_the_seats_that_were_asked(asked):
    assert worked(fit_out.proposal(asked, ASSUMED)) == asked


@given(st.integers(1, MOST_SEATS - 1))
def test_more_seats_never_need_less_area(asked):
    fewer, more = (
        fit_out.indoor_m2(fit_out.proposal(count, ASSUMED)) for count in (asked, asked + 1)
    )

    assert fewer <= more


@given(st.floats(20, 2000))
def test_a_proposal_within_an_area_stands_in_it_and_one_more_seat_would_not(area_m2):
    found = fit_out.proposal_within(area_m2, ASSUMED)

    assert fit_out.indoor_m2(found) <= area_m2
    if worked(found) < MOST_SEATS:
        more = fit_out.proposal(worked(found) + 1, ASSUMED)
        assert fit_out.indoor_m2(more) > area_m2


def test_an_area_too_small_for_one_seat_is_refused_with_what_it_takes():
    with pytest.raises(BadInput) as refusal:
        fit_out.proposal_within(5, ASSUMED)

    needed = fit_out.indoor_m2(fit_out.proposal(1, ASSUMED))
    assert refusal.value.facts == {"area_m2": 5, "needed_m2": needed}


@pytest.mark.parametrize("asked", [0, -3, MOST_SEATS + 1])
def test_a_number_of_seats_out_of_reason_is_refused(asked):
    with pytest.raises(BadInput, match="fit_out_seats"):
        fit_out.proposal(asked, ASSUMED)


@given(rooms, st.sampled_from(WORKS))
def test_every_total_is_the_sum_of_its_lines_to_the_cent(found, works):
    made = fit_out.fitted(found, works, ASSUMED)
    lines = (*made.furniture, *made.works)

    assert made.total == Amount(
        sum(line.total.low_cents for line in lines),
        sum(line.total.central_cents for line in lines),
        sum(line.total.high_cents for line in lines),
    )
    assert made.total == made.furniture_total + made.works_total
    inside = sum(round(r.total_m2 * 10) for r in found if r.function not in fit_out.OUTDOOR)
    assert round(made.indoor_m2 * 10) == inside
    assert made.seats + made.other_seats == sum(r.count * r.seats for r in found)


@given(rooms, st.sampled_from(WORKS))
def test_low_central_and_high_are_in_order(found, works):
    made = fit_out.fitted(found, works, ASSUMED)

    for line in (*made.furniture, *made.works):
        assert line.total.low_cents <= line.total.central_cents <= line.total.high_cents


@given(rooms)
def test_furniture_costs_its_quantity_times_its_unit(found):
    for line in fit_out.fitted(found, "none", ASSUMED).furniture:
        assert line.total.central_cents == line.quantity * line.unit.central_cents


def test_six_offices_and_an_open_space():
    found = (Room("closed_office", 6, 10, 1), Room("open_space", 1, 48, 6))

    made = fit_out.fitted(found, "none", ASSUMED)

    assert (made.indoor_m2, made.seats, made.works) == (108.0, 12, ())
    assert {line.code: line.quantity for line in made.furniture} == {
        **dict.fromkeys(("desk", "chair", "screen", "locker"), 12),
        **dict.fromkeys(("printer", "network", "signage"), 1),
    }


def test_a_garden_takes_no_area_inside_and_costs_its_own_works():
    made = fit_out.fitted((Room("garden", 1, 100, 8),), "heavy", ASSUMED)

    assert (made.indoor_m2, made.outdoor_m2, made.other_seats) == (0.0, 100.0, 8)
    assert [line.code for line in made.works] == ["garden"]


def test_unknown_works_cost_from_the_lightest_to_the_heaviest():
    found = (Room("open_space", 1, 100, 10),)
    unknown, light, heavy = (
        fit_out.fitted(found, works, ASSUMED).works_total for works in (None, "light", "heavy")
    )

    assert unknown.low_cents <= light.low_cents
    assert unknown.high_cents >= heavy.high_cents
    assert unknown.central_cents == 70_000_00


@pytest.mark.parametrize("asked", [6, 10, 15])
def test_a_proposal_agrees_with_the_areas_and_costs_of_the_study(asked):
    found = fit_out.proposal(asked, ASSUMED)
    made = fit_out.fitted(found, "none", ASSUMED)
    area, furniture = (ASSUMED[f"costs.{k}"] for k in ("area_per_seat", "furniture_per_seat"))

    assert area.low <= made.indoor_m2 / asked <= area.high
    assert furniture.low <= made.total.central_cents / 100 / asked <= furniture.high
