"""Change: the rules of a new booking, the price of what it becomes."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, ask, booked, booker, desk, taken
from maillage.apps.bookings.change import TooLateToChange, WouldNeedApproval, change
from maillage.apps.bookings.held import AlreadyOver, SomebodyElseChanged
from maillage.apps.bookings.models import State
from maillage.apps.bookings.reserve import NoSeatLeft
from maillage.apps.bookings.space_rules import SpaceClosed, TooManyPeople
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge

pytestmark = pytest.mark.django_db
AFTERNOON = sites.slot(begins=14, ends=16)
BEGINS = sites.slot().begins


@pytest.fixture
def room():
    tariffs.voted()
    return sites.space()


@pytest.fixture
def booking(room):
    return booked(ask(room))


def owed(booking):
    return Charge.objects.of("booking", booking.pk).total_cents()


def test_another_hour_frees_the_first_and_costs_what_it_costs(booking, room, tells):
    made = change(booking, ask(room, AFTERNOON), booker(), version=1, at=AT)

    assert [period for _, period, *_ in taken(room)] == [AFTERNOON]
    assert (owed(booking), made.price_cents, made.version) == (3000, 3000, 2)
    assert made.free_until == AFTERNOON.begins - timedelta(minutes=60)
    assert Entry.objects.filter(act="booking.change").count() == 1
    assert tells()[-1] == ("changed", booking.pk)


def test_it_may_overlap_itself(booking, room):
    longer = sites.slot(begins=9, ends=13)

    change(booking, ask(room, longer), booker(), at=AT)

    assert [period for _, period, *_ in taken(room)] == [longer]


def test_what_others_have_is_refused_and_nothing_moves(booking, room):
    booked(ask(room, AFTERNOON), booker("yanis"))

    with pytest.raises(NoSeatLeft):
        change(booking, ask(room, AFTERNOON), booker(), at=AT)

    booking.refresh_from_db()
    assert (booking.version, owed(booking), len(taken(room))) == (1, 4000, 2)


def test_another_space_of_the_site(booking, room):
    other = sites.space(room.site, "Petite salle")

    made = change(booking, ask(other), booker(), at=AT)

    assert (made.space_id, taken(room), len(taken(other))) == (other.pk, [], 1)


def test_more_seats():
    space = sites.open_space(seats=3)
    booking = booked(desk(space))

    made = change(booking, desk(space, party=3), booker(), at=AT)

    assert (made.party, len(taken(space))) == (3, 3)


def test_who_read_an_older_version_reads_again(booking, room):
    change(booking, ask(room, AFTERNOON), booker(), version=1, at=AT)

    with pytest.raises(SomebodyElseChanged):
        change(booking, ask(room), booker(), version=1, at=AT)


def test_after_the_deadline_it_only_becomes_longer(booking, room):
    late = BEGINS - timedelta(minutes=59)
    with pytest.raises(TooLateToChange):
        change(booking, ask(room, AFTERNOON), booker(), at=late)

    change(booking, ask(room, sites.slot(begins=9, ends=15)), booker(), at=late)

    assert owed(booking) == 5500


def test_what_has_begun_is_prolonged_within_the_hours(booking, room):
    during = BEGINS + timedelta(minutes=30)

    change(booking, ask(room, sites.slot(begins=9, ends=13)), booker(), at=during)

    with pytest.raises(SpaceClosed):
        change(booking, ask(room, sites.slot(begins=9, ends=22)), booker(), at=during)


def test_a_space_on_request_is_not_entered_by_a_change(booking, room):
    other = sites.space(room.site, "Salle du conseil", needs_approval=True)

    with pytest.raises(WouldNeedApproval):
        change(booking, ask(other), booker(), at=AT)


def test_a_manager_goes_beyond_the_rules(booking, room):
    late = BEGINS - timedelta(minutes=5)
    sophie = booker("sophie", override_reason="Fuite d’eau")

    change(booking, ask(room, sites.slot(begins=20, ends=22)), sophie, at=late)

    assert Entry.objects.get(act="booking.change").reason == "Fuite d’eau"


def test_a_building_holds_no_more_by_a_change():
    place = sites.site(capacity_limit=4)
    space = sites.open_space(place, seats=6)
    booking = booked(desk(space, party=2))
    assert change(booking, desk(space, party=4), booker(), at=AT).party == 4

    with pytest.raises(TooManyPeople):
        change(booking, desk(space, party=5), booker(), at=AT)


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXPIRED, State.REFUSED])
def test_what_is_over_does_not_change(booking, room, state):
    type(booking).objects.update(state=state, ended_at=AT)

    with pytest.raises(AlreadyOver):
        change(booking, ask(room, AFTERNOON), booker(), at=AT)
