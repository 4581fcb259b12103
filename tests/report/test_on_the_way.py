"""The commuters on the way, in words: rounded, never alone, the same in every file."""

import csv
import io
from dataclasses import replace

import pytest

from maillage.core.money import Range
from maillage.report import files, french, on_the_way, study_page, summary
from maillage.report.plan import document
from maillage.report.story import chapters, elected


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Range(78, 120, 211), "80 à 210"),
        (Range(4, 6, 9), "moins de 10"),
        (Range(2, 20, 44), "moins de 40"),
        (Range(41, 42, 43), "40"),
        (Range(0, 0, 0), "0"),
        (Range(521, 765, 1334), "520 à 1\u202f330"),
    ],
)
def test_persons_are_told_to_the_ten(amount, words):
    assert on_the_way.bare(amount) == words


def test_only_an_interval_is_told_from_one_to_another():
    assert on_the_way.between(Range(78, 120, 211)) == "de 80 à 210"
    assert on_the_way.between(Range(4, 6, 9)) == "moins de 10"


def test_the_largest_trips_by_a_site_are_told_by_town_of_work(outcome):
    odenas = next(s for s in outcome.sites if s.candidate.name == "Odenas")

    assert on_the_way.of_site(outcome, odenas) == (
        "Odenas, Saint-Lager et Quincié-en-Beaujolais vers Villefranche-sur-Saône"
    )


def test_trips_name_the_sites_they_pass_by_and_small_ones_are_an_order_of_magnitude(outcome):
    opened = {s.candidate.name for s in outcome.sites if s.tier != "corpo"}
    below = outcome.assumptions.value("flows.order_of_magnitude_below")

    found = on_the_way.trips(outcome, outcome.sites, 20)

    assert len(found) == 20
    assert [t.workers for t in found] == sorted((t.workers for t in found), reverse=True)
    for trip in found:
        assert trip.sites
        assert {s.candidate.name for s in trip.sites} <= opened
        assert trip.text == french.magnitude(trip.workers, below)


def test_a_corporate_space_has_no_trips(outcome):
    corpo = next(s for s in outcome.sites if s.tier == "corpo")

    assert on_the_way.of_site(outcome, corpo) == ""
    assert corpo.commuters == Range(0, 0, 0)


def test_the_reason_says_when_commuters_decided(outcome):
    mini = next(s for s in outcome.sites if s.tier == "mini")
    decided = replace(mini, why=replace(mini.why, is_for_commuters=True))

    assert "actifs en chemin" not in summary.reason(outcome, mini)
    assert summary.reason(outcome, decided).startswith(summary.reason(outcome, mini))
    assert "Retenu pour les actifs en chemin" in summary.reason(outcome, decided)
    sites = tuple(decided if s is mini else s for s in outcome.sites)
    pages = study_page.page(replace(outcome, sites=sites)).sites
    told = {page.id for page in pages if page.for_commuters}
    assert told == {mini.candidate.id}


def test_every_document_gives_the_same_commuters(outcome):
    plan = document(outcome)
    table = list(csv.DictReader(io.StringIO(files.sites_csv(plan).decode())))
    pages = study_page.page(outcome).sites
    rows = elected.why_rows(outcome)

    for site, planned, line, page, row in zip(
        outcome.sites, plan["sites"], table, pages, rows, strict=True
    ):
        for case in ("low", "central", "high"):
            assert planned["commuters"][case] == pytest.approx(getattr(site.commuters, case))
            assert int(line[f"commuters_{case}"]) == round(getattr(site.commuters, case))
        if site.tier == "corpo":
            assert page.commuters is None
            continue
        assert page.commuters == round(site.commuters.central)
        assert page.commuters_text == row["cells"][4] == on_the_way.bare(site.commuters)
    each = [site["commuters"]["central"] for site in plan["sites"]]
    assert max(each) <= plan["on_the_way"]["commuters"]["central"] <= sum(each)
    assert plan["on_the_way"]["commuters"]["low"] < plan["on_the_way"]["commuters"]["high"]


def test_the_stage_of_seats_says_whether_commuters_count_in_it(outcome):
    without = replace(
        outcome, assumptions=outcome.assumptions.with_values({"siting.on_the_way_weight": 0})
    )

    counted, alone = (chapters.plan(o)["stages"][2] for o in (outcome, without))

    assert counted["name"] == "Places utiles un jour de pointe, actifs en chemin compris"
    assert counted["meaning"].endswith("Un actif en chemin y compte pour 0,01 place.")
    assert alone["name"] == "Places utiles un jour de pointe"
    assert "actif" not in alone["meaning"]


def test_where_nobody_passes_by_it_is_said_without_a_number(outcome):
    nobody = replace(outcome, commuters=Range(0, 0, 0))

    assert on_the_way.line(nobody).startswith("Aucun actif ne passe")
