"""Erasure: seats to come are freed, no word is left; what was sold stays."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.forget_people import GUESTS_KEPT, forget_guests
from maillage.apps.bookings.models import Booking, Feed, Occupancy, State
from maillage.apps.bookings.reserve import Terms, reserve
from maillage.apps.people import export
from maillage.apps.people.erase import erase
from maillage.apps.sites.models import Site

pytestmark = pytest.mark.django_db
AT = sites.AT


def booked(who, *, on=sites.TOMORROW, at=AT):
    place = Site.objects.first() or sites.site()
    room = sites.space(place, f"Salle {Booking.objects.count()}")
    ask = Ask(room.pk, sites.slot(on), 1, is_whole=True)
    return reserve([ask], Booker(who, who.pk, purpose="Ma mère est malade"), at=at)[0]


def test_seats_to_come_are_freed_and_nothing_is_said_any_more():
    elise = sites.member()
    past = booked(elise, on=sites.TOMORROW - timedelta(days=7), at=AT - timedelta(days=9))
    future = booked(elise)
    Feed.objects.create(person=elise, kind="person", secret_hash=b"x" * 32, created_at=AT)

    erase(elise, by=None, at=AT)

    past.refresh_from_db()
    future.refresh_from_db()
    assert (past.state, future.state) == (State.CONFIRMED, State.CANCELLED)
    assert (past.purpose, future.purpose, future.decision_note) == ("", "", "")
    assert Occupancy.objects.filter(booking=future).count() == 0
    assert Feed.objects.count() == 0


def test_a_guest_is_a_figure_after_a_year():
    room = sites.space()
    ask = Ask(room.pk, sites.slot(), 1, is_whole=True)
    guest = Booker(None, None, guest=Guest("Rose (fictif)", "rose@exemple.invalid"))
    made = reserve([ask], guest, at=AT, terms=Terms(hold_for=timedelta(hours=1)))[0]

    assert forget_guests(at=AT + GUESTS_KEPT) == 0
    assert forget_guests(at=AT + GUESTS_KEPT + timedelta(days=2)) == 1
    made.refresh_from_db()
    assert (made.guest_name, made.guest_email) == ("", "")


def test_her_bookings_are_in_her_file():
    elise = sites.member()
    made = booked(elise)
    tables = export.tables_of(elise)
    assert [line["référence"] for line in tables["reservations"]] == [made.reference]
