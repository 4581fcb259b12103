"""The distance model: increasing, slow to fast in order, inverse of itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.travel import minutes
from maillage.core.travel.distance import CASES, model

KM = st.floats(0, 200)


@given(first=KM, second=KM)
def test_farther_is_never_sooner(assumed, first, second):
    near, far = model(assumed, "central").of_distance(np.array(sorted((first, second))))

    assert near <= far


@given(km=st.floats(0.1, 200))
def test_slow_central_and_fast_are_in_that_order(assumed, km):
    slow, central, fast = (model(assumed, case).of_distance(np.array([km]))[0] for case in CASES)

    assert slow > central > fast


@given(km=KM)
def test_kilometres_within_minutes_invert_minutes_of_kilometres(assumed, km):
    travel = model(assumed, "central")

    back = travel.road_km_within(travel.of_distance(np.array([km])))

    assert back[0] == pytest.approx(travel.road_km(np.array([km]))[0], abs=1e-6)


def test_the_speeds_meet_the_insee_anchor_within_ten_percent(assumed):
    """Insee 2007: 25.9 km by road in 32 minutes, 35.4 km in 43 minutes."""
    travel = model(assumed, "central")

    times = travel.of_distance(np.array([25.9, 35.4]) / travel.detour)

    assert times == pytest.approx([32, 43], rel=0.1)


def test_inside_its_own_cell_nobody_is_at_distance_zero(assumed):
    here = np.array([[0.0, 0.0]])

    assert minutes(here, here, model(assumed, "central"), origin_size_km=1.0)[0, 0] > 0
