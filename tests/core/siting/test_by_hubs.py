"""Large plans set by set: equal to the whole model, stage by stage."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from factories.enumeration import coverage_of, largest_flow, lawful_networks
from factories.network import network_problem
from maillage.core.siting import plan_network
from maillage.core.siting.by_hubs.bounds import SetBounds
from maillage.core.siting.by_hubs.plan import plan_by_hubs
from maillage.core.siting.by_hubs.seats import SEATED, SeatFlow
from maillage.core.siting.by_hubs.sets import hub_sets
from maillage.core.siting.plan import suits
from maillage.core.siting.problem import SEAT_SCALE, TIERS, merge, merge_seats


def planned(problem, **options):
    """The plan set by set of a problem of any size."""
    told = []
    found = plan_by_hubs(
        problem, **({"time_limit_s": None, "tolerance": 0.0} | options), on_stage=told.append
    )
    return found, told


IMPOSED = ((), (frozenset({0, 1}),), (frozenset({5}), frozenset({4, 2})))


@given(
    seed=st.integers(0, 10_000),
    required=st.sampled_from(IMPOSED),
    forbidden=st.sampled_from([frozenset(), frozenset({3})]),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_set_by_set_reaches_the_values_of_the_whole_model(seed, required, forbidden):
    problem = network_problem(seed, sites=6, hubs=(1, 2)).with_rules(
        required=required, forbidden=forbidden
    )
    whole = plan_network(problem)

    found, told = planned(problem)

    if found is None:
        # left to the whole model, which says what is impossible
        event("left to the whole model")
        assert whole.status == "infeasible"
        return
    assert told == ["coverage", "equity", "seats", "cost"]
    assert [s.objective for s in found.stages] == pytest.approx(
        [s.objective for s in whole.stages], abs=1e-9
    )
    assert all(stage.is_proved for stage in found.stages)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_network_of_a_set_beats_its_bound(seed):
    problem = network_problem(seed)
    sets = hub_sets(problem)
    bounds = SetBounds(problem, merge(problem), sets)

    for s in range(0, len(sets.holds), 2):
        bounds.solve(s, above=-1.0)

    for network in lawful_networks(problem):
        hubs = [tier == "hub" for tier, _ in network]
        (s,) = np.flatnonzero((sets.holds == np.array(hubs)[sets.sites]).all(axis=1))
        value = coverage_of(problem, network)
        assert value <= bounds.bound[s]
        if bounds.is_solved[s]:
            minis = np.array([tier == "mini" for tier, _ in network])
            assert bounds.may_open(s, value)[minis].all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_seats_used_are_the_largest_flow_and_never_above_their_cut(seed):
    problem = network_problem(seed)
    flow = SeatFlow(merge_seats(problem))
    chance = np.random.default_rng(seed)
    networks = list(lawful_networks(problem))
    if not networks:
        return
    network = networks[chance.integers(len(networks))]

    held = {t: seats_of(network, t) for t in SEATED}
    used, cut = flow.used(held, 0)

    assert used == largest_flow(problem, network, problem.demand[0])
    assert used == cut.outside + sum(int(held[t][cut.inside[t]].sum()) for t in SEATED)
    other = networks[chance.integers(len(networks))]
    room = sum(int(seats_of(other, t)[cut.inside[t]].sum()) for t in SEATED)
    assert flow.served({t: seats_of(other, t) for t in SEATED}, 0) <= cut.outside + room


def seats_of(network, tier):
    """Seats of the sites of a tier [j], thousandths."""
    return np.array([SEAT_SCALE * seats if at == tier else 0 for at, seats in network])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_people_sit_where_the_sites_have_seats_as_many_as_the_stage_says(seed):
    problem = network_problem(seed, sites=6)

    found, _ = planned(problem)

    if found is None:
        return
    weight = problem.probability / problem.probability.sum()
    opened = found.open_sites["hub"] | found.open_sites["mini"]
    intercepted = problem.passing[problem.passes[:, opened].any(axis=1)].sum() / SEAT_SCALE
    assert weight @ found.served.sum(axis=1) + intercepted == pytest.approx(
        found.stages[2].objective, abs=2e-3
    )
    assert (found.served <= found.seats + 1e-6).all()
    spent = sum(problem.yearly_cost[t].of(found.open_sites[t], found.seats) for t in TIERS)
    assert spent == found.stages[3].objective


def test_a_stage_stopped_within_a_tolerance_tells_its_gap():
    problem = network_problem(3, sites=6, cells=20)
    exact, _ = planned(problem)

    found, _ = planned(problem, tolerance=0.05)

    for stage, best in zip(found.stages[:1], exact.stages[:1], strict=True):
        assert stage.gap <= 0.05
        assert stage.objective <= best.objective <= stage.bound


def test_two_hubs_of_one_commune_are_in_no_set():
    problem = network_problem(3, sites=6, hubs=(0, 3))
    problem = replace(
        problem,
        may_hold=problem.may_hold | {"hub": np.arange(6) != 4},
        candidate_commune=np.array([0, 0, 1, 1, 1, 2]),
    )

    sets = hub_sets(problem)

    chosen = {frozenset(sets.sites[held].tolist()) for held in sets.holds}
    singles = [{0}, {1}, {2}, {3}, {5}]
    pairs = [{a, b} for a in (0, 1) for b in (2, 3, 5)] + [{2, 5}, {3, 5}]
    triples = [{a, b, 5} for a in (0, 1) for b in (2, 3)]
    assert chosen == {frozenset(), *map(frozenset, singles + pairs + triples)}
    assert len(chosen) == len(sets.holds)


def test_too_many_sets_are_left_to_the_whole_model(monkeypatch):
    monkeypatch.setattr("maillage.core.siting.by_hubs.sets.MOST_SETS", 1)

    assert hub_sets(network_problem(3, sites=6, hubs=(1, 2))) is None


def test_a_large_plan_goes_set_by_set_and_a_small_one_does_not(monkeypatch):
    problem = network_problem(3, sites=6)
    whole = plan_network(problem)
    assert not suits(problem)

    monkeypatch.setattr("maillage.core.siting.plan.LARGE", 1)

    assert suits(problem)
    assert not suits(problem.with_rules(commune_budget_eur=1_000))
    large = plan_network(problem)
    assert [s.objective for s in large.stages] == [s.objective for s in whole.stages]
    assert large.status == whole.status == "proved"


def test_a_corporate_space_that_must_open_finds_its_place():
    problem = network_problem(3, sites=6)
    problem = replace(problem, may_hold=problem.may_hold | {"corpo": np.arange(6) == 2}).with_rules(
        corpos=(1, 1)
    )

    found, _ = planned(problem)

    assert found.open_sites["corpo"].tolist() == [j == 2 for j in range(6)]
    assert [s.objective for s in found.stages] == [
        s.objective for s in plan_network(problem).stages
    ]
