"""p-median: equal to enumeration, bounded at any stop, and proved by what it keeps."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factories.instances import pmed
from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    TooManySites,
    UnknownSite,
    Unreachable,
    WrongShape,
)
from maillage.core.siting.inputs import Budget, Quotas
from maillage.core.siting.median import p_median
from shared import needs_instances

Numbers = NDArray[np.float64]


def value_of(cost: Numbers, sites: tuple[int, ...], weights: Numbers) -> float:
    nearest = cost[:, list(sites)].min(axis=1)
    return float(np.where(weights > 0, weights * np.where(weights > 0, nearest, 0), 0).sum())


def choices(m: int, p: int, fixed: set[int], forbidden: set[int], quotas: Quotas | None):
    for sites in combinations(range(m), p):
        if not fixed <= set(sites) or forbidden & set(sites):
            continue
        if quotas is None or np.all(
            np.bincount(quotas.group[list(sites)], minlength=quotas.most.size) <= quotas.most
        ):
            yield sites


def proved_by(
    tree: NDArray[np.int32], vectors: Numbers, costs: Numbers, p: int,
    fixed: set[int], forbidden: set[int], quotas: Quotas | None,
) -> float:  # fmt: skip
    """The lowest bound of the cases of a tree, computed afresh."""
    todo = [(fixed, forbidden)]
    lowest = np.inf
    for token in tree.tolist():
        is_open, closed = todo.pop()
        if token >= 0:
            todo.append((is_open, closed | {token}))
            todo.append((is_open | {token}, closed))
            continue
        lowest = min(lowest, leaf(vectors[-1 - token], costs, p, is_open, closed, quotas))
    assert todo == []
    return lowest


def leaf(
    u: Numbers, costs: Numbers, p: int, is_open: set[int], closed: set[int], quotas: Quotas | None
) -> float:  # fmt: skip
    rho = np.minimum(0, costs - u[:, None]).sum(axis=0)
    m = rho.size
    group = np.zeros(m, int) if quotas is None else quotas.group
    room = [m] if quotas is None else quotas.most.tolist()
    total, left = float(u.sum()), p
    free = sorted(set(range(m)) - is_open - closed, key=lambda j: rho[j])
    if is_open & closed:
        return np.inf
    for j in (*is_open, *free):
        if j in is_open or (left and room[group[j]] > 0):
            room[group[j]] -= 1
        else:
            continue
        left -= 1
        total += rho[j]
    return total if left == 0 and min(room) >= 0 else np.inf


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    whole = draw(st.booleans())
    cost = chance.integers(0, draw(st.sampled_from([3, 100])), (n, m)).astype(float)
    weights = chance.integers(0, 5, n).astype(float)
    if not whole:
        cost, weights = cost + chance.random((n, m)), weights + chance.random(n)
    if draw(st.booleans()):
        cost[chance.random((n, m)) < 0.4] = np.inf
    p = draw(st.integers(1, m))
    sites = chance.permutation(m)
    fixed = set(sites[: draw(st.integers(0, p))].tolist())
    forbidden = set(sites[p:][: draw(st.integers(0, m - p))].tolist())
    quotas = None
    if draw(st.booleans()):
        group = chance.integers(0, 3, m)
        quotas = Quotas(
            group, np.bincount(group[list(fixed)], minlength=3) + draw(st.integers(0, 2))
        )
    allowed = sorted(set(range(m)) - forbidden)
    cost[~np.isfinite(cost[:, allowed]).any(axis=1), allowed[0]] = 7.0
    return cost, p, weights, fixed, forbidden, quotas


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_answer_is_the_best_of_all_choices_and_its_proof_says_so(problem) -> None:
    cost, p, weights, fixed, forbidden, quotas = problem
    found = p_median(cost, p, weights=weights, fixed=fixed, forbidden=forbidden, quotas=quotas)
    values = [
        value_of(cost, s, weights) for s in choices(cost.shape[1], p, fixed, forbidden, quotas)
    ]
    best = min(values, default=np.inf)
    if best == np.inf:
        assert found.status == "infeasible"
        assert found.open_sites.size == 0
        return
    assert found.status == "proved"
    assert found.gap == 0
    assert found.objective == pytest.approx(best, rel=1e-9)
    assert found.objective == pytest.approx(value_of(cost, tuple(found.open_sites), weights))
    assert found.open_sites.size == p
    costs = np.where(
        weights[:, None] > 0, weights[:, None] * np.where(weights[:, None] > 0, cost, 0), 0
    )
    proved = proved_by(
        found.proof.tree, found.proof.multipliers, costs, p, fixed, forbidden, quotas
    )
    if np.all(costs[np.isfinite(costs)] == np.floor(costs[np.isfinite(costs)])):
        assert proved > best - 1
    else:
        assert proved >= best - 1e-9 * max(1, best)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_out_of_time_at_once_the_choice_is_allowed_and_the_bound_true(seed: int) -> None:
    chance = np.random.default_rng(seed)
    cost = chance.integers(0, 1000, (40, 12)).astype(float)
    stopped = p_median(cost, 4, fixed=[3], forbidden=[5], time_limit_s=0)
    best = p_median(cost, 4, fixed=[3], forbidden=[5])
    assert stopped.open_sites.size == 4
    assert 3 in stopped.open_sites
    assert 5 not in stopped.open_sites
    assert stopped.bound <= best.objective <= stopped.objective
    assert stopped.status == ("proved" if stopped.gap == 0 else "gap")
    proof = stopped.proof
    proved = proved_by(proof.tree, proof.multipliers, cost, 4, {3}, {5}, None)
    assert np.ceil(proved) >= stopped.bound


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 60))
def test_within_a_budget_the_answer_is_the_best_of_what_it_pays(problem, most: int) -> None:
    cost, p, weights, fixed, forbidden, quotas = problem
    price = np.random.default_rng(most).integers(0, 20, cost.shape[1]).astype(float)
    budget = Budget(price, most + price[list(fixed)].sum())
    found = p_median(
        cost, p, weights=weights, fixed=fixed, forbidden=forbidden, quotas=quotas, budget=budget
    )
    values = [
        value_of(cost, sites, weights)
        for sites in choices(cost.shape[1], p, fixed, forbidden, quotas)
        if price[list(sites)].sum() <= budget.most
    ]
    best = min(values, default=np.inf)
    if best == np.inf:
        assert found.status == "infeasible"
        return
    assert (found.status, found.proof.method) == ("proved", "solver")
    assert found.objective == pytest.approx(best, rel=1e-6)
    assert price[found.open_sites].sum() <= budget.most


def test_fixed_sites_dearer_than_the_budget_are_refused() -> None:
    with pytest.raises(ContradictorySites) as refused:
        p_median([[1.0, 2.0]], 1, fixed=[1], budget=Budget(np.array([1.0, 9.0]), 8.0))
    assert refused.value.facts == {"reason": "over_budget", "sites": (1,)}


def test_each_origin_goes_to_its_nearest_open_site() -> None:
    cost = np.random.default_rng(4).random((30, 10))
    found = p_median(cost, 3)
    nearest = found.open_sites[np.argmin(cost[:, found.open_sites], axis=1)]
    assert found.assignment.tolist() == nearest.tolist()


@needs_instances
@pytest.mark.parametrize("number", range(1, 6))
def test_the_small_instances_of_or_library_are_proved(number: int) -> None:
    published = pmed(number)
    found = p_median(published.cost, published.p)
    assert (found.objective, found.status) == (published.median, "proved")


def test_a_cost_below_zero_or_not_a_number_is_refused() -> None:
    for value in (-1.0, np.nan):
        with pytest.raises(ImpossibleNumber) as refused:
            p_median([[1.0, value]], 1)
        assert refused.value.facts["column"] == 1


def test_weights_of_another_length_are_refused() -> None:
    with pytest.raises(WrongShape):
        p_median([[1.0, 2.0]], 1, weights=[1.0, 1.0])


def test_quotas_of_another_length_are_refused() -> None:
    for quotas in (
        Quotas(np.array([0]), np.array([1])),
        Quotas(np.array([0, 1]), np.array([1])),
    ):
        with pytest.raises(WrongShape):
            p_median([[1.0, 2.0]], 1, quotas=quotas)


def test_an_unknown_site_is_refused() -> None:
    with pytest.raises(UnknownSite):
        p_median([[1.0, 2.0]], 1, fixed=[2])


@pytest.mark.parametrize("p", [0, 2])
def test_more_sites_than_may_open_or_none_are_refused(p: int) -> None:
    with pytest.raises(TooManySites):
        p_median([[1.0, 2.0]], p, forbidden=[0])


def test_contradictory_sites_are_refused_with_their_reason() -> None:
    cost = [[1.0, 2.0, 3.0]]
    quotas = Quotas(np.array([0, 0, 1]), np.array([1, 1]))
    for asked, reason in (
        ({"fixed": [0], "forbidden": [0]}, "both"),
        ({"fixed": [0, 2, 1]}, "more_than_asked"),
        ({"fixed": [0, 1], "quotas": quotas}, "over_quota"),
    ):
        with pytest.raises(ContradictorySites) as refused:
            p_median(cost, 2, **asked)
        assert refused.value.facts["reason"] == reason


def test_origins_that_no_allowed_site_reaches_are_all_named() -> None:
    cost = np.array([[1, np.inf], [np.inf, 1], [1, 1], [np.inf, 2]])
    with pytest.raises(Unreachable) as refused:
        p_median(cost, 1, forbidden=[1])
    assert refused.value.facts["origins"] == (1, 3)
