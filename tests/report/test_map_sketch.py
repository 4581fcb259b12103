"""The map drawn from stored layers: what it shows, what it never lets through."""

from xml.etree import ElementTree

import pytest

from maillage.report.map import live, of_outcome
from maillage.report.map.sketch import Numbered, Sketch, draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def layers(outcome):
    scene = of_outcome(outcome, "after")
    minutes = {"after": outcome.coverage.minutes_after}
    return {
        "outlines": live.outlines(outcome.territory),
        "cells": live.cells(outcome.territory, minutes),
        "links": live.links(scene),
        "places": live.places(scene),
        "markers": live.markers(scene),
        "labels": live.labels(scene),
    }


def drawn(**fields) -> ElementTree.Element:
    return ElementTree.fromstring(draw(Sketch(alternative="Ce qu'elle montre", **fields)))  # noqa: S314


def titles(svg: ElementTree.Element) -> list[str]:
    return [found.text or "" for found in svg.iter(f"{SVG}title")]


def test_each_site_of_the_plan_has_its_mark_and_the_first_title_is_the_finding(layers):
    svg = drawn(layers=layers, view="after")

    said = titles(svg)
    assert said[0] == "Ce qu'elle montre"
    assert sorted(said[1:]) == sorted(
        mark["properties"]["label"] for mark in layers["markers"]["features"]
    )


def test_what_people_wrote_is_text(layers):
    point = Numbered((4.7, 46.2), 1, "planned", "<b>&</b>")

    svg = drawn(layers={"outlines": layers["outlines"]}, points=[point])

    assert titles(svg)[1:] == ["<b>&</b>"]


def test_points_of_one_place_stand_side_by_side(layers):
    points = [Numbered((4.7, 46.2), n, "done", str(n)) for n in (1, 2, 3)]

    svg = drawn(layers={"outlines": layers["outlines"]}, points=points)

    places = {(c.get("cx"), c.get("cy")) for c in svg.iter(f"{SVG}circle")}
    assert len(places) == 3


def test_a_picture_holds_the_points_it_is_asked_for(layers):
    around = [(4.6, 46.1), (4.7, 46.2)]
    point = Numbered((4.65, 46.15), 1, "ongoing", "1")

    svg = drawn(layers={"outlines": layers["outlines"]}, points=[point], around=around)

    [circle] = svg.iter(f"{SVG}circle")
    _, _, width, height = (float(side) for side in svg.get("viewBox", "").split())
    assert abs(float(circle.get("cx", 0)) - width / 2) < 2
    assert abs(float(circle.get("cy", 0)) - height / 2) < 4


def test_the_same_sketch_gives_the_same_picture(layers):
    one, other = (draw(Sketch(layers=layers, alternative="a", view="after")) for _ in "ab")

    assert one == other
