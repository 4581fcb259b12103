"""maillage data check, run as a person would."""

import shutil

import pytest
from click.testing import CliRunner, Result

from factories.official import official_folder, write
from maillage.cli.main import app
from shared import DATA, needs_tables


def check(folder) -> Result:
    return CliRunner().invoke(app, ["data", "check", str(folder)])


@needs_tables
def test_a_whole_folder_is_listed_and_a_study_can_run():
    result = check(DATA)

    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("Une étude peut être lancée avec ce dossier.")
    missing = result.output.partition("Ce qui manque, et ce que cela change :")[2]
    assert missing.count("(facultative) :") == 1
    assert "Réseau routier" in missing
    assert max(map(len, result.output.splitlines())) <= 80


@needs_tables
@pytest.mark.parametrize("damage", ["absent", "cut"])
def test_a_needed_table_that_is_absent_or_cut_stops_studies_and_hides_no_other(tmp_path, damage):
    folder = tmp_path / "tables"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("demo_*", "gares_*"))
    bpe = folder / "bpe_2018_communes.parquet"
    content = bpe.read_bytes()
    bpe.chmod(0o644)
    bpe.unlink()
    if damage == "cut":
        bpe.write_bytes(content[:1000])

    result = check(folder)

    assert result.exit_code == 2
    assert ("illisible" in result.output) == (damage == "cut")
    said_missing = "Base permanente des équipements (indispensable) : " in result.output
    assert said_missing == (damage == "absent")
    assert "Gares de voyageurs (facultative) : " in result.output
    assert "communes_2026.parquet" in result.output
    last = result.output.rstrip().splitlines()[-1]
    assert (
        last
        == {
            "absent": "Aucune étude possible : 1 table indispensable est à déposer.",
            "cut": "Aucune étude possible : remplacez bpe_2018_communes.parquet.",
        }[damage]
    )


def test_an_empty_folder_lists_what_to_put_there(tmp_path):
    result = check(tmp_path)

    assert result.exit_code == 2
    assert result.output.count("absente. À déposer :") == 13
    assert "Aucune étude possible" in result.output


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    result = check(tmp_path / "absent")

    assert result.exit_code == 2
    assert "n'existe pas" in result.output


def test_an_optional_table_that_is_unreadable_is_to_be_removed_or_replaced(tmp_path):
    folder = official_folder(tmp_path / "tables")
    write(folder / "gares-de-voyageurs.csv", "")

    result = check(folder)

    assert result.exit_code == 2
    assert "Gares de voyageurs (facultative)" not in result.output
    last = result.output.rstrip().splitlines()[-1]
    assert last == "Aucune étude possible : retirez ou remplacez gares-de-voyageurs.csv."


def test_a_file_is_not_a_folder(tmp_path):
    result = check(write(tmp_path / "table.csv", "a;b"))

    assert result.exit_code == 2
    assert "n'est pas un dossier" in result.output
    assert "--data" not in result.output
