"""Slippage, progress, proposed dates: laws for any dates, and a few facts."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import programme
from maillage.core.programme import Length, Phase, Span

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
FEW = st.integers(0, 400)
TODAY = date(2027, 3, 17)


@st.composite
def spans(draw) -> Span:
    first = draw(DAYS)
    return Span(first, first + timedelta(days=draw(FEW)))


@st.composite
def phases(draw) -> Phase:
    planned, began = draw(spans()), draw(st.none() | DAYS)
    finished = None
    if began is not None:
        finished = draw(st.none() | FEW.map(lambda n: began + timedelta(days=n)))
    return Phase(planned, began, finished)


LENGTHS = st.builds(Length, months=st.integers(0, 12), days=st.integers(1, 60))


def test_a_span_counts_its_first_and_its_last_day():
    assert Span(date(2027, 1, 4), date(2027, 1, 31)).length_days == 28
    with pytest.raises(ValueError, match="ends after"):
        Span(date(2027, 1, 4), date(2027, 1, 3))


@pytest.mark.parametrize("wrong", [{}, {"months": -1, "days": 9}, {"days": -1}])
def test_a_length_is_of_one_day_at_least(wrong):
    with pytest.raises(ValueError, match="one day"):
        Length(**wrong)


@pytest.mark.parametrize(
    ("on", "months", "found"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 3, 17), 0, date(2027, 3, 17)),
        (date(2027, 3, 17), 24, date(2029, 3, 17)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(on, months, found):
    assert programme.after(on, months) == found


def test_four_months_in_four_phases_end_four_months_later():
    found = programme.proposed([Length(months=1)] * 4, date(2027, 1, 31))

    assert [(s.starts_on, s.ends_on) for s in found] == [
        (date(2027, 1, 31), date(2027, 2, 27)),
        (date(2027, 2, 28), date(2027, 3, 30)),
        (date(2027, 3, 31), date(2027, 4, 29)),
        (date(2027, 4, 30), date(2027, 5, 30)),
    ]


@given(st.lists(LENGTHS, min_size=1, max_size=8), DAYS)
def test_proposed_phases_follow_each_other_without_gap_nor_overlap(lengths, first):
    found = programme.proposed(lengths, first)

    assert found[0].starts_on == first
    assert [b.starts_on - a.ends_on for a, b in itertools.pairwise(found)] == [
        timedelta(days=1)
    ] * (len(lengths) - 1)


def test_parts_that_run_together_each_wait_their_own_time():
    found = programme.together([Length(days=10), Length(days=1)], [0, 30], date(2027, 1, 1))

    assert found == [
        Span(date(2027, 1, 1), date(2027, 1, 10)),
        Span(date(2027, 1, 31), date(2027, 1, 31)),
    ]


@given(spans(), DAYS)
def test_what_is_finished_slips_by_the_gap_of_its_last_day_whatever_today_is(planned, today):
    began = planned.starts_on - timedelta(days=500)
    for gap in (-20, 0, 12):
        done = Phase(planned, began, planned.ends_on + timedelta(days=gap))

        assert programme.slippage_days(done, today) == gap


@given(phases(), DAYS)
def test_what_is_open_never_runs_ahead_and_slips_no_less_the_day_after(phase, today):
    if phase.state == "done":
        return
    slip = programme.slippage_days(phase, today)

    assert slip >= 0
    assert programme.slippage_days(phase, today + timedelta(days=1)) in (slip, slip + 1)


@pytest.mark.parametrize(
    ("began", "today", "days"),
    [
        (None, date(2027, 1, 4), 0),
        (None, date(2027, 1, 5), 1),
        (date(2027, 1, 10), date(2027, 1, 12), 6),  # begun late
        (date(2027, 1, 4), date(2027, 1, 31), 0),
        (date(2027, 1, 4), date(2027, 2, 2), 2),  # past its end
        (date(2027, 1, 10), date(2027, 2, 20), 20),  # both: the larger
    ],
)
def test_the_largest_known_delay_counts(began, today, days):
    phase = Phase(Span(date(2027, 1, 4), date(2027, 1, 31)), began)

    assert programme.slippage_days(phase, today) == days


@given(st.lists(phases(), min_size=1, max_size=7), st.integers(-400, 400))
def test_shifting_keeps_every_length_and_moves_only_what_has_not_begun(all_phases, days):
    found = programme.moved(all_phases, days)

    for phase, span in zip(all_phases, found, strict=True):
        shift = 0 if phase.began_on else days
        assert span.length_days == phase.planned.length_days
        assert span.starts_on - phase.planned.starts_on == timedelta(days=shift)


@given(st.lists(phases(), max_size=7), DAYS)
def test_progress_and_the_next_phase_agree(all_phases, today):
    done, total = programme.progress(all_phases)
    place = programme.next_phase(all_phases)

    assert 0 <= done <= total == len(all_phases)
    assert (place is None) is (done == total)
    if place is not None:
        assert all_phases[place].state != "done"
        assert all(phase.state == "done" for phase in all_phases[:place])


@given(st.lists(phases(), min_size=1, max_size=7), DAYS)
def test_the_expected_end_is_the_plan_pushed_by_the_delay_and_never_past(all_phases, today):
    expected = programme.expected_end(all_phases, today)
    last = max(phase.planned.ends_on for phase in all_phases)
    delay = programme.delay_days(all_phases, today)

    if programme.next_phase(all_phases) is None:
        assert expected == max(phase.finished_on for phase in all_phases)
    else:
        assert expected == max(last + timedelta(days=delay), today)


def test_a_programme_without_phase_has_neither_delay_nor_end():
    assert programme.delay_days([], TODAY) == 0
    assert programme.expected_end([], TODAY) is None


def test_all_done_the_delay_is_that_of_the_last_phase():
    first = Phase(Span(date(2027, 1, 1), date(2027, 1, 31)), date(2027, 1, 1), date(2027, 3, 1))
    last = Phase(Span(date(2027, 2, 1), date(2027, 2, 28)), date(2027, 2, 1), date(2027, 3, 3))

    assert programme.delay_days([last, first], TODAY) == 3


@given(phases())
def test_a_calendar_shows_the_plan_until_it_begins(phase):
    shown = programme.shown_from_to(phase)

    assert shown.starts_on == (phase.began_on or phase.planned.starts_on)
    if phase.finished_on:
        assert shown.ends_on == phase.finished_on
