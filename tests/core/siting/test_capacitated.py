"""Capacities with divisible seats: equal to enumeration, honest where that cannot be."""

import io
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from factories import tampering
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.capacitated import capacitated_max_cover, capacitated_p_median
from maillage.core.siting.certificate import Question, certify
from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    Unreachable,
    WrongShape,
)
from maillage.core.siting.inputs import Budget, Quotas
from maillage.core.verification import Verdict, verify

WITHIN = 45.0


def drawn(seed: int, *, origins: int = 9, sites: int = 6, tightness: float = 1.6):
    """Costs, demand and capacities at random; the larger the tightness, the scarcer the seats."""
    rng = np.random.default_rng(seed)
    home, place = rng.random((origins, 2)), rng.random((sites, 2))
    cost = np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)) * 100
    demand = rng.integers(0, 9, origins).astype(float)
    demand[0] = 5.0
    return cost, demand, rng.integers(1, 5, sites) * demand.sum() / 2.0 / tightness / 3.0


def transport(cost, demand, capacity, *, is_cover: bool) -> float:
    """The best sharing out among open sites, by another linear solver; nan when there is none."""
    n, k = cost.shape
    near = cost <= WITHIN if is_cover else np.isfinite(cost)
    price = -np.ones(n * k) if is_cover else cost.ravel()
    by_origin, by_site = np.kron(np.eye(n), np.ones(k)), np.kron(np.ones(n), np.eye(k))
    served = {"A_ub": by_site, "b_ub": capacity, "A_eq": by_origin, "b_eq": demand}
    if is_cover:
        served = {"A_ub": np.vstack([by_site, by_origin]), "b_ub": [*capacity, *demand]}
    bounds = [(0, None if is_near else 0) for is_near in near.ravel()]
    found = linprog(price, bounds=bounds, **served)
    return float(found.fun) if found.status == 0 else np.nan


def best(cost, demand, capacity, p: int, *, is_cover: bool, is_lawful=lambda _: True) -> float:
    """The best of all choices of p sites."""
    values = [
        transport(cost[:, list(c)], demand, capacity[list(c)], is_cover=is_cover)
        for c in combinations(range(cost.shape[1]), p)
        if is_lawful(c)
    ]
    return float(np.nanmin(values)) if np.isfinite(values).any() else np.nan


def verdict(question: Question, solution) -> Verdict:
    made = certify(question, solution)
    return verify(io.BytesIO(made[CERTIFICATE]), io.BytesIO(made[INSTANCE]))


@given(seed=st.integers(0, 10_000), tightness=st.sampled_from([0.8, 1.3, 1.6]))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_the_p_median_with_capacities_equals_enumeration(seed, tightness):
    cost, demand, capacity = drawn(seed, tightness=tightness)

    found = capacitated_p_median(cost, 3, demand=demand, capacity=capacity)

    expected = best(cost, demand, capacity, 3, is_cover=False)
    if np.isnan(expected):
        assert (found.status, found.reason) == ("infeasible", "capacity")
        return
    assert found.status == "proved"
    assert found.objective == pytest.approx(expected, rel=1e-6)
    asked = Question("capacitated_p_median", cost, p=3, weights=demand, capacity=capacity)
    checked = verdict(asked, found)
    assert (checked.status, checked.reason) == (
        "proved" if found.proof.method == "multipliers" else "solver", "",
    )  # fmt: skip


@given(seed=st.integers(0, 10_000), tightness=st.sampled_from([0.8, 1.6, 3.0]))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_the_cover_with_capacities_equals_enumeration(seed, tightness):
    cost, demand, capacity = drawn(seed, tightness=tightness)

    found = capacitated_max_cover(cost, 2, within=WITHIN, demand=demand, capacity=capacity)

    assert found.status == "proved"
    expected = -best(cost, demand, capacity, 2, is_cover=True)
    assert found.objective == pytest.approx(expected, rel=1e-6)
    asked = Question(
        "capacitated_max_cover", cost, p=2, within=WITHIN, weights=demand, capacity=capacity
    )
    checked = verdict(asked, found)
    assert (checked.status, checked.reason) == (
        "proved" if found.proof.method == "multipliers" else "solver", "",
    )  # fmt: skip


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_fixed_and_forbidden_sites_quotas_and_budget_hold(seed):
    cost, demand, capacity = drawn(seed, tightness=0.7)
    quotas = Quotas(np.array([0, 0, 0, 1, 1, 1]), np.array([2, 2]))
    budget = Budget(np.array([1.0, 2, 3, 4, 5, 6]), 11.0)

    def is_lawful(choice) -> bool:
        counts = np.bincount(quotas.group[list(choice)], minlength=2)
        spent = budget.price[list(choice)].sum()
        return 1 in choice and 4 not in choice and counts.max() <= 2 and spent <= 11

    found = capacitated_p_median(
        cost, 3, demand=demand, capacity=capacity, fixed=(1,), forbidden=(4,), quotas=quotas,
        budget=budget,
    )  # fmt: skip

    expected = best(cost, demand, capacity, 3, is_cover=False, is_lawful=is_lawful)
    if np.isnan(expected):
        assert found.status == "infeasible"
        return
    assert found.objective == pytest.approx(expected, rel=1e-6)
    assert is_lawful(tuple(found.open_sites))


