"""« Ma commune »: the words of the page and its sheet of one page, which says the same numbers."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pypdfium2
import pytest

from maillage.core.money import Range
from maillage.core.scenario.by_commune import access, town_minutes
from maillage.core.travel import by_case
from maillage.report import bundle, commune_sheet, french
from maillage.report.study_page import commune_money, communes

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NEARBY = ["« Atelier des Clos du Haut-Beaujolais (fictif) », à Fleurie, en cours."] * 3
HOSTILE = '#pagebreak() #read("/etc/hostname") $y$ <b> @w'


@pytest.fixture(scope="module")
def files(outcome):
    return bundle.for_pages(outcome)


@pytest.fixture(scope="module")
def study(files):
    return json.loads(files["page.json"], parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def stored(files):
    names = ("outlines", "cells", "links", "places", "markers", "labels")
    return {name: json.loads(files[f"{name}.geojson"]) for name in names}


def sheet(study, stored, commune, nearby=()) -> bytes:
    said = commune_sheet.words(
        study, commune, which="Scénario A", computed_on=AT.date(), nearby=nearby
    )
    return commune_sheet.pdf(said, commune_sheet.drawing(commune, stored), at=AT)


def named(study, name: str):
    return next(commune for commune in study["communes"] if commune["name"] == name)


def text_of(pdf: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())


# --- the numbers -----------------------------------------------------------------------------


def test_the_communes_together_are_the_territory(outcome):
    found = access(outcome.territory, outcome.coverage)
    people = np.array([a.inhabitants for a in found.values()])

    for case in ("low", "central", "high"):
        shares = np.array([getattr(a.share_after, case) for a in found.values()])
        whole = getattr(outcome.coverage.after, case)
        assert float((shares * people).sum() / people.sum()) == pytest.approx(whole)
        means = np.array([getattr(a.mean_before, case) for a in found.values()])
        whole = getattr(outcome.coverage.mean_before, case)
        assert float((means * people).sum() / people.sum()) == pytest.approx(whole)
    assert sum(a.beyond for a in found.values()) == sum(outcome.coverage.uncovered.values())


def test_every_range_goes_from_low_to_high_and_the_plan_brings_nobody_farther(outcome):
    for found in access(outcome.territory, outcome.coverage).values():
        ranges = (found.share_before, found.share_after, found.mean_before, found.mean_after)
        assert all(r.low <= r.central <= r.high for r in ranges)
        assert found.share_after.central >= found.share_before.central
        assert found.mean_after.central <= found.mean_before.central


def test_from_a_town_to_itself_there_is_no_minute(assumed):
    lancie, fleurie = (4.71574, 46.1705), (4.69795, 46.1921)

    here, there = town_minutes([lancie, lancie], [lancie, fleurie], by_case(assumed))

    assert here == Range(0, 0, 0)
    assert (round(there.low), round(there.central), round(there.high)) == (5, 6, 7)
    assert town_minutes([], [], by_case(assumed)) == []


# --- the words -------------------------------------------------------------------------------


def test_a_commune_that_hosts_pays_what_its_sites_cost(study, outcome):
    costs = {cost.id: cost for cost in outcome.money.sites}
    for commune in study["communes"]:
        hosted = [s for s in outcome.sites if s.candidate.commune_code == commune["code"]]
        amount = sum(costs[s.candidate.id].investment.central for s in hosted)
        figure = commune["figures"][2]
        assert figure["value"] == french.planned_euros(amount)
        assert (figure["interval"] == commune_money.NO_INVESTMENT) == (not amount)
        for site in hosted:
            one = french.planned_euros(costs[site.candidate.id].investment.central)
            assert any(one in line for line in commune["pays"])
            assert any(str(site.opening_year) in line for line in commune["gets"])


def test_every_commune_says_who_shares_its_place(study):
    by_site: dict[str, set[str]] = {}
    for commune in study["communes"]:
        by_site.setdefault(commune["site_id"], set()).add(commune["name"])

    for commune in study["communes"]:
        others = by_site[commune["site_id"]] - {commune["name"]}
        said = " ".join(commune["gets"])
        if not others:
            assert "Aucune autre commune" in said
        elif len(others) <= communes.MOST_SHARERS:
            assert all(name in said for name in others)
        assert commune["site_name"] in said


def test_grants_are_deducted_at_the_rate_of_the_study(outcome, assumed):
    helped = replace(outcome, assumptions=assumed.with_values({"costs.grant_rate": 0.5}))
    [beaujeu] = [c for c in communes.of_outcome(helped) if c.name == "Beaujeu"]
    site = next(s for s in outcome.sites if s.candidate.commune_code == beaujeu.code)
    cost = next(c for c in outcome.money.sites if c.id == site.candidate.id).investment.central

    assert beaujeu.figures[2].value == french.planned_euros(cost)
    assert french.planned_euros(cost / 2) in beaujeu.figures[2].detail
    assert any("Avec 50" in line and "non acquises" in line for line in beaujeu.pays)


def test_without_grants_nothing_is_promised(study):
    assert any("Aucune aide n'est comptée" in line for line in named(study, "Beaujeu")["pays"])


def test_every_figure_has_an_interval_and_two_questions_end_the_page(study):
    for commune in study["communes"]:
        assert len(commune["figures"]) == 4
        assert all(f["interval"] and f["source"] for f in commune["figures"])
        assert len(commune["questions"]) == 2
        assert all(question.endswith("?") for question in commune["questions"])


def test_what_is_not_known_is_said_and_breaks_nothing(outcome):
    cells = outcome.territory.cells
    code = outcome.territory.communes["commune_code"][0]
    kept = (cells["commune_code"] != code).to_numpy()
    coverage = outcome.coverage
    bare = replace(
        outcome,
        territory=replace(
            outcome.territory,
            cells=cells.filter(kept),
            tables=replace(outcome.territory.tables, outlines={}),
        ),
        coverage=replace(
            coverage,
            minutes_after=coverage.minutes_after[kept],
            minutes_before=coverage.minutes_before[kept],
            cases_before={c: m[kept] for c, m in coverage.cases_before.items()},
            cases_after={c: m[kept] for c, m in coverage.cases_after.items()},
        ),
    )

    [found] = [c for c in communes.of_outcome(bare) if c.code == code]

    assert found.title.endswith(": ce que la commune reçoit et paie")
    assert len(found.figures) == 2


# --- the sheet -------------------------------------------------------------------------------


def test_each_commune_holds_on_one_page_even_with_much_around(study, stored):
    lengths = {
        commune["name"]: len(pypdfium2.PdfDocument(sheet(study, stored, commune, NEARBY)))
        for commune in study["communes"]
    }

    assert {name for name, pages in lengths.items() if pages != 1} == set()


def test_it_is_tagged_french_and_its_map_has_an_alternative(study, stored):
    with pikepdf.open(io.BytesIO(sheet(study, stored, named(study, "Lancié")))) as document:
        assert str(document.Root.Lang).startswith("fr")
        assert bool(document.Root.MarkInfo.Marked) is True
        alternatives = [
            str(found.get("/Alt", ""))
            for found in document.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Figure"
        ]
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith("Lancié")
    assert len(alternatives) == 1
    assert "Carte du plan, centrée sur Lancié" in alternatives[0]


def test_the_same_words_and_date_give_the_same_bytes(study, stored):
    lancie = named(study, "Lancié")

    assert sheet(study, stored, lancie) == sheet(study, stored, lancie)


def test_what_people_wrote_comes_out_as_text(study, stored):
    said = text_of(sheet(study, stored, named(study, "Lancié"), [HOSTILE]))

    assert HOSTILE.replace(" ", "") in said.replace(" ", "")


def test_a_commune_without_a_known_place_has_a_sheet_without_a_map(study, stored):
    nowhere = {**named(study, "Lancié"), "bounds": []}

    assert commune_sheet.drawing(nowhere, stored) == ""
    assert "Deux questions" in text_of(sheet(study, stored, nowhere))


def test_its_map_is_centred_on_the_town_and_names_it(study, stored):
    drawn = commune_sheet.drawing(named(study, "Lancié"), stored)

    assert ">Lancié</text>" in drawn
    assert ">Corcelles-en-Beaujolais</text>" in drawn
