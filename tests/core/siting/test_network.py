"""The three-tier siting: equal to brute force, lawful, never worse with more choice."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.enumeration import coverage_of, euros_of, lawful_networks, value_of
from factories.network import network_problem
from maillage.core.siting import NetworkProblem, chosen_for_commuters, plan_network
from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    UnknownSite,
    WrongShape,
)
from maillage.core.siting.network import NetworkModel
from maillage.core.siting.problem import SEAT_SCALE, TIERS, SiteEuros
from maillage.core.siting.soundness import beyond_reach


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_plan_equals_brute_force_objective_by_objective(seed):
    problem = network_problem(seed)
    values = [value_of(problem, network) for network in lawful_networks(problem)]

    siting = plan_network(problem)

    if not values:
        assert siting.status == "infeasible"
        return
    coverage, equity, served, minus_cost = max(values)
    weights = 1000 * int(problem.probability.sum())
    assert siting.status == "proved"
    assert [stage.objective for stage in siting.stages] == pytest.approx(
        [coverage, equity, served / weights, -minus_cost], abs=1e-9
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_plan_obeys_its_rules(seed):
    problem = network_problem(seed, sites=6, minis_max=2)

    siting = plan_network(problem)

    if siting.status == "infeasible":
        return
    hub, mini = siting.open_sites["hub"], siting.open_sites["mini"]
    assert 1 <= hub.sum() <= 2
    assert mini.sum() <= 2
    assert not (hub & mini).any()
    assert all(problem.may_hold[t][siting.open_sites[t]].all() for t in TIERS)
    assert all((problem.links[j] & hub).any() for j in np.flatnonzero(mini))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_one_more_candidate_never_worsens_the_optimum(seed):
    problem = network_problem(seed, sites=6)
    without_last = problem.with_rules(forbidden=frozenset({5}))

    more, fewer = plan_network(problem), plan_network(without_last)

    if fewer.status == "proved":
        assert more.stages[0].objective >= fewer.stages[0].objective


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_each_commune_keeps_to_its_budget(seed):
    problem = network_problem(seed, commune_budget_eur=80)

    siting = plan_network(problem)

    if siting.status == "infeasible":
        return
    for j in np.flatnonzero(siting.covering):
        tier = "hub" if siting.open_sites["hub"][j] else "mini"
        assert euros_of(problem.investment, j, tier, siting.seats[j]) <= 80


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_epci_keeps_to_its_budget_net_of_income(seed):
    problem = replace(network_problem(seed, epci_budget_eur=120), income_eur=np.full(4, 10.0))

    siting = plan_network(problem)

    if siting.status == "infeasible":
        return
    operation = sum(
        problem.operation[t].of(siting.open_sites[t], siting.seats) for t in ("hub", "mini")
    )
    weights = problem.probability / problem.probability.sum()
    income = 10.0 * float((weights[:, None] * siting.served).sum())
    assert operation - income <= 120 + 1e-6


def test_a_required_group_gets_a_site_and_a_forbidden_one_none():
    problem = network_problem(3, sites=6)
    free = plan_network(problem)
    closed = [j for j in range(6) if problem.may_hold["hub"][j] and not free.covering[j]]
    opened = np.flatnonzero(free.covering)
    assert closed
    assert opened.size

    siting = plan_network(
        problem.with_rules(required=(frozenset(closed[:1]),), forbidden=frozenset({int(opened[0])}))
    )

    assert siting.covering[closed[0]]
    assert not siting.covering[opened[0]]


def test_two_buildings_of_one_town_centre_are_not_two_hubs():
    problem = network_problem(1, hubs=(1, 2))
    problem = replace(
        problem,
        candidate_commune=np.zeros(4, dtype=int),
        may_hold=problem.may_hold | {"hub": np.ones(4, dtype=bool)},
    )

    siting = plan_network(problem)

    assert siting.open_sites["hub"].sum() == 1


def test_more_hubs_than_candidates_is_infeasible_and_says_so_as_a_status():
    siting = plan_network(network_problem(1, hubs=(5, 5)))

    assert siting.status == "infeasible"
    assert siting.stages == ()


def test_equity_is_kept_before_seats():
    """Villages a and b bring as many inhabitants; b lifts the worst commune, a would fill seats."""
    hub, a, b = 0, 1, 2
    near = np.zeros((4, 3), dtype=bool)
    near[1, a] = near[3, b] = True
    problem = replace(
        network_problem(1, sites=3, cells=4, hubs=(1, 1), minis_max=1, min_gain_per_mini=0),
        weight=np.array([30, 10, 10, 10]),
        commune=np.array([0, 0, 1, 1]),
        covered_today=np.array([True, False, True, False]),
        near=near,
        hub_near=np.zeros((4, 3), dtype=bool),
        links=np.ones((3, 3), dtype=bool),
        may_hold={
            "hub": np.array([True, False, False]),
            "mini": np.array([False, True, True]),
            "corpo": np.zeros(3, dtype=bool),
        },
        demand=np.array([[0, 1900, 0, 100]]),
        probability=np.array([1]),
        passing=np.zeros(6, dtype=np.int64),
    )

    siting = plan_network(problem)

    assert siting.open_sites["hub"][hub]
    assert np.flatnonzero(siting.open_sites["mini"]).tolist() == [b]
    assert siting.stages[1].objective == 0.75
    assert siting.stages[2].objective == 0.1


def by_hand(**changes) -> NetworkProblem:
    """Two candidates and two cells, everything closed until a test opens it."""
    nothing = np.zeros((2, 2), dtype=bool)
    one = SiteEuros(np.array([10, 10]), np.array([1, 1]))
    return replace(
        network_problem(1, sites=2, cells=2, min_gain_per_mini=0),
        weight=np.array([50, 10]),
        commune=np.array([0, 0]),
        covered_today=np.array([False, False]),
        near=nothing,
        hub_near=nothing,
        minutes=np.full((2, 2), 15, dtype=np.float32),
        links=np.ones((2, 2), dtype=bool),
        probability=np.array([1]),
        yearly_cost=dict.fromkeys(TIERS, one),
        **{"passing": np.zeros(6, dtype=np.int64)} | changes,
    )


def test_commuters_decide_between_villages_that_serve_as_well():
    """Both minis would cover the same people and seat nobody: the one on more trips opens."""
    near = np.ones((2, 2), dtype=bool)
    either = by_hand(
        may_hold={
            "hub": np.array([True, True]),
            "mini": np.zeros(2, dtype=bool),
            "corpo": np.zeros(2, dtype=bool),
        },
        demand=np.zeros((1, 2), dtype=np.int64),
        passes=np.array([[True, False], [False, True], [True, True]]),
        passing=np.array([20, 30, 500]),
    )
    either = replace(either, near=near).with_rules(hubs=(1, 1))

    siting = plan_network(either)

    assert np.flatnonzero(siting.covering).tolist() == [1]
    assert siting.stages[2].objective == 0.53
    assert chosen_for_commuters(either, siting) == {1}


def test_a_person_who_passes_by_two_sites_counts_once():
    both = by_hand(
        may_hold={
            "hub": np.array([True, True]),
            "mini": np.zeros(2, dtype=bool),
            "corpo": np.zeros(2, dtype=bool),
        },
        demand=np.zeros((1, 2), dtype=np.int64),
        passes=np.array([[True, True], [True, False]]),
        passing=np.array([400, 30]),
    ).with_rules(hubs=(2, 2))

    siting = plan_network(both)

    assert siting.stages[2].objective == 0.43


def test_a_corporate_space_intercepts_nobody():
    closed = by_hand(
        may_hold={
            "hub": np.array([True, False]),
            "mini": np.zeros(2, dtype=bool),
            "corpo": np.array([False, True]),
        },
        demand=np.zeros((1, 2), dtype=np.int64),
        passes=np.array([[False, True], [True, False]]),
        passing=np.array([400, 30]),
    ).with_rules(hubs=(1, 1), corpos=(1, 1))

    siting = plan_network(closed)

    assert siting.open_sites["corpo"].tolist() == [False, True]
    assert siting.stages[2].objective == 0.03


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_commuters_worth_nothing_leave_the_model_and_the_plan_as_they_were(seed):
    problem = network_problem(seed)
    worth_nothing = replace(problem, passing=np.zeros_like(problem.passing))
    without = replace(problem, passes=problem.passes[:0], passing=problem.passing[:0])

    models = [NetworkModel(p).model for p in (worth_nothing, without)]
    plans = [plan_network(p) for p in (worth_nothing, without)]

    assert models[0] == models[1]
    assert plans[0].stages == plans[1].stages
    assert all(np.array_equal(plans[0].open_sites[t], plans[1].open_sites[t]) for t in TIERS)
    assert np.array_equal(plans[0].seats, plans[1].seats)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_commuters_change_nothing_to_the_service_of_inhabitants(seed):
    problem = network_problem(seed, sites=6)
    without = replace(problem, passing=np.zeros_like(problem.passing))

    with_them, alone = plan_network(problem), plan_network(without)

    assert with_them.stages[:2] == alone.stages[:2]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_commuters_merged_by_sites_give_the_same_plan_as_one_by_one(seed):
    problem = network_problem(seed)
    split = np.random.default_rng(seed).integers(0, problem.passing + 1)
    apart = replace(
        problem,
        passes=np.concatenate([problem.passes, problem.passes]),
        passing=np.concatenate([split, problem.passing - split]),
    )

    assert NetworkModel(problem).model == NetworkModel(apart).model


def test_a_mini_does_not_seat_people_whom_only_a_hub_there_would_reach():
    problem = by_hand(
        may_hold={
            "hub": np.array([True, True]),
            "mini": np.array([False, True]),
            "corpo": np.zeros(2, dtype=bool),
        },
        demand=np.array([[0, 1000]]),
    )
    near, hub_near = problem.near.copy(), problem.hub_near.copy()
    near[0, 1] = hub_near[0, 1] = hub_near[1, 1] = True
    # the one hub must stand at 0: the site at 1 can only open as a mini-cowork
    hub_at_0 = replace(problem, near=near, hub_near=hub_near).with_rules(
        hubs=(1, 1), required=(frozenset({0}),)
    )

    siting = plan_network(hub_at_0)

    assert np.flatnonzero(siting.open_sites["mini"]).tolist() == [1]
    assert siting.stages[2].objective == 0


@pytest.mark.parametrize(("nearest", "seats"), [(0, [2, 1]), (1, [1, 2])])
def test_among_equal_plans_seats_go_nearest_to_their_users(nearest, seats):
    minutes = np.full((2, 2), 15, dtype=np.float32)
    minutes[:, nearest] = 5
    problem = by_hand(
        may_hold={
            "hub": np.array([True, True]),
            "mini": np.zeros(2, dtype=bool),
            "corpo": np.zeros(2, dtype=bool),
        },
        seats_min=dict.fromkeys(TIERS, np.array([1, 1])),
        seats_max=dict.fromkeys(TIERS, np.array([3, 3])),
        demand=np.array([[2500, 0]]),
    )
    problem = replace(problem, hub_near=np.ones((2, 2), dtype=bool), minutes=minutes).with_rules(
        hubs=(2, 2)
    )

    siting = plan_network(problem)

    assert siting.seats.tolist() == seats


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_tolerance_is_never_passed_and_the_gap_told_is_the_true_one(seed):
    problem = network_problem(seed, sites=6, cells=12)
    values = [coverage_of(problem, network) for network in lawful_networks(problem)]

    exact, near = plan_network(problem), plan_network(problem, tolerance=0.3)

    if not values:
        assert near.status == "infeasible"
        return
    coverage, best = near.stages[0], max(values)
    assert coverage.objective <= best <= coverage.bound
    assert coverage.gap == (coverage.bound - coverage.objective) / max(1, abs(coverage.objective))
    assert coverage.gap <= 0.3 + 1e-9
    assert (near.status == "proved") == all(stage.gap == 0 for stage in near.stages)
    assert exact.stages[0].objective == best


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"minutes": np.full((7, 4), np.nan, dtype=np.float32)}, "minutes"),
        ({"weight": np.array([10, 10, 10, -1, 10, 10, 10])}, "weight"),
        ({"income_eur": np.array([0, 0, np.nan, 0])}, "income_eur"),
        ({"demand": np.full((2, 7), -5)}, "demand"),
    ],
)
def test_numbers_that_are_not_or_are_below_zero_are_refused_by_name(changes, fact):
    problem = replace(network_problem(1), **changes)

    with pytest.raises(ImpossibleNumber) as refused:
        plan_network(problem)

    assert refused.value.facts["what"] == fact


def test_arrays_of_other_lengths_and_sites_that_do_not_exist_are_refused():
    problem = network_problem(1)

    with pytest.raises(WrongShape):
        plan_network(replace(problem, weight=problem.weight[:3]))
    with pytest.raises(UnknownSite):
        plan_network(problem.with_rules(forbidden=frozenset({4})))
    with pytest.raises(ImpossibleNumber):
        plan_network(problem, tolerance=-0.1)


def test_a_site_that_must_open_and_must_not_is_a_contradiction():
    problem = network_problem(1, required=(frozenset({2}),), forbidden=frozenset({2}))

    with pytest.raises(ContradictorySites) as refused:
        plan_network(problem)

    assert refused.value.facts == {"reason": "both", "sites": (2,)}


def test_cells_that_no_candidate_reaches_are_said_and_the_plan_made_without_them():
    problem = replace(network_problem(3, sites=6), covered_today=np.zeros(7, dtype=bool))
    near = problem.near.copy()
    near[5] = False
    near[4] = False
    near[4, 0] = True
    alone = replace(problem, near=near).with_rules(forbidden=frozenset({0}))

    assert {4, 5} <= set(beyond_reach(alone).tolist())
    assert plan_network(alone).status == "proved"
    assert 4 not in beyond_reach(replace(problem, near=near | (np.arange(6) == 1)))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_five_demand_scenarios_equal_brute_force_too(seed):
    wanted = np.random.default_rng(seed).integers(0, 2 * SEAT_SCALE, (5, 7))
    problem = replace(network_problem(seed), demand=wanted, probability=np.array([1, 2, 1, 3, 1]))
    values = [value_of(problem, network) for network in lawful_networks(problem)]

    siting = plan_network(problem)

    assert (siting.status == "proved") == bool(values)
    if values:
        assert siting.served.shape == (5, 4)
        assert siting.stages[2].objective == pytest.approx(
            max(values)[2] / (SEAT_SCALE * 8), abs=1e-9
        )
