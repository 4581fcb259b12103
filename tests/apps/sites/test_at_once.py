"""Two at once: a seat taken while somebody removes it stays; a tree moved twice keeps no ring."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from factories import sites
from maillage.apps.bookings import seats as bookings
from maillage.apps.sites import keep_seats, keep_space
from maillage.apps.sites.models import Seat, Space
from patience import PATIENCE_S, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Each in its own connection; what each raised, in order."""
    raised = [None] * len(acts)

    def run(n, act):
        try:
            act()
        except Exception as error:  # kept for the test to look at
            raised[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    return raised


def somebody_waits_for_me() -> bool:
    """Whether another connection waits for what the transaction of this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def test_a_seat_that_is_being_booked_is_not_removed():
    space = sites.space(sites.site(), seats=1)
    locked = threading.Event()

    @transaction.atomic
    def book():
        (keys,) = bookings.lock([space.pk]).values()
        locked.set()
        wait_until(somebody_waits_for_me)
        begins = sites.AT + timedelta(days=1)
        sites.booked(Seat.objects.get(pk=keys[0]), begins, begins + timedelta(hours=1))

    def shrink():
        locked.wait(PATIENCE_S)
        keep_seats.set_count(space, 0, sites.author())

    booked, refused = at_once(book, shrink)

    assert booked is None
    assert isinstance(refused, keep_seats.SeatsBooked)
    assert space.seats.get().removed_at is None


def test_a_seat_that_was_removed_is_no_longer_there_to_book():
    space = sites.space(sites.site(), seats=1)
    removed = threading.Event()
    found = []

    @transaction.atomic
    def shrink():
        keep_seats.set_count(space, 0, sites.author())
        removed.set()
        wait_until(somebody_waits_for_me)

    @transaction.atomic
    def book():
        removed.wait(PATIENCE_S)
        found.extend(bookings.lock([space.pk]).get(space.pk, []))

    assert at_once(shrink, book) == [None, None]
    assert found == []


def test_two_moves_that_would_make_a_ring_leave_a_tree():
    site = sites.site()
    one, two = sites.space(site, "A", seats=0), sites.space(site, "B", seats=0)
    begin = threading.Barrier(2)

    def move(space, parent):
        begin.wait(PATIENCE_S)
        keep_space.move(space, parent, sites.author(), version=1)

    raised = at_once(lambda: move(one, two), lambda: move(two, one))

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "UnderItself"]
    paths = {space.pk: space.path for space in Space.objects.all()}
    assert sorted(len(path) for path in paths.values()) == [1, 2]
