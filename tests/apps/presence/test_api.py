"""Arrivals by a program: for those who keep the day of the site, once."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from factories import network_sites as sites
from factories import people
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reserve import reserve
from maillage.apps.people import api_token
from maillage.apps.people.models import RoleKind
from maillage.apps.presence.models import Arrival
from maillage.core.periods import Period
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


def client(who) -> Client:
    """A program of somebody."""
    scopes = tuple(api_token.SCOPES)
    secret = api_token.create(who, "Porte", scopes, lasts_days=30, at=now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def booking():
    """The whole of today, at a site that never closes."""
    place = sites.site(opening_hours="24/7")
    room = sites.space(place)
    midnight = datetime.combine(now().date(), time(0), sites.PARIS)
    elise = sites.member()
    ask = Ask(room.pk, Period(midnight, midnight + timedelta(days=1)), 1, is_whole=True)
    booker = Booker(elise, elise.pk, override_reason="Toute la journée")
    return reserve([ask], booker, at=midnight - timedelta(days=1))[0]


@pytest.fixture
def sophie(booking):
    scope = ("site", str(booking.site_id))
    return people.with_second_factor(people.holder(RoleKind.SITE_MANAGER, scope))


def note(of: Client, booking, key: str = "", **body):
    headers = {"Idempotency-Key": key} if key else {}
    address = f"/api/v1/bookings/{booking.reference}/arrivals"
    return of.post(address, body, content_type="application/json", headers=headers)


def test_notes_who_is_there_once(booking, sophie):
    answer = note(client(sophie), booking)
    assert (answer.status_code, answer.json()["people"]) == (201, 1)
    again = note(client(sophie), booking)
    assert (again.status_code, again.json()["code"]) == (409, "already_here")
    assert Arrival.objects.count() == 1


def test_the_same_demand_under_the_same_key_gets_the_same_answer(booking, sophie):
    program = client(sophie)
    first, second = (note(program, booking, "door-of-the-barn") for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())


def test_whoever_does_not_keep_the_site_finds_nothing(booking):
    elsewhere = sites.site("Ailleurs (fictif)")
    scope = ("site", str(elsewhere.pk))
    other = people.with_second_factor(people.holder(RoleKind.SITE_MANAGER, scope))
    assert note(client(other), booking).status_code == 404
    assert note(client(booking.person), booking).status_code == 404
    assert Arrival.objects.count() == 0
