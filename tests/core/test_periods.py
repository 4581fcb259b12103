"""Periods, days when the clock changes, bank holidays, the dates of a series."""

import itertools
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jours_feries_france import JoursFeries

from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import LAST, PARIS, HalfDays, Period, Recurrence

# Saint-Pierre changes with America, Nouméa never, Lord Howe by half an hour, Havana at midnight
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            *("Europe/Paris", "America/Miquelon", "Pacific/Noumea", "Indian/Reunion"),
            *("Australia/Lord_Howe", "America/Havana"),
        )
    ]
)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
TIMES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
EPOCH = datetime(2027, 3, 27, tzinfo=UTC)


@st.composite
def some_periods(draw) -> Period:
    begins = EPOCH + timedelta(minutes=draw(st.integers(0, 200)))
    return Period(begins, begins + timedelta(minutes=draw(st.integers(1, 60))))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def minutes_of(found: tuple[Period, ...] | list[Period]) -> set[datetime]:
    return {
        period.begins + timedelta(minutes=n) for period in found for n in range(int(period.minutes))
    }


def test_a_period_is_aware_and_begins_before_it_ends():
    with pytest.raises(ValueError, match="aware"):
        Period(datetime(2027, 1, 1), datetime(2027, 1, 2, tzinfo=UTC))  # noqa: DTZ001
    with pytest.raises(ValueError, match="before"):
        Period(EPOCH, EPOCH)


def test_the_same_instants_of_two_zones_are_the_same_period():
    here = Period(at("2027-10-31T02:30"), at("2027-10-31T03:30"))

    assert here == Period(
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 2, 30, tzinfo=UTC)
    )
    assert here.hours == 2
    assert here.minutes == 120


@given(some_periods(), some_periods())
def test_overlap_is_symmetric_and_neighbours_do_not_overlap(a, b):
    assert a.overlaps(b) is b.overlaps(a) is (a.shared(b) is not None)
    assert a.overlaps(b) is bool(minutes_of([a]) & minutes_of([b]))
    after = Period(a.ends, a.ends + timedelta(minutes=1))
    assert not a.overlaps(after)
    assert not after.overlaps(a)
    assert periods.merged([after, a]) == (Period(a.begins, after.ends),)
    assert not a.contains(a.ends)
    assert a.contains(a.begins)


@given(some_periods(), some_periods())
def test_what_contains_both_ends_contains_all(a, b):
    assert a.contains(b) is (minutes_of([b]) <= minutes_of([a]))
    wider = a.widened(timedelta(minutes=10), timedelta(minutes=5))
    assert wider.contains(a)
    assert wider.minutes == a.minutes + 15


@given(st.lists(some_periods(), max_size=6), st.lists(some_periods(), max_size=6))
def test_taking_time_away_is_that_of_sets(some, gone):
    found = periods.without(some, gone)

    assert minutes_of(found) == minutes_of(some) - minutes_of(gone)
    assert all(a.ends < b.begins for a, b in itertools.pairwise(found))
    assert minutes_of(periods.merged(some)) == minutes_of(some)


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 3, 27), 24)])
def test_a_day_is_a_local_day(on, hours):
    assert periods.day(on, PARIS).hours == hours


@given(DAYS, ZONES)
def test_days_follow_each_other_without_gap_nor_overlap(on, zone):
    day, after = (periods.day(on + timedelta(n), zone) for n in (0, 1))

    assert day.ends == after.begins
    assert periods.local_days(day, zone) == (on,)
    assert periods.days(on, on + timedelta(1), zone) == Period(day.begins, after.ends)


@given(DAYS, TIMES, TIMES, ZONES)
def test_a_later_wall_clock_is_never_an_earlier_instant(on, one, other, zone):
    first, second = sorted((one, other))

    assert periods.instant(on, first, zone) <= periods.instant(on, second, zone)


