"""What cannot be computed is refused by its name, and what only looks odd is computed right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from maillage.core.bad_input import BadInput
from maillage.core.siting import (
    Budget,
    Points,
    Quotas,
    capacitated_max_cover,
    capacitated_p_median,
    max_benefit,
    max_cover,
    p_center,
    p_median,
    set_cover,
)
from maillage.core.siting.solution import Solution
from maillage.report import refusals

COST = np.array([[0.0, 1, 10], [1, 0, 9], [10, 9, 0]])
ROOM = [9, 9, 9]

Problem = Callable[..., Solution]
ALL: dict[str, Problem] = {
    "p_median": p_median,
    "max_benefit": max_benefit,
    "p_center": p_center,
    "max_cover": lambda cost, p, **rules: max_cover(cost, p, within=2, **rules),
    "set_cover": lambda cost, _, **rules: set_cover(cost, within=2, **rules),
    "seated": lambda cost, p, **rules: capacitated_p_median(cost, p, capacity=ROOM, **rules),
    "near": lambda cost, p, **rules: capacitated_max_cover(
        cost, p, within=2, capacity=ROOM, **rules
    ),
}
WITH_P = {name: problem for name, problem in ALL.items() if name != "set_cover"}
WITH_BUDGET = {name: problem for name, problem in WITH_P.items() if name != "p_center"}


def refused(problem: Problem, cost: Any, p: Any = 1, **rules: Any) -> str:
    """The code of the refusal, whose sentence exists and says what to do next."""
    with pytest.raises(BadInput) as caught:
        problem(cost, p, **rules)
    words = refusals.sentence(caught.value)
    assert words.count(". ") >= 1
    assert "None" not in words
    return caught.value.code


@pytest.mark.parametrize("problem", ALL.values(), ids=ALL)
@pytest.mark.parametrize(
    ("cost", "code"),
    [
        ([["1", "2", "3"]], "not_numbers"),
        ([[1, 2, 3], [1, 2]], "not_numbers"),
        ([[1, None, 3]], "not_numbers"),
        ([[10**400, 1, 1]], "not_numbers"),
        (np.zeros((3, 3), "M8[s]"), "not_numbers"),
        (COST * 1j, "not_numbers"),
        (np.ma.masked_equal(COST, 10), "not_numbers"),
        (3.0, "wrong_shape"),
        ([], "wrong_shape"),
        (sparse.coo_array([1.0, 2]), "wrong_shape"),
        (np.zeros((0, 3)), "no_origins"),
        (sparse.csr_array((0, 3)), "no_origins"),
        (Points(np.zeros((0, 2)), np.ones((3, 2))), "no_origins"),
        (np.zeros((3, 0)), "too_many_sites"),
        (COST - 1, "impossible_number"),
        (sparse.csr_array([[np.nan, 1, 1]]), "impossible_number"),
        (Points(np.full((1, 2), np.inf), np.ones((3, 2))), "impossible_number"),
        (Points(np.zeros((1, 2)), np.full((3, 2), 1e300)), "too_large"),
        (Points(np.zeros(2), np.ones((3, 2))), "wrong_shape"),
        (sparse.coo_array(([1.0, 2], ([0, 0], [1, 1])), shape=(1, 3)), "unclear_arcs"),
        (sparse.csr_array(([1.0, 2], [1, 1], [0, 2]), shape=(1, 3)), "unclear_arcs"),
        (sparse.dia_array(COST), "unclear_arcs"),
    ],
)
def test_costs_that_are_none_are_refused_by_every_problem(problem, cost, code):
    assert refused(problem, cost) == code


@pytest.mark.parametrize("problem", ALL.values(), ids=ALL)
@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"time_limit_s": np.nan}, "impossible_number"),
        ({"time_limit_s": -1}, "impossible_number"),
        ({"time_limit_s": "1"}, "not_numbers"),
        ({"fixed": [1], "forbidden": [1]}, "contradictory_sites"),
        ({"fixed": np.array([True, False, True])}, "not_numbers"),
        ({"fixed": 1}, "not_numbers"),
        ({"fixed": [1.5]}, "unknown_site"),
        ({"forbidden": [-1]}, "unknown_site"),
        ({"forbidden": [0, 1, 2]}, "too_many_sites"),
        ({"quotas": Quotas(["a", "b", "c"], [1, 1])}, "not_numbers"),
        ({"quotas": Quotas([0, 0, 7], [1, 1])}, "wrong_shape"),
        ({"quotas": Quotas([0, 0, 1], [-1, 1])}, "impossible_number"),
        ({"quotas": Quotas([0, 0, 1], [0, 1]), "fixed": [0]}, "contradictory_sites"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_every_problem(problem, rules, code):
    assert refused(problem, COST, **rules) == code


@pytest.mark.parametrize("problem", WITH_P.values(), ids=WITH_P)
@pytest.mark.parametrize(
    ("p", "code"),
    [
        (0, "too_many_sites"), (4, "too_many_sites"), (1.5, "too_many_sites"),
        (np.nan, "too_many_sites"), ("2", "not_numbers"), (None, "not_numbers"),
    ],
)  # fmt: skip
def test_a_number_of_sites_that_is_none_is_refused(problem, p, code):
    assert refused(problem, COST, p) == code


@pytest.mark.parametrize("problem", WITH_BUDGET.values(), ids=WITH_BUDGET)
@pytest.mark.parametrize(
    ("budget", "code"),
    [
        (Budget([1, 2, 3], np.nan), "impossible_number"),
        (Budget([1, 2, 3], -1), "impossible_number"),
        (Budget([-1, 2, 3], 1), "impossible_number"),
        (Budget([1, 2, 3], "a"), "not_numbers"),
        (Budget([1, 2], 1), "wrong_shape"),
    ],
)
def test_a_budget_that_is_none_is_refused(problem, budget, code):
    assert refused(problem, COST, budget=budget) == code


def test_numbers_whose_sums_lose_the_choice_are_refused_where_sums_are_made():
    assert refused(p_median, COST * 1e300) == "too_large"
    assert refused(p_median, COST, weights=[1e300] * 3) == "too_large"
    assert refused(ALL["seated"], COST * 1e300) == "too_large"
    assert refused(ALL["max_cover"], COST, weights=[10**25, 1, 1]) == "too_large"
    assert p_center(COST * 1e299, 1).objective == 9e299


def test_rules_that_only_leave_no_choice_are_an_answer():
    for problem in WITH_BUDGET.values():
        assert problem(COST, 1, budget=Budget([1, 2, 3], 0.5)).status == "infeasible"
    for problem in ALL.values():
        assert problem(COST, 1, quotas=Quotas([0, 0, 0], [0])).status == "infeasible"


@pytest.mark.parametrize("dtype", ["int8", "uint8", "float16", "float32", "longdouble", ">f8", "O"])
def test_any_kind_of_number_in_any_order_gives_the_same_answer(dtype):
    wide = np.full((6, 6), 7, dtype)
    wide[::2, ::2] = COST
    for cost in (COST.astype(dtype), np.asfortranarray(COST.astype(dtype)), wide[::2, ::2]):
        assert p_median(cost, 1).open_sites.tolist() == [1]
        assert set_cover(cost, within=2).open_sites.tolist() == [0, 2]


@pytest.mark.parametrize("layout", ["coo", "csr", "csc", "lil", "dok"])
def test_a_sparse_matrix_is_read_in_every_layout_and_left_as_it_was(layout):
    row, column = np.nonzero(COST)
    arcs = sparse.coo_array((COST[row, column][::-1], (row[::-1], column[::-1])), shape=COST.shape)
    given = arcs.asformat(layout)
    near = np.where(COST > 0, COST, np.inf)

    assert p_median(given, 2).objective == p_median(near, 2).objective == 11
    assert set_cover(given, within=9).objective == 2
    assert (given.toarray() == COST).all()


def test_a_matrix_of_unsorted_rows_keeps_its_order():
    given = sparse.csr_array(([2.0, 1], [1, 0], [0, 2]), shape=(1, 3))

    assert p_median(given, 1).objective == 1
    assert max_cover(given, 1, within=1).open_sites.tolist() == [0]
    assert given.indices.tolist() == [1, 0]


def test_nobody_to_weigh_is_proved_at_nothing():
    assert (p_median(COST, 1, weights=[0, 0, 0]).status) == "proved"
    found = capacitated_max_cover(COST, 1, within=2, capacity=[0, 0, 0])
    assert str(found.objective) == "0.0"
