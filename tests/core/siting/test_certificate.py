"""What the solvers prove, somebody else finds again from the two files alone."""

import io
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from factories import instances
from maillage.core.siting import (
    Question,
    certify,
    max_benefit,
    max_cover,
    p_center,
    p_median,
    set_cover,
)
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.errors import NothingToCertify
from maillage.core.siting.inputs import Budget, Points, Quotas
from maillage.core.siting.solution import Solution
from maillage.core.verification import Verdict, verify
from shared import needs_instances


def verdict(asked: Question, found: Solution) -> Verdict:
    made = certify(asked, found)
    return verify(io.BytesIO(made[CERTIFICATE]), io.BytesIO(made[INSTANCE]))


def drawn(seed: int, *, origins: int = 60, sites: int = 25) -> Points:
    rng = np.random.default_rng(seed)
    return Points(rng.random((origins, 2)) * 100, rng.random((sites, 2)) * 100)


def distances(places: Points) -> np.ndarray:
    return np.hypot(*(places.origins[:, None] - places.sites[None]).transpose(2, 0, 1))


RULES = {
    "plain": {},
    "fixed and forbidden": {"fixed": (1, 4), "forbidden": (2, 3)},
    "quotas": {"quotas": Quotas(np.arange(25) % 3, np.array([2, 2, 2]))},
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("is_whole", [True, False])
def test_the_proof_of_a_p_median_is_found_again(seed, rules, is_whole):
    places = drawn(seed)
    weights = np.random.default_rng(seed).integers(0, 9, 60).astype(float)
    cost = np.floor(distances(places)) if is_whole else places

    found = p_median(cost, 5, weights=weights, **rules)

    checked = verdict(Question("p_median", cost, p=5, weights=weights, **rules), found)
    assert (found.status, checked.status, checked.reason) == ("proved", "proved", "")
    assert checked.objective == pytest.approx(found.objective, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("is_sparse", [True, False])
def test_the_proof_of_the_greatest_benefit_is_found_again(seed, rules, is_sparse):
    benefit = np.maximum(0.0, np.floor(40.0 - distances(drawn(seed))))
    given = sparse.csr_array(benefit) if is_sparse else benefit

    found = max_benefit(given, 5, **rules)

    checked = verdict(Question("max_benefit", given, p=5, **rules), found)
    assert (found.status, checked.status, checked.reason) == ("proved", "proved", "")
    assert checked.objective == found.objective


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_proof_of_the_most_people_covered_is_found_again(seed, rules):
    places = drawn(seed)
    weights = np.random.default_rng(seed).integers(0, 9, 60).astype(float)

    found = max_cover(places, 5, within=15.0, weights=weights, **rules)

    asked = Question("max_cover", places, p=5, within=15.0, weights=weights, **rules)
    checked = verdict(asked, found)
    assert (found.status, checked.status, checked.reason) == ("proved", "proved", "")
    assert checked.objective == found.objective


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("prices", [None, np.arange(25.0) % 4 + 1])
def test_the_proof_of_the_fewest_or_cheapest_sites_is_found_again(seed, times, prices):
    places = drawn(seed)

    found = set_cover(places, within=45.0, times=times, prices=prices)

    asked = Question("set_cover", places, within=45.0, times=times, prices=prices)
    checked = verdict(asked, found)
    by_hand = found.proof.method == "multipliers"
    assert found.status == "proved"
    assert (checked.status, checked.reason) == ("proved" if by_hand else "solver", "")
    assert checked.objective == found.objective


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_proof_of_the_least_greatest_cost_is_found_again(seed, rules):
    places = drawn(seed)

    found = p_center(places, 5, **rules)

    checked = verdict(Question("p_center", places, p=5, **rules), found)
    by_hand = found.proof.method == "multipliers"
    assert found.status == "proved"
    assert (checked.status, checked.reason) == ("proved" if by_hand else "solver", "")
    assert checked.objective == found.objective


def test_under_a_budget_the_solver_proves_and_the_limit_is_that_of_every_site_open():
    benefit = np.maximum(0.0, np.floor(40.0 - distances(drawn(1))))
    budget = Budget(np.arange(1.0, 26.0), 30.0)

    found = max_benefit(benefit, 5, budget=budget)

    checked = verdict(Question("max_benefit", benefit, p=5, budget=budget), found)
    assert (found.proof.method, checked.status) == ("solver", "solver")
    assert checked.objective <= checked.bound <= benefit.max(axis=1).sum()


def test_a_search_cut_before_any_bound_has_nothing_to_certify():
    cost = drawn(3)
    cut = replace(p_median(cost, 5), status="gap", bound=-np.inf)

    with pytest.raises(NothingToCertify):
        certify(Question("p_median", cost, p=5), cut)


def test_a_result_without_sites_has_nothing_to_certify():
    cost = np.ones((3, 2))
    none = p_median(cost, 2, quotas=Quotas(np.zeros(2, np.int64), np.array([1])))

    with pytest.raises(NothingToCertify):
        certify(Question("p_median", cost, p=2), none)


@needs_instances
@pytest.mark.parametrize("number", [1, 5, 10, 20])
def test_published_instances_are_proved_again(number):
    known = instances.pmed(number)

    checked = verdict(Question("p_median", known.cost, p=known.p), p_median(known.cost, known.p))

    assert (checked.status, checked.objective) == ("proved", known.median)