@given(DAYS, TIMES, ZONES)
def test_an_instant_shows_its_wall_clock_unless_the_clock_skips_it(on, wall, zone):
    found = periods.instant(on, wall, zone)
    shown = found.astimezone(zone)

    before = (found - timedelta(seconds=1)).astimezone(zone)
    is_jump = before.utcoffset() != shown.utcoffset()
    assert (shown.date(), shown.time()) == (on, wall) or is_jump
    assert shown.replace(tzinfo=None) >= datetime.combine(on, wall)


def test_a_time_that_the_clock_skips_is_the_jump_and_one_shown_twice_is_the_first():
    assert periods.instant(SPRING, time(2, 30), PARIS) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert periods.instant(AUTUMN, time(2, 30), PARIS) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_hours_of_a_day_and_its_end_at_midnight():
    evening = periods.hours(AUTUMN, time(20), time(0), PARIS)

    assert evening == Period(at("2027-10-31T20:00"), at("2027-11-01T00:00"))
    assert periods.hours(SPRING, time(1), time(4), PARIS).hours == 2


@pytest.mark.parametrize(
    ("on", "begins", "ends", "code"),
    [
        (SPRING, time(9), time(9), "period_ends_first"),
        (SPRING, time(9), time(8), "period_ends_first"),
        (SPRING, time(2), time(3), "period_skipped_by_clock"),
        (SPRING, time(2, 15), time(2, 45), "period_skipped_by_clock"),
    ],
)
def test_hours_that_are_not_are_refused(on, begins, ends, code):
    with pytest.raises(BadInput) as refused:
        periods.hours(on, begins, ends, PARIS)

    assert refused.value.code == code
    assert refused.value.facts == {"on": on, "begins": begins, "ends": ends}


def test_a_half_day_is_that_of_the_place():
    halves = HalfDays((time(8, 30), time(12, 30)), (time(13, 30), time(18)))

    assert periods.half_day(SPRING, "morning", PARIS, halves).hours == 4
    assert periods.half_day(SPRING, "afternoon", PARIS, halves).hours == 4.5
    with pytest.raises(ValueError, match="night"):
        periods.half_day(SPRING, "night", PARIS, halves)


def test_a_period_touches_the_days_it_lasts_in_and_not_the_one_it_ends_at():
    night = Period(at("2027-03-27T22:00"), at("2027-03-29T00:00"))

    assert periods.local_days(night, PARIS) == (date(2027, 3, 27), SPRING)


@pytest.mark.parametrize("area", periods.AREAS)
def test_every_area_is_known_to_the_library_and_every_holiday_has_a_code(area):
    found = periods.holidays(2027, area)

    assert set(found.values()) <= set(periods.HOLIDAYS)
    assert list(found) == sorted(found)
    assert found[date(2027, 7, 14)] == "national_day"
    assert set(found) == set(JoursFeries.for_year(2027, periods.AREAS[area]).values())


def test_an_area_is_its_name_without_accents_nor_article():
    assert list(periods.AREAS) == [
        *("metropole", "alsace-moselle", "guadeloupe", "guyane", "martinique", "mayotte"),
        *("nouvelle-caledonie", "reunion", "polynesie-francaise", "saint-barthelemy"),
        *("saint-martin", "wallis-et-futuna", "saint-pierre-et-miquelon"),
    ]


def test_the_areas_are_all_those_of_the_library():
    assert set(periods.AREAS.values()) == set(JoursFeries.ZONES)


@pytest.mark.parametrize(
    ("area", "on", "is_one"),
    [
        ("alsace-moselle", date(2027, 3, 26), True),
        ("metropole", date(2027, 3, 26), False),
        ("alsace-moselle", date(2027, 12, 26), True),
        ("metropole", date(2027, 3, 29), True),
        ("reunion", date(2027, 12, 20), True),
        ("metropole", date(2027, 3, 30), False),
    ],
)
def test_holidays_are_those_of_the_area(area, on, is_one):
    assert periods.is_holiday(on, area) is is_one


def test_two_holidays_on_one_day_are_one_day():
    # Ascension Day 2008 was on 1 May
    assert periods.holidays(2008, "metropole")[date(2008, 5, 1)] == "labour_day"


# — series —

