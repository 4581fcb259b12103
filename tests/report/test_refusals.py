"""Every refusal has its sentence, and every sentence its refusal."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import maillage
from maillage.core.bad_input import BadInput
from maillage.core.siting import errors
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
    named=[("Ambre", "01", None), ("Ambre", "69", ("200067817", "CC Saône-Beaujolais"))],
)


def raised() -> set[str]:
    """Every code given to BadInput or to a `wrong` that raises it, anywhere in the product.

    A kind of BadInput gives its own to the class above it.
    """
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
        or is_kind_of_bad_input(call)
    }


def is_kind_of_bad_input(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "super().__init__" and any(
        keyword.arg is not None for keyword in call.keywords
    )


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
    assert reasons() == {"parquet", "csv", "xlsx", "zip", "geojson", "json", "osm"}
    for reason in reasons():
        error = BadInput("file_unreadable", path=Path("a"), reason=reason)
        assert refusals.sentence(error).startswith("Le fichier a est illisible : ")


@pytest.mark.parametrize("code", sorted(refusals.SENTENCES))
def test_a_sentence_says_what_is_wrong_then_what_to_do_and_does_not_shout(code):
    words = refusals.SENTENCES[code](FACTS.copy())

    assert words[0].isupper() or words[0] in "«-0123456789" or words.startswith("valeur")
    assert "!" not in words
    assert "None" not in words
    assert words.rstrip().endswith((".", "Saône-Beaujolais", "(69)"))


def test_what_a_missing_table_changes_is_said_for_each_and_for_no_other():
    assert set(inventory.WITHOUT) == {d.without for d in registry.datasets().values()}


def test_a_file_of_ones_own_is_never_to_be_downloaded_but_its_columns_are_told():
    for code in ("file_empty", "file_truncated", "file_unreadable", "table_missing_column"):
        facts = {**FACTS, "path": Path("locaux.csv"), "reason": "csv", "last_line": "L1;"}
        facts |= {"table": "locaux.csv", "columns": ["lat"]}

        own = refusals.sentence(BadInput(code, **facts, expected=["id", "lat"]))
        official = refusals.sentence(BadInput(code, **facts))

        assert own.endswith("Ses colonnes sont id, lat ; docs/files.md les décrit.")
        assert "éléchargez" not in own
        assert "éditeur" not in own
        assert "docs/files.md" not in official


def test_a_missing_table_is_shown_by_a_file_name_and_not_by_patterns():
    error = BadInput("missing_table", dataset=registry.datasets()["communes"], folder=Path("t"))

    words = refusals.sentence(error)

    assert "sous le nom v_commune_2026.csv." in words
    assert not {"[", "*"} & set(words)


def test_a_text_of_excel_in_utf16_is_to_be_saved_in_utf8():
    words = refusals.sentence(BadInput("file_utf16", path=Path("locaux.txt")))

    assert words.endswith("enregistrez-le en CSV UTF-8.")


def test_a_commune_given_for_a_perimeter_is_answered_with_its_intercommunality():
    facts = {"commune": "Anse", "epci": ("200067817", "CC Fictive")}

    assert refusals.sentence(BadInput("perimeter_is_commune", **facts)) == (
        "Anse est une commune ; son intercommunalité est CC Fictive. Donnez son numéro : 200067817."
    )
    assert refusals.sentence(
        BadInput("perimeter_is_communes", text="Ambre", named=FACTS["named"])
    ).splitlines()[1:] == [
        "  sans intercommunalité : Ambre (01)",
        "  200067817  CC Saône-Beaujolais : Ambre (69)",
    ]


def test_no_nearest_name_is_announced_when_none_is_near():
    words = refusals.sentence(BadInput("unknown_perimeter", text="xyz", nearest=[]))

    assert "plus proches" not in words


def test_the_numbers_given_to_a_location_problem_are_refused_by_their_place():
    assert refusals.sentence(errors.ImpossibleNumber("cost", -1.0, row=3, column=2)) == (
        "Le coût (ligne 3, colonne 2, compté depuis 0) vaut -1 : il faut un nombre, zéro ou plus. "
        "Corrigez-le."
    )
    assert refusals.sentence(errors.Unreachable(range(7))) == (
        "Aucun site permis n'atteint : 0, 1, 2, 3, 4 et 2 autres (numéros d'origines). Ajoutez un "
        "site à leur portée, ou retirez ces origines."
    )
    assert refusals.sentence(errors.ContradictorySites("both", [1, 2])) == (
        "Règles contradictoires : imposés et interdits à la fois : 1 et 2. Retirez-les de l'une "
        "des deux listes."
    )
