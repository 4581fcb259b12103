"""Projects that serve the same people: laws of the pairs, and one known pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from maillage.core import overlap

# a few tens of kilometres in the Beaujolais
POINTS = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 8), st.just(2)),
    elements=st.floats(0, 0.3),
).map(lambda found: found + np.array([4.5, 46.0]))
LANCIE, FLEURIE, AZOLETTE = (4.71574, 46.1705), (4.69795, 46.1921), (4.4178, 46.1929)


def test_lancie_and_fleurie_are_at_6_minutes_and_azolette_is_far(assumed):
    [pair] = overlap.within(np.array([LANCIE, FLEURIE, AZOLETTE]), assumed)

    assert (pair.i, pair.j) == (0, 1)
    assert (round(pair.low), round(pair.minutes), round(pair.high)) == (5, 6, 7)


def test_of_nobody_nothing_is_near(assumed):
    nobody = np.empty((0, 2))

    assert overlap.within(nobody, assumed) == ()
    assert overlap.between(nobody, np.array([LANCIE]), assumed) == ()
    assert overlap.between(np.array([LANCIE]), nobody, assumed) == ()


def test_two_projects_on_the_same_place_are_at_no_minute(assumed):
    [pair] = overlap.within(np.array([LANCIE, LANCIE]), assumed)

    assert (pair.low, pair.minutes, pair.high) == (0, 0, 0)


def test_at_the_rule_itself_the_network_wants_both(assumed):
    points = np.array([LANCIE, FLEURIE])
    [pair] = overlap.within(points, assumed)
    at_the_rule = assumed.with_values({overlap.RULE: pair.minutes})
    just_over = assumed.with_values({overlap.RULE: pair.minutes + 0.001})

    assert overlap.within(points, at_the_rule) == ()
    assert overlap.within(points, just_over) == (pair,)


@given(points=POINTS)
def test_no_point_is_near_itself_and_the_nearest_pairs_come_first(points, assumed):
    found = overlap.within(points, assumed)

    assert all(0 <= pair.i < pair.j < len(points) for pair in found)
    assert len({(pair.i, pair.j) for pair in found}) == len(found)
    assert [pair.minutes for pair in found] == sorted(pair.minutes for pair in found)
    assert all(pair.low <= pair.minutes <= pair.high for pair in found)
    assert all(pair.minutes < assumed.value(overlap.RULE) for pair in found)


@given(points=POINTS, seed=st.integers(0, 99))
def test_the_order_of_the_points_changes_nothing(points, seed, assumed):
    order = np.random.default_rng(seed).permutation(len(points))

    def pairs(found, names):
        return sorted((sorted((names[p.i], names[p.j])), p.minutes) for p in found)

    straight = pairs(overlap.within(points, assumed), list(range(len(points))))
    turned = pairs(overlap.within(points[order], assumed), order.tolist())

    assert [ends for ends, _ in turned] == [ends for ends, _ in straight]
    assert [m for _, m in turned] == pytest.approx([m for _, m in straight])


@given(points=POINTS, others=POINTS)
def test_between_two_lists_the_direction_changes_nothing(points, others, assumed):
    there = overlap.between(points, others, assumed)
    back = overlap.between(others, points, assumed)

    assert {(p.i, p.j) for p in there} == {(p.j, p.i) for p in back}


@given(points=POINTS)
def test_the_pairs_of_a_list_are_those_it_has_with_itself(points, assumed):
    every = overlap.between(points, points, assumed)

    assert {(p.i, p.j) for p in overlap.within(points, assumed)} == {
        (p.i, p.j) for p in every if p.i < p.j
    }
