"""How people go to work on the portrait's page: shown with the detail file, hidden without."""

import re

import pytest
from django.test import Client

from factories import detail
from factories.territories import AT, SIREN, loaded, sample_territory
from maillage.apps.territories import bars, dictionary, freshness, parts, reading
from maillage.apps.territories.load import load
from maillage.core import sample

pytestmark = pytest.mark.django_db
HOME = f"/territoires/{SIREN}/"


@pytest.fixture(autouse=True)
def no_page_was_made():
    freshness.forget()


@pytest.fixture
def portrait(tmp_path):
    """The embedded territory once an invented detail file is read."""
    sample_territory()
    path = detail.write_file(tmp_path)
    return load(SIREN, lambda _: detail.added(sample.load(), path), by=None, at=AT)


def text_of(response) -> str:
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", bare.replace("&#x27;", "'"))


def test_the_page_tells_how_people_go_to_work_with_its_source(client: Client, portrait):
    page = text_of(client.get(HOME))

    assert "Comment on va au travail : 81 % des actifs en voiture" in page
    assert "Actifs selon la catégorie et le moyen de transport" in page
    assert "Sources : Insee (RP 2022)" in page
    assert "Comment va-t-on au travail ?" not in page


def test_without_the_detail_file_the_page_asks_instead(client: Client):
    loaded()

    page = text_of(client.get(HOME))

    assert "Comment on va au travail" not in page
    assert "Comment va-t-on au travail ?" in page
    assert client.get(f"{HOME}tableaux/modes/").status_code == 404


@pytest.mark.parametrize("key", ["modes", "categories"])
def test_each_table_has_its_page_its_dictionary_and_its_two_files(client: Client, portrait, key):
    assert client.get(f"{HOME}tableaux/{key}/").status_code == 200
    assert client.get(f"/donnees/{SIREN}/{key}/").status_code == 200
    for name in (f"{key}.csv", f"{key}-excel.csv"):
        assert client.get(f"{HOME}fichiers/{name}").status_code == 200


def test_a_table_of_modes_is_searched_by_its_names(client: Client, portrait):
    page = text_of(client.get(f"{HOME}tableaux/modes/?q=velo"))

    assert "À vélo" in page
    assert "En transports en commun" not in page


def test_every_column_of_both_tables_is_in_the_dictionary(portrait):
    of = parts.shown(portrait)

    for key in ("modes", "categories"):
        for column in of.table(key)["grid"]["columns"]:
            assert dictionary.meaning(key, column["key"]).meaning.endswith(".")
            assert of.provenance(key, column["key"]).origin == "observed"
            assert "RP 2022" in of.provenance(key, column["key"]).source


def test_the_bars_hold_their_numbers_and_a_small_mode_is_a_range(portrait):
    rows = {row.label: row for row in bars.modes(parts.shown(portrait)).rows}

    assert rows["En voiture"].width == bars.FULL
    assert (rows["En voiture"].low, rows["En voiture"].share) == (None, "81\u00a0%")
    bicycle = rows["À vélo"]
    assert (bicycle.width, bicycle.text, bicycle.share) == (0.0, "moins de 100", "")
    assert 0 == bicycle.low < bicycle.high < rows["À pied"].width


def test_a_portrait_of_before_they_were_told_still_opens(client: Client, monkeypatch):
    loaded()
    told = reading.document

    def before(folder, name):
        hidden = {"modes", "categories"}
        return {key: value for key, value in told(folder, name).items() if key not in hidden}

    monkeypatch.setattr(reading, "document", before)

    assert "Comment on va au travail" not in text_of(client.get(HOME))
