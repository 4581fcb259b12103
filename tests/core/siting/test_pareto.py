"""What each euro buys: every efficient network of an enumeration, and the price of a village."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.enumeration import euros_of, lawful_networks
from factories.network import network_problem
from maillage.core.siting import pareto, price_of
from maillage.core.siting.errors import UnknownSite


def money_and_people(problem, network, amounts):
    opened = np.array([tier is not None for tier, _ in network])
    euros = sum(
        euros_of(amounts, j, tier, int(problem.seats_min[tier][j]))
        for j, (tier, _) in enumerate(network)
        if tier
    )
    return euros, problem.inhabitants(opened)


def efficient(problem, amounts):
    """The pairs that no other beats, by enumeration, cheapest first."""
    front = []
    every = {money_and_people(problem, n, amounts) for n in lawful_networks(problem)}
    for euros, people in sorted(every, key=lambda pair: (pair[0], -pair[1])):
        if not front or people > front[-1][1]:
            front.append((euros, people))
    return front


@pytest.mark.parametrize("axis", ["yearly_cost", "investment"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_every_efficient_network_of_an_enumeration_is_found_and_no_other(axis, seed):
    problem = network_problem(seed, sites=5)

    front = pareto(problem, axis=axis)

    assert [(p.euros, p.inhabitants) for p in front] == efficient(problem, getattr(problem, axis))
    assert all(point.is_proved for point in front)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_fewer_points_are_a_part_of_the_front_that_holds_its_two_ends(seed):
    problem = network_problem(seed, sites=6)
    whole = efficient(problem, problem.yearly_cost)

    some = [(p.euros, p.inhabitants) for p in pareto(problem, points=3)]

    assert len(some) <= 3
    assert set(some) <= set(whole)
    assert not whole or some[-1] == whole[-1]
    assert len(some) < 3 or some[0] == whole[0] or some[0][0] <= whole[-1][0]


def test_a_point_says_which_sites_enter_and_leave():
    front = pareto(network_problem(11, sites=6))

    assert len(front) > 1
    for before, point in pairwise(front):
        assert before.covering - set(point.leave) | set(point.enter) == point.covering
        assert not set(point.enter) & before.covering


def test_the_caller_sees_each_point_as_it_is_found_and_may_stop():
    seen = []

    def stop(point):
        seen.append(point.euros)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pareto(network_problem(11, sites=6), on_point=stop)
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 2


def test_rules_that_allow_no_network_have_no_front():
    assert pareto(network_problem(1, hubs=(5, 5))) == ()


@given(seed=st.integers(0, 10_000), site=st.integers(0, 4))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_price_of_a_village_is_the_cheapest_network_where_it_opens(seed, site):
    problem = network_problem(seed, sites=5)
    amounts = problem.yearly_cost
    prices = [
        money_and_people(problem, network, amounts)[0]
        for network in lawful_networks(problem)
        if network[site][0]
    ]

    price = price_of(problem, site=site)

    assert price.euros == (min(prices) if prices else None)
    assert price.is_proved == bool(prices)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_the_price_may_be_asked_without_losing_an_inhabitant(seed):
    problem = network_problem(seed, sites=5)
    every = [
        (network, *money_and_people(problem, network, problem.yearly_cost))
        for network in lawful_networks(problem)
    ]
    if not every:
        return
    most = max(people for _, _, people in every)
    prices = [euros for network, euros, people in every if network[2][0] and people == most]

    price = price_of(problem, site=2, inhabitants=most)

    assert price.euros == (min(prices) if prices else None)
    assert price.cheapest == min(euros for _, euros, people in every if people == most)


def test_a_village_that_does_not_exist_has_no_price():
    with pytest.raises(UnknownSite):
        price_of(network_problem(1), site=9)
