"""The last seats, by every path at once: exactly the capacity is booked, each loser reads why.

FAULT_ROUNDS=13 for the long series (./run bench faults): 20 rounds of 200 attempts instead of 3.
The figures are printed, never asserted by time.
"""

import json
import os
import random
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from factories import bookings, tariffs
from factories import network_sites as sites
from factories.bookings import ask, booked, booker, desk, someone
from faults.crowd import rush
from maillage.apps.bookings import audit, seats
from maillage.apps.bookings.change import change
from maillage.apps.bookings.confirm import confirm
from maillage.apps.bookings.decide import approve
from maillage.apps.bookings.models import Booking, Occupancy
from maillage.apps.bookings.reserve import Terms, reserve
from maillage.apps.bookings.series import book
from maillage.apps.bookings.series_dates import SeriesAsk
from maillage.apps.bookings.waiting import accept, offer, wait
from maillage.apps.people import api_token
from maillage.apps.sites.models import Seat, Space
from maillage.core import periods
from maillage.core.periods import Recurrence
from maillage.kit.clock import now
from maillage.kit.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
IS_LONG = os.environ.get("FAULT_ROUNDS", "1") != "1"
ROUNDS = 20 if IS_LONG else 3
ATTEMPTS = 200
SEATS = 6
HELD = Terms(hold_for=bookings.HALF_AN_HOUR)


class Place:
    """An open space of six seats in a hall, wanted by everybody on the same morning."""

    def __init__(self, number: int) -> None:
        self.at = now()
        self.on = working_day(self.at.date() + timedelta(days=7))
        self.slot = sites.slot(self.on)
        site = sites.site(f"Lieu {number} (fictif)")
        tariffs_once(site)
        self.hall = sites.space(site, "Rez-de-chaussée", seats=0, sold_by="both")
        self.desks = sites.open_space(site, seats=SEATS, parent=self.hall)
        self.number = number

    def afternoon(self, days: int):
        return sites.slot(working_day(self.on + timedelta(days=days)), 14, 16)

    def taken(self) -> list[int]:
        rows = Occupancy.objects.filter(
            seat__space=self.desks, period__overlap=(self.slot.begins, self.slot.ends)
        )
        return sorted(rows.values_list("seat__number", flat=True))


def working_day(on):
    while on.weekday() > 4 or periods.is_holiday(on, "metropole"):
        on += timedelta(days=1)
    return on


def tariffs_once(site) -> None:
    if not site.operator.price_lists.exists():
        tariffs.voted(site.operator, starts_on=sites.date(2026, 1, 1))


def attempts_of(place: Place, chance: random.Random):
    """Two hundred attempts, seven ways."""
    who = [booker(f"personne{n}") for n in range(12)]
    made = []
    requests = prepared_requests(place, who)
    moved = [booked(desk(place.desks, place.afternoon(n)), who[n], at=place.at) for n in range(12)]
    clients = [api_client(someone(f"personne{n}")) for n in range(4)]

    def one(number: int):
        me = who[number % len(who)]
        mine = desk(place.desks, place.slot)
        paths = {
            "one seat": lambda: reserve([mine], me, at=now()),
            "two seats": lambda: reserve([desk(place.desks, place.slot, 2)], me, at=now()),
            "whole": lambda: reserve([ask(place.hall, place.slot, 6)], me, at=now()),
            "hold": lambda: held_and_confirmed(mine, me),
            "series": lambda: series(place, me),
            "waiting": lambda: waited(place, me),
            "api": lambda: by_api(clients[number % 4], place),
        }
        if number < len(requests):
            return "request", lambda: approve(requests[number], by=None, at=now())
        if number < len(requests) + len(moved):
            row = moved[number - len(requests)]
            return "change", lambda: change(row, mine, me, at=now())
        path = chance.choice(sorted(paths))
        return path, paths[path]

    made = [one(number) for number in range(ATTEMPTS)]
    chance.shuffle(made)
    return made


def prepared_requests(place: Place, who):
    """Made while a manager decided; answered in the crowd."""
    of = Space.objects.filter(pk=place.desks.pk)
    of.update(needs_approval=True)
    found = [booked(desk(place.desks, place.slot), who[n], at=place.at) for n in range(10)]
    of.update(needs_approval=False)
    return found


def held_and_confirmed(mine, me):
    (hold,) = reserve([mine], me, at=now(), terms=HELD)
    return confirm(hold, by=me.person_id, at=now())


def series(place: Place, me):
    wanted = SeriesAsk(
        place.desks.pk, sites.time(9), sites.time(12), place.on, place.on, Recurrence("daily")
    )
    return book(wanted, me, at=now())


