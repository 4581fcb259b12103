"""Inputs that have misled a solver: nothing left to choose, sums that differ by a rounding."""

import io

import numpy as np
import pytest

from maillage.core.siting import (
    Budget,
    Question,
    Quotas,
    capacitated_p_median,
    certify,
    max_benefit,
    max_cover,
    p_median,
)
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.errors import ImpossibleNumber, TooManySites
from maillage.core.verification import verify


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


def test_reach_in_decimals_that_leaves_somebody_out_is_told_impossible():
    far = np.inf
    cost = np.array([[0.1, far, far], [far, 0.25, far], [far, far, 1e-9]])

    assert p_median(cost, 2).status == "infeasible"
    assert p_median(cost, 2, budget=Budget(np.ones(3), 2)).status == "infeasible"
    assert p_median(cost, 3).status == "proved"


def test_where_nobody_gains_a_budget_changes_nothing():
    found = max_benefit(np.zeros((3, 2)), 1, budget=Budget(np.array([2.0, 1]), 1))

    assert (found.status, found.objective, found.open_sites.tolist()) == ("proved", 0, [1])


def test_an_origin_without_weight_may_stay_out_of_reach_and_the_proof_holds():
    cost, weights = np.array([[5.0, 1], [2.0, np.inf]]), [1, 0]

    found = p_median(cost, 1, weights=weights)

    made = certify(Question("p_median", cost, p=1, weights=weights), found)
    checked = verify(io.BytesIO(made[CERTIFICATE]), io.BytesIO(made[INSTANCE]))
    assert (found.status, found.assignment.tolist()) == ("proved", [1, -1])
    assert (checked.status, checked.reason) == ("proved", "")


def test_open_sites_that_nobody_reaches_seat_nobody():
    cost = np.array([[0.0, np.inf, 3], [2, np.inf, 1]])

    found = capacitated_p_median(cost, 1, capacity=[7, 8, 4], fixed=[1])

    assert (found.status, found.reason) == ("infeasible", "rules")
