"""A portrait by road: loaded with the streets, its page and its open data say so."""

import json

import pytest

from factories import people, streets, territories
from maillage.apps.people.models import RoleKind
from maillage.apps.territories import load
from maillage.core import sample
from maillage.kit import files

CREDIT = "© les contributeurs d’OpenStreetMap"
pytestmark = pytest.mark.django_db


@pytest.fixture
def by_road(streets_file):
    territories.sample_territory()

    def source(assumed):
        return streets.added(sample.load(), streets_file, assumed)

    return load.load(territories.SIREN, source, by=None, at=territories.AT)


def text_of(response):
    return response.content.decode().replace("&#x27;", "’").replace("'", "’")


def test_the_page_of_a_territory_by_road_says_so(client, by_road):
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))

    page = text_of(client.get(f"/territoires/{territories.SIREN}/"))

    assert CREDIT in page
    assert "extrait rues-fictives.osm.pbf du 1er novembre 2026" in page
    assert "Quels sont les vrais temps de route" not in page


def test_by_distance_the_page_sends_to_the_extract_to_load(client):
    territories.loaded()

    page = text_of(client.get(f"/territoires/{territories.SIREN}/"))

    assert "modélisés d’après la distance" in page
    assert "Quels sont les vrais temps de route" in page
    assert "fichiers-officiels/#fichiers-roads" in page
    files_page = text_of(client.get(f"/territoires/{territories.SIREN}/fichiers-officiels/"))
    assert 'id="fichiers-roads"' in files_page


def test_the_document_of_the_portrait_names_its_extract(by_road):
    document = json.loads(files.read(by_road.folder, "portrait.json"))

    assert document["travel"]["kind"] == "roads"
    assert document["travel"]["extracts"] == [{"file": streets.FILE, "vintage": "2026-11-01"}]
    assert "roads" in [source["id"] for source in document["sources"]]


def test_the_open_tables_credit_the_streets(client, by_road):
    page = text_of(client.get("/donnees/"))

    assert "OpenStreetMap" in page


def test_other_streets_give_another_portrait(by_road, tmp_path):
    def source(assumed):
        return streets.added(sample.load(), streets.extract(tmp_path, sample.load()), assumed)

    again = load.load(territories.SIREN, source, by=None, at=territories.AT)

    assert again.fingerprint != by_road.fingerprint
