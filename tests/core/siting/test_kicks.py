"""Kicks: nothing they keep loses, quotas and imposed sites hold, and what they count is true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.core.siting.inputs import Quotas, allowed_of
from maillage.core.siting.median.instance import Instance, arcs_of, instance_of, nth_nearest
from maillage.core.siting.median.kicks import Kicks
from maillage.core.siting.median.promising import search_among
from maillage.core.siting.median.search import Swaps, any_choice


def drawn(seed: int, *, p: int, rooms: int = 40) -> Instance:
    """Sixty places in a square, in whole metres, the first one imposed, sites in four groups."""
    chance = np.random.default_rng(seed)
    xy = chance.integers(0, 1000, (60, 2))
    cost = np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    quotas = Quotas(np.arange(60) % 4, np.full(4, rooms))
    allowed = allowed_of(p, 60, fixed=[0], forbidden=[])
    return instance_of(cost, np.full(60, np.inf), allowed, quotas, whole=True)


def start_of(instance: Instance, seed: int):
    sites = any_choice(instance, np.random.default_rng(seed).permutation(60))
    assert sites is not None
    return sites


def kicked(instance: Instance, sites, seed: int, *, rank: int = 60) -> Kicks:
    arcs = arcs_of(instance, nth_nearest(instance.cost, instance.alone, sites, rank))
    kicks = Kicks(instance, arcs, sites)
    kicks.run(200, 0.5, np.random.default_rng(seed))
    return kicks


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([2, 5, 12]), st.sampled_from([3, 60]))
def test_what_kicks_count_is_what_the_sites_they_reach_cost(seed: int, p: int, rank: int) -> None:
    instance = drawn(seed, p=p)
    sites = start_of(instance, seed)
    kicks = kicked(instance, sites, seed, rank=rank)
    now = kicks.now
    swaps = Swaps(instance, lambda: False)
    assert swaps.value(now.sites) <= now.first.sum() <= instance.cost[:, sites].min(axis=1).sum()
    spared = np.bincount(now.near[now.near >= 0], (now.second - now.first)[now.near >= 0], p)
    assert now.loss.tolist() == spared.tolist()
    assert now.slot[now.sites].tolist() == list(range(p))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_kicks_keep_the_quotas_and_the_sites_imposed(seed: int) -> None:
    instance = drawn(seed, p=8, rooms=2)
    kicks = kicked(instance, start_of(instance, seed), seed)
    assert 0 in kicks.now.sites
    assert np.bincount(kicks.now.sites % 4, minlength=4).tolist() == [2, 2, 2, 2]
    assert kicks.now.room.tolist() == [0, 0, 0, 0]


def test_kicks_find_what_exchanges_alone_miss() -> None:
    # `descend` leaves in `sites` where it stopped
    gained = 0
    for seed in range(10):
        instance = drawn(seed, p=12)
        sites = start_of(instance, seed)
        exchanged = Swaps(instance, lambda: False).descend(sites)
        gained += exchanged > kicked(instance, sites, seed).now.first.sum()
    assert gained >= 3


def test_a_close_search_opens_none_but_the_sites_it_is_given() -> None:
    instance = drawn(3, p=6)
    among = np.arange(60) % 2 == 0
    sites = any_choice(instance, np.arange(0, 60, 2))
    assert sites is not None
    before = instance.cost[:, sites].min(axis=1).sum()
    found = search_among(instance, among, [sites], np.random.default_rng(1), 1.0, lambda: False)
    assert among[found].all()
    assert found.size == 6
    assert instance.cost[:, found].min(axis=1).sum() < before


@pytest.mark.parametrize("p", [1, 60])
def test_kicks_have_nothing_to_exchange_where_every_site_must_open_or_one_alone(p: int) -> None:
    instance = drawn(5, p=p)
    sites = start_of(instance, 5)
    assert sorted(kicked(instance, sites, 5).now.sites) == sorted(sites)
