"""Sites for programs: the public directory, the spaces that may be booked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import network_sites as sites
from factories import territories

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/sites"


def test_lists_the_directory_and_nothing_else():
    seen = sites.site()
    sites.site("Caché (fictif)", is_listed=False)
    sites.site("Retiré (fictif)", removed_at=sites.AT)

    items = Client().get(ROOT).json()["items"]
    assert [i["id"] for i in items] == [seen.pk]
    assert (items[0]["stage"], items[0]["address"]) == ("open", None)


def test_lists_those_of_one_territory():
    sites.site()
    other = territories.territory("200000010", "CC des Bois fictifs")
    there = sites.site("Aux Bois (fictif)", territory=other)

    items = Client().get(ROOT, {"territory": other.pk}).json()["items"]
    assert [i["id"] for i in items] == [there.pk]


def test_a_site_that_is_not_listed_does_not_exist():
    hidden = sites.site(is_listed=False)
    assert Client().get(f"{ROOT}/{hidden.pk}").status_code == 404
    assert Client().get(f"{ROOT}/{hidden.pk}/spaces").status_code == 404


def test_a_whole_counts_the_seats_of_its_parts():
    whole, a, _b = sites.halves()
    items = Client().get(f"{ROOT}/{whole.site_id}/spaces").json()["items"]
    seats = {i["id"]: (i["seats"], i["parent"]) for i in items}
    assert seats[whole.pk] == (2, None)
    assert seats[a.pk] == (1, whole.pk)


def test_the_lists_take_as_many_queries_for_three():
    one = sites.site()
    sites.space(one)
    Client().get(ROOT)
    with CaptureQueriesContext(connection) as for_one:
        Client().get(ROOT)
        Client().get(f"{ROOT}/{one.pk}/spaces")
    for n in range(2):
        sites.site(f"Lieu {n} (fictif)")
        sites.space(one, f"Salle {n}")
    with CaptureQueriesContext(connection) as for_three:
        Client().get(ROOT)
        Client().get(f"{ROOT}/{one.pk}/spaces")
    assert len(for_three) == len(for_one)
