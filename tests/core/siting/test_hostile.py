"""Inputs that have misled a solver: nothing left to choose, sums that differ by a rounding."""

import numpy as np
import pytest

from maillage.core.siting import Quotas, max_cover, p_median
from maillage.core.siting.errors import ImpossibleNumber, TooManySites


def test_a_covering_whose_sites_are_all_imposed_is_proved():
    cost = np.array([[0.0, 2, 2], [2, 0, 2]])

    found = max_cover(cost, 2, within=1, fixed=[0, 2])

    assert (found.status, found.objective, found.open_sites.tolist()) == ("proved", 1, [0, 2])


def test_exchanges_end_where_two_choices_differ_by_a_rounding():
    squares = np.array(
        [
            [5, 13, 13, 10, 1], [2, 4, 4, 5, 2], [0, 2, 2, 1, 4], [4, 10, 10, 9, 0],
            [2, 4, 4, 1, 10], [5, 1, 1, 4, 13], [1, 5, 5, 4, 1], [5, 13, 13, 10, 1],
            [1, 5, 5, 2, 5], [5, 1, 1, 4, 13],
        ]
    )  # fmt: skip
    weights = np.array(
        [
            39018.01866812, 68085.39195276, 41772.04152041, 83717.46831167, 7330.21743499,
            53652.44294112, 58184.3368129, 24253.80394297, 35117.87386277, 14106.17006266,
        ]
    )  # fmt: skip
    cost = np.sqrt(squares)
    # sites 1 and 2 are one place; site 0 is in a group that opens none
    quotas = Quotas(np.array([2, 1, 1, 0, 0]), np.array([2, 1, 0]))

    found = p_median(cost, 2, weights=weights, quotas=quotas)

    allowed = [[3, 4], [1, 3], [1, 4], [2, 3], [2, 4]]
    least = min(float(weights @ cost[:, pair].min(axis=1)) for pair in allowed)
    assert found.status == "proved"
    assert found.objective == pytest.approx(least, rel=1e-12)


def test_half_a_site_is_refused_and_a_whole_number_written_as_a_float_is_not():
    cost = np.array([[0.0, 2, 2], [2, 0, 2]])

    with pytest.raises(TooManySites):
        p_median(cost, 1.5)
    assert max_cover(cost, 2.0, within=1).open_sites.tolist() == [0, 1]


def test_an_infinite_weight_is_refused_rather_than_called_impossible():
    with pytest.raises(ImpossibleNumber):
        p_median(np.ones((2, 2)), 1, weights=[1, np.inf])


def test_reach_that_leaves_somebody_out_of_every_choice_is_told_impossible():
    reach = [
        "11011011110", "11000101010", "00000001001", "10111110110", "10001110111",
        "01000000101", "00100110000", "11001110000", "01110000011", "11000011011",
        "01110000111", "11110010100", "10100001000", "11111110011", "10101000110",
    ]  # fmt: skip
    cost = np.where(np.array([list(row) for row in reach]) == "1", 0.0, np.inf)

    found = p_median(cost, 3, fixed=[4])

    assert (found.status, found.open_sites.tolist()) == ("infeasible", [])


def test_sums_that_the_linear_solver_refuses_are_still_proved():
    chance = np.random.default_rng(3)
    for _ in range(20):
        cost, weights = chance.random((15, 8)) * 1e12, chance.random(15) * 1e4

        found = p_median(cost, 2, weights=weights)

        pairs = [[a, b] for a in range(8) for b in range(a)]
        least = min(float(weights @ cost[:, pair].min(axis=1)) for pair in pairs)
        assert found.status == "proved"
        assert found.objective == pytest.approx(least, rel=1e-9)
