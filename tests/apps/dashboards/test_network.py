"""The network on one page: counted by hand, by right, by number of queries."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import network_sites as sites
from factories import people, territories
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.cancel import Cancelling, cancel
from maillage.apps.bookings.reserve import reserve
from maillage.apps.dashboards.network import DAYS, network
from maillage.apps.people.models import RoleKind
from maillage.apps.sites.models import Closure

pytestmark = pytest.mark.django_db
# four whole weeks end the day before, a Sunday; none of their days is a bank holiday
AT = datetime(2027, 3, 22, 9, tzinfo=UTC)
MONDAY = date(2027, 3, 15)
WORKING_DAYS = DAYS // 7 * 5
OPEN_H = 12


def booked(space, who, *, on: date = MONDAY, begins: int = 9, ends: int = 12, **more):
    """A booking made a week before."""
    ask = Ask(space.pk, sites.slot(on, begins, ends), **more)
    return reserve([ask], Booker(who, who.pk), at=AT - timedelta(days=14))[0]


def line_of(place):
    return network(place.territory, at=AT).lines[0]


def test_counts_seat_hours_offered_and_used():
    place = sites.site()
    desks = sites.open_space(place, seats=4)
    elise = sites.member()
    booked(desks, elise, party=2)
    gone = booked(desks, elise, on=MONDAY + timedelta(days=1))
    cancel(gone, by=None, at=AT - timedelta(days=14), how=Cancelling(is_manager=True))

    line = line_of(place)
    assert (line.seats, line.bookings) == (4, 1)
    assert line.offered_h == 4 * OPEN_H * WORKING_DAYS
    assert line.used_h == 2 * 3
    assert line.occupancy == pytest.approx(6 / (4 * OPEN_H * WORKING_DAYS))


def test_a_closure_offers_nothing_and_unknown_hours_are_unknown():
    place = sites.site()
    sites.open_space(place, seats=1)
    day = DateTimeTZRange(
        datetime.combine(MONDAY, time(0), sites.PARIS),
        datetime.combine(MONDAY, time(23), sites.PARIS),
    )
    Closure.objects.create(site=place, period=day, reason="Travaux", at=AT)
    assert line_of(place).offered_h == OPEN_H * (WORKING_DAYS - 1)

    place.opening_hours = ""
    place.save()
    assert (line_of(place).offered_h, line_of(place).occupancy) == (None, None)


def test_few_people_are_not_counted_out_loud():
    place = sites.site()
    desks = sites.open_space(place, seats=12)
    for n in range(4):
        booked(desks, sites.member(f"m{n}@exemple.invalid"))
    assert line_of(place).people is None
    booked(desks, sites.member("m5@exemple.invalid"))
    assert line_of(place).people == 5


def test_a_closure_to_come_is_told():
    place = sites.site()
    begins = AT + timedelta(days=3)
    period = DateTimeTZRange(begins, begins + timedelta(days=20))
    Closure.objects.create(site=place, period=period, reason="Août", at=AT)
    assert line_of(place).closed_from == begins


def test_the_network_takes_as_many_queries_for_three_sites():
    place = sites.site()
    sites.open_space(place)
    with CaptureQueriesContext(connection) as for_one:
        network(place.territory, at=AT)
    for n in range(2):
        sites.open_space(sites.site(f"Lieu {n} (fictif)"))
    with CaptureQueriesContext(connection) as for_three:
        network(place.territory, at=AT)
    assert len(for_three) == len(for_one)


def test_the_page_and_the_file_are_for_those_who_coordinate(client):
    place = sites.site()
    mine = people.holder(RoleKind.CHIEF_EXECUTIVE, ("territory", place.territory_id))
    people.signed_in(client, people.with_second_factor(mine))
    page = client.get(reverse("network_board", args=[place.territory_id]))
    assert page.status_code == 200
    assert "Le Pressoir (fictif)" in page.content.decode()
    csv = client.get(reverse("network_board_csv", args=[place.territory_id]))
    assert csv.content.decode("utf-8-sig").splitlines()[1].startswith("Le Pressoir (fictif)")

    other = territories.territory("200000010", "CC des Bois fictifs")
    assert client.get(reverse("network_board", args=[other.pk])).status_code == 404


def test_a_site_manager_does_not_read_the_network(client):
    place = sites.site()
    sophie = people.holder(RoleKind.SITE_MANAGER, ("site", str(place.pk)))
    people.signed_in(client, people.with_second_factor(sophie))
    assert client.get(reverse("network_board", args=[place.territory_id])).status_code == 404
