"""Territories for programs."""

import json

import pytest
from django.test import Client

from factories.territories import SIREN, loaded, sample_files, territory
from maillage.apps.territories import searching
from maillage.kit.throttle import Limit

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/territories"


def got(path: str = "", status: int = 200, **query):
    response = Client().get(ROOT + path, query)
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def portrait():
    return loaded()


def test_the_list_is_cut_in_pages_that_follow_one_another(portrait):
    for number in range(1, 5):
        territory(f"20000001{number}", f"CC fictive {number}")

    first = got(limit=3)
    rest = Client().get(first["next"]).json()

    assert (first["total"], len(first["items"]), len(rest["items"])) == (5, 3, 2)
    assert rest["next"] is None
    names = [line["name"] for line in first["items"] + rest["items"]]
    assert names == sorted(names)
    assert len(set(names)) == 5


def test_a_search_gives_what_the_text_designates(portrait):
    territory()

    assert [line["siren"] for line in got(q="fleurie")["items"]] == [SIREN]
    assert [line["siren"] for line in got(q="200 067 817")["items"]] == [SIREN]
    assert got(q="qqqq")["items"] == []


def test_strangers_search_as_often_here_as_on_the_pages(monkeypatch):
    monkeypatch.setattr(searching, "SEARCHES", Limit("s", 1, searching.SEARCHES.within))

    got(q="a")
    assert got(q="b", status=429)["code"] == "too_many"
    got()


def test_a_territory_says_its_communes_and_what_may_be_read(portrait):
    sheet = got(f"/{SIREN}")

    assert len(sheet["members"]) == sheet["communes"]
    assert Client().get(sheet["portrait"]).json()["schema"] == "maillage/portrait/1"
    assert [table["key"] for table in sheet["tables"]][:2] == ["communes", "access"]
    for href in (*sheet["layers"], *(table["href"] for table in sheet["tables"])):
        assert Client().get(href).status_code == 200


def test_a_territory_without_tables_says_so():
    of = territory()
    sheet = got(f"/{of.pk}")

    assert (sheet["portrait"], sheet["tables"], sheet["layers"]) == (None, [], [])
    for path in ("portrait", "tables/communes", "layers/cells"):
        got(f"/{of.pk}/{path}", status=404)


def test_a_table_gives_values_with_the_unit_and_origin_of_each_column(portrait):
    table = got(f"/{SIREN}/tables/communes")

    columns = {column["key"]: column for column in table["columns"]}
    assert columns["population"]["origin"] == "observed"
    assert columns["population"]["source"]
    assert columns["minutes"]["origin"] == "modelled"
    assert columns["area_km2"]["unit"]
    first = table["rows"][0]
    assert first.keys() == columns.keys()
    assert isinstance(first["population"], int)
    assert len(first["commune_code"]) == 5
    assert Client().get(table["csv"]).content == sample_files()["communes.csv"]


def test_yes_and_no_are_booleans(portrait):
    rows = got(f"/{SIREN}/tables/destinations")["rows"]

    assert {row["is_inside"] for row in rows} == {True, False}


def test_a_layer_is_geojson(portrait):
    response = Client().get(f"{ROOT}/{SIREN}/layers/outlines")

    assert response.headers["Content-Type"] == "application/geo+json"
    assert json.loads(response.content)["type"] == "FeatureCollection"


@pytest.mark.parametrize("path", ["tables/nothing", "layers/page", "layers/portrait"])
def test_what_is_not_in_the_closed_lists_does_not_exist(portrait, path):
    got(f"/{SIREN}/{path}", status=404)


def test_the_list_asks_as_many_queries_for_one_territory_as_for_four(
    portrait, django_assert_num_queries
):
    with django_assert_num_queries(3):
        got()
    for number in range(1, 4):
        territory(f"20000001{number}", f"CC fictive {number}")
    with django_assert_num_queries(3):
        got()
