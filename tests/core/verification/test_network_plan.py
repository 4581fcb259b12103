"""A three-tier plan: what it says is recomputed, each rule is looked at, alterations are found."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import tampering
from factories.enumeration import lawful_networks, value_of
from factories.network import network_problem
from maillage.core.siting import NetworkProblem, Siting, certify_network, plan_network
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.verification import Verdict, verify


def verdict(certificate: bytes, instance: bytes) -> Verdict:
    return verify(io.BytesIO(certificate), io.BytesIO(instance))


def certified(problem: NetworkProblem, plan: Siting | None = None) -> tuple[bytes, bytes]:
    made = certify_network(problem, plan or plan_network(problem))
    return made[CERTIFICATE], made[INSTANCE]


def reason(certificate: bytes, instance: bytes) -> str:
    found = verdict(certificate, instance)
    assert found.status == "wrong", found
    return found.reason


@pytest.fixture(scope="module")
def problem() -> NetworkProblem:
    return network_problem(1, sites=6)


@pytest.fixture(scope="module")
def pair(problem) -> tuple[bytes, bytes]:
    return certified(problem)


@given(seed=st.integers(0, 10_000), has_budgets=st.booleans())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_four_values_of_a_plan_are_found_again(seed, has_budgets):
    budgets = {"commune_budget_eur": 80, "epci_budget_eur": 150} if has_budgets else {}
    asked = network_problem(seed, **budgets)
    plan = plan_network(asked)
    if plan.status == "infeasible":
        assert certify_network(asked, plan) == {}
        return

    found = verdict(*certified(asked, plan))

    assert (found.status, found.reason) == ("solver", "")
    told = [stage.objective for stage in plan.stages]
    assert [stage.objective for stage in found.stages] == pytest.approx(told, abs=1e-3)
    assert [stage.bound for stage in found.stages] == [stage.bound for stage in plan.stages]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_no_lawful_network_passes_the_limits_given_without_a_solver(seed):
    asked = network_problem(seed, sites=3)
    plan = plan_network(asked)
    if plan.status == "infeasible":
        return
    limits = [stage.limit for stage in verdict(*certified(asked, plan)).stages]

    weights = 1000 * int(asked.probability.sum())
    for network in lawful_networks(asked):
        coverage, equity, served, minus_cost = value_of(asked, network)
        reached = (coverage, equity, served / weights, minus_cost)
        assert all(
            value <= limit + 1e-9
            for value, limit in zip(reached, (*limits[:3], -limits[3]), strict=True)
        )


def test_every_stage_overstated_is_found(pair):
    certificate, instance = pair
    stages = tampering.header(certificate)["stages"]
    for number, stage in enumerate(stages):
        better = -1 if stage["name"] == "cost" else 1
        for change in ("objective", "bound"):
            altered = [dict(s) for s in stages]
            altered[number][change] += better * (1 if change == "objective" else -1)
            found = reason(tampering.with_header(certificate, stages=altered), instance)
            assert found in ("objective_misstated", "bound_misstated")


def test_whatever_one_number_of_the_plan_becomes_its_values_stay_true(pair, problem):
    """Any number of the plan altered and sealed again: found, or the same values still."""
    certificate, instance = pair
    told = [stage.objective for stage in verdict(*pair).stages]
    for name in ("tier", "seats", "share_scenario", "share_cell", "share_site", "share_amount"):
        values = tampering.array(certificate, name)
        for place in range(len(values)):
            for change in (1, -1, 700):
                altered = values.copy()
                altered[place] += change
                found = verdict(tampering.with_array(certificate, name, altered), instance)
                if found.status != "wrong":
                    again = [stage.objective for stage in found.stages]
                    assert again == told, (name, place, change)


def opened(problem: NetworkProblem, tier: str) -> int:
    return int(np.flatnonzero(plan_network(problem).open_sites[tier])[0])


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"hubs": (0, 0)}, "count_of_tier"),
        ({"corpos": (1, 1)}, "count_of_tier"),
        ({"minis_max": 0}, "count_of_tier"),
        ({"commune_budget_eur": 1}, "budget_broken"),
        ({"epci_budget_eur": 1}, "budget_broken"),
        ({"min_gain_per_mini": 11}, "objective_misstated"),
    ],
)
def test_a_plan_that_breaks_another_rule_is_refused(problem, pair, rules, expected):
    _, instance = certified(problem.with_rules(**rules), plan_network(problem))

    assert reason(tampering.for_instance(pair[0], instance), instance) == expected


def test_sites_out_of_place_are_refused(problem, pair):
    hub, mini = opened(problem, "hub"), opened(problem, "mini")
    closed = int(np.flatnonzero(~plan_network(problem).covering)[0])
    nobody = {t: np.zeros(6, dtype=bool) for t in ("hub", "mini", "corpo")}
    others = [
        (problem.with_rules(forbidden=frozenset({hub})), "forbidden_open"),
        (replace(problem, may_hold=nobody), "forbidden_open"),
        (replace(problem, links=np.zeros((6, 6), dtype=bool)), "mini_without_hub"),
        (problem.with_rules(required=(frozenset({closed}),)), "required_missing"),
        (replace(problem, near=np.zeros_like(problem.near), hub_near=problem.near & False),
         "out_of_reach"),
        (replace(problem, demand=problem.demand * 0), "demand_misserved"),
    ]  # fmt: skip
    assert hub != mini
    for other, expected in others:
        instance = certify_network(other, plan_network(problem))[INSTANCE]
        assert reason(tampering.for_instance(pair[0], instance), instance) == expected


def test_two_hubs_of_one_commune_are_refused():
    asked = next(
        p
        for p in (network_problem(seed, sites=6, hubs=(2, 2)) for seed in range(20))
        if plan_network(p).status == "proved"
    )
    certificate, _ = certified(asked)
    together = replace(asked, candidate_commune=np.zeros(6, dtype=int))
    instance = certify_network(together, plan_network(asked))[INSTANCE]

    assert reason(tampering.for_instance(certificate, instance), instance) == "two_hubs_in_commune"


def test_more_people_than_seats_are_refused(problem, pair):
    seats = {t: np.full(6, 1) for t in ("hub", "mini", "corpo")}
    fewer = replace(problem, seats_min=seats, seats_max=seats)
    instance = certify_network(fewer, plan_network(problem))[INSTANCE]
    certificate = tampering.for_instance(pair[0], instance)
    assert reason(certificate, instance) == "seats_misfit"

    told = np.minimum(tampering.array(certificate, "seats"), 1)
    certificate = tampering.with_array(certificate, "seats", told)
    assert reason(certificate, instance) == "capacity_broken"


@pytest.mark.parametrize("stages", [None, [], [1, 2, 3, 4], [{"name": "coverage"}] * 4])
def test_stages_that_are_none_are_refused(pair, stages):
    altered = tampering.with_header(pair[0], stages=stages)

    assert reason(altered, pair[1]) == "header"


def test_a_plan_stopped_by_time_is_a_gap(problem):
    plan = plan_network(problem)
    first = replace(plan.stages[0], bound=plan.stages[0].bound + 10, gap=0.1)
    cut = replace(plan, stages=(first, *plan.stages[1:]), status="gap")

    assert verdict(*certified(problem, cut)).status == "gap"
