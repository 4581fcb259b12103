"""Planned money: cents, and shares that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import money


@given(
    total=st.integers(-10_000_000, 10_000_000),
    weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=12),
)
def test_shares_add_up_to_the_cent(total, weights):
    shares = money.split(total, weights)

    assert sum(shares) == total
    exact = [total * w / sum(weights) for w in weights]
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))


def test_a_cent_left_over_goes_to_the_largest_remainder():
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(5, [3, 1, 1]) == [3, 1, 1]


def test_weights_without_a_positive_sum_are_a_bug():
    with pytest.raises(ValueError, match="positive"):
        money.split(100, [0, 0])


@pytest.mark.parametrize(("euros", "cents"), [(1.005, 101), (-1.005, -101), (0.004, 0), (12, 1200)])
def test_half_a_cent_rounds_away_from_zero(euros, cents):
    assert money.cents(euros + (1e-9 if euros > 0 else -1e-9)) == cents


@pytest.mark.parametrize(
    ("cents", "rate_bp", "with_tax"),
    [(2_450_050, 2000, 2_940_060), (1, 2000, 1), (10, 550, 11), (9, 550, 9), (0, 2000, 0)],
)
def test_tax_is_added_to_the_cent_and_half_a_cent_goes_up(cents, rate_bp, with_tax):
    assert money.with_tax(cents, rate_bp) == with_tax


@given(st.integers(0, 10**9), st.sampled_from([0, 210, 550, 1000, 2000]))
def test_a_tax_added_then_taken_off_gives_the_price_of_before(cents, rate_bp):
    assert money.without_tax(money.with_tax(cents, rate_bp), rate_bp) == cents


@pytest.mark.parametrize(
    ("cents", "rate_bp", "before_tax"), [(1200, 2000, 1000), (100, 2000, 83), (1, 2000, 1)]
)
def test_a_price_with_tax_is_split_to_the_nearest_cent(cents, rate_bp, before_tax):
    assert money.without_tax(cents, rate_bp) == before_tax
