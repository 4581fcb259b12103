"""Why this village, how much is enough, which rule to relax."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factories.enumeration import lawful_networks, value_of
from factories.network import network_problem
from maillage.core.siting import (
    chosen_for_commuters,
    curve,
    gains_if_added,
    plan_network,
    relaxations,
    why,
)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_site_is_worth_what_its_removal_loses(seed):
    problem = network_problem(seed, sites=6)
    siting = plan_network(problem)
    assume(siting.covering.any())
    site = int(np.flatnonzero(siting.covering)[0])
    rest = siting.covering.copy()
    rest[site] = False

    reasons = why(problem, siting, site=site)

    assert reasons.lost_if_removed == problem.inhabitants(siting.covering) - problem.inhabitants(
        rest
    )
    losses = [a.loss for a in reasons.alternatives]
    assert losses == sorted(losses)
    assert all(loss <= reasons.lost_if_removed for loss in losses)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_village_left_out_would_not_pay_its_price(seed):
    """A candidate linked to an open hub and not chosen brings less than a mini must bring."""
    problem = network_problem(seed, sites=6)
    siting = plan_network(problem)
    assume(siting.status == "proved")

    gains = gains_if_added(problem, siting)

    hub = siting.open_sites["hub"]
    linked = {j: gain for j, gain in gains.items() if (problem.links[j] & hub).any()}
    assert all(gain <= problem.rules.min_gain_per_mini for gain in linked.values())


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_curve_rises_to_all_that_can_be_covered_and_holds_the_plan(seed):
    problem = network_problem(seed, sites=6)
    siting = plan_network(problem)
    assume(siting.status == "proved")
    minis = int(siting.open_sites["mini"].sum())

    points = curve(problem, up_to=minis)

    values = [point.inhabitants for point in points]
    assert values == sorted(values)
    assert all(point.gap == 0 for point in points)
    at_plan = next(point for point in points if point.minis == minis)
    assert at_plan.inhabitants == problem.inhabitants(siting.covering)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_site_chosen_for_commuters_is_what_enumeration_says(seed):
    """Without it, as good a service and as many seats exist; with as many commuters, none."""
    problem = network_problem(seed, min_gain_per_mini=30)
    siting = plan_network(problem)
    assume(siting.status == "proved")
    alone = replace(problem, passing=np.zeros_like(problem.passing))
    seats = round(1000 * float(problem.probability @ siting.served.sum(axis=1)))
    service = (siting.stages[0].objective, pytest.approx(siting.stages[1].objective))
    worth = round(1000 * int(problem.probability.sum()) * siting.stages[2].objective)
    expected = set()
    for site in np.flatnonzero(siting.covering):
        as_good = [
            (value_of(alone, network)[2], value_of(problem, network)[2])
            for network in lawful_networks(problem)
            if network[site][0] is None and value_of(problem, network)[:2] == service
        ]
        if any(s >= seats for s, _ in as_good) and all(w < worth for _, w in as_good):
            expected.add(int(site))

    assert chosen_for_commuters(problem, siting) == expected


def test_too_many_hubs_are_explained_by_the_number_that_works():
    problem = network_problem(1, hubs=(4, 4))
    assert plan_network(problem).status == "infeasible"

    found = {r.rule: r for r in relaxations(problem)}

    works = found["hubs"].needed
    assert plan_network(problem.with_rules(hubs=(int(works), 4))).status == "proved"
    assert plan_network(problem.with_rules(hubs=(int(works) + 1, 4))).status == "infeasible"


def test_a_budget_too_small_is_explained_to_the_euro():
    problem = network_problem(1, commune_budget_eur=1)
    assert plan_network(problem).status == "infeasible"

    found = {r.rule: r for r in relaxations(problem)}

    enough = int(found["commune_budget"].needed)
    assert plan_network(problem.with_rules(commune_budget_eur=enough)).status == "proved"
    assert plan_network(problem.with_rules(commune_budget_eur=enough - 1)).status == "infeasible"
