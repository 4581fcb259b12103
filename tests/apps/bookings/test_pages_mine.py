"""One's own bookings: seen by their person alone, changed and cancelled with the price told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import booking_pages as pages
from factories import members, people
from factories import network_sites as sites
from maillage.apps.bookings import close_out, waiting
from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.models import Booking, Closed, Series, State, Wait
from maillage.apps.sites.versions import Author
from maillage.core.periods import Period
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def elise(client):
    """Somebody signed in."""
    who = people.person("Élise Garonval (fictif)", "elise@exemple.fr")
    client.force_login(who)
    return who


def own(booking, act=""):
    return f"/mes-reservations/{booking.reference}/{act}"


def text_of(answer):
    return answer.content.decode().replace(NBSP, " ")


@pytest.mark.parametrize(
    "act", ["", "annuler/", "deplacer/", "reservation.ics", "prendre/", "fermeture/accepter/"]
)
def test_the_bookings_of_others_are_not_there(client, elise, act):
    other = pages.booked(sites.space())

    address = own(other, act)

    assert client.get(address).status_code in (404, 405)
    assert client.post(address).status_code in (404, 405)
    assert client.get(own(other)).status_code == 404


def test_a_visitor_is_asked_who_she_is(client):
    booking = pages.booked(sites.space())

    assert client.get(own(booking)).headers["Location"].startswith("/connexion/")
    assert client.get("/mes-reservations/").headers["Location"].startswith("/connexion/")


def test_her_bookings_are_sorted_by_what_they_ask_of_her(client, elise):
    place = sites.site()
    room = sites.space(place)
    coming = pages.booked(room, elise)
    asked = pages.booked(sites.space(place, "Salle sur demande", needs_approval=True), elise)
    gone = pages.booked(sites.space(place, "Autre salle"), elise)
    Booking.objects.filter(pk=gone.pk).update(state=State.CANCELLED, ended_at=now())

    shown = client.get("/mes-reservations/").context

    assert [r.reference for r in shown["coming"]] == [coming.reference]
    assert [r.reference for r in shown["asked"]] == [asked.reference]
    assert [r.reference for r in shown["past"]] == [gone.reference]
    assert shown["title"].startswith("Prochaine place : Le Pressoir")


def test_nothing_booked_shows_the_way(client, elise):
    text = client.get("/mes-reservations/").content.decode()

    assert "Aucune réservation à venir" in text
    assert "Trouver une place" in text


def test_her_page_costs_the_same_however_many_she_has(client, elise):
    room = sites.open_space(seats=30)
    pages.booked(room, elise, is_whole=False)
    client.get("/mes-reservations/")
    with CaptureQueriesContext(connection) as few:
        client.get("/mes-reservations/")
    for hour in range(9, 15):
        pages.booked(room, elise, pages.slot(hour, hour + 1), is_whole=False)
    with CaptureQueriesContext(connection) as many:
        client.get("/mes-reservations/")

    assert len(many) == len(few)


def test_a_cancellation_in_time_gives_everything_back_as_told(client, elise):
    desks = sites.open_space()
    pages.priced()
    booking = pages.booked(desks, elise, is_whole=False)

    said = text_of(client.get(own(booking, "annuler/")))
    client.post(own(booking, "annuler/"))

    booking.refresh_from_db()
    assert "Vous récupérez 8,00 €." in said
    assert "Annulation gratuite jusqu’au" in said
    assert booking.state == State.CANCELLED


def test_the_ticket_comes_back_as_told(client, elise):
    desks = sites.open_space()
    pages.priced()
    plan = members.carnet_plan(sold_from=pages.LONG_AGO)
    members.carnet(plan, elise, now().date())
    booking = pages.booked(desks, elise, is_whole=False)

    assert "Vous récupérez 1 ticket." in text_of(client.get(own(booking, "annuler/")))


def test_what_is_told_is_not_done(client, elise):
    desks = sites.open_space()
    pages.priced()
    booking = pages.booked(desks, elise, is_whole=False)

    client.get(own(booking, "annuler/"))

    booking.refresh_from_db()
    assert (booking.state, booking.occupied.count(), booking.version) == (State.CONFIRMED, 1, 1)


def test_after_the_deadline_half_is_kept_to_the_cent(client, elise):
    room = sites.space(free_cancel_min=60 * 24 * 9, late_kept_percent=50)
    pages.priced()
    booking = pages.booked(room, elise, pages.slot(9, 10))

    said = text_of(client.get(own(booking, "annuler/")))

    assert "50 % du prix reste dû, 7,50 € rendus" in said


def test_after_the_deadline_it_is_refused_with_the_exact_time(client, elise):
    room = sites.space(free_cancel_min=60 * 24 * 9, late_kept_percent=100)
    booking = pages.booked(room, elise, pages.slot(9, 10))

    for answer in (client.get(own(booking, "annuler/")), client.post(own(booking, "annuler/"))):
        assert answer.status_code == 409
        assert "s’annulait sans frais jusqu’au" in text_of(answer)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def moved(booking, begins="14:00", ends="16:00", **more):
    on = booking.period.lower.astimezone(sites.PARIS).date().isoformat()
    return {
        "espace": booking.space_id,
        "jour": on,
        "de": begins,
        "a": ends,
        "personnes": "1",
    } | more


def test_the_difference_is_told_then_the_booking_moves(client, elise):
    room = sites.space()
    pages.priced()
    booking = pages.booked(room, elise, pages.slot(9, 10))

    shown = client.post(own(booking, "deplacer/"), moved(booking))
    assert shown.context["found"]["difference"].replace(NBSP, " ") == (
        "15,00 € de plus que maintenant."
    )
    booking.refresh_from_db()
    assert booking.version == 1

    client.post(own(booking, "deplacer/"), moved(booking, version="1", fait="1"))

    booking.refresh_from_db()
    assert booking.price_cents == 3000
    assert booking.period.lower.astimezone(sites.PARIS).hour == 14


def test_moving_onto_somebody_is_refused_with_what_was_typed(client, elise):
    room = sites.space()
    booking = pages.booked(room, elise, pages.slot(9, 10))
    pages.booked(room, period=pages.slot(14, 16))

    answer = client.post(own(booking, "deplacer/"), moved(booking))

    assert answer.status_code == 422
    assert "est complet" in text_of(answer)
    assert 'value="14:00"' in answer.content.decode()


def test_a_change_made_meanwhile_is_told(client, elise):
    room = sites.space()
    booking = pages.booked(room, elise, pages.slot(9, 10))
    Booking.objects.update(version=4)

    answer = client.post(own(booking, "deplacer/"), moved(booking, version="1", fait="1"))

    assert answer.status_code == 422
    assert "a changé pendant ce temps" in text_of(answer)


def test_an_offer_is_taken_from_its_page(client, elise):
    room = sites.space()
    period = pages.slot(9, 10, pages.working_day(5))
    other = pages.booked(room, period=period)
    row = waiting.wait(Ask(room.pk, period, 1, True), elise, at=now())
    from maillage.apps.bookings.cancel import Cancelling, cancel

    cancel(other, by=None, at=now(), how=Cancelling(is_manager=True))
    waiting.offer([room.pk], at=now())
    row.refresh_from_db()

    page = client.get(own(row.offer))
    assert "Prendre cette place" in page.content.decode()
    client.post(own(row.offer, "prendre/"))

    row.offer.refresh_from_db()
    assert row.offer.state == State.CONFIRMED


def test_one_stops_waiting(client, elise):
    room = sites.space()
    period = pages.slot(9, 10, pages.working_day(5))
    pages.booked(room, period=period)
    row = waiting.wait(Ask(room.pk, period, 1, True), elise, at=now())
    stranger = waiting.wait(Ask(room.pk, period, 1, True), people.person(), at=now())

    client.post(f"/mes-reservations/attentes/{row.pk}/retirer/")

    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert client.post(f"/mes-reservations/attentes/{stranger.pk}/retirer/").status_code == 404


def closed(booking):
    """The site closes that day."""
    whole = pages.slot(0, 23, booking.period.lower.astimezone(sites.PARIS).date())
    close_out.close_out(
        booking.site, Period(whole.begins, whole.ends), "Travaux", Author(None, now())
    )
    return Closed.objects.get(booking=booking)


def test_a_closure_proposes_another_place_and_she_goes(client, elise):
    here = sites.space(sites.site("Ici (fictif)"))
    there = sites.space(sites.site("Là (fictif)"))
    booking = pages.booked(here, elise)
    closed(booking)

    assert "On vous propose à la même heure" in client.get(own(booking)).content.decode()
    client.post(own(booking, "fermeture/accepter/"))

    booking.refresh_from_db()
    assert booking.space == there


def test_a_closure_is_declined_without_cost(client, elise):
    booking = pages.booked(sites.space(), elise)
    closed(booking)

    client.post(own(booking, "fermeture/refuser/"))

    booking.refresh_from_db()
    assert booking.state == State.CANCELLED


# -- series ------------------------------------------------------------------------------------


def repeated(space, **more):
    first = pages.working_day()
    return {
        "rythme": "semaine",
        "premier": first.isoformat(),
        "dernier": (first + timedelta(days=21)).isoformat(),
        "de": "09:00",
        "a": "11:00",
        "personnes": "1",
        "objet": "",
    } | more


def test_each_date_of_a_series_is_seen_then_the_free_ones_are_booked(client, elise):
    room = sites.space()
    first = pages.working_day()
    taken = first + timedelta(days=7)
    pages.booked(room, period=pages.slot(9, 10, taken))
    address = f"/reserver/{room.site.territory_id}/{room.site.slug}/{room.pk}/serie/"

    shown = client.post(address, repeated(room))
    assert [d["is_free"] for d in shown.context["dates"]].count("") >= 1
    assert Series.objects.count() == 0

    answer = client.post(address, repeated(room, fait="1"))
    series = Series.objects.get()
    assert answer.headers["Location"] == f"/mes-reservations/series/{series.pk}/"
    dates = client.get(answer.headers["Location"]).context["dates"]
    assert [d["is_skipped"] for d in dates].count(True) >= 1
    assert dates[1]["why"] == "Complet"


def test_a_skipped_date_is_added_and_one_cancelled_leaves_the_rest(client, elise):
    room = sites.space()
    first = pages.working_day()
    other = pages.booked(room, period=pages.slot(9, 10, first + timedelta(days=7)))
    address = f"/reserver/{room.site.territory_id}/{room.site.slug}/{room.pk}/serie/"
    client.post(address, repeated(room, fait="1"))
    series = Series.objects.get()
    from maillage.apps.bookings.cancel import Cancelling, cancel

    cancel(other, by=None, at=now(), how=Cancelling(is_manager=True))
    skipped = series.occurrences.get(on=first + timedelta(days=7))

    client.post(f"/mes-reservations/series/{series.pk}/dates/{skipped.pk}/")
    skipped.refresh_from_db()
    assert skipped.booking.state == State.CONFIRMED

    client.post(own(skipped.booking, "annuler/"))
    states = [o.state for o in series.occurrences.order_by("on")]
    assert states[0] == "booked"
    assert states[1] == "cancelled"


def test_all_the_dates_to_come_are_cancelled_at_once(client, elise):
    room = sites.space()
    address = f"/reserver/{room.site.territory_id}/{room.site.slug}/{room.pk}/serie/"
    client.post(address, repeated(room, fait="1"))
    series = Series.objects.get()

    assert client.get(f"/mes-reservations/series/{series.pk}/annuler/").status_code == 200
    client.post(f"/mes-reservations/series/{series.pk}/annuler/")

    assert not Booking.objects.filter(state=State.CONFIRMED).exists()


def test_the_series_of_others_is_not_there(client, elise):
    room = sites.space()
    address = f"/reserver/{room.site.territory_id}/{room.site.slug}/{room.pk}/serie/"
    client.post(address, repeated(room, fait="1"))
    series = Series.objects.get()
    client.force_login(people.person())

    for act in ("", "annuler/"):
        assert client.get(f"/mes-reservations/series/{series.pk}/{act}").status_code == 404


def test_a_wait_is_listed(client, elise):
    room = sites.space()
    period = pages.slot(9, 10, pages.working_day(5))
    pages.booked(room, period=period)
    waiting.wait(Ask(room.pk, period, 1, True), elise, at=now())

    assert Wait.objects.count() == 1
    assert [w["title"] for w in client.get("/mes-reservations/").context["waits"]] == [
        f"{room.name}, {room.site.name}"
    ]
