"""The fewest or cheapest sites that reach everybody: the best of all choices, and its proof."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.siting.naive import cases, sites_needed
from maillage.core.siting import Quotas, set_cover
from maillage.core.siting.errors import TooManySites, Unreachable


def drawn(seed: int) -> NDArray[np.float64]:
    """Costs of ten origins to seven sites, each origin within 1 of the last two."""
    cost = np.random.default_rng(seed).random((10, 7)) * 4
    cost[:5, 5], cost[5:, 6], cost[:5, 4], cost[5:, 3] = 1, 1, 1, 1
    return cost


def enumerated(near: NDArray[np.bool_], price: NDArray[np.float64], times: int, most: int) -> float:
    """The least price of a choice with site 0, without site 1, `most` of the first four sites."""
    best = np.inf
    for flags in product((False, True), repeat=near.shape[1]):
        chosen = np.array(flags)
        is_allowed = chosen[0] and not chosen[1] and chosen[:4].sum() <= most
        if is_allowed and (near[:, chosen].sum(axis=1) >= times).all():
            best = min(best, price[chosen].sum())
    return float(best)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), times=st.integers(1, 2), most=st.integers(1, 4))
def test_no_choice_is_cheaper(seed: int, times: int, most: int) -> None:
    cost = drawn(seed)
    price = np.random.default_rng(seed).integers(1, 6, 7).astype(np.float64)
    quotas = Quotas(np.array([0, 0, 0, 0, 1, 1, 1]), np.array([most, 3]))

    found = set_cover(
        cost, within=1, times=times, prices=price, fixed=[0], forbidden=[1], quotas=quotas
    )

    best = enumerated(cost <= 1, price, times, most)
    assert found.status == ("proved" if np.isfinite(best) else "infeasible")
    assert np.isnan(found.objective) if np.isinf(best) else found.objective == best
    if found.proof is not None and found.proof.method == "multipliers":
        bound = sites_needed(cost <= 1, price, times)
        worst = min(bound(u, yes | {0}, no | {1}) for u, yes, no in cases(found.proof))
        assert np.ceil(worst - 1e-9) == best


def test_the_fewest_sites_of_a_row_are_proved_by_multipliers() -> None:
    places = np.arange(10.0)
    found = set_cover(np.abs(places[:, None] - places), within=1)

    assert (found.status, found.objective) == ("proved", 4)
    assert found.proof is not None
    assert found.proof.method == "multipliers"
    bound = sites_needed(np.abs(places[:, None] - places) <= 1, np.ones(10))
    assert min(bound(*case) for case in cases(found.proof)) > 3


def test_origins_without_enough_sites_are_named() -> None:
    cost = np.array([[1.0, 1.0], [1.0, 9.0], [9.0, 9.0]])
    with pytest.raises(Unreachable) as refusal:
        set_cover(cost, within=1, times=2)
    assert refusal.value.facts["origins"] == (1, 2)
    with pytest.raises(TooManySites):
        set_cover(cost, within=9, times=0)
