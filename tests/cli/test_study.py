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
