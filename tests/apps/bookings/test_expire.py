"""What nobody confirmed or answered in time is over, within the minute."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, booker, taken
from maillage.apps.bookings.confirm import confirm
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.models import State
from maillage.apps.bookings.reserve import Terms
from maillage.apps.journal.models import Entry

pytestmark = pytest.mark.django_db
HELD = Terms(hold_for=HALF_AN_HOUR)


def test_a_hold_is_over_at_its_minute_and_not_before(tells):
    hold = booked(ask(sites.space()), terms=HELD)

    assert expire(at=AT + timedelta(minutes=29, seconds=59)) == 0
    assert expire(at=AT + HALF_AN_HOUR) == 1
    assert expire(at=AT + HALF_AN_HOUR) == 0

    hold.refresh_from_db()
    assert (hold.state, taken(hold.space)) == (State.EXPIRED, [])
    assert tells()[-1] == ("expired", hold.pk)
    assert Entry.objects.filter(act="booking.expire").count() == 1


def test_a_confirmed_one_stays():
    hold = booked(ask(sites.space()), terms=HELD)
    confirm(hold, by=None, at=AT)

    assert expire(at=AT + timedelta(days=2)) == 0
    assert len(taken(hold.space)) == 1


def test_a_request_that_nobody_answered_is_over_when_its_hour_comes():
    space = sites.space(needs_approval=True)
    wanted, later = booked(ask(space)), booked(ask(space, sites.slot(begins=14, ends=16)))

    assert expire(at=sites.slot().begins) == 1

    wanted.refresh_from_db()
    later.refresh_from_db()
    assert (wanted.state, later.state) == (State.EXPIRED, State.REQUESTED)


def test_each_is_over_by_itself():
    space = sites.open_space(seats=3)
    for name in ("elise", "yanis", "camille"):
        booked(ask(space, is_whole=False), booker(name), terms=HELD)

    assert expire(at=AT + HALF_AN_HOUR) == 3


def test_the_seats_that_another_demand_did_not_want_are_freed_too():
    whole, a, b = sites.halves()
    booked(ask(whole), terms=HELD)
    later = AT + HALF_AN_HOUR
    booked(ask(a), booker("yanis"), at=later)
    assert len(taken(b)) == 1

    expire(at=later)

    assert (len(taken(a)), taken(b)) == (1, [])
