"""The most people within reach of p sites: the best of all choices, and its proof."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from core.siting.naive import cases, covering_bound
from factories import instances
from maillage.core.siting import Budget, Points, Quotas, max_cover
from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    TooManySites,
    UnknownSite,
    WrongShape,
)
from shared import needs_instances

WITHIN = 3.0


def drawn(seed: int, origins: int = 14, sites: int = 7) -> tuple[Points, NDArray[np.float64]]:
    """Places in a square of ten, whole weights, some of them zero."""
    chance = np.random.default_rng(seed)
    places = Points(chance.random((origins, 2)) * 10, chance.random((sites, 2)) * 10)
    return places, chance.integers(0, 9, origins).astype(np.float64)


def distances(places: Points) -> NDArray[np.float64]:
    gaps = places.origins[:, None] - places.sites[None]
    return np.hypot(gaps[..., 0], gaps[..., 1])


def enumerated(
    near: NDArray[np.bool_],
    weight: NDArray[np.float64],
    p: int,
    *,
    fixed: frozenset[int] = frozenset(),
    forbidden: frozenset[int] = frozenset(),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
) -> float:
    """The most weight that p allowed sites cover; "not a number" when none are allowed."""
    best = np.nan
    for chosen in combinations(range(near.shape[1]), p):
        sites = list(chosen)
        if not fixed <= set(sites) or forbidden & set(sites):
            continue
        if quotas is not None:
            held = np.bincount(quotas.group[sites], minlength=len(quotas.most))
            if (held > quotas.most).any():
                continue
        if budget is not None and budget.price[sites].sum() > budget.most:
            continue
        best = np.fmax(best, weight[near[:, sites].any(axis=1)].sum())
    return float(best)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), p=st.integers(1, 6))
def test_no_choice_covers_more_and_the_multipliers_prove_it(seed: int, p: int) -> None:
    places, weight = drawn(seed)
    near = distances(places) <= WITHIN

    found = max_cover(places, p, within=WITHIN, weights=weight)

    bound = covering_bound(near, weight, p, [0] * 7, [7])
    assert found.status == "proved"
    assert found.objective == enumerated(near, weight, p) == found.bound
    assert found.open_sites.size == p
    assert weight[near[:, found.open_sites].any(axis=1)].sum() == found.objective
    assert found.proof is not None
    assert max(bound(*case) for case in cases(found.proof)) < found.objective + 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), p=st.integers(2, 4))
def test_fixed_forbidden_and_quotas_hold(seed: int, p: int) -> None:
    places, weight = drawn(seed)
    near = distances(places) <= WITHIN
    quotas = Quotas(np.array([0, 0, 0, 1, 1, 1, 2]), np.array([1, 1, 1]))

    found = max_cover(
        places, p, within=WITHIN, weights=weight, fixed=[2], forbidden=[4], quotas=quotas
    )

    best = enumerated(
        near, weight, p, fixed=frozenset({2}), forbidden=frozenset({4}), quotas=quotas
    )
    np.testing.assert_equal(found.objective, best)
    assert found.status == ("infeasible" if np.isnan(best) else "proved")
    if found.proof is not None:
        rooms = covering_bound(near, weight, p, quotas.group.tolist(), quotas.most.tolist())
        worst = max(rooms(u, yes | {2}, no | {4}) for u, yes, no in cases(found.proof))
        assert worst < best + 1


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), most=st.floats(2, 12))
def test_no_choice_within_the_budget_covers_more(seed: int, most: float) -> None:
    places, weight = drawn(seed)
    budget = Budget(np.random.default_rng(seed).random(7) * 5, most)

    found = max_cover(places, 3, within=WITHIN, weights=weight, budget=budget)

    best = enumerated(distances(places) <= WITHIN, weight, 3, budget=budget)
    np.testing.assert_equal(found.objective, best)
    assert found.status == ("infeasible" if np.isnan(best) else "proved")


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_places_matrix_and_sparse_matrix_are_one_problem(seed: int) -> None:
    places, weight = drawn(seed, origins=60)
    cost = distances(places)
    thin = sparse.csr_array(np.where(cost <= 2 * WITHIN, cost, 0))

    answers = [max_cover(c, 3, within=WITHIN, weights=weight) for c in (places, cost, thin)]

    assert len({answer.objective for answer in answers}) == 1
    for answer in answers:
        sites = answer.open_sites
        nearest = sites[np.argmin(cost[:, sites], axis=1)]
        reached = cost[:, sites].min(axis=1) <= WITHIN
        np.testing.assert_array_equal(answer.assignment, np.where(reached, nearest, -1))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_weights_that_are_not_whole_are_proved_too(seed: int) -> None:
    places, _ = drawn(seed)
    weight = np.random.default_rng(seed).random(14)

    found = max_cover(places, 3, within=WITHIN, weights=weight)

    best = enumerated(distances(places) <= WITHIN, weight, 3)
    assert found.status == "proved"
    assert found.objective == pytest.approx(best, rel=1e-9)


def test_a_stop_at_once_gives_a_choice_and_a_true_bound() -> None:
    places, weight = drawn(5, origins=300, sites=12)
    best = max_cover(places, 4, within=WITHIN, weights=weight)

    found = max_cover(places, 4, within=WITHIN, weights=weight, time_limit_s=0.0)

    assert found.open_sites.size == 4
    assert found.objective <= best.objective <= found.bound
    assert (found.status == "proved") == (found.gap == 0)


def test_an_origin_that_nobody_reaches_is_left_out() -> None:
    cost = np.array([[1.0, np.inf], [np.inf, 1.0], [np.inf, np.inf]])

    found = max_cover(cost, 1, within=1, weights=[2, 3, 50])

    assert found.objective == 3
    assert found.open_sites.tolist() == [1]
    assert found.assignment.tolist() == [-1, 1, -1]


def test_what_cannot_be_is_refused_by_name() -> None:
    cost = np.ones((3, 3))
    quotas = Quotas(np.zeros(3, np.int64), np.array([1]))
    wrong = np.array([[1.0, np.nan]])
    for refusal, arguments in (
        (ImpossibleNumber, {"cost": wrong, "p": 1}),
        (ImpossibleNumber, {"cost": sparse.csr_array(-cost), "p": 1}),
        (ImpossibleNumber, {"cost": cost, "p": 1, "within": np.nan}),
        (ImpossibleNumber, {"cost": Points(wrong, wrong), "p": 1}),
        (WrongShape, {"cost": Points(cost, cost), "p": 1}),
        (WrongShape, {"cost": cost, "p": 1, "weights": [1.0]}),
        (TooManySites, {"cost": cost, "p": 4}),
        (TooManySites, {"cost": cost, "p": 0}),
        (UnknownSite, {"cost": cost, "p": 1, "fixed": [3]}),
        (ContradictorySites, {"cost": cost, "p": 2, "fixed": [1], "forbidden": [1]}),
        (ContradictorySites, {"cost": cost, "p": 2, "fixed": [0, 1], "quotas": quotas}),
        (ContradictorySites, {"cost": cost, "p": 2, "fixed": [0], "budget": Budget(cost[0], 0)}),
    ):
        with pytest.raises(refusal):
            max_cover(**{"within": 2.0, **arguments})


@needs_instances
def test_the_published_optimum_is_proved_again() -> None:
    demand = instances.covering("BDS10000A")

    found = max_cover(Points(demand.origins, demand.sites), 10, within=5.5, weights=demand.weight)

    assert (found.status, found.objective) == ("proved", 441_545)
