"""Which intercommunality a text designates."""

import polars as pl
import pytest

from maillage.core.bad_input import BadInput
from maillage.core.sources.perimeter import find_epci

PRES = ("200067817", "CC des Prés fictifs", "CC")
BOIS = ("200000002", "CA du Bois fictif", "CA")
EPCIS = pl.DataFrame([PRES, BOIS], schema=["siren", "name", "kind"], orient="row")
COMMUNES = pl.DataFrame(
    [
        ("01004", "Ambre", "210100046", "01", PRES[0]),
        ("01005", "Beauval", "210100053", "01", PRES[0]),
        ("69005", "Beauval", "216900053", "69", BOIS[0]),
        ("85113", "Île-Seule", "218501138", "85", None),
    ],
    schema=["commune_code", "name", "siren", "department", "epci_siren"],
    orient="row",
)


def refused(text):
    with pytest.raises(BadInput) as refusal:
        find_epci(text, EPCIS, COMMUNES)
    return refusal.value.code, refusal.value.facts


@pytest.mark.parametrize(
    "text",
    [
        "200067817",
        "200 067 817",
        "200\u00a0067\u00a0817",
        " 200\u202f067\u202f817 ",
        "prés fictifs",
    ],
)
def test_a_siren_is_understood_with_any_spaces_and_a_name_without_its_accents(text):
    assert find_epci(text, EPCIS, COMMUNES) == PRES


@pytest.mark.parametrize("text", ["Ambre", "ambre", "01004", "210100046", "210 100 046"])
def test_a_commune_by_name_code_or_siren_is_answered_with_its_intercommunality(text):
    assert refused(text) == ("perimeter_is_commune", {"commune": "Ambre", "epci": PRES[:2]})


def test_a_commune_without_intercommunality_is_still_a_commune():
    assert refused("Île-Seule") == ("perimeter_is_commune", {"commune": "Île-Seule", "epci": None})


def test_a_name_of_several_communes_lists_them_with_their_intercommunality():
    named = [("Beauval", "01", PRES[:2]), ("Beauval", "69", BOIS[:2])]

    assert refused("Beauval") == ("perimeter_is_communes", {"text": "Beauval", "named": named})


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_text_is_refused_as_such(text):
    assert refused(text) == ("empty_perimeter", {})


def test_a_near_name_is_proposed_and_a_far_one_is_not():
    assert refused("Pré fictif")[1]["nearest"] == [PRES[:2], BOIS[:2]]
    assert refused("xyzzy") == ("unknown_perimeter", {"text": "xyzzy", "nearest": []})