def test_arcs_beyond_the_nearest_are_added_when_capacities_bind():
    """Forty sites of one seat each, all people near the same one: they must go far."""
    cost = np.tile(np.arange(40.0), (30, 1))

    found = capacitated_p_median(cost, 30, capacity=np.ones(40))

    assert found.status == "proved"
    assert found.objective == pytest.approx(np.arange(30.0).sum())
    assert np.bincount(found.shares.site).max() == 1


def test_one_origin_may_be_shared_out_among_sites():
    found = capacitated_p_median([[1.0, 2.0]], 2, demand=[3.0], capacity=[2.0, 2.0])

    assert found.objective == pytest.approx(4.0)
    assert found.shares.site.tolist() == [0, 1]
    assert found.shares.amount == pytest.approx([2.0, 1.0])
    assert found.assignment.tolist() == [0]


def test_too_few_seats_in_all_is_an_answer_with_its_reason():
    found = capacitated_p_median(np.ones((4, 3)), 2, capacity=[1.0, 1.0, 5.0], forbidden=(2,))

    assert (found.status, found.reason) == ("infeasible", "capacity")
    assert found.proof is None


def test_seats_out_of_reach_of_those_who_want_them_are_no_answer():
    cost = np.array([[1.0, np.inf], [1.0, np.inf], [np.inf, 1.0]])

    found = capacitated_p_median(cost, 2, capacity=[1.0, 5.0])

    assert (found.status, found.reason) == ("infeasible", "rules")


def test_a_cover_seats_nobody_where_no_site_is_near():
    found = capacitated_max_cover(np.full((2, 2), 9.0), 1, within=3.0, capacity=[1.0, 1.0])

    assert found.objective == 0.0
    assert found.assignment.tolist() == [-1, -1]


def test_no_demand_at_all_costs_nothing():
    found = capacitated_p_median(np.ones((2, 2)), 1, demand=[0.0, 0.0], capacity=[1.0, 1.0])

    assert (found.status, found.objective) == ("proved", 0.0)


def test_unlimited_capacities_are_the_p_median():
    cost, demand, _ = drawn(3)

    found = capacitated_p_median(cost, 2, demand=demand, capacity=np.full(6, np.inf))

    alone = min(
        float((demand * cost[:, list(c)].min(axis=1)).sum()) for c in combinations(range(6), 2)
    )
    assert found.objective == pytest.approx(alone)


def test_a_time_limit_gives_a_choice_and_a_true_bound():
    cost, demand, capacity = drawn(1, origins=60, sites=25)

    short = capacitated_p_median(cost, 6, demand=demand, capacity=capacity, time_limit_s=0.01)
    long = capacitated_p_median(cost, 6, demand=demand, capacity=capacity)

    assert long.status == "proved"
    assert short.bound <= long.objective + 1e-6 * long.objective
    assert short.objective >= long.objective - 1e-6 * long.objective
    asked = Question("capacitated_p_median", cost, p=6, weights=demand, capacity=capacity)
    assert verdict(asked, short).status != "wrong"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"capacity": [1.0]}, WrongShape),
        ({"capacity": [1.0, -1.0]}, ImpossibleNumber),
        ({"demand": [1.0, np.nan]}, ImpossibleNumber),
        ({"demand": [1.0, np.inf]}, ImpossibleNumber),
        ({"budget": Budget(np.ones(3), 1.0)}, WrongShape),
        ({"budget": Budget(np.ones(2), 0.5), "fixed": (0,)}, ContradictorySites),
        ({"forbidden": (0,)}, Unreachable),
    ],
)
def test_numbers_that_cannot_be_are_refused(given, error):
    cost = [[1.0, np.inf], [1.0, 1.0]]

    with pytest.raises(error):
        capacitated_p_median(cost, 1, **{"capacity": [9.0, 9.0]} | given)


def test_whatever_one_number_of_the_shares_becomes_it_is_found_or_true():
    cost, demand, capacity = drawn(5, tightness=1.3)
    found = capacitated_p_median(cost, 3, demand=demand, capacity=capacity)
    made = certify(
        Question("capacitated_p_median", cost, p=3, weights=demand, capacity=capacity), found
    )
    for name in ("share_origin", "share_site", "share_amount"):
        values = tampering.array(made[CERTIFICATE], name)
        for place in range(len(values)):
            altered = values.copy()
            altered[place] += 1
            certificate = tampering.with_array(made[CERTIFICATE], name, altered)
            assert verify(io.BytesIO(certificate), io.BytesIO(made[INSTANCE])).status == "wrong"
