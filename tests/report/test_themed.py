"""A chart for a page: the page's colours, one image, one alternative."""

import re
import xml.etree.ElementTree as ET

import pytest

from maillage.report import charts, themed


@pytest.fixture(scope="module")
def svg(outcome):
    return themed.chart(charts.demand_by_public(outcome), 'Une <phrase> & "une" autre \\1').decode()


def test_the_alternative_is_the_title_and_nothing_else_speaks(svg):
    root = ET.fromstring(svg)  # noqa: S314  (our own drawing)

    assert root.get("role") == "img"
    assert root[0].text == 'Une <phrase> & "une" autre \\1'
    assert svg.count("role=") == 1
    assert "aria-" not in svg


def test_the_colours_are_the_page_s_with_ours_as_fallback(svg):
    assert 'fill="var(--ink, #16211E)"' in svg
    assert 'stroke="var(--sapin-range, #A9CFC2)"' in svg
    bare = set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg))
    assert not bare & set(themed.TOKENS)


def test_the_letters_fall_back_on_the_system(svg):
    assert 'font-family="Public Sans, system-ui, sans-serif"' in svg


def test_colours_of_payers_stay_theirs(outcome):
    drawn = themed.chart(charts.payers(outcome), "Qui paie").decode()

    assert charts.PAYERS["communes"] in drawn
    assert 'stroke="#FFFFFF"' in drawn
