"""Seats kept, on pages: the managers of the site keep and end, the holder gives days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import booking_pages as pages
from factories import members, people
from factories import network_sites as sites
from factories.bookings import someone
from maillage.apps.bookings.blocks import Keeping, keep
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Block, Release
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
OWN = "/mes-reservations/places-gardees/"


@pytest.fixture
def space():
    return sites.open_space(seats=3)


@pytest.fixture
def sophie(client, space):
    who = pages.manager(space.site)
    people.signed_in(client, who)
    return who


def of(space, act=""):
    return f"/gerer/lieux/{space.site_id}/places-gardees/{act}"


def asked(space, **more):
    first = now().date() + timedelta(days=1)
    return {
        "place": space.seats.first().pk,
        "courriel": "",
        "organisme": "",
        "jours": ["0", "1", "2", "3", "4", "5", "6"],
        "premier": first.isoformat(),
        "dernier": (first + timedelta(days=20)).isoformat(),
        "rendre": "",
    } | more


def kept(space, who="elise", number=1):
    first = now().date() + timedelta(days=1)
    keeping = Keeping(
        Holder(person_id=someone(who).pk), frozenset(range(7)), first, first + timedelta(days=9)
    )
    return keep(space.seats.get(number=number), keeping, by=None, at=now())


def test_those_who_manage_the_site_alone_see_them(client, space):
    block = kept(space)
    addresses = [of(space), of(space, "nouvelle/"), of(space, f"{block.pk}/finir/")]

    assert {client.get(a).status_code for a in addresses} == {302}
    people.signed_in(client, pages.manager(sites.site("Ailleurs (fictif)")))
    assert {client.get(a).status_code for a in addresses} == {404}
    people.signed_in(client, pages.manager(space.site))
    assert {client.get(a).status_code for a in addresses} == {200}


def test_a_block_of_another_site_is_nowhere(client, space, sophie):
    other = sites.open_space(sites.site("Ailleurs (fictif)"), seats=1)

    answer = client.post(of(space, f"{kept(other).pk}/finir/"))

    assert (answer.status_code, Block.objects.get().ended_at) == (404, None)


def test_a_seat_is_kept_for_a_member(client, space, sophie):
    members.member(space.site, someone("elise"))

    answer = client.post(
        of(space, "nouvelle/"), asked(space, courriel="Elise@exemple.invalid", rendre="360")
    )

    block = Block.objects.get()
    assert (answer.status_code, answer.url) == (302, of(space))
    assert (block.person.email, block.release_min) == ("elise@exemple.invalid", 360)
    assert "Elise (fictif)" in client.get(of(space)).content.decode()


def test_a_seat_is_kept_for_an_employer(client, space, sophie):
    firm = members.firm()

    client.post(of(space, "nouvelle/"), asked(space, organisme=firm.pk))

    assert Block.objects.get().organisation == firm


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Indiquez une personne, ou choisissez un organisme."),
        ({"courriel": "inconnu@exemple.invalid"}, "Aucun adhérent du réseau"),
        ({"jours": []}, "Choisissez au moins un jour."),
        ({"place": "999999"}, "error-summary"),
    ],
)
def test_what_is_wrong_is_said(client, space, sophie, typed, said):
    answer = client.post(of(space, "nouvelle/"), asked(space, **typed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Block.objects.exists()


def test_a_seat_that_is_booked_says_when(client, space, sophie):
    kept(space)
    firm = members.firm()

    answer = client.post(of(space, "nouvelle/"), asked(space, organisme=firm.pk))

    assert answer.status_code == 422
    assert "est déjà prise" in answer.content.decode()


def test_ended_it_leaves_the_list(client, space, sophie):
    block = kept(space)

    client.post(of(space, f"{block.pk}/finir/"))

    block.refresh_from_db()
    assert block.ended_at is not None
    assert "Aucune place gardée." in client.get(of(space)).content.decode()


def test_its_holder_gives_a_day_and_takes_it_back(client, space):
    block = kept(space)
    people.signed_in(client, someone("elise"))
    tomorrow = (now().date() + timedelta(days=1)).isoformat()

    client.post(f"{OWN}{block.pk}/laisser/", {"jour": tomorrow})
    assert Release.objects.get().by == someone("elise").pk
    assert "Laissée à tous" in client.get(OWN).content.decode()
    client.post(f"{OWN}{block.pk}/reprendre/", {"jour": tomorrow})

    assert not Release.objects.exists()


def test_nobody_else_gives_her_day(client, space):
    block = kept(space)
    people.signed_in(client, someone("yanis"))

    answer = client.post(f"{OWN}{block.pk}/laisser/", {"jour": now().date().isoformat()})

    assert answer.status_code == 404
    assert "Aucune place ne vous est gardée." in client.get(OWN).content.decode()
    people.signed_in(client, someone("elise"))
    assert client.post(f"{OWN}{block.pk}/laisser/", {"jour": "x"}).status_code == 404


@pytest.mark.parametrize("page", ["own", "managed"])
def test_more_seats_cost_no_more_queries(client, space, page):
    kept(space)
    who = someone("elise") if page == "own" else pages.manager(space.site)
    people.signed_in(client, who)
    address = OWN if page == "own" else of(space)
    client.get(address)
    counts = []
    for number in (None, 2, 3):
        if number:
            kept(space, number=number)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))

    assert counts[0] == counts[1] == counts[2]