def waited(place: Place, me):
    """Waits, is offered what somebody leaves, accepts."""
    row = wait(desk(place.desks, place.slot), me.person, at=now())
    mine = [w for w in offer([place.desks.pk], at=now()) if w.pk == row.pk]
    return accept(mine[0], by=me.person_id, at=now()) if mine else None


def api_client(person) -> Client:
    scopes = tuple(api_token.SCOPES)
    secret = api_token.create(person, "Agenda", scopes, lasts_days=30, at=now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


class Answered(Refusal):
    """What a program reads."""

    sentence = "{said}"


def by_api(client: Client, place: Place):
    body = {"begins": place.slot.begins.isoformat(), "ends": place.slot.ends.isoformat()}
    answer = client.post(
        f"/api/v1/spaces/{place.desks.pk}/bookings",
        json.dumps(body | {"party": 1, "whole": False}),
        content_type="application/json",
    )
    if answer.status_code in (409, 422, 429, 503):
        raise Answered(said=answer.json()["detail"])
    assert answer.status_code == 201, answer.content
    return answer.json()


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_exactly_the_capacity_is_booked_and_each_loser_reads_a_sentence():
    before = deadlocks()
    for number in range(ROUNDS):
        place = Place(number)
        answers = rush(attempts_of(place, random.Random(number)))  # noqa: S311
        sys.stdout.write(f"round {number + 1}: {answers.told()}\n")

        assert answers.broken == []
        assert place.taken() == list(range(1, SEATS + 1))
        assert len(answers.seconds) == ATTEMPTS
        assert all(said.strip().endswith(".") for _, said in answers.refused)
        assert {f.name: f.found for f in audit.forbidden(at=now()) if f.found} == {}
    sys.stdout.write(f"deadlocks met, all retried: {deadlocks() - before}\n")


def test_whole_and_parts_in_opposite_orders_never_stop_each_other():
    before = deadlocks()
    site = sites.site(opening_hours="24/7")
    whole = sites.space(site, "Salle A+B+C", seats=0)
    parts = [sites.space(name=f"Salle {n}", parent=whole) for n in "ABC"]
    chance = random.Random(7)  # noqa: S311
    at = now()
    day = working_day(at.date() + timedelta(days=7))

    def basket(number: int):
        wanted = chance.sample([whole, *parts], k=chance.choice((1, 2)))
        slot = sites.slot(day, hour := chance.randrange(8, 18), hour + 2)
        asks = [ask(space, slot) for space in wanted]
        return "basket", lambda: reserve(asks, booker(f"p{number % 12}"), at=at)

    for n in range(12):
        someone(f"p{n}")
    answers = rush([basket(n) for n in range(ATTEMPTS)])

    sys.stdout.write(f"trees: {answers.told()}; deadlocks {deadlocks() - before}\n")
    assert answers.broken == []
    assert {f.name for f in audit.forbidden(at=now()) if f.found} == set()
    assert Booking.objects.count() == sum(len(made) for _, made in answers.done)


def test_the_same_crowd_without_lock_and_constraint_sells_a_seat_twice(monkeypatch):
    """The negative control: what the tests above would see if the protection were gone."""

    def unlocked(space_ids):
        return {
            space: list(
                Seat.objects.filter(space__path__contains=[space])
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for space in space_ids
        }

    monkeypatch.setattr(seats, "lock", unlocked)
    with unguarded():
        place = Place(0)
        me = [booker(f"p{n}") for n in range(8)]
        mine = desk(place.desks, place.slot)
        attempts = [
            ("one seat", lambda n=n: reserve([mine], me[n % 8], at=now()))
            for n in range(ATTEMPTS // 2)
        ]

        answers = rush(attempts)

        sys.stdout.write(f"without protection: {answers.told()}\n")
        found = {f.name: len(f.found) for f in audit.forbidden(at=now()) if f.found}
        assert len(answers.done) > SEATS
        assert found["bookings.overlap"] > 0
        Occupancy.objects.all().delete()


class unguarded:  # noqa: N801
    """The exclusion constraint dropped, then back."""

    NAME = "a_seat_is_taken_once_at_a_time"

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE bookings_occupancy DROP CONSTRAINT {self.NAME}")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM bookings_occupancy")
            cursor.execute(
                f"ALTER TABLE bookings_occupancy ADD CONSTRAINT {self.NAME} "
                "EXCLUDE USING gist (seat_id WITH =, period WITH &&)"
            )
