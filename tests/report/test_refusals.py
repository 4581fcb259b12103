"""Every refusal has its sentence, and every sentence its refusal."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import maillage
from maillage.core.bad_input import BadInput
from maillage.core.sources import registry
from maillage.report import inventory, refusals

SOURCES = Path(maillage.__file__).parent

# What a refusal may carry; a sentence takes what it needs
FACTS = defaultdict(
    lambda: "valeur",
    path=Path("table.csv"),
    dataset=registry.datasets()["census"],
    reason="csv",
    suffixes=[".csv", ".txt"],
    columns=["CODGEO", "DCLT"],
    codes=["01004"],
    names=["Ambre", "Lyon"],
    communes=["Ambre", "Lyon"],
    allowed=("yes", "no"),
    count=3,
    epcis=[("200067817", "CC Saône-Beaujolais")],
    epci=("200067817", "CC Saône-Beaujolais"),
    nearest=[("200067817", "CC Saône-Beaujolais")],
)


def raised() -> set[str]:
    """Every code given to BadInput or to a `wrong` that raises it, anywhere in the product."""
    calls = (
        node
        for file in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    )
    return {
        call.args[0].value
        for call in calls
        if (isinstance(call.func, ast.Name) and call.func.id == "BadInput")
        or (isinstance(call.func, ast.Attribute) and call.func.attr == "wrong")
    }


def reasons() -> set[str]:
    """Every reason given by a reader for a file that cannot be read."""
    keywords = (
        node
        for file in (SOURCES / "core" / "sources").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "reason"
    )
    return {k.value.value for k in keywords if isinstance(k.value, ast.Constant)}


def test_every_refusal_that_is_raised_has_a_sentence_and_no_sentence_is_unused():
    assert raised() == set(refusals.SENTENCES)


def test_every_reason_why_a_file_cannot_be_read_has_its_words():
    assert reasons() == {"parquet", "csv", "xlsx", "zip", "geojson"}
    for reason in reasons():
        error = BadInput("file_unreadable", path=Path("a"), reason=reason)
        assert refusals.sentence(error).startswith("Le fichier a est illisible : ")


@pytest.mark.parametrize("code", sorted(refusals.SENTENCES))
def test_a_sentence_says_what_is_wrong_then_what_to_do_and_does_not_shout(code):
    words = refusals.SENTENCES[code](FACTS)

    assert words[0].isupper() or words[0] in "«-0123456789" or words.startswith("valeur")
    assert "!" not in words
    assert "None" not in words
    assert words.rstrip().endswith((".", "Saône-Beaujolais"))


def test_what_a_missing_table_changes_is_said_for_each_and_for_no_other():
    assert set(inventory.WITHOUT) == {d.without for d in registry.datasets().values()}
