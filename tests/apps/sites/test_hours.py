"""A week of mornings and afternoons written in OpenStreetMap's syntax, and read back."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import sites
from maillage.apps.sites import hours
from maillage.apps.sites.forms import initial_of as sheet_of
from maillage.apps.sites.hours import Weekly
from maillage.apps.sites.hours_form import HoursForm, initial_of
from maillage.core import opening_hours
from maillage.core.periods import is_holiday

PARIS = ZoneInfo("Europe/Paris")
ANY_MONDAY = date(2027, 6, 7)


def clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@st.composite
def days(draw):
    """Nothing, a span, or a morning and an afternoon, at any minute."""
    ends = sorted(draw(st.sets(st.integers(0, 24 * 60), min_size=4, max_size=4)))
    spans = [(clock(ends[0]), clock(ends[1])), (clock(ends[2]), clock(ends[3]))]
    return tuple(spans[: draw(st.integers(0, 2))])


weeks = st.lists(days(), min_size=7, max_size=7).map(tuple).filter(any)


@given(weeks, st.booleans())
def test_what_the_form_writes_is_what_the_week_shows(week, closed):
    text = hours.written(Weekly(week, closed))

    shown = opening_hours.parse(text, PARIS).week(ANY_MONDAY)

    assert tuple(day.spans for day in shown) == week


@given(weeks, st.booleans())
def test_what_the_form_writes_comes_back_into_the_form(week, closed):
    text = hours.checked(hours.written(Weekly(week, closed)), PARIS, "metropole")

    assert hours.read(text, PARIS, "metropole") == Weekly(week, closed)


def test_days_that_follow_and_have_the_same_hours_share_a_rule():
    morning, afternoon = (time(9), time(12)), (time(14), time(0))
    week = (*[(morning, afternoon)] * 3, (), (morning,), (), ())

    assert (
        hours.written(Weekly(week, True)) == "Mo-We 09:00-12:00,14:00-24:00; Fr 09:00-12:00; PH off"
    )


def test_a_bank_holiday_is_closed_when_it_is_said():
    week = ((((time(9), time(12))),),) * 7
    new_year = datetime(2027, 1, 1, 10, tzinfo=PARIS)
    assert is_holiday(new_year.date(), "metropole")

    for is_closed in (True, False):
        parsed = opening_hours.parse(hours.written(Weekly(week, is_closed)), PARIS)
        opens = parsed.next_open(new_year)
        assert (opens == new_year.astimezone(UTC)) is not is_closed


@pytest.mark.parametrize(
    "text",
    ["Mo-Fr 09:00-12:00,13:00-15:00,16:00-18:00", "Jun-Aug Mo 09:00-12:00", "PH 10:00-12:00"],
)
def test_what_the_form_cannot_say_is_left_to_the_text(text):
    assert hours.read(text, PARIS, "metropole") is None


@pytest.mark.django_db
def test_the_form_begins_with_the_week_or_with_the_text():
    simple = sites.site("A", opening_hours="Mo 14:00-18:00; PH off")
    complex_ = sites.site("B", opening_hours="Jun-Aug Mo 09:00-12:00")
    unknown = sites.site("C")

    first = initial_of(simple)
    assert (first["how"], first["closed_on_holidays"]) == ("semaine", True)
    assert (first["d0_pm_from"], first["d0_pm_to"]) == (time(14), time(18))
    assert initial_of(complex_)["how"] == "texte"
    assert (initial_of(unknown)["how"], initial_of(unknown)["text"]) == ("semaine", "")
    assert sheet_of(simple)["version"] == 1


def form(**typed):
    return HoursForm({"how": "semaine", "holiday_area": "metropole", "version": "1", **typed})


def test_a_day_needs_both_ends_in_order_and_an_afternoon_after_its_morning():
    written = form(
        d0_am_from="09:00",
        d1_am_from="12:00",
        d1_am_to="09:00",
        d2_am_from="09:00",
        d2_am_to="14:00",
        d2_pm_from="13:00",
        d2_pm_to="18:00",
    )

    assert set(written.errors) == {"d0_am_to", "d1_am_to", "d2_pm_from"}


def test_a_week_without_any_opening_is_not_a_week():
    assert list(form().errors) == ["how"]


def test_unknown_hours_are_said_unknown_whatever_was_typed():
    written = form(how="inconnues", d0_am_from="09:00", d0_am_to="12:00")

    assert written.is_valid()
    assert written.said().opening_hours == ""


def test_a_text_is_read_before_it_is_kept():
    assert list(form(how="texte").errors) == ["text"]
    assert list(form(how="texte", text="tous les jours").errors) == ["text"]
    written = form(how="texte", text="Mo 09:00-12:00", holiday_area="reunion")
    assert written.is_valid()
    assert written.said().zone == "Indian/Reunion"


def test_a_whole_day_lasts_until_midnight():
    written = form(d0_am_from="00:00", d0_am_to="00:00")

    assert written.is_valid()
    assert written.said().opening_hours == "Mo 00:00-24:00"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2027, 3, 17, 10, tzinfo=PARIS), "Ouvert maintenant"),
        (
            datetime(2027, 3, 17, 20, tzinfo=PARIS),
            "Fermé, ouvre jeudi 18 mars 2027 à 9\u00a0h",
        ),
    ],
)
def test_it_is_said_whether_it_is_open_now(at, said):
    parsed = opening_hours.parse("Mo-Fr 09:00-18:00", PARIS)

    assert hours.now_words(parsed, at) == said
    assert hours.now_words(None, at) == "Heures non renseignées"


@pytest.mark.django_db
def test_the_table_of_the_week_says_why_a_day_is_closed():
    site = sites.site(opening_hours="Mo-Fr 09:00-12:00; PH off")
    begins = datetime(2027, 5, 4, tzinfo=PARIS)
    closed = sites.closure(site, begins, begins.replace(day=5), reason="Peinture")

    # the week of Ascension, and a closure on Tuesday
    table = hours.table(hours.of_site(site, [closed]), date(2027, 5, 5))

    rows = [(r.cells["day"], r.cells["hours"], r.cells["why"]) for r in table.rows]
    assert rows[1] == ("Mardi 4 mai", "fermé", "fermeture exceptionnelle")
    assert rows[2] == ("Mercredi 5 mai", "9\u00a0h – 12\u00a0h", "")
    assert rows[3] == ("Jeudi 6 mai", "fermé", "Ascension")


@pytest.mark.django_db
def test_the_next_bank_holidays_cross_the_year():
    named = hours.next_holidays(sites.site(), date(2026, 12, 25), most=3)

    assert [on for on, _ in named] == [date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 29)]
    assert [name for _, name in named][::2] == ["Noël", "Lundi de Pâques"]
