"""Scenarios side by side: the same numbers as their plans, on the page and in the note."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from maillage.core import scenario
from maillage.core.scenario import Request
from maillage.report import comparison, french, note
from maillage.report import map as drawn
from maillage.report.comparison import Compared
from maillage.report.plan import document

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def hubs_only(place, assumed, outcome):
    network = tuple(s for s in outcome.network if s.tier != "mini")
    request = replace(Request(first_year=2027), network=network)
    return scenario.evaluate(place, request, assumed)


@pytest.fixture(scope="module")
def compared(outcome, hubs_only):
    return [
        Compared("A", "Trois bourgs et sept relais", document(outcome)),
        Compared("B", "Trois bourgs", document(hubs_only)),
    ]


def test_the_sentence_gives_the_difference_that_matters(compared):
    words = comparison.headline(compared).replace("\u00a0", " ").replace("\u202f", " ")

    assert words.startswith("De B à A, 7 mini-coworks de plus : de ")
    assert "99 % des habitants à 10 minutes" in words


def test_equal_coverage_is_said_as_such(compared):
    words = comparison.headline([compared[0], replace(compared[0], letter="C")])

    assert words.startswith("Tous mettent")


def test_each_measure_reads_its_plan(compared, outcome, hubs_only):
    rows = {m.key: m for m in comparison.measures(compared)}

    for n, computed in enumerate((outcome, hubs_only)):
        after = computed.coverage.after
        assert rows["covered"].values[n].text == french.share(after.central)
        assert rows["covered"].values[n].central == pytest.approx(100 * after.central)
        invested = computed.money.investment
        assert rows["investment"].values[n].text == french.planned_euros(invested.central)
        assert rows["epci"].values[n].interval == french.euros_between(computed.money.mature_year)
    assert rows["proof"].values[0].text == "Optimum prouvé"
    assert rows["proof"].values[1].text == "Choisi à la main"


def test_modelled_measures_never_stand_without_their_interval(compared):
    for measure in comparison.measures(compared):
        if measure.origin == "modelled":
            assert all(value.interval for value in measure.values), measure.key


def test_scenarios_that_fall_on_one_point_share_its_letters(compared):
    points = comparison.curve([compared[0], replace(compared[0], letter="C"), compared[1]])

    assert [p["letter"] for p in points if p["letter"]] == ["A C", "B"]
    limit = [p for p in points if not p["letter"]]
    assert len(limit) == len(compared[0].plan["curve"])


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_note_has_two_pages_and_the_numbers_of_the_page(compared, outcome, count):
    many = [replace(compared[n % 2], letter="ABCD"[n]) for n in range(count)]
    pictures = {f"map-{c.letter}.svg": drawn.svg(outcome, "after", drawn.PANEL) for c in many}

    data = note.of("CC Saône-Beaujolais", "Dix minutes", many, pictures, at=AT)

    pages = list(pypdfium2.PdfDocument(data))
    assert len(pages) == 2
    said = plain(" ".join(page.get_textpage().get_text_bounded() for page in pages))
    for measure in comparison.measures(many):
        for value in measure.values:
            for number in re.findall(r"\d[\d\u00a0\u202f .,]*\d|\d", value.text + value.interval):
                assert plain(number) in said, (measure.key, number)


def plain(text):
    return re.sub(r"\s", "", text.replace("\u00a0", "").replace("\u202f", ""))
