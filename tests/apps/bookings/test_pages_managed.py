"""The bookings of a site: its managers alone, requests with their rivals, acts for others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import booking_pages as pages
from factories import members, people
from factories import network_sites as sites
from maillage.apps.bookings.models import Booking, State
from maillage.apps.people.models import RoleKind
from maillage.apps.sites.models import Audience

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return sites.site()


@pytest.fixture
def sophie(client, place):
    """Manages that site alone."""
    who = pages.manager(place)
    people.signed_in(client, who)
    return who


def of(site, act="reservations/"):
    return f"/gerer/lieux/{site.pk}/{act}"


ADDRESSES = ("reservations/", "reservations/nouvelle/", "demandes/")


def test_only_those_who_manage_the_site_see_it(client, place):
    booking = pages.booked(sites.space(place))
    own = [of(place, a) for a in ADDRESSES]
    own += [of(place, f"reservations/{booking.reference}/{a}") for a in ("", "annuler/")]
    own += [of(place, f"demandes/{booking.reference}/")]

    def answers(who):
        people.signed_in(client, who)
        return {client.get(address).status_code for address in own}

    assert {client.get(a).status_code for a in own} == {302}
    assert answers(people.holder(RoleKind.MEMBER, ("site", str(place.pk)))) == {404}
    assert answers(people.holder(RoleKind.PROJECT_OFFICER, people.TWIN)) == {404}
    assert answers(pages.manager(sites.site("Autre (fictif)"))) == {404}
    assert answers(pages.manager(place)) == {200}
    scope = ("territory", place.territory_id)
    assert answers(people.holder(RoleKind.PROJECT_OFFICER, scope)) == {200}


def test_a_booking_is_not_read_through_another_site(client, place, sophie):
    elsewhere = pages.booked(sites.space(sites.site("Autre (fictif)")))

    assert client.get(of(place, f"reservations/{elsewhere.reference}/")).status_code == 404


def test_a_day_lists_who_comes_by_space(client, place, sophie):
    room, desks = sites.space(place), sites.open_space(place)
    pages.booked(room, people.person("Élise (fictif)"))
    pages.booked(desks, people.person("Yanis (fictif)"), is_whole=False)
    on = pages.working_day().isoformat()

    every = client.get(of(place), {"jour": on}).context
    one = client.get(of(place), {"jour": on, "espace": str(desks.pk)}).context

    assert [r["who"] for r in every["rows"]] == ["Élise (fictif)", "Yanis (fictif)"]
    assert [r["who"] for r in one["rows"]] == ["Yanis (fictif)"]
    assert every["title"].startswith("2 réservations le ")


def test_a_day_costs_the_same_however_full(client, place, sophie):
    desks = sites.open_space(place, seats=20)
    pages.booked(desks, is_whole=False)
    asked = {"jour": pages.working_day().isoformat()}
    client.get(of(place), asked)
    with CaptureQueriesContext(connection) as few:
        client.get(of(place), asked)
    for _ in range(5):
        pages.booked(desks, is_whole=False)
    with CaptureQueriesContext(connection) as many:
        client.get(of(place), asked)

    assert len(many) == len(few)


def test_a_manager_cancels_saying_why_and_keeps_nothing(client, place, sophie):
    room = sites.space(place, free_cancel_min=60 * 24 * 9)
    pages.priced()
    booking = pages.booked(room)
    address = of(place, f"reservations/{booking.reference}/annuler/")

    assert client.post(address, {"motif": ""}).status_code == 422
    assert "40,00" in client.get(address).content.decode()
    client.post(address, {"motif": "Dégât des eaux"})

    booking.refresh_from_db()
    assert (booking.state, booking.decision_note) == (State.CANCELLED, "Dégât des eaux")


def requested(place):
    """Two associations want the same room."""
    whole, left, _right = sites.halves(place)
    type(whole).objects.update(needs_approval=True)
    whole.refresh_from_db()
    left.refresh_from_db()
    first = pages.booked(whole, people.person("Anne (fictif)"), purpose="Assemblée")
    return first, pages.booked(left, people.person("Bruno (fictif)"))


def test_a_request_shows_its_rivals_and_what_becomes_of_them(client, place, sophie):
    first, second = requested(place)

    listed = client.get(of(place, "demandes/")).context["rows"]
    shown = client.get(of(place, f"demandes/{first.reference}/")).context

    assert [(r["who"], r["rivals"]) for r in listed] == [
        ("Anne (fictif)", 1),
        ("Bruno (fictif)", 1),
    ]
    assert [(r["who"], r["is_gone"]) for r in shown["rivals"]] == [("Bruno (fictif)", True)]

    client.post(of(place, f"demandes/{first.reference}/"), {"accepter": "1"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CONFIRMED, State.REFUSED)
    assert second.decision_note == "Une autre demande a été retenue pour ce créneau."


def test_a_request_is_refused_with_a_reason(client, place, sophie):
    first, second = requested(place)
    address = of(place, f"demandes/{first.reference}/")

    assert client.post(address, {"refuser": "1", "motif": ""}).status_code == 422
    client.post(address, {"refuser": "1", "motif": "Salle en travaux"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.decision_note) == (State.REFUSED, "Salle en travaux")
    assert second.state == State.REQUESTED


def test_a_decided_request_says_so(client, place, sophie):
    first, _second = requested(place)
    address = of(place, f"demandes/{first.reference}/")
    client.post(address, {"accepter": "1"})

    assert "déjà une réponse" in client.get(address).content.decode()
    assert client.post(address, {"accepter": "1"}).status_code == 409


def for_somebody(space, **more):
    return {
        "personne": "",
        "nom": "",
        "courriel": "",
        "espace": str(space.pk),
        "jour": pages.working_day().isoformat(),
        "de": "09:00",
        "a": "11:00",
        "personnes": "1",
        "objet": "",
        "malgre": "",
    } | more


def test_she_books_for_a_member_found_by_name(client, place, sophie):
    room = sites.space(place)
    who = people.person("Élise Garonval (fictif)")
    members.member(place, who, starts_on=pages.LONG_AGO)
    stranger = people.person("Élisabeth Inconnue (fictif)")

    found = client.get(of(place, "reservations/nouvelle/"), {"qui": "élis"}).context["form"]
    names = [name for _pk, name in found.fields["personne"].choices]
    assert any("Garonval" in str(name) for name in names)
    assert not any("Inconnue" in str(name) for name in names)

    refused = client.post(
        of(place, "reservations/nouvelle/"), for_somebody(room, personne=str(stranger.pk))
    )
    client.post(of(place, "reservations/nouvelle/"), for_somebody(room, personne=str(who.pk)))

    assert refused.status_code == 422
    made = Booking.objects.get()
    assert (made.person, made.created_by) == (who, sophie.pk)


def test_she_passes_over_a_rule_saying_why(client, place, sophie):
    room = sites.space(place, audiences=[Audience.RESIDENT])
    address = of(place, "reservations/nouvelle/")

    refused = client.post(address, for_somebody(room, nom="Mairie (fictif)"))
    client.post(address, for_somebody(room, nom="Mairie (fictif)", malgre="Élections"))

    assert refused.status_code == 422
    made = Booking.objects.get()
    assert (made.guest_name, made.override_reason) == ("Mairie (fictif)", "Élections")


def test_somebody_comes(client, place, sophie):
    room = sites.space(place)

    answer = client.post(of(place, "reservations/nouvelle/"), for_somebody(room))

    assert answer.status_code == 422
    assert "écrivez son nom" in answer.content.decode()


def test_she_moves_a_booking(client, place, sophie):
    room = sites.space(place)
    booking = pages.booked(room)
    on = pages.working_day().isoformat()
    posted = {
        "espace": str(room.pk),
        "jour": on,
        "de": "14:00",
        "a": "15:00",
        "personnes": "1",
        "version": "1",
        "fait": "1",
    }

    client.post(of(place, f"reservations/{booking.reference}/deplacer/"), posted)

    booking.refresh_from_db()
    assert booking.period.lower.astimezone(sites.PARIS).hour == 14
