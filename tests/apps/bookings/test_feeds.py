"""Calendars: private addresses, one component a booking, deletions told, hostile text kept in."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from factories import booking_pages as pages
from factories import network_sites as sites
from factories import people
from maillage.apps.bookings import feeds
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.feeds import Of
from maillage.apps.bookings.models import Booking, Feed, FeedKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


def events(client, secret):
    """The components of a feed."""
    answer = client.get(f"/agendas/{secret}.ics")
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
def elise():
    return people.person("Élise Garonval (fictif)")


def test_her_feed_holds_her_bookings_and_nobody_elses(client, elise):
    room = sites.space()
    hers = pages.booked(room, elise)
    pages.booked(room, period=pages.slot(14, 16))
    secret = feeds.make(elise, Of(), at=now())

    found = events(client, secret)

    assert [str(e["uid"]).split("@")[0] for e in found] == [f"booking-{hers.reference}"]
    assert str(found[0]["status"]) == "CONFIRMED"
    assert found[0].decoded("dtstart") == hers.period.lower


def test_a_cancellation_stays_a_month_with_a_higher_sequence(client, elise):
    booking = pages.booked(sites.space(), elise)
    secret = feeds.make(elise, Of(), at=now())
    before = events(client, secret)[0]["sequence"]

    cancel(booking, by=None, at=now())
    (gone,) = events(client, secret)
    assert (str(gone["status"]), gone["sequence"] > before) == ("CANCELLED", True)

    Booking.objects.update(ended_at=now() - timedelta(days=31))
    assert events(client, secret) == []


def test_an_address_is_replaced_and_revoked(client, elise):
    client.force_login(elise)
    first = client.post("/mes-reservations/calendrier/").context["address"]
    second = client.post("/mes-reservations/calendrier/").context["address"]

    def status(address):
        return client.get(address[address.index("/agendas/") :]).status_code

    assert (status(first), status(second)) == (404, 200)
    client.post("/mes-reservations/calendrier/supprimer/")
    assert status(second) == 404
    assert client.post("/mes-reservations/calendrier/supprimer/").status_code == 409


def test_only_the_digest_of_the_secret_is_kept(elise):
    secret = feeds.make(elise, Of(), at=now())

    assert secret.encode() not in bytes(Feed.objects.get().secret_hash)


def test_the_feed_of_a_site_says_reserved_and_no_name(client, elise):
    room = sites.space()
    pages.booked(room, elise, purpose="Réunion secrète")
    stranger = people.person()
    secret = feeds.make(stranger, Of(FeedKind.SITE, str(room.site_id)), at=now())

    text = client.get(f"/agendas/{secret}.ics").content.decode()

    assert "Réservé" in text
    assert "Garonval" not in text
    assert "secrète" not in text


def test_its_manager_reads_who_comes_while_she_manages_it(client, elise):
    room = sites.space()
    pages.booked(room, elise)
    sophie = pages.manager(room.site)
    secret = feeds.make(sophie, Of(FeedKind.SITE, str(room.site_id)), at=now())
    assert "Garonval" in str(events(client, secret)[0]["summary"])

    sophie.roles.all().delete()

    assert "Garonval" not in str(events(client, secret)[0]["summary"])


def test_the_feed_of_a_part_shows_the_whole_and_the_reverse(client):
    whole, left, right = sites.halves()
    pages.booked(whole)
    pages.booked(left, period=pages.slot(14, 16))
    who = people.person()

    def count(space):
        return len(events(client, feeds.make(who, Of(FeedKind.SPACE, str(space.pk)), at=now())))

    assert (count(whole), count(left), count(right)) == (2, 2, 1)


def test_hostile_text_stays_in_its_property(client, elise):
    place = sites.site("Lieu\r\nBEGIN:VEVENT\r\nSUMMARY:faux")
    room = sites.space(place, "Salle; , \\ \u2028END:VCALENDAR")
    pages.booked(room, elise)
    secret = feeds.make(elise, Of(), at=now())

    (event,) = events(client, secret)

    assert str(event["summary"]).startswith("Salle; , \\ END:VCALENDAR, Lieu BEGIN:VEVENT")


def test_a_feed_that_nobody_made_is_not_there(client):
    assert client.get("/agendas/inconnu.ics").status_code == 404


def test_the_feed_of_a_site_that_left_the_directory_stops(client):
    room = sites.space()
    secret = feeds.make(people.person(), Of(FeedKind.SITE, str(room.site_id)), at=now())
    type(room.site).objects.update(is_listed=False)

    assert client.get(f"/agendas/{secret}.ics").status_code == 404


def test_the_calendar_page_of_a_site_chooses_a_space(client, elise):
    room = sites.space()
    client.force_login(elise)
    address = f"/agendas/lieux/{room.site_id}/"

    shown = client.get(address, {"espace": str(room.pk)})
    client.post(f"{address}?espace={room.pk}")

    assert shown.context["title"] == f"Le calendrier de {room.name} dans votre agenda"
    assert Feed.objects.get().key == str(room.pk)
    assert client.get(address, {"espace": "999999"}).status_code == 404
    client.post(f"{address}supprimer/?espace={room.pk}")
    assert not Feed.objects.exists()


def test_one_booking_is_a_file(client, elise):
    booking = pages.booked(sites.space(), elise)
    client.force_login(elise)

    answer = client.get(f"/mes-reservations/{booking.reference}/reservation.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(list(Calendar.from_ical(answer.content).walk("VEVENT"))) == 1
