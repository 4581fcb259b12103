"""Confirm a hold in time, by whoever made it or by the account that a guest has just made."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, someone, taken
from maillage.apps.bookings.asked import Booker, Guest
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.confirm import HoldOver, confirm
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.held import AlreadyOver
from maillage.apps.bookings.models import Occupancy, State
from maillage.apps.bookings.reserve import Terms
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge

pytestmark = pytest.mark.django_db
HELD = Terms(hold_for=HALF_AN_HOUR)


@pytest.fixture
def hold():
    tariffs.voted()
    return booked(ask(sites.space()), terms=HELD)


def test_in_time_the_seats_stay_and_are_charged(hold, tells):
    made = confirm(hold, by=hold.person_id, at=AT + timedelta(minutes=29))

    assert (made.state, made.hold_until, made.version) == (State.CONFIRMED, None, 2)
    assert Occupancy.objects.get().hold_until is None
    assert [c.amount_cents for c in Charge.objects.of("booking", made.pk)] == [4000]
    assert Entry.objects.filter(act="booking.confirm").count() == 1
    assert tells()[-1] == ("confirmed", made.pk)


def test_late_it_is_over_even_before_anybody_swept_it(hold):
    with pytest.raises(HoldOver):
        confirm(hold, by=None, at=AT + HALF_AN_HOUR)

    assert not Charge.objects.exists()


def test_late_it_is_over_once_it_is_swept(hold):
    expire(at=AT + HALF_AN_HOUR)

    with pytest.raises(HoldOver):
        confirm(hold, by=None, at=AT + timedelta(minutes=1))


def test_twice_it_is_told(hold):
    confirm(hold, by=None, at=AT)

    with pytest.raises(AlreadyOver, match="confirmée"):
        confirm(hold, by=None, at=AT)
    assert Charge.objects.count() == 1


def test_a_cancelled_hold_is_not_confirmed(hold):
    cancel(hold, by=hold.person_id, at=AT)

    with pytest.raises(AlreadyOver, match="annulée"):
        confirm(hold, by=None, at=AT)
    assert taken(hold.space) == []


def test_a_guest_becomes_the_account_she_made():
    guest = Guest("Camille Dorvin (fictif)", "camille@exemple.invalid")
    hold = booked(ask(sites.space()), Booker(None, None, guest), terms=HELD)
    camille = someone("camille")

    made = confirm(hold, by=camille.pk, at=AT, person=camille)

    assert (made.person_id, made.guest_name, made.guest_email) == (camille.pk, "", "")


def test_a_booking_of_an_account_stays_hers(hold):
    other = someone("yanis")

    assert confirm(hold, by=other.pk, at=AT, person=other).person_id == hold.person_id
