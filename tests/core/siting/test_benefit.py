"""Greatest benefit: equal to enumeration, bounded at any stop, and proved by what it keeps."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from maillage.core.siting.errors import ImpossibleNumber, TooManySites, WrongShape
from maillage.core.siting.inputs import Budget, Quotas
from maillage.core.siting.median import max_benefit, saved_km

Numbers = NDArray[np.float64]


def value_of(benefit: Numbers, sites: tuple[int, ...], weights: Numbers) -> float:
    return float((weights * benefit[:, list(sites)].max(axis=1)).sum())


def proved_by(
    tree: NDArray[np.int32], vectors: Numbers, worth: Numbers, p: int,
    fixed: set[int], forbidden: set[int], quotas: Quotas,
) -> float:  # fmt: skip
    """The highest bound of the cases of a tree, computed afresh."""
    todo = [(fixed, forbidden)]
    highest = -np.inf
    for token in tree.tolist():
        is_open, closed = todo.pop()
        if token >= 0:
            todo.append((is_open, closed | {token}))
            todo.append((is_open | {token}, closed))
            continue
        u = vectors[-1 - token]
        rho = np.maximum(0, worth - u[:, None]).sum(axis=0)
        room = quotas.most - np.bincount(quotas.group[list(is_open)], minlength=2)
        chosen = list(is_open)
        for j in sorted(set(range(rho.size)) - is_open - closed, key=lambda j: -rho[j]):
            if len(chosen) < p and room[quotas.group[j]] > 0:
                room[quotas.group[j]] -= 1
                chosen.append(j)
        if len(chosen) == p and room.min() >= 0:
            highest = max(highest, float(u.sum() + rho[chosen].sum()))
    assert todo == []
    return highest


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    benefit = chance.integers(0, draw(st.sampled_from([3, 100])), (n, m)).astype(float)
    weights = chance.integers(0, 5, n).astype(float)
    if draw(st.booleans()):
        benefit, weights = benefit * chance.random((n, m)), weights + chance.random(n)
    benefit[chance.random((n, m)) < 0.5] = 0
    p = draw(st.integers(1, m))
    sites = chance.permutation(m)
    fixed = set(sites[: draw(st.integers(0, p))].tolist())
    forbidden = set(sites[p:][: draw(st.integers(0, m - p))].tolist())
    group = chance.integers(0, 2, m)
    most = np.bincount(group[list(fixed)], minlength=2) + draw(st.integers(0, 7))
    return benefit, p, weights, fixed, forbidden, Quotas(group, most)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_the_answer_is_the_best_of_all_choices_and_its_proof_says_so(problem) -> None:
    benefit, p, weights, fixed, forbidden, quotas = problem
    found = max_benefit(
        benefit, p, weights=weights, fixed=fixed, forbidden=forbidden, quotas=quotas
    )
    values = [
        value_of(benefit, sites, weights)
        for sites in combinations(sorted(set(range(benefit.shape[1])) - forbidden), p)
        if fixed <= set(sites)
        and np.all(np.bincount(quotas.group[list(sites)], minlength=2) <= quotas.most)
    ]
    if not values:
        assert found.status == "infeasible"
        return
    best = max(values)
    assert (found.status, found.gap) == ("proved", 0)
    assert found.objective == pytest.approx(best, rel=1e-9)
    assert value_of(benefit, tuple(found.open_sites), weights) == pytest.approx(best, rel=1e-9)
    assert found.proof.multipliers.min(initial=0) >= 0
    worth = weights[:, None] * benefit
    proved = proved_by(
        found.proof.tree, found.proof.multipliers, worth, p, fixed, forbidden, quotas
    )
    if np.all(worth == np.floor(worth)):
        assert proved < best + 1
    else:
        assert proved <= best + 1e-9 * max(1, best)


def test_an_origin_that_gains_nowhere_takes_no_site() -> None:
    found = max_benefit([[0, 0, 5], [0, 2, 0], [0, 0, 0]], 1)
    assert found.open_sites.tolist() == [2]
    assert found.assignment.tolist() == [2, -1, -1]


def test_a_sparse_matrix_brings_nothing_where_it_has_no_arc() -> None:
    benefit = np.random.default_rng(3).integers(0, 4, (20, 9)).astype(float)
    dense, thin = max_benefit(benefit, 3), max_benefit(sparse.csr_array(benefit), 3)
    assert thin.objective == dense.objective


def test_within_a_budget_dear_sites_stay_closed() -> None:
    benefit = [[9, 4, 0], [9, 0, 3]]
    found = max_benefit(benefit, 2, budget=Budget(np.array([9.0, 1.0, 1.0]), 5.0))
    assert found.open_sites.tolist() == [1, 2]
    assert (found.objective, found.bound, found.status) == (7, 7, "proved")


def test_nobody_gains_anything_where_all_benefits_are_none() -> None:
    found = max_benefit(np.zeros((3, 4)), 2)
    assert (found.objective, found.bound, found.status) == (0, 0, "proved")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_out_of_time_at_once_the_bound_is_true(seed: int) -> None:
    benefit = np.random.default_rng(seed).integers(0, 1000, (40, 12)).astype(float)
    stopped = max_benefit(benefit, 4, time_limit_s=0)
    best = max_benefit(benefit, 4)
    assert stopped.objective <= best.objective <= stopped.bound
    assert stopped.status == ("proved" if stopped.gap == 0 else "gap")


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_an_impossible_benefit_is_refused(value: float) -> None:
    with pytest.raises(ImpossibleNumber):
        max_benefit([[1.0, value]], 1)


def test_wrong_weights_and_too_many_sites_are_refused() -> None:
    with pytest.raises(WrongShape):
        max_benefit([[1.0]], 1, weights=[1, 2])
    with pytest.raises(TooManySites):
        max_benefit([[1.0]], 2)


def test_a_stop_saves_what_is_left_of_the_way_if_near_home_and_worth_it() -> None:
    saved = saved_km(
        np.array([30.0, 12.0]),
        np.array([[5.0, 8.0, 25.0], [5.0, 1.0, 2.0]]),
        np.array([[6.0, 21.0, 20.0], [6.0, 2.0, 20.0]]),
        within_min=20.0,
        least_km=10.0,
    )
    assert saved.tolist() == [[25.0, 0.0, 0.0], [0.0, 11.0, 10.0]]
