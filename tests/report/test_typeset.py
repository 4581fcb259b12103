"""The report: a tagged French PDF that says the numbers of plan.json, and text as text."""

import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest

from maillage.report import french, story, summary, typeset
from maillage.report.story import annex

AT = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
FIGURES = 9


@pytest.fixture(scope="module")
def pdf(outcome) -> bytes:
    return typeset.report(outcome, at=AT)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())


def plain(words: str) -> str:
    spaced = words.replace("\u00a0", " ").replace("\u202f", " ").replace("'", "’")
    return " ".join(spaced.split())


def test_it_is_tagged_french_and_titled(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked) is True
        assert str(root.Lang).startswith("fr")
        assert "/StructTreeRoot" in root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
            assert "CC Saône-Beaujolais" in metadata["dc:title"]


def test_every_figure_has_an_alternative_text(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        figures = [
            element
            for element in document.objects
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure"
        ]
        alternatives = [str(figure.get("/Alt", "")) for figure in figures]

    assert len(figures) >= FIGURES
    assert all(len(words) > 30 for words in alternatives)


def test_it_says_what_the_plan_says(pdf, outcome):
    said = text_of(pdf)

    assert plain(summary.headline(outcome)) in said
    assert plain(french.planned_euros(outcome.money.investment.central)) in said
    assert plain(french.euros_between(outcome.money.investment)) in said
    for site in outcome.sites:
        assert site.candidate.name in said
    for row in story.of_outcome(outcome, "", "")["money"]["rows"]:
        assert plain(" ".join(row)) in said


def test_same_outcome_and_date_give_the_same_bytes(pdf, outcome):
    assert typeset.report(outcome, at=AT) == pdf


def test_it_holds_in_sixteen_pages_and_none_is_empty(pdf):
    document = pypdfium2.PdfDocument(pdf)

    assert len(document) <= 16
    for page in document:
        assert len(page.get_textpage().get_text_bounded()) > 200


def test_markup_in_a_name_comes_out_as_it_was_typed(outcome):
    hostile = "#pagebreak() *Local* [x] $y$ <z> @w `v` \\ _u_ fictif"
    site = outcome.sites[3]
    named = replace(site, candidate=replace(site.candidate, commune_name=hostile))
    sites = tuple(named if s is site else s for s in outcome.sites)

    said = text_of(typeset.report(replace(outcome, sites=sites), at=AT))

    assert hostile in said


def test_the_printed_totals_are_the_sums_of_what_is_printed(outcome):
    table = story.of_outcome(outcome, "", "")["money"]

    def number(text: str) -> int:
        return int(text.replace("\u202f", "").replace("\u2212", "-"))

    for n in range(1, len(table["header"])):
        column = [number(row[n]) for row in table["rows"]]
        assert sum(column) == number(table["total"][n])
    for row in [*table["rows"], table["total"]]:
        assert sum(number(cell) for cell in row[1:-1]) == number(row[-1])


def test_the_title_is_the_finding(outcome):
    share = french.share(outcome.coverage.after.central)

    title = story.of_outcome(outcome, "", "")["title"]

    assert title == f"{share} des habitants à 10 minutes d'un lieu de travail"


def test_the_annex_has_every_commune_once_in_the_order_of_a_dictionary(outcome):
    names = [row[0] for row in annex.communes_rows(outcome)]

    assert sorted(names) == sorted(outcome.territory.communes["name"])
    assert names.index("Dracé") < names.index("Émeringes") < names.index("Fleurie")


def test_every_assumption_is_printed_once(outcome):
    sections = story.of_outcome(outcome, "", "")["assumptions"]

    assert sum(len(s["rows"]) for s in sections) == len(outcome.assumptions.by_key)
