"""What « demain matin » means at each place."""

from datetime import date, datetime, time, timedelta

import pytest

from factories import network_sites as sites
from maillage.apps.bookings import slots
from maillage.apps.bookings.slots import Part, When
from maillage.apps.bookings.space_rules import settings_of

pytestmark = pytest.mark.django_db
AT = sites.AT


def setting(**columns):
    """A space of a site that opens as told."""
    hours = columns.pop("hours", "Mo-Fr 08:00-20:00")
    room = sites.space(sites.site(opening_hours=hours), **columns)
    day = timedelta(days=3)
    return settings_of([room.pk], first=AT - day, last=AT + day)[room.pk]


def hours_of(period):
    return [at.strftime("%H:%M") for at in period.local(sites.PARIS)]


@pytest.mark.parametrize(
    ("hours", "part", "expected"),
    [
        ("Mo-Fr 08:00-20:00", Part.MORNING, ["08:00", "13:00"]),
        ("Mo-Fr 08:45-12:15", Part.MORNING, ["09:00", "12:00"]),
        ("Mo-Fr 08:30-12:30,14:00-17:30", Part.DAY, ["08:30", "17:30"]),
        ("Mo-Fr 14:00-18:00", Part.AFTERNOON, ["14:00", "18:00"]),
        ("24/7", Part.DAY, ["08:00", "18:00"]),
    ],
)
def test_a_part_of_a_day_is_cut_to_the_hours_of_the_place(hours, part, expected):
    found = slots.within(When(sites.TOMORROW, part), setting(hours=hours), at=AT)

    assert hours_of(found) == expected


@pytest.mark.parametrize("hours", ["Mo-Fr 14:00-18:00", "", "Sa 08:00-12:00"])
def test_a_place_closed_then_has_no_slot(hours):
    assert slots.within(When(sites.TOMORROW, Part.MORNING), setting(hours=hours), at=AT) is None


def test_today_begins_after_the_notice_on_the_grain():
    at = datetime(2027, 3, 17, 9, 20, tzinfo=sites.PARIS)

    found = slots.within(When(at.date(), Part.MORNING), setting(notice_min=60), at=at)

    assert hours_of(found) == ["10:30", "13:00"]


def test_precise_hours_are_left_as_they_are():
    wanted = When(sites.TOMORROW, Part.HOURS, time(7), time(7, 10))

    assert hours_of(slots.within(wanted, setting(), at=AT)) == ["07:00", "07:10"]


def test_eight_stays_eight_across_the_change_of_hour():
    room = sites.space(sites.site())
    before, after = date(2027, 3, 26), date(2027, 3, 30)
    known = settings_of([room.pk], first=AT, last=AT + timedelta(days=30))[room.pk]

    found = [slots.within(When(on), known, at=AT) for on in (before, after)]

    assert [hours_of(one) for one in found] == [["08:00", "13:00"]] * 2
    assert found[1].begins - found[0].begins == timedelta(days=4, hours=-1)
