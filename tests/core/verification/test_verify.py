"""A right certificate passes; whatever is altered in it is found."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories import certified, tampering
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.certificate import Question, certify
from maillage.core.siting.inputs import Budget, Points, Quotas
from maillage.core.verification import Verdict, verify

RULES = {
    "p_median": {},
    "max_benefit": {"fixed": (3,)},
    "max_cover": {"forbidden": (0,)},
    "set_cover": {"within": 15.0, "times": 2},
    "p_center": {},
}


def files(kind: str, seed: int = 4, **more) -> tuple[bytes, bytes]:
    asked = certified.question(kind, seed, **RULES[kind] | more)
    solution = certified.solved(asked)
    assert solution is not None
    made = certify(asked, solution)
    return made[CERTIFICATE], made[INSTANCE]


def verdict(certificate: bytes, instance: bytes) -> Verdict:
    return verify(io.BytesIO(certificate), io.BytesIO(instance))


def reason(certificate: bytes, instance: bytes) -> str:
    found = verdict(certificate, instance)
    assert found.status == "wrong", found
    return found.reason


@given(kind=st.sampled_from(certified.KINDS), seed=st.integers(0, 10_000), ruled=st.booleans())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_a_right_certificate_is_proved_with_the_value_of_enumeration(kind, seed, ruled):
    quotas = Quotas(np.array([0, 0, 1, 1, 1]), np.array([1, 2]))
    budget = Budget(np.array([1.0, 2, 3, 4, 5]), 8.0)
    rules = {"quotas": quotas, "budget": budget, "fixed": (1,), "forbidden": (4,)} if ruled else {}
    asked = certified.question(kind, seed, **rules)
    solution = certified.solved(asked)
    if solution is None:
        return
    made = certify(asked, solution)

    found = verdict(made[CERTIFICATE], made[INSTANCE])

    assert (found.status, found.reason) == ("proved", "")
    assert (found.objective, found.bound, found.gap) == (solution.objective,) * 2 + (0.0,)


@pytest.mark.parametrize("kind", certified.KINDS)
def test_whatever_one_array_of_the_certificate_becomes_the_answer_stays_true(kind):
    """Any number of any array altered and sealed again: found, or no less proved than before."""
    certificate, instance = files(kind)
    best = tampering.header(certificate)["objective"]
    for name in ("open_sites", "assignment", "multipliers", "tree"):
        values = tampering.array(certificate, name)
        for place in np.ndindex(values.shape):
            for change in (1, -1, 7):
                altered = values.copy()
                altered[place] += change
                found = verdict(tampering.with_array(certificate, name, altered), instance)
                assert found.status in ("wrong", "proved")
                if found.status == "proved":
                    assert (found.objective, found.bound) == (best, best)


@given(kind=st.sampled_from(certified.KINDS), seed=st.integers(0, 500), data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nothing_is_proved_of_other_costs_but_what_is_true_of_them(kind, seed, data):
    """One cost altered, both files sealed again: "proved" only where enumeration agrees."""
    asked = certified.question(kind, seed)
    solution = certified.solved(asked)
    if solution is None:
        return
    other = np.array(asked.cost)
    place = data.draw(st.tuples(st.integers(0, 6), st.integers(0, 4)))
    other[place] = data.draw(st.integers(0, 25))
    certificate = certify(asked, solution)[CERTIFICATE]
    instance = certify(replace(asked, cost=other), solution)[INSTANCE]

    found = verdict(tampering.for_instance(certificate, instance), instance)

    truth = certified.solved(replace(asked, cost=other))
    if found.status == "proved":
        assert truth is not None
        assert found.objective == truth.objective


@pytest.mark.parametrize("kind", certified.KINDS)
def test_a_worse_choice_of_sites_is_never_proved(kind):
    asked = certified.question(kind, 4, **RULES[kind])
    best = certified.solved(asked)
    sites = range(5)
    for pair in ((a, b) for a in sites for b in sites if a < b):
        if not certified.is_allowed(asked, pair) or set(pair) & set(asked.forbidden):
            continue
        value = certified.value_of(asked, pair)
        opened = np.array(pair)
        told = replace(
            best, open_sites=opened, assignment=certified.assigned(asked, opened),
            objective=0.0 if np.isinf(value) else value, bound=0.0 if np.isinf(value) else value,
        )  # fmt: skip
        made = certify(asked, told)
        found = verdict(made[CERTIFICATE], made[INSTANCE])
        assert (found.status == "proved") == (value == best.objective), (pair, found)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"objective": 0.0}, "objective_misstated"),
        ({"objective": float("nan")}, "header"),
        ({"bound": 0.0}, "status_misstated"),
        ({"bound": 1e6, "status": "gap"}, "bound_misstated"),
        ({"status": "gap"}, "status_misstated"),
        ({"method": "trust"}, "header"),
        ({"kind": "p_center"}, "other_kind"),
        ({"instance": "0" * 64}, "digest"),
        ({"version": 2}, "other_version"),
        ({"format": "maillage-instance"}, "other_format"),
    ],
)
def test_each_field_of_the_header_is_verified(changes, expected):
    certificate, instance = files("p_median")

    assert reason(tampering.with_header(certificate, **changes), instance) == expected


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("open_sites", np.array([1, 0]), "open_sites"),
        ("open_sites", np.array([0, 9]), "open_sites"),
        ("open_sites", np.array([0, 1, 2]), "count_of_sites"),
        ("open_sites", np.array([0.0, 1.0]), "array_shape"),
        ("assignment", np.zeros(3, np.int64), "array_shape"),
        ("assignment", np.full(7, 9), "assignment"),
        ("assignment", np.full(7, -1), "origin_unserved"),
        ("multipliers", np.zeros((1, 3)), "multipliers"),
        ("multipliers", np.full((40, 7), np.inf), "multipliers"),
        ("multipliers", np.full((1, 7), np.nan), "array_number"),
        ("tree", np.array([-1], np.int32), "bound_misstated"),
        ("tree", np.zeros(0, np.int32), "tree"),
        ("tree", np.array([0, -1], np.int32), "tree"),
        ("tree", np.array([-1, -1], np.int32), "tree"),
        ("tree", np.array([0, 0, -1, -1, -1], np.int32), "tree"),
        ("tree", np.array([7, -1, -1], np.int32), "tree"),
        ("tree", np.array([-99], np.int32), "tree"),
    ],
)
def test_each_array_is_verified(name, values, expected):
    certificate, instance = files("p_median")

    assert reason(tampering.with_array(certificate, name, values), instance) == expected


def test_multipliers_beyond_their_range_prove_nothing():
    certificate, instance = files("max_cover")
    u = tampering.array(certificate, "multipliers")

    for wrong in (u - 1.0, u + 100.0):
        assert reason(tampering.with_array(certificate, "multipliers", wrong), instance) == (
            "multipliers"
        )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"forbidden": (0, 1, 2)}, "forbidden_open"),
        ({"fixed": (0, 1, 2)}, "fixed_closed"),
        ({"p": 3}, "count_of_sites"),
        ({"quotas": Quotas(np.zeros(5, np.int64), np.array([1]))}, "quota_broken"),
        ({"budget": Budget(np.ones(5), 1.5)}, "budget_broken"),
    ],
)
def test_a_rule_that_the_sites_break_is_named(rule, expected):
    asked = certified.question("p_median", 4)
    solution = certified.solved(asked)

    made = certify(replace(asked, **rule), solution)

    assert reason(made[CERTIFICATE], made[INSTANCE]) == expected


def test_an_origin_that_the_sites_do_not_cover_is_found():
    asked = certified.question("set_cover", 4, times=1)
    solution = certified.solved(asked)

    made = certify(replace(asked, times=3), solution)

    assert reason(made[CERTIFICATE], made[INSTANCE]) == "origin_unserved"


def test_dense_costs_arcs_and_places_are_verified_alike():
    rng = np.random.default_rng(2)
    places = Points(rng.random((7, 2)), rng.random((5, 2)))
    apart = np.hypot(*(places.origins[:, None] - places.sites[None]).transpose(2, 0, 1))
    solution = certified.solved(Question("p_median", apart, p=2))

    for cost in (apart, sparse.csr_array(apart), places):
        made = certify(Question("p_median", cost, p=2), solution)
        assert verdict(made[CERTIFICATE], made[INSTANCE]).status == "proved"


def test_a_bound_that_time_cut_short_is_a_gap():
    asked = certified.question("p_median", 4)
    best = certified.solved(asked)
    nearest = certified.weighted(asked).min(axis=1)
    proof = replace(best.proof, multipliers=nearest[None], tree=np.array([-1], np.int32))
    told = replace(best, bound=float(nearest.sum()), status="gap", proof=proof)

    made = certify(asked, told)
    found = verdict(made[CERTIFICATE], made[INSTANCE])

    assert found.status == "gap"
    assert found.bound == nearest.sum()
    assert found.gap == pytest.approx((best.objective - nearest.sum()) / best.objective)


def test_the_same_question_gives_the_same_bytes():
    assert files("p_median") == files("p_median")
