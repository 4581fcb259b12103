"""A cost shared by a key: every cent, whatever the order."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillage.core.bad_input import BadInput
from maillage.core.sharing import Basis, shared

WEIGHTS = st.dictionaries(st.integers(1, 10**9), st.integers(0, 10**6), min_size=1, max_size=12)


def refused(*args):
    with pytest.raises(BadInput) as caught:
        shared(*args)
    return caught.value.code


@given(st.integers(-(10**15), 10**15), WEIGHTS, st.randoms(use_true_random=False))
def test_parts_add_up_whatever_the_order_and_each_is_within_a_cent(cents, weights, chance):
    assume(sum(weights.values()))
    shuffled = list(weights)
    chance.shuffle(shuffled)

    parts = shared(cents, weights, Basis.SEATS)

    assert sum(parts.values()) == cents
    assert parts == shared(cents, {who: weights[who] for who in shuffled}, Basis.SEATS)
    whole = sum(weights.values())
    assert all(abs(parts[who] * whole - cents * weights[who]) < whole for who in weights)


@given(st.integers(-(10**9), 10**9), WEIGHTS)
def test_what_is_given_back_is_what_was_paid(cents, weights):
    assume(sum(weights.values()))
    back = shared(-cents, weights, Basis.DAYS)

    assert back == {who: -part for who, part in shared(cents, weights, Basis.DAYS).items()}


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_equal_weights_differ_by_a_cent_at_most_and_the_first_pay_it(cents, bodies):
    parts = list(shared(cents, dict.fromkeys(range(bodies), 3), Basis.SEATS).values())

    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


def test_the_smallest_number_pays_the_cent_left_over_wherever_it_stands():
    assert shared(100, {3: 1, 2: 1, 1: 1}, Basis.SEATS) == {1: 34, 2: 33, 3: 33}


def test_a_weight_of_zero_pays_nothing():
    assert shared(100, {1: 0, 2: 1, 3: 2}, Basis.SEATS) == {1: 0, 2: 33, 3: 67}


def test_fixed_shares_make_a_whole():
    assert shared(10_001, {1: 6_000, 2: 4_000}, Basis.FIXED) == {1: 6001, 2: 4000}
    assert refused(100, {1: 6_000, 2: 3_999}, Basis.FIXED) == "share_not_whole"


def test_a_key_that_weighs_nobody_or_less_than_nothing_is_refused():
    assert refused(100, {1: 0, 2: 0}, Basis.DAYS) == "share_nobody"
    assert refused(100, {}, Basis.SEATS) == "share_nobody"
    assert refused(100, {1: -1, 2: 5}, Basis.SEATS) == "share_negative"


def test_amounts_beyond_what_a_float_holds_are_exact():
    cents = 2**60 + 1

    assert sum(shared(cents, {1: 1, 2: 1, 3: 1}, Basis.SEATS).values()) == cents
