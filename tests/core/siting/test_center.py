"""The least of the greatest distances: the best of all choices, and its proof."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.siting.naive import cases, sites_needed
from factories import instances
from maillage.core.siting import Quotas, p_center
from maillage.core.siting.errors import ContradictorySites, TooManySites, Unreachable
from shared import needs_instances


def drawn(seed: int) -> NDArray[np.float64]:
    """Whole costs of twelve origins to seven sites, a tenth of them out of reach."""
    chance = np.random.default_rng(seed)
    cost = chance.integers(0, 30, (12, 7)).astype(np.float64)
    cost[chance.random((12, 7)) < 1 / 10] = np.inf
    cost[:, 6] = 40
    return cost


def enumerated(cost: NDArray[np.float64], p: int, *, quotas: Quotas | None = None) -> float:
    """The least of the greatest costs; inf when no choice is allowed or reaches everybody."""
    best = np.inf
    for sites in map(list, combinations(range(cost.shape[1]), p)):
        if quotas is not None:
            held = np.bincount(quotas.group[sites], minlength=len(quotas.most))
            if (held > quotas.most).any():
                continue
        best = min(best, cost[:, sites].min(axis=1).max())
    return float(best)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), p=st.integers(1, 6))
def test_no_choice_is_nearer_and_the_multipliers_prove_it(seed: int, p: int) -> None:
    cost = drawn(seed)

    found = p_center(cost, p)

    assert found.status == "proved"
    assert found.objective == found.bound == enumerated(cost, p)
    assert found.open_sites.size == p
    served = cost[np.arange(12), found.assignment]
    np.testing.assert_array_equal(served, cost[:, found.open_sites].min(axis=1))
    assert found.proof is not None
    bound = sites_needed(cost < found.bound, np.ones(7))
    for u, opened, closed in cases(found.proof):
        assert len(opened) > p or bound(u, opened, closed) > p


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_fixed_and_forbidden_sites_hold_in_the_proof_too(seed: int) -> None:
    cost = drawn(seed)
    allowed = cost.copy()
    allowed[:, 0] = np.inf

    found = p_center(cost, 3, fixed=[1], forbidden=[0])

    choices = [[1, *rest] for rest in combinations(range(2, 7), 2)]
    best = min(cost[:, sites].min(axis=1).max() for sites in choices)
    assert (found.status, found.objective) == ("proved", best)
    assert found.proof is not None
    bound = sites_needed(allowed < found.bound, np.ones(7))
    for u, opened, closed in cases(found.proof):
        assert len(opened | {1}) > 3 or bound(u, opened | {1}, closed) > 3


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_quotas_hold(seed: int) -> None:
    cost = drawn(seed)
    quotas = Quotas(np.array([0, 0, 0, 1, 1, 1, 1]), np.array([1, 1]))

    found = p_center(cost, 2, quotas=quotas)

    best = enumerated(cost, 2, quotas=quotas)
    assert (found.status, found.objective) == ("proved", best)


def test_quotas_that_leave_too_few_sites_are_infeasible() -> None:
    found = p_center(np.ones((2, 3)), 2, quotas=Quotas(np.zeros(3, np.int64), np.array([1])))

    assert found.status == "infeasible"
    assert np.isnan(found.objective)


def test_too_few_sites_for_places_apart_are_infeasible() -> None:
    found = p_center(np.where(np.eye(3) > 0, 1.0, np.inf), 2)

    assert found.status == "infeasible"
    assert found.open_sites.size == 0


def test_a_stop_at_once_gives_a_true_bound() -> None:
    cost = np.random.default_rng(3).integers(1, 100, (60, 60)).astype(np.float64)
    best = p_center(cost, 4)

    found = p_center(cost, 4, time_limit_s=0.0)

    assert found.bound <= best.objective <= found.objective
    assert found.open_sites.size == 4


def test_what_cannot_be_is_refused_by_name() -> None:
    apart = np.array([[1.0, np.inf], [np.inf, np.inf], [np.inf, 3.0]])
    with pytest.raises(Unreachable) as refusal:
        p_center(apart, 1)
    assert refusal.value.facts["origins"] == (1,)
    with pytest.raises(TooManySites):
        p_center(np.ones((2, 2)), 3)
    with pytest.raises(ContradictorySites):
        p_center(np.ones((2, 2)), 1, fixed=[0, 1])


@needs_instances
@pytest.mark.parametrize("number", [1, 5, 10, 15])
def test_the_published_centers_are_proved_again(number: int) -> None:
    instance = instances.pmed(number)

    found = p_center(instance.cost, instance.p)

    assert (found.status, found.objective) == ("proved", instance.center)
