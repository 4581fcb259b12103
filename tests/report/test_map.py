"""The map: well-formed, one marker a site, the legend's classes, no style attribute."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from maillage.report import labels, layers
from maillage.report import map as drawn
from maillage.report.labels import Box, Label
from maillage.report.map import names
from maillage.report.map.frame import frame_of

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "plan-saone-beaujolais.svg"


@pytest.fixture(scope="module")
def after(outcome):
    return ET.fromstring(drawn.svg(outcome))  # noqa: S314  (our own drawing)


def test_there_is_one_marker_a_site_with_its_seats(after, outcome):
    markers = [g for g in after.iter(f"{SVG}g") if (g.get("class") or "").startswith("site")]

    seats = sorted(int(m.find(f"{SVG}text").text) for m in markers)
    assert seats == sorted(site.seats for site in outcome.sites)


def test_before_the_plan_there_is_no_marker(outcome):
    assert 'class="site' not in drawn.svg(outcome, "before")


def test_every_legend_class_is_named(after):
    words = {t.text for t in after.iter(f"{SVG}text")}

    assert {c.label for c in layers.MINUTES} <= words
    assert "trait rouge : règle des 10 minutes" in words


def test_the_title_tells_the_finding_to_those_who_do_not_see(after):
    assert after.find(f"{SVG}title").text.startswith("Carte du plan : 99\u00a0% des habitants")


def test_nothing_is_styled_in_a_way_a_content_policy_refuses(outcome):
    assert not re.search(r"<style|style=|<script|href=", drawn.svg(outcome))


def test_a_territory_without_outlines_still_has_its_cells(outcome):
    tables = replace(outcome.territory.tables, outlines={})
    bare = replace(outcome, territory=replace(outcome.territory, tables=tables))

    picture = drawn.svg(bare)

    assert 'id="carte-carreaux"' in picture
    assert 'id="carte-limite"' not in picture


def test_a_name_with_markup_is_text(outcome):
    site = outcome.sites[0]
    named = replace(site.candidate, commune_name='<script>&"')
    hostile = replace(outcome, sites=(replace(site, candidate=named), *outcome.sites[1:]))

    words = {t.text for t in ET.fromstring(drawn.svg(hostile)).iter(f"{SVG}text")}  # noqa: S314

    assert '<script>&"' in words


def test_the_picture_of_the_readme_is_the_plan_of_today(outcome):
    assert PICTURE.read_text(encoding="utf-8") == drawn.svg(outcome) + "\n"


def test_names_never_touch_one_another_nor_a_marker():
    wanted = [Label(f"Commune {n}", 100 + 9 * n, 100 + 5 * n, 400, 6) for n in range(12)]
    marker = Box.around(110, 104, 12)

    placed = labels.place(wanted, [marker], 400, 300)

    boxes = [box_of(p) for p in placed]
    assert 0 < len(placed) < len(wanted)
    assert not any(box.touches(marker) for box in boxes)
    assert not any(a.touches(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_the_first_name_wanted_is_the_first_served():
    twice = [Label("Beaujeu", 50, 50, 700, 6), Label("Belleville", 50, 50, 400, 6)]

    placed = labels.place(twice, [], 400, 300)

    assert placed[0].label.text == "Beaujeu"
    assert placed[0].anchor == "start"


def box_of(placed: labels.Placed) -> Box:
    wide = labels.width_of(placed.label.text)
    left = {"start": placed.x, "end": placed.x - wide, "middle": placed.x - wide / 2}[placed.anchor]
    return Box(left, placed.y - 11, left + wide, placed.y + 1)


def test_a_small_map_names_only_the_structuring_sites(outcome):
    small = ET.fromstring(drawn.svg(outcome, "after", drawn.SMALL))  # noqa: S314

    hubs = {s.candidate.name for s in outcome.sites if s.tier == "hub"}
    minis = {s.candidate.name for s in outcome.sites if s.tier == "mini"}
    words = {t.text for t in small.iter(f"{SVG}text")}
    assert hubs <= words
    assert not minis & words


def test_a_town_outside_is_never_written_over_the_territory(outcome):
    frame = frame_of(outcome.territory)
    ground = names.ground_in_pixels(outcome.territory, frame)

    towns = names.outside(outcome.territory, frame)

    assert towns
    for town in towns:
        wide = labels.width_of(town.text)
        left = town.x if town.side == "start" else town.x - wide
        assert not ground.intersects(shapely.box(left, town.y - 6, left + wide, town.y + 6))
