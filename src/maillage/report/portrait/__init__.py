"""The portrait of a territory for its page, its files and the API."""

from dataclasses import asdict

from maillage.core.portrait import Portrait
from maillage.report import files as written
from maillage.report import french, themed
from maillage.report import map as drawn
from maillage.report.map import live
from maillage.report.portrait import drawings, trips
from maillage.report.portrait.document import document
from maillage.report.portrait.page import PortraitPage
from maillage.report.portrait.page import of_portrait as page

__all__ = ["PortraitPage", "document", "files", "page"]


def files(portrait: Portrait) -> dict[str, bytes]:
    """Everything the page shows and offers, by file name; what does not exist is absent."""
    words = page(portrait)
    scene = drawings.scene(portrait, words.map.alternative)
    produced = {
        "page.json": written.to_compact_json(french.unbroken(asdict(words))),
        "portrait.json": written.to_json(document(portrait)),
        "map.svg": drawn.draw(scene).encode(),
        "map-panel.svg": drawn.draw(scene, drawn.PANEL).encode(),
    }
    produced |= _layers(portrait, scene) | _charts(portrait, words)
    for table in words.tables:
        produced[table.csv] = written.grid_csv(table.grid)
        produced[table.excel] = written.grid_excel(table.grid)
    return produced


def _layers(portrait: Portrait, scene: drawn.Scene) -> dict[str, bytes]:
    layers = {
        "cells.geojson": live.cells(portrait.territory, {"": scene.minutes}),
        "places.geojson": live.places(scene),
        "labels.geojson": live.labels(scene),
    }
    if portrait.territory.tables.outlines:
        layers["outlines.geojson"] = live.outlines(portrait.territory)
    return {name: written.to_compact_json(layer) for name, layer in layers.items()}


def _charts(portrait: Portrait, words: PortraitPage) -> dict[str, bytes]:
    specs = {
        words.employment: drawings.employment(portrait),
        words.destinations: drawings.destinations(portrait),
        words.distances: drawings.distances(portrait),
    }
    if words.access is not None:
        specs[words.access] = drawings.access(portrait)
    if words.modes is not None:
        specs[words.modes] = trips.chart(portrait)
    return {
        chart.file: themed.chart(spec, chart.alternative)
        for chart, spec in specs.items()
        if chart.grid.rows
    }
