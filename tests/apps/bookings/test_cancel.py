"""Cancel: in time nothing is kept, late what the space keeps, at the rate it was charged."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, taken
from maillage.apps.bookings.cancel import (
    AlreadyBegun,
    Cancelling,
    TooLateToCancel,
    cancel,
    kept_percent,
)
from maillage.apps.bookings.held import AlreadyOver
from maillage.apps.bookings.models import State
from maillage.apps.bookings.reserve import Terms
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge

pytestmark = pytest.mark.django_db
BEGINS = sites.slot().begins


@pytest.fixture
def room():
    tariffs.voted()
    return sites.space(free_cancel_min=60)


@pytest.fixture
def booking(room):
    return booked(ask(room))


def owed(booking):
    return Charge.objects.of("booking", booking.pk).total_cents()


def test_at_the_deadline_nothing_is_kept(booking, tells):
    deadline = BEGINS - timedelta(minutes=60)
    assert booking.free_until == deadline

    made = cancel(booking, by=booking.person_id, at=deadline)

    assert (made.state, made.ended_at) == (State.CANCELLED, deadline)
    assert (owed(booking), taken(booking.space)) == (0, [])
    entry = Entry.objects.get(act="booking.cancel")
    assert entry.facts == {"kept_percent": 0, "given_back_cents": 4000}
    assert tells()[-1] == ("cancelled", booking.pk)


def test_after_the_deadline_it_is_refused_with_the_exact_hour(booking):
    late = BEGINS - timedelta(minutes=59)

    with pytest.raises(TooLateToCancel, match="jeudi 18 mars 2027 à 8\u00a0h"):
        cancel(booking, by=booking.person_id, at=late)

    assert (owed(booking), len(taken(booking.space))) == (4000, 1)


def test_a_space_that_keeps_half_gives_half_back(room):
    type(room).objects.update(late_kept_percent=50)
    booking = booked(ask(room))
    late = BEGINS - timedelta(minutes=59)
    assert kept_percent(booking, late) == 50

    cancel(booking, by=booking.person_id, at=late)

    charges = list(Charge.objects.of("booking", booking.pk))
    assert [c.amount_cents for c in charges] == [4000, -2000]
    assert charges[1].vat_rate_bp == charges[0].vat_rate_bp
    assert charges[1].reverses_id == charges[0].pk


def test_once_it_has_begun_it_stays(booking):
    with pytest.raises(AlreadyBegun, match="9\u00a0h"):
        cancel(booking, by=booking.person_id, at=BEGINS)


def test_the_site_cancels_at_any_time_and_keeps_nothing(booking):
    how = Cancelling(is_manager=True, reason="Dégât des eaux")

    made = cancel(booking, by=None, at=BEGINS + HALF_AN_HOUR, how=how)

    assert (made.state, made.decision_note, owed(booking)) == (
        State.CANCELLED,
        "Dégât des eaux",
        0,
    )


def test_twice_it_is_told(booking):
    cancel(booking, by=None, at=AT)

    with pytest.raises(AlreadyOver, match="annulée"):
        cancel(booking, by=None, at=AT)
    assert Charge.objects.count() == 2


def test_a_hold_and_a_request_are_cancelled_at_any_hour(room):
    hold = booked(ask(room), terms=Terms(hold_for=HALF_AN_HOUR))
    cancel(hold, by=None, at=BEGINS + HALF_AN_HOUR)
    type(room).objects.update(needs_approval=True)
    request = booked(ask(room))

    made = cancel(request, by=None, at=AT)

    assert (made.state, taken(room)) == (State.CANCELLED, [])


def test_a_quiet_one_is_told_by_another_message(booking, tells):
    cancel(booking, by=None, at=AT, how=Cancelling(is_told=False))

    assert ("cancelled", booking.pk) not in tells()
