"""The calendar of a contract, and the part of a month to the cent."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import contract_terms, money, programme
from maillage.core.contract_terms import Due, Terms

DAYS = st.dates(date(2025, 1, 1), date(2032, 12, 31))
CENTS = st.integers(0, 10_000_000)
FIRST = date(2027, 1, 15)


def of(**changes):
    return Terms(
        **{"starts_on": FIRST, "months": 12, "renewal_months": 12, "notice_months": 2} | changes
    )


# --- parts -------------------------------------------------------------------------------------


@given(CENTS, DAYS, st.lists(st.integers(1, 30), max_size=6), st.sampled_from(["month", "quarter"]))
def test_parts_of_a_period_sum_to_the_period(cents, on, cuts, every):
    months = contract_terms.MONTHS[every]
    first = on.replace(month=(on.month - 1) // months * months + 1, day=1)
    end = programme.after(first, months)
    marks = sorted({first, end, *(first + timedelta(days=n) for n in cuts if n < 28)})

    parts = [
        contract_terms.part_cents(cents, Due(a, b, first, end), "days")
        for a, b in itertools.pairwise(marks)
    ]

    assert sum(parts) == cents
    assert all(part >= 0 for part in parts)


@given(CENTS, st.integers(1, 92), st.integers(1, 92))
def test_a_part_is_the_exact_one_to_the_cent(cents, days, of_days):
    days = min(days, of_days)

    found = money.between_marks(cents, 0, days, of_days)

    assert abs(found * of_days - cents * days) * 2 <= of_days


def test_marks_out_of_the_whole_are_refused():
    for first, end, whole in ((2, 1, 3), (0, 4, 3), (-1, 2, 3), (0, 0, 0)):
        with pytest.raises(ValueError, match="marks"):
            money.between_marks(100, first, end, whole)


def test_half_a_month_of_february():
    due = Due(date(2027, 2, 15), date(2027, 3, 1), date(2027, 2, 1), date(2027, 3, 1))

    assert contract_terms.part_cents(10_000, due, "days") == 5_000
    assert contract_terms.part_cents(10_000, due, "whole") == 10_000


def test_an_unknown_rule_is_refused():
    due = Due(FIRST, date(2027, 2, 1), date(2027, 1, 1), date(2027, 2, 1))

    with pytest.raises(ValueError, match="thirds"):
        contract_terms.part_cents(1, due, "thirds")


# --- periods -----------------------------------------------------------------------------------


@given(DAYS, st.integers(1, 800), DAYS, st.sampled_from(["month", "quarter"]))
def test_periods_follow_each_other_from_the_first_day_to_the_last(starts_on, days, until, every):
    ends_on = starts_on + timedelta(days=days)

    found = list(contract_terms.dues(starts_on, ends_on, every, until))

    assert [a.end for a in found[:-1]] == [b.first for b in found[1:]]
    assert all(due.first <= until for due in found)
    assert all(due.is_whole for due in found[1:-1])
    if until >= ends_on:
        assert (found[0].first, found[-1].end) == (starts_on, ends_on)
    if until < starts_on:
        assert found == []


@given(DAYS, st.integers(1, 800), CENTS)
def test_a_contract_cut_in_two_is_charged_as_one(starts_on, days, cents):
    """Ending one day and going on the same day under the same terms costs nothing more."""
    middle = starts_on + timedelta(days=days)
    end = middle + timedelta(days=100)

    def total(first, last):
        found = contract_terms.dues(first, last, "month", end)
        return sum(contract_terms.part_cents(cents, due, "days") for due in found)

    assert total(starts_on, middle) + total(middle, end) == total(starts_on, end)


def test_a_quarter_is_of_the_calendar():
    found = list(contract_terms.dues(date(2027, 2, 10), None, "quarter", date(2027, 7, 1)))

    assert [(due.first, due.end) for due in found] == [
        (date(2027, 2, 10), date(2027, 4, 1)),
        (date(2027, 4, 1), date(2027, 7, 1)),
        (date(2027, 7, 1), date(2027, 10, 1)),
    ]
    assert (found[0].days, found[0].whole_days) == (50, 90)


# --- terms and notice --------------------------------------------------------------------------


def test_terms_are_counted_from_the_first_day():
    terms = of(starts_on=date(2027, 1, 31), months=1, renewal_months=1)

    assert contract_terms.term_end(terms, date(2027, 2, 28)) == date(2027, 3, 31)
    assert contract_terms.term_end(terms, date(2027, 2, 27)) == date(2027, 2, 28)


def test_without_renewal_there_is_one_term():
    assert contract_terms.term_end(of(renewal_months=0), date(2031, 1, 1)) == date(2028, 1, 15)
    assert contract_terms.term_end(of(months=None), FIRST) is None


def test_a_notice_in_time_ends_the_term_and_a_late_one_the_next():
    limit = contract_terms.notice_limit(of(), date(2028, 1, 15))

    assert limit == date(2027, 11, 15)
    assert contract_terms.earliest_end(of(), limit) == date(2028, 1, 15)
    assert contract_terms.earliest_end(of(), limit + timedelta(days=1)) == date(2029, 1, 15)


def test_a_contract_that_ends_anytime_ends_after_its_notice():
    anytime = of(ends_anytime=True)

    assert contract_terms.earliest_end(anytime, date(2027, 4, 30)) == date(2027, 6, 30)
    assert contract_terms.earliest_end(of(months=None), date(2027, 4, 30)) == date(2027, 6, 30)
    fixed = of(ends_anytime=True, renewal_months=0)
    assert contract_terms.earliest_end(fixed, date(2027, 12, 30)) == date(2028, 1, 15)


def test_a_notice_before_the_first_day_leaves_a_day():
    found = contract_terms.earliest_end(of(ends_anytime=True, notice_months=0), date(2026, 1, 1))

    assert found == FIRST + timedelta(days=1)


@given(DAYS, st.integers(1, 24), st.integers(0, 12), st.integers(0, 6), DAYS)
def test_an_end_is_never_before_the_notice_is_over(starts_on, months, renewal, notice, given_on):
    terms = Terms(starts_on, months, renewal, notice)

    found = contract_terms.earliest_end(terms, given_on)

    last = programme.after(starts_on, months)
    assert found in contract_terms.term_ends(terms)
    assert found >= programme.after(given_on, notice) or (not renewal and found == last)


@given(DAYS, st.integers(0, 6))
def test_the_limit_is_the_last_day_in_time(ends_on, notice):
    limit = contract_terms.notice_limit(of(notice_months=notice), ends_on)

    assert programme.after(limit, notice) <= ends_on
    assert programme.after(limit + timedelta(days=1), notice) > ends_on


def test_terms_that_no_form_sends_are_refused():
    for changes in ({"months": 0}, {"notice_months": -1}):
        with pytest.raises(ValueError, match="month"):
            of(**changes)
