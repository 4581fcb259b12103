"""Bookings for programs: the rules of the pages, told as problems; one key, one booking."""

from datetime import timedelta

import pytest
from django.test import Client

from factories import network_sites as sites
from factories import people
from maillage.apps.bookings.models import Booking, Occupancy
from maillage.apps.people import api_token
from maillage.apps.people.models import RoleKind
from maillage.core import periods
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def client(who, *scopes: str) -> Client:
    """A program of somebody."""
    wanted = scopes or tuple(api_token.SCOPES)
    secret = api_token.create(who, "Agenda", wanted, lasts_days=30, at=now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def asked(begins: int = 9, ends: int = 12, **more) -> dict:
    """Some hours of a working day to come."""
    on = now().date() + timedelta(days=7)
    while on.weekday() > 4 or periods.is_holiday(on, "metropole"):
        on += timedelta(days=1)
    slot = sites.slot(on, begins, ends)
    return {"begins": slot.begins.isoformat(), "ends": slot.ends.isoformat(), **more}


def book(of: Client, space, key: str = "", **more):
    """One demand."""
    headers = {"Idempotency-Key": key} if key else {}
    return of.post(
        f"{ROOT}/spaces/{space.pk}/bookings",
        asked(**more),
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def room():
    return sites.space()


@pytest.fixture
def elise():
    return sites.member()


def test_books_for_the_person_of_the_token(room, elise):
    answer = book(client(elise), room)

    assert answer.status_code == 201, answer.content
    sheet = answer.json()
    made = Booking.objects.get(reference=sheet["reference"])
    assert (made.person_id, made.state, sheet["state"]) == (elise.pk, "confirmed", "confirmed")
    assert answer.headers["Location"] == sheet["href"]
    assert Occupancy.objects.count() == 1


def test_the_second_is_told_why_and_the_next_free_slots(room, elise):
    book(client(elise), room)
    other = client(sites.member("yanis@exemple.invalid"))
    answer = book(other, room)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_seat_left")
    assert "Prochains créneaux libres" in answer.json()["detail"]


def test_the_same_demand_under_the_same_key_books_once(room, elise):
    program = client(elise)
    first, second = (book(program, room, "a-key-of-mine") for _ in range(2))

    assert first.json() == second.json()
    assert Booking.objects.count() == 1
    answer = book(program, room, "a-key-of-mine", ends=11)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used_otherwise")


def test_a_stranger_and_a_token_without_the_right_do_not_book(room, elise):
    assert book(Client(), room).status_code == 401
    assert book(client(elise, "bookings:read"), room).json()["code"] == "missing_scope"
    assert Booking.objects.count() == 0


def test_a_field_that_does_not_exist_is_refused(room, elise):
    assert book(client(elise), room, price_cents=0).status_code == 422


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2027-03-18T09:00:00+01:00", "2027-03-18T09:00:00+01:00"),
        ("2027-03-18T12:00:00+01:00", "2027-03-18T09:00:00+01:00"),
        ("2027-03-18T09:00:00", "2027-03-18T12:00:00"),
        ("2127-03-18T09:00:00+01:00", "2127-03-18T12:00:00+01:00"),
    ],
)
def test_a_period_that_cannot_be_is_refused(room, elise, begins, ends):
    answer = client(elise).post(
        f"{ROOT}/spaces/{room.pk}/bookings",
        {"begins": begins, "ends": ends},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


def test_says_what_is_free_without_a_token(room, elise):
    address = f"{ROOT}/spaces/{room.pk}/availability"
    before = Client().get(address, asked()).json()
    book(client(elise), room)
    after = Client().get(address, asked()).json()

    assert (before["seats"], before["free"], before["is_open"]) == (1, 1, True)
    assert before["next_free"][0]["begins"] == before["begins"]
    assert after["free"] == 0
    assert after["next_free"][0]["begins"] == after["ends"]


def test_reads_her_own_and_those_of_others_do_not_exist(room, elise):
    made = book(client(elise), room).json()
    mine = client(elise).get(f"{ROOT}/bookings").json()
    assert [i["reference"] for i in mine["items"]] == [made["reference"]]
    assert client(elise).get(_path(made)).json() == made

    other = client(sites.member("yanis@exemple.invalid"))
    assert other.get(f"{ROOT}/bookings").json()["items"] == []
    assert other.get(_path(made)).status_code == 404
    assert other.post(f"{_path(made)}/cancellation").status_code == 404
    assert Client().get(f"{ROOT}/bookings").status_code == 403


def test_cancels_her_own_once(room, elise):
    made = book(client(elise), room).json()
    answer = client(elise).post(f"{_path(made)}/cancellation")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    again = client(elise).post(f"{_path(made)}/cancellation")
    assert (again.status_code, again.json()["code"]) == (409, "already_over")
    assert Occupancy.objects.count() == 0


def test_a_manager_follows_her_site_without_names_and_no_other(room, elise):
    made = book(client(elise), room).json()
    scope = ("site", str(room.site_id))
    sophie = people.with_second_factor(people.holder(RoleKind.SITE_MANAGER, scope))
    seen = client(sophie).get(f"{ROOT}/sites/{room.site_id}/bookings")
    assert [i["reference"] for i in seen.json()["items"]] == [made["reference"]]
    assert elise.name not in seen.content.decode()

    elsewhere = sites.site("Ailleurs (fictif)")
    assert client(sophie).get(f"{ROOT}/sites/{elsewhere.pk}/bookings").status_code == 404
    assert client(elise).get(f"{ROOT}/sites/{room.site_id}/bookings").status_code == 404


def _path(made: dict) -> str:
    return f"{ROOT}/bookings/{made['reference']}"
