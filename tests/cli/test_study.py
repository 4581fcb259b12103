"""maillage study, run as a person would."""

import json

import pytest
from click.testing import CliRunner, Result

from maillage.cli.main import app
from shared import DATA, needs_tables


def study(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["study", *arguments, "--data", str(DATA)])


@needs_tables
def test_a_study_writes_its_plan_and_says_where(tmp_path):
    out = tmp_path / "out"

    result = study("200067817", "--out", str(out))

    assert result.exit_code == 0, result.output
    plan = json.loads((out / "plan.json").read_text())
    assert plan["territory"]["communes"] == 35
    assert plan["certificate"]["status"] == "proved"


@needs_tables
@pytest.mark.parametrize(
    ("perimeter", "words"),
    [
        ("200067818", "200067817  CC Saône-Beaujolais"),
        ("69", "« 69 » est un département"),
        ("69019", "Belleville-en-Beaujolais est une commune"),
    ],
)
def test_a_perimeter_that_is_no_epci_is_refused_and_nothing_is_written(tmp_path, perimeter, words):
    out = tmp_path / "out"

    result = study(perimeter, "--out", str(out))

    assert result.exit_code == 2
    assert words in result.output
    assert not out.exists()


@needs_tables
def test_a_study_says_on_demand_what_euros_buy_what_holds_when_slow_and_the_price_of_a_village(
    tmp_path,
):
    result = study(
        "243301405", "--out", str(tmp_path / "out"), "--pareto", "--robust", "--price", "33260"
    )

    assert result.exit_code == 0, result.output
    said = result.output.replace("\u202f", " ").replace("\u00a0", " ")
    assert said.count("par an : ") == said.count("prouvé\n") > 1
    assert said.count("entrent : ") == said.count("par an : ") - 1
    assert "Réseau prévu pour des trajets lents (prouvé)" in said
    assert "Le plus petit budget annuel où elle reçoit un lieu" in said


@needs_tables
def test_the_price_of_a_commune_of_elsewhere_is_refused(tmp_path):
    result = study("243301405", "--out", str(tmp_path / "out"), "--price", "33063")

    assert result.exit_code == 2
    assert "33063" in result.output