TUESDAY = date(2027, 1, 12)


def test_every_other_week_is_counted_from_that_of_the_first_date():
    found = periods.occurrences(
        Recurrence("weekly", every=2, weekdays=frozenset({0, 3})), TUESDAY, date(2027, 2, 14)
    )

    assert found == tuple(date(2027, *day) for day in ((1, 14), (1, 25), (1, 28), (2, 8), (2, 11)))


def test_a_monthly_series_keeps_its_weekday_of_the_month():
    second = periods.occurrences(Recurrence("monthly"), TUESDAY, date(2027, 4, 30))
    last = periods.occurrences(Recurrence("monthly", nth=LAST), TUESDAY, date(2027, 4, 30))
    fifth = periods.occurrences(Recurrence("monthly"), date(2027, 3, 30), date(2027, 9, 30))

    assert [day.day for day in second] == [12, 9, 9, 13]
    assert [day.day for day in last] == [26, 23, 30, 27]
    assert fifth == (date(2027, 3, 30), date(2027, 6, 29), date(2027, 8, 31))


@given(DAYS, st.integers(0, 120), st.integers(1, 4), st.sampled_from(["daily", "weekly"]))
def test_a_series_is_regular_from_its_first_day_to_its_last(first, length, every, frequency):
    last = first + timedelta(length)

    found = periods.occurrences(Recurrence(frequency, every), first, last)

    step = timedelta(every * (1 if frequency == "daily" else 7))
    assert found[0] == first
    assert {b - a for a, b in itertools.pairwise(found)} <= {step}
    assert found[-1] <= last < found[-1] + step


def test_nine_oclock_stays_nine_oclock_when_the_clock_changes():
    dates = periods.occurrences(Recurrence("weekly"), date(2027, 3, 22), date(2027, 4, 5))

    found = [periods.hours(on, time(9), time(12), PARIS) for on in dates]

    assert [period.local(PARIS)[0].hour for period in found] == [9, 9, 9]
    assert [(b.begins - a.begins) / timedelta(hours=1) for a, b in itertools.pairwise(found)] == [
        167,
        168,
    ]


@pytest.mark.parametrize(
    ("rule", "first", "last", "code"),
    [
        (Recurrence("daily"), date(2027, 1, 1), date(2026, 12, 31), "series_ends_first"),
        (Recurrence("daily"), date(2027, 1, 1), date(2028, 2, 5), "series_too_long"),
        (
            Recurrence("weekly", weekdays=frozenset({0})),
            date(2027, 1, 12),
            date(2027, 1, 17),
            "series_without_date",
        ),
    ],
)
def test_a_series_without_end_or_date_is_refused(rule, first, last, code):
    with pytest.raises(BadInput) as refused:
        periods.occurrences(rule, first, last)

    assert refused.value.code == code


def test_a_series_of_as_many_dates_as_allowed_is_not_refused():
    found = periods.occurrences(Recurrence("daily"), date(2027, 1, 1), date(2028, 2, 4))

    assert len(found) == periods.MOST_DATES


@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency": "yearly"},
        {"frequency": "daily", "every": 0},
        {"frequency": "weekly", "weekdays": frozenset({7})},
        {"frequency": "monthly", "nth": 6},
    ],
)
def test_a_rule_that_no_form_sends_is_a_mistake_of_the_code(wrong):
    with pytest.raises(ValueError, match=r"a (series|weekday)"):
        Recurrence(**wrong)


def test_a_month_is_its_first_day_and_no_other_text_is_one():
    assert periods.month("2027-03") == date(2027, 3, 1)
    for wrong in ("2027-13", "2027-3", "2027-03-01", "1999-03", "9999-12", "٢٠٢٧-٠٣", ""):
        with pytest.raises(ValueError, match=f"^{re.escape(wrong)}$"):
            periods.month(wrong)


def test_the_month_after_december_begins_the_year():
    assert periods.next_month(date(2027, 12, 31)) == date(2028, 1, 1)
    assert periods.next_month(date(2027, 1, 31)) == date(2027, 2, 1)
