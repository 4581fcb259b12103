"""The page of a computed study and the files it loads, stored beside the study's own."""

from dataclasses import asdict

from maillage.core import portrait as portraits
from maillage.core.scenario import Outcome
from maillage.report import charts, french, themed
from maillage.report import files as written
from maillage.report import map as drawn
from maillage.report.map import live
from maillage.report.portrait import drawings
from maillage.report.study_page import sites, tables
from maillage.report.study_page.page import FLOWS_PANEL, ZONES_PANEL, StudyPage
from maillage.report.study_page.page import of_outcome as page

__all__ = ["StudyPage", "files", "page"]


def files(outcome: Outcome) -> dict[str, bytes]:
    """page.json, the drawings, the layers of the interactive map, the tables for Excel."""
    words = page(outcome)
    return {
        "page.json": written.to_compact_json(french.unbroken(asdict(words))),
        **_maps(outcome),
        **_layers(outcome),
        **_charts(outcome, words),
        "sites-excel.csv": written.grid_excel(tables.sites(sites.of_outcome(outcome))),
        "communes-excel.csv": written.grid_excel(tables.communes(outcome)),
    }


def _maps(outcome: Outcome) -> dict[str, bytes]:
    return {
        f"map-{when}{suffix}.svg": drawn.svg(outcome, when, look).encode()
        for when in ("before", "after")
        for suffix, look in (("", drawn.FULL), ("-panel", drawn.PANEL))
    } | {
        name: drawn.draw(scene, drawn.PANEL).encode()
        for name, scene in (
            (FLOWS_PANEL, drawn.of_flows(outcome)),
            (ZONES_PANEL, _zones(outcome)),
        )
        if scene is not None
    }


def _zones(outcome: Outcome) -> drawn.Scene | None:
    return None if outcome.zones is None else drawn.of_zones(outcome, outcome.zones)


def _layers(outcome: Outcome) -> dict[str, bytes]:
    scene, coverage = drawn.of_outcome(outcome, "after"), outcome.coverage
    minutes = {"before": coverage.minutes_before, "after": coverage.minutes_after}
    trips = drawn.of_flows(outcome)
    layers = {
        "flows.geojson": live.flows(trips),
        "flownames.geojson": live.labels(trips),
        "cells.geojson": live.cells(outcome.territory, minutes),
        "links.geojson": live.links(scene),
        "places.geojson": live.places(scene),
        "markers.geojson": live.markers(scene),
        "labels.geojson": live.labels(scene),
    }
    zones = _zones(outcome)
    if zones is not None:
        layers["zones.geojson"] = live.zones(zones)
    if outcome.territory.tables.outlines:
        layers["outlines.geojson"] = live.outlines(outcome.territory)
    return {name: written.to_compact_json(layer) for name, layer in layers.items()}


def _charts(outcome: Outcome, words: StudyPage) -> dict[str, bytes]:
    found = portraits.describe(outcome.territory, outcome.assumptions)
    specs = {
        "curve": charts.coverage_curve(outcome),
        "payers": charts.payers(outcome),
        "demand": charts.demand_by_public(outcome),
        "tornado": charts.tornado(outcome, french.PARAMETERS),
        "carbon": charts.carbon_curve(outcome),
        "destinations": drawings.destinations(found),
        "distances": drawings.distances(found),
    }
    if "front" in words.charts:
        specs["front"] = charts.euros_curve(outcome)
    return {
        words.charts[name].file: themed.chart(spec, words.charts[name].alternative)
        for name, spec in specs.items()
    }
