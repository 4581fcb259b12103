"""What is hidden cannot be found by a subtraction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.small_counts import LEAST, hidden, is_total_hidden

counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40))


@given(counts)
def test_no_small_group_is_shown(found):
    shown = found.keys() - hidden(found)

    assert [n for n in shown if 0 < found[n] < LEAST] == []


@given(counts)
def test_beside_their_total_hidden_groups_are_several_and_numerous(found):
    gone = hidden(found)
    if not gone or is_total_hidden(found):
        return

    assert len(gone) >= 2
    assert sum(found[n] for n in gone) >= LEAST


@given(counts)
def test_a_group_of_nobody_is_no_secret(found):
    assert [n for n in hidden(found) if found[n] == 0] == []


@pytest.mark.parametrize(
    ("found", "gone", "no_total"),
    [
        ({"a": 12, "b": 7}, set(), False),
        ({"a": 12, "b": 7, "c": 4}, {"b", "c"}, False),
        ({"a": 12, "b": 4, "c": 4}, {"b", "c"}, False),
        ({"a": 12, "b": 1, "c": 1}, {"a", "b", "c"}, False),
        ({"a": 12, "b": 0, "c": 4}, {"a", "c"}, False),
        ({"a": 3, "b": 0}, {"a"}, True),
        ({"a": 2, "b": 2}, {"a", "b"}, True),
        ({"a": 5}, set(), False),
        ({}, set(), False),
    ],
)
def test_the_next_smallest_hides_the_only_small_one(found, gone, no_total):
    assert hidden(found) == gone
    assert is_total_hidden(found) is no_total


def test_there_are_no_fewer_than_nobody():
    with pytest.raises(ValueError, match="below 0"):
        hidden({"a": -1})
