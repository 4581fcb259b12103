"""A page that holds one map of three invented places, for the tests of the map."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from maillage.kit.components import MapPanel
from maillage.kit.tables import Column, Link, Row, Table

SITES = {
    "n": ("Nord", 46.3, "hub", 16),
    "m": ("Milieu", 46.2, "mini", 3),
    "s": ("Sud", 46.1, "corpo", 8),
}
WEST, EAST, NORTH, SOUTH = 4.3, 4.7, 46.35, 46.05


def feature(shape: str, coordinates: list[object], **properties: object) -> dict[str, object]:
    """One GeoJSON feature."""
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def square(west: float, south: float, side: float) -> list[object]:
    """The ring of a square."""
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


LAYERS = {
    "outlines": [
        feature(
            "Polygon",
            [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
            kind="territory",
        )
    ],
    "cells": [
        feature("Polygon", square(4.4, 46.1, 0.05), **{"class": 0}),
        feature("Polygon", square(4.5, 46.2, 0.05), **{"class": None}),
    ],
    "markers": [
        feature(
            "Point",
            [4.5, lat],
            id=key,
            tier=tier,
            name=name,
            seats=seats,
            label=f"Lieu {name}, {seats} places",
        )
        for key, (name, lat, tier, seats) in SITES.items()
    ],
    "labels": [
        feature("Point", [4.5, lat], name=name, kind="site", rank=rank)
        for rank, (name, lat, _, _) in enumerate(SITES.values(), 1)
    ],
}


def layer(_request: HttpRequest, name: str) -> HttpResponse:
    """One layer; an unknown name is missing, as on a broken server."""
    if name not in LAYERS:
        return HttpResponse(status=404)
    return JsonResponse({"type": "FeatureCollection", "features": LAYERS[name]})


def shown(request: HttpRequest) -> HttpResponse:
    """The page."""
    names = [*LAYERS, "links"] if "cassee" in request.GET else LAYERS
    rows = [Row({"name": Link(name, f"?lieu={key}")}, key=key) for key, (name, *_) in SITES.items()]
    panel = MapPanel(
        "carte",
        '<svg viewBox="0 0 848 700" role="img" aria-label="Le dessin"></svg>',
        "Trois lieux, du nord au sud.",
        "lieux",
        layers={name: f"/couche/{name}/" for name in names},
        selected=request.GET.get("lieu", ""),
    )
    table = Table("lieux", "Les lieux", (Column("name", "Lieu"),), rows)
    return render(request, "map_page.html", {"map": panel, "table": table})


urlpatterns = [path("carte/", shown), path("couche/<str:name>/", layer)]
