"""maillage territories: the list, the tables, the other names."""

import pytest
from click.testing import CliRunner, Result

from factories.official import EPCI, official_folder
from factories.territories import SIREN, sample_territory, territory
from maillage.apps.territories.models import Portrait, Territory
from maillage.cli.territories import command

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_registering_without_a_folder_lists_the_embedded_territory():
    result = run("register")

    assert result.output == "1 intercommunalité ajoutée, 0 déjà dans la liste.\n"
    assert Territory.objects.get().pk == SIREN


def test_registering_a_folder_lists_what_it_holds(tmp_path):
    result = run("register", str(official_folder(tmp_path)))

    assert result.output == "2 intercommunalités ajoutées, 0 déjà dans la liste.\n"
    assert Territory.objects.filter(pk=EPCI).exists()


def test_a_folder_that_does_not_exist_is_refused_in_words(tmp_path):
    result = run("register", str(tmp_path / "nowhere"))

    assert (result.exit_code, Territory.objects.count()) == (2, 0)
    assert "n'existe pas" in result.output


def test_loading_the_embedded_territory_makes_its_portrait():
    sample_territory()

    result = run("load", SIREN)

    assert result.output == "Portrait prêt : 26 fichiers.\n"
    assert Portrait.objects.get().territory_id == SIREN


def test_loading_without_tables_says_what_to_do():
    territory()

    result = run("load", "200000002")

    assert result.exit_code == 2
    assert "MAILLAGE_DATA" in result.output


def test_an_alias_is_given_then_taken_back():
    sample_territory()

    given = run("alias", SIREN, "Beaujolais vert")
    assert given.output == "CC Saône-Beaujolais, autres noms : Beaujolais vert.\n"
    taken = run("alias", SIREN, "Beaujolais vert", "--remove")
    assert taken.output == "CC Saône-Beaujolais, autres noms : aucun.\n"
    assert run("alias", SIREN, "Beaujolais vert", "--remove").exit_code == 2
