"""Late work of bookings: each task does what its verb does, now."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories.bookings import ask, booked, booker, desk, someone, taken
from maillage.apps.bookings.blocks import Keeping, keep
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Closed, Release, State, Wait, WaitState
from maillage.apps.bookings.reserve import Terms
from maillage.apps.bookings.waiting import wait
from maillage.apps.sites import close_for
from maillage.apps.sites.versions import Author
from maillage.core import periods
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks():
    # its decorators need the application of jobs
    from maillage.apps.bookings import tasks

    return tasks


@pytest.fixture
def room():
    return sites.space(sites.site(opening_hours="24/7"))


@pytest.fixture
def slot():
    """A morning, in three days."""
    return sites.slot(now().date() + timedelta(days=3))


def test_holds_and_requests_are_over_within_the_minute(tasks, room, slot):
    early = now() - timedelta(hours=1)
    hold = booked(ask(room, slot), at=early, terms=Terms(hold_for=timedelta(minutes=30)))

    tasks.end_what_is_over(0)

    hold.refresh_from_db()
    assert (hold.state, taken(room)) == (State.EXPIRED, [])


@pytest.mark.parametrize("how", ["told", "each minute"])
def test_what_became_free_is_offered(tasks, room, slot, how):
    booking = booked(ask(room, slot), at=now())
    wait(ask(room, slot), someone("yanis"), at=now())
    cancel(booking, by=None, at=now())

    if how == "told":
        tasks.offer(space_ids=[room.pk])
    else:
        tasks.offer_again(0)

    assert Wait.objects.get().state == WaitState.OFFERED


def test_a_wait_whose_slot_begins_is_over(tasks, room, slot):
    booked(ask(room, slot), at=now())
    wait(ask(room, slot), someone("yanis"), at=now())
    begun = now() + timedelta(hours=1)
    Wait.objects.update(period=(begun, begun + timedelta(hours=1)))

    tasks.end_what_is_over(0)

    assert Wait.objects.get().state == WaitState.PASSED


def test_unused_days_are_released(tasks):
    space = sites.open_space(seats=1)
    tomorrow = now().date() + timedelta(days=1)
    holder = Holder(person_id=someone("elise").pk)
    keeping = Keeping(holder, frozenset(range(7)), tomorrow, tomorrow, release_min=3 * 24 * 60)
    keep(space.seats.get(), keeping, by=None, at=now())

    tasks.release_unused(0)

    assert Release.objects.get().on == tomorrow


def test_closures_are_followed(tasks, slot):
    space = sites.open_space(sites.site(opening_hours="24/7"), seats=1)
    booked(desk(space, slot), booker("elise"), at=now())
    day = periods.day(slot.begins.date(), sites.PARIS)
    close_for.close_for(space.site, day, "Travaux", Author(None, now()))

    tasks.follow_closures(0)

    assert Closed.objects.count() == 1
