"""Opening hours: what is read, the holidays of each area, closures, days when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import opening_hours as osm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import opening_hours, periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period

PARIS = ZoneInfo("Europe/Paris")
OFFICE = "Mo-Fr 08:30-12:30,13:30-18:30; PH off"

TEXTS = st.sampled_from(
    [
        OFFICE,
        "24/7; PH off",
        "Mo-Su 08:00-20:00",
        "Mo-Fr 09:00-12:00; PH 10:00-11:00",
        "PH,Su off; Mo-Sa 09:00-18:00",
        "Mo-Sa 09:00-18:00; PH,Su off",
        "Mo-Fr 09:00-12:00, PH 15:00-16:00",
        "Fr 22:00-02:00; PH off",
        "Mo-Su 01:00-05:00; Aug off",
        "week 1-53/2 Mo 09:00-12:00; PH off",
        "Mo[2] 14:00-18:00",
        "Mo-Th 08:00-26:00; PH off",
    ]
)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def walls(found: tuple[Period, ...], zone: ZoneInfo = PARIS) -> list[str]:
    spans = (period.local(zone) for period in found)
    return [f"{begins:%d/%m %H:%M}-{ends:%d/%m %H:%M}" for begins, ends in spans]


def of_day(text: str, on: date, area: str = "metropole") -> list[str]:
    whole = periods.day(on, PARIS)
    return walls(opening_hours.parse(text, PARIS, area).open_periods(whole.begins, whole.ends))


def test_an_office_is_open_twice_a_weekday_and_never_on_sundays():
    assert of_day(OFFICE, date(2027, 3, 24)) == [
        "24/03 08:30-24/03 12:30",
        "24/03 13:30-24/03 18:30",
    ]
    assert of_day(OFFICE, date(2027, 3, 28)) == []


@pytest.mark.parametrize(
    ("area", "on", "is_open"),
    [
        ("metropole", date(2027, 3, 26), True),  # Good Friday
        ("alsace-moselle", date(2027, 3, 26), False),
        ("metropole", date(2028, 12, 26), True),
        ("alsace-moselle", date(2028, 12, 26), False),
        ("metropole", date(2027, 11, 11), False),
        ("metropole", date(2027, 3, 29), False),  # Easter Monday
        ("metropole", date(2027, 12, 20), True),
        ("reunion", date(2027, 12, 20), False),
    ],
)
def test_bank_holidays_are_those_of_the_area(area, on, is_open):
    assert bool(of_day(OFFICE, on, area)) is is_open


def test_the_holiday_of_the_day_before_counts_for_the_small_hours():
    # Thursday 6 May 2027 is Ascension Day
    assert of_day("PH 22:00-02:00", date(2027, 5, 6)) == ["06/05 22:00-07/05 00:00"]
    assert of_day("PH 22:00-02:00", date(2027, 5, 7)) == ["07/05 00:00-07/05 02:00"]
    assert of_day("PH 22:00-02:00", date(2027, 5, 8)) == ["08/05 22:00-09/05 00:00"]


def test_two_holidays_in_a_row_are_both_told():
    found = [of_day("PH 20:00-02:00", date(2028, 12, n), "alsace-moselle") for n in (25, 26, 27)]

    assert found == [
        ["25/12 20:00-26/12 00:00"],
        ["26/12 00:00-26/12 02:00", "26/12 20:00-27/12 00:00"],
        ["27/12 00:00-27/12 02:00"],
    ]


@given(TEXTS, DAYS)
def test_in_mainland_france_every_day_is_as_the_library_says_with_its_own_holidays(text, on):
    known = osm.OpeningHours(text, country="FR", auto_timezone=False)
    midnight = datetime.combine(on, time(0))
    expected = periods.merged(
        [
            Period(begins.replace(tzinfo=UTC), ends.replace(tzinfo=UTC))
            for begins, ends, state, _ in known.intervals(midnight, midnight + timedelta(days=1))
            if state == osm.State.OPEN
        ]
    )

    whole = periods.day(on, UTC)
    found = opening_hours.parse(text, UTC).open_periods(whole.begins, whole.ends)

    assert found == expected


@given(TEXTS, DAYS, st.integers(0, 200), st.integers(1, 200), st.integers(1, 200))
def test_open_time_does_not_depend_on_how_it_is_asked(text, on, start, first, second):
    hours = opening_hours.parse(text, PARIS)
    begins = periods.day(on, PARIS).begins + timedelta(minutes=start * 15)
    middle = begins + timedelta(minutes=first * 15)
    ends = middle + timedelta(minutes=second * 15)

    whole = hours.open_periods(begins, ends)
    parts = hours.open_periods(begins, middle) + hours.open_periods(middle, ends)

    assert whole == periods.merged(parts)
    assert all(hours.is_open(period) for period in whole)
    assert hours.is_open(Period(begins, ends)) is (whole == (Period(begins, ends),))


@given(TEXTS, DAYS)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(text, on):
    hours = opening_hours.parse(text, PARIS)
    asked = periods.day(on, PARIS).begins + timedelta(hours=15)

    found = hours.next_open(asked)

    assert found >= asked
    assert hours.open_periods(asked, found) == ()
    assert hours.open_periods(found, found + timedelta(minutes=1)) != ()


def test_a_place_that_never_opens_has_no_next_opening():
    assert opening_hours.parse("2020 Mo 09:00-12:00", PARIS).next_open(at("2027-03-01")) is None


def test_open_day_and_night_is_one_period_across_the_change_of_clock():
    hours = opening_hours.parse("24/7", PARIS)

    (found,) = hours.open_periods(at("2027-03-27"), at("2027-03-30"))

    assert found.hours == 71


@pytest.mark.parametrize(
    ("text", "on", "minutes"),
    [
        ("Mo-Su 01:00-04:00", date(2027, 3, 28), 120),  # two hours do not exist
        ("Mo-Su 01:00-04:00", date(2027, 10, 31), 240),  # one exists twice
        ("Mo-Su 02:15-02:45", date(2027, 3, 28), 0),  # all of it is skipped
        ("Mo-Su 02:15-02:45", date(2027, 10, 31), 30),  # the first of both
    ],
)
def test_when_the_clock_changes_open_time_is_elapsed_time(text, on, minutes):
    whole = periods.day(on, PARIS)
    found = opening_hours.parse(text, PARIS).open_periods(whole.begins, whole.ends)

    assert sum(period.minutes for period in found) == minutes


def test_a_closure_is_taken_away_and_shown_in_the_week():
    august = periods.days(date(2027, 8, 1), date(2027, 8, 31), PARIS)
    afternoon = periods.hours(date(2027, 9, 1), time(14), time(0), PARIS)
    hours = opening_hours.parse(OFFICE, PARIS, closures=(august,)).closing((afternoon,))

    week = hours.week(date(2027, 8, 30))

    assert [day.on.day for day in week] == [30, 31, 1, 2, 3, 4, 5]
    assert [day.is_closure for day in week] == [True, True, True, False, False, False, False]
    assert week[2].spans == ((time(8, 30), time(12, 30)), (time(13, 30), time(14)))
    assert hours.next_open(at("2027-08-10")) == at("2027-09-01T08:30")
    assert not hours.is_open(periods.hours(date(2027, 9, 1), time(13, 30), time(15), PARIS))


def test_a_week_names_its_holidays():
    week = opening_hours.parse(OFFICE, PARIS, "alsace-moselle").week(date(2027, 3, 22))

    assert [day.holiday for day in week] == [None] * 4 + ["good_friday", None, None]
    assert week[4].spans == ()
    assert not week[4].is_closure


def test_nothing_is_open_between_an_instant_and_itself():
    now = at("2027-03-24T09:00")

    assert opening_hours.parse("24/7", PARIS).open_periods(now, now) == ()


@pytest.mark.parametrize(
    ("text", "place", "fault"),
    [
        ("Mo-Fr 9h-12h", 7, "9h-12h"),
        ("lundi 9-12", 1, "lundi"),
        ("Mo-Fr 09:00-18:00; Dim off", 20, "Dim"),
    ],
)
def test_what_is_not_read_is_refused_with_the_word_at_fault(text, place, fault):
    with pytest.raises(BadInput) as refused:
        opening_hours.parse(text, PARIS)

    assert refused.value.code == "hours_unreadable"
    assert refused.value.facts == {"text": text, "at": place, "fault": fault}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Mo-Su sunrise-sunset", "sunrise"),
        ("Mo-Fr 10:00+", "10:00+"),
        ('Mo-Fr 09:00-12:00 || "sur demande"', "sur demande"),
        ("Mo-Fr 09:00-18:00 unknown", "unknown"),
        ("SH off; Mo 09:00-12:00", "SH"),
        ("PH +1 day 10:00-12:00", "PH +1 day"),
        ("Mo-Fr 10:00-16:00/01:30", "16:00/01:30"),
    ],
)
def test_what_no_clock_tells_is_refused(text, fault):
    with pytest.raises(BadInput) as refused:
        opening_hours.parse(text, PARIS)

    assert refused.value.code == "hours_not_fixed"
    assert refused.value.facts == {"text": text, "fault": fault}


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "hours_empty"), (" \n ", "hours_empty"), ("Mo " * 150, "hours_too_long")],
)
def test_an_empty_or_endless_text_is_refused(text, code):
    with pytest.raises(BadInput) as refused:
        opening_hours.parse(text, PARIS)

    assert refused.value.code == code


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    try:
        hours = opening_hours.parse(text, PARIS)
    except BadInput:
        return
    hours.week(date(2027, 3, 22))


def test_an_unknown_area_is_a_mistake_of_the_code():
    with pytest.raises(ValueError, match="atlantide"):
        opening_hours.parse(OFFICE, PARIS, "atlantide")


def test_a_hundred_places_are_parsed_once():
    opening_hours._checked.cache_clear()
    for _ in range(100):
        opening_hours.parse(OFFICE, PARIS).week(date(2027, 3, 22))

    assert opening_hours._checked.cache_info().misses == 1
