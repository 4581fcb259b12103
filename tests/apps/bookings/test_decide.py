"""Decide on a request: the seats are looked at again, rivals that no longer fit are told."""

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, ask, booked, booker, desk, taken
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.decide import NoReason, RequestPast, approve, refuse, rivals
from maillage.apps.bookings.held import AlreadyOver
from maillage.apps.bookings.models import State
from maillage.apps.bookings.reserve import NoSeatLeft
from maillage.apps.bookings.space_rules import TooManyPeople
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    tariffs.voted()
    return sites.space(needs_approval=True)


@pytest.fixture
def request_of(room):
    return lambda name, slot=None: booked(ask(room, slot), booker(name))


def test_approved_it_has_its_seat_and_its_charge(room, request_of, tells):
    wanted = request_of("elise")

    assert approve(wanted, by=None, at=AT) == []

    wanted.refresh_from_db()
    assert (wanted.state, len(taken(room))) == (State.CONFIRMED, 1)
    assert Charge.objects.of("booking", wanted.pk).total_cents() == 4000
    assert tells()[-1] == ("confirmed", wanted.pk)
    assert Entry.objects.filter(act="booking.approve").count() == 1


def test_rivals_are_known_before_and_refused_after(request_of, tells):
    wanted, rival = request_of("elise"), request_of("yanis", sites.slot(begins=11, ends=14))
    apart = request_of("camille", sites.slot(begins=15, ends=17))
    assert rivals(wanted) == [rival]

    assert approve(wanted, by=None, at=AT) == [rival]

    rival.refresh_from_db()
    apart.refresh_from_db()
    assert (rival.state, apart.state) == (State.REFUSED, State.REQUESTED)
    assert "autre demande" in rival.decision_note
    assert ("refused", rival.pk) in tells()


def test_a_rival_for_the_whole_is_refused_when_a_part_is_given():
    whole, a, _b = sites.halves()
    type(whole).objects.update(needs_approval=True)
    part, all_of_it = booked(ask(a), booker("elise")), booked(ask(whole), booker("yanis"))

    assert approve(part, by=None, at=AT) == [all_of_it]


def test_a_rival_that_still_fits_waits_for_its_own_answer():
    space = sites.open_space(seats=2, needs_approval=True)
    wanted, rival = (booked(desk(space), booker(name)) for name in ("elise", "yanis"))

    assert approve(wanted, by=None, at=AT) == []
    rival.refresh_from_db()
    assert rival.state == State.REQUESTED


def test_seats_taken_meanwhile_are_not_given_twice(room, request_of):
    wanted = request_of("elise")
    type(room).objects.update(needs_approval=False)
    booked(ask(room), booker("yanis"))

    with pytest.raises(NoSeatLeft):
        approve(wanted, by=None, at=AT)

    wanted.refresh_from_db()
    assert (wanted.state, len(taken(room))) == (State.REQUESTED, 1)


def test_a_request_whose_hour_has_come_is_not_approved(request_of):
    with pytest.raises(RequestPast):
        approve(request_of("elise"), by=None, at=sites.slot(begins=10, ends=11).begins)


def test_a_full_building_is_full_for_requests_too():
    place = sites.site(capacity_limit=2)
    space = sites.open_space(place, seats=4, needs_approval=True)
    wanted = booked(desk(space, party=2), booker("elise"))
    other = sites.open_space(place, name="Terrasse", seats=4)
    booked(desk(other), booker("yanis"))

    with pytest.raises(TooManyPeople):
        approve(wanted, by=None, at=AT)


def test_a_refusal_says_why(request_of, tells):
    wanted = request_of("elise")
    with pytest.raises(NoReason):
        refuse(wanted, "  ", by=None, at=AT)

    made = refuse(wanted, " Salle en travaux. ", by=None, at=AT)

    assert (made.state, made.decision_note) == (State.REFUSED, "Salle en travaux.")
    assert Entry.objects.get(act="booking.refuse").reason == "Salle en travaux."
    assert tells()[-1] == ("refused", wanted.pk)


def test_what_is_over_is_not_decided(request_of):
    wanted = request_of("elise")
    cancel(wanted, by=None, at=AT)

    with pytest.raises(AlreadyOver):
        approve(wanted, by=None, at=AT)
    with pytest.raises(AlreadyOver):
        refuse(wanted, "Trop tard.", by=None, at=AT)
