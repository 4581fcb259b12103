"""Finding one's intercommunality."""

import pytest

from factories.territories import SIREN, sample_territory, territory
from maillage.apps.territories.search import find

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_territories():
    sample_territory()
    territory("200000002", "CC Saône d'Amont fictive", "Ambre-sur-Loue", "Fleury-la-Fictive")
    territory("200000003", "CC Beaujolais", "Bourg-Fictif")


def names(text: str) -> list[str]:
    return [row.name for row in find(text).territories]


def test_a_number_designates_one_territory_whatever_its_spaces():
    assert [row.pk for row in find("200 067 817").territories] == [SIREN]


def test_accents_and_case_do_not_matter():
    assert names("SAONE BEAUJOLAIS") == ["CC Saône-Beaujolais"]


def test_the_very_name_comes_first():
    territory("200000004", "CC Amont du Pré", "Chêne")
    territory("200000005", "CC Pré", "Hêtre")

    assert names("pré") == ["CC Pré", "CC Amont du Pré"]


def test_a_few_letters_of_each_word_are_enough():
    assert names("amo sao") == ["CC Saône d'Amont fictive"]


def test_a_commune_leads_to_its_intercommunality():
    assert names("Fleurie") == ["CC Saône-Beaujolais"]
    assert names("ambre") == ["CC Saône d'Amont fictive"]


def test_a_name_misspelt_gives_the_nearest_and_says_so():
    found = find("boujolais")

    assert found.is_close
    assert "CC Beaujolais" in [row.name for row in found.territories]


@pytest.mark.parametrize("text", ["xqzwk", "la", "%", "999999999"])
def test_nothing_is_found_rather_than_everything(text):
    assert names(text) == []


def test_the_very_name_of_one_territory_is_sure_when_it_is_more_than_a_word():
    assert find("cc saône-beaujolais").sure == SIREN
    assert find("beaujolais").sure == ""
    assert find("saône").sure == ""
