"""Finding a place: across the network, by minutes then price, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import booking_pages as pages
from factories import members, people, territories
from factories import network_sites as sites
from maillage.apps.bookings.models import Wait
from maillage.apps.sites.models import Audience, SpaceKind

pytestmark = pytest.mark.django_db


def ask(**more):
    """A search of that day."""
    return {"jour": pages.working_day().isoformat(), "moment": "matin", "minutes": "0"} | more


def found(client, **more):
    """The places, as the page shows them."""
    return client.get("/reserver/", ask(**more)).context["places"]


def test_a_network_without_a_place_says_so(client):
    page = client.get("/reserver/")

    assert page.status_code == 200
    assert "Aucun lieu n’est encore ouvert" in page.content.decode()


def test_a_visitor_finds_a_desk_in_every_kind_of_site(client):
    for tier, seats in (("hub", 12), ("mini", 2), ("corpo", 8)):
        sites.open_space(sites.site(f"Lieu {tier} (fictif)", tier=tier), seats=seats)

    answer = client.get("/reserver/", ask())

    assert [p.tier for p in answer.context["places"]] == ["corpo", "hub", "mini"]
    assert answer.context["title"].startswith("3 lieux libres")
    assert [p.choices[0].left for p in answer.context["places"]] == [
        "Reste 8 places sur 8",
        "Reste 12 places sur 12",
        "Reste 2 places sur 2",
    ]


def test_the_morning_of_a_place_is_its_own(client):
    place = sites.site(opening_hours="Mo-Fr 08:30-12:30,14:00-18:00")
    sites.open_space(place)

    assert found(client)[0].choices[0].hours == "8\u00a0h\u00a030 – 12\u00a0h\u00a030"
    assert found(client, moment="apres-midi")[0].choices[0].hours == "14\u00a0h – 18\u00a0h"
    assert found(client, moment="journee")[0].choices[0].hours == "8\u00a0h\u00a030 – 18\u00a0h"
    assert found(client, moment="heures", de="10:00", a="11:00")[0].choices[0].hours == (
        "10\u00a0h – 11\u00a0h"
    )


def test_a_full_place_is_not_offered_but_its_next_slot_is(client):
    desks = sites.open_space(seats=1)
    pages.booked(desks, period=pages.slot(8, 13), is_whole=False)

    shown = client.get("/reserver/", ask()).context

    assert shown["places"] == []
    assert shown["title"].startswith("Rien de libre")
    assert shown["full"][0].following.endswith("13\u00a0h – 18\u00a0h")


def test_the_price_is_hers_and_says_why(client):
    place = sites.site()
    sites.open_space(place)
    pages.priced()
    member = people.person()
    members.member(place, member, starts_on=pages.LONG_AGO)

    visitor = found(client)[0].choices[0]
    client.force_login(member)
    hers = found(client)[0].choices[0]

    assert (visitor.price, hers.price) == ("8,00\u00a0€", "5,00\u00a0€")


def test_a_carnet_pays_and_is_named(client):
    place = sites.site()
    sites.open_space(place)
    pages.priced()
    holder = people.person()
    plan = members.carnet_plan(sold_from=pages.LONG_AGO)
    members.carnet(plan, holder, pages.now().date())

    client.force_login(holder)
    hers = found(client)[0].choices[0]

    assert hers.price == "0\u00a0€"
    assert hers.why == "1 ticket du carnet « Carnet de 10 tickets (fictif) »"


def test_a_space_for_members_is_not_offered_to_others(client):
    place = sites.site()
    sites.open_space(place, audiences=[Audience.MEMBER])

    assert found(client) == []


def test_a_site_out_of_the_directory_is_not_found(client):
    sites.open_space(sites.site(is_listed=False))

    assert client.get("/reserver/", ask()).context.get("places") is None


def test_a_party_too_large_for_a_place_goes_elsewhere(client):
    sites.open_space(sites.site("Petit (fictif)"), seats=2)
    sites.open_space(sites.site("Grand (fictif)"), seats=6)

    assert [p.name for p in found(client, places="3")] == ["Grand (fictif)"]


def test_a_room_is_found_whole(client):
    sites.space(kind=SpaceKind.MEETING_ROOM)

    choice = found(client, genre="meeting_room", places="5")[0].choices[0]

    assert (choice.left, choice.fields["whole"], choice.fields["party"]) == ("Libre", "on", "5")


def test_minutes_sort_and_limit(client, monkeypatch):
    near = sites.site("Près (fictif)", lon=4.70, lat=46.10)
    far = sites.site("Loin (fictif)", lon=4.95, lat=46.10)
    sites.open_space(far)
    sites.open_space(near)
    start(monkeypatch, near.territory)

    every = found(client, depuis="00001")
    within = found(client, depuis="00001", minutes="10")

    assert [p.name for p in every] == ["Près (fictif)", "Loin (fictif)"]
    assert [p.name for p in within] == ["Près (fictif)"]
    assert every[1].minutes > 10 > every[0].minutes
    assert every[1].between.startswith("de ")


def test_nothing_within_reach_says_the_nearest_beyond(client, monkeypatch):
    far = sites.site("Loin (fictif)", lon=4.95, lat=46.10)
    sites.open_space(far)
    start(monkeypatch, far.territory)

    shown = client.get("/reserver/", ask(depuis="00001", minutes="10")).context

    assert shown["places"] == []
    assert [p.name for p in shown["farther"]] == ["Loin (fictif)"]


def start(monkeypatch, territory):
    """A commune whose town is known."""
    from maillage.apps.bookings import network
    from maillage.apps.bookings.pages import find

    commune = network.Start("00001", "Ambre-sur-Loue", (4.70, 46.10))
    monkeypatch.setattr(find, "network", lambda of: network.Network(of, (commune,), None))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"jour": "demain"}, "Indiquez un jour"),
        ({"moment": "heures"}, "Indiquez une heure."),
        ({"moment": "heures", "de": "12:00", "a": "09:00"}, "après l’heure de début"),
        ({"places": "0"}, "Indiquez au moins 1."),
        ({"depuis": "99999"}, "Choisissez dans la liste."),
        ({"genre": "building"}, "Choisissez dans la liste."),
    ],
)
def test_a_wrong_search_says_what_to_do(client, typed, sentence):
    sites.open_space()

    text = client.get("/reserver/", ask(**typed)).content.decode()

    assert sentence in text


def test_the_search_costs_the_same_however_many_places(client):
    pages.priced()
    who = people.person()
    client.force_login(who)
    sites.open_space(sites.site("Un (fictif)"))
    client.get("/reserver/", ask())
    with CaptureQueriesContext(connection) as few:
        client.get("/reserver/", ask())
    for n in range(8):
        sites.open_space(sites.site(f"Autre {n} (fictif)"))
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/reserver/", ask()).context["places"]) == 9

    assert len(many) == len(few)


def test_one_waits_for_a_full_slot(client):
    desks = sites.open_space(seats=1)
    pages.booked(desks, period=pages.slot(8, 13, pages.working_day(4)), is_whole=False)
    who = people.person()
    client.force_login(who)

    shown = client.get("/reserver/", ask(jour=pages.working_day(4).isoformat())).context
    client.post("/reserver/attendre/", shown["full"][0].fields)

    assert Wait.objects.get().person == who


def test_the_territory_asked_for_is_shown(client):
    sites.open_space()
    other = territories.territory("200099999", "CC de l’Autre (fictif)")
    sites.open_space(sites.site("Ailleurs (fictif)", territory=other, slug="ailleurs"))

    shown = client.get("/reserver/", ask(territoire="200099999")).context

    assert [p.name for p in shown["places"]] == ["Ailleurs (fictif)"]
