"""A map drawn from stored layers, without the calculation that made them.

The layers are those of the interactive map (report.map.live): outlines, cells, links, places,
markers, labels. Each is drawn where it is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from maillage.core import geo
from maillage.report import labels, layers
from maillage.report.labels import Box, Label
from maillage.report.layers import Layer, LonLat
from maillage.report.map import marks
from maillage.report.map.frame import (
    CELL_OUTLINE,
    FONT,
    GROUND,
    INK,
    INK_2,
    LAND,
    LINE,
    MARKER_RADIUS,
    RULE,
    Frame,
    frame_around,
)

NUMBERED_RADIUS = 11.0
# names are smaller than numbers, which one looks for
NAME_SIZE = 0.8 * labels.FONT_SIZE
# planned is hollow, the others are full: colour never tells alone
STATUS_COLOURS = {"planned": "#1F5A9B", "ongoing": "#8A5300", "done": "#0B5D4E"}
HOLLOW = frozenset({"planned"})


@dataclass(frozen=True)
class Numbered:
    """A point with the number that its line of the list bears; `look` of STATUS_COLOURS."""

    lonlat: LonLat
    number: int
    look: str
    title: str


@dataclass(frozen=True)
class Sketch:
    """What is drawn: the layers, numbered points, pairs of points joined, with their words.

    around   points that the picture holds; empty: all the outlines
    chosen   code of the commune drawn heavier
    titles   names written before any other, with their points
    view     which colour of the cells: "before" or "after"; empty: the only one
    named    the kinds of names that are written
    """

    layers: Mapping[str, Layer]
    alternative: str
    points: Sequence[Numbered] = ()
    pairs: Sequence[tuple[LonLat, LonLat, str]] = ()
    around: Sequence[LonLat] = ()
    chosen: str = ""
    titles: Sequence[tuple[str, LonLat]] = ()
    view: str = ""
    named: frozenset[str] = field(default_factory=lambda: frozenset({"site", "commune", "town"}))
    zoom: float = 2.0
    least_height: float = 0.7


def draw(sketch: Sketch) -> str:
    """A sketch as SVG text."""
    frame = _frame(sketch)
    size = f"{frame.width:.0f} {frame.height:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
        f'width="{frame.width:.0f}" height="{frame.height:.0f}" role="img" overflow="hidden">',
        f"<title>{escape(sketch.alternative)}</title>",
        f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="{GROUND}"/>',
        _ground(sketch, frame),
        _cells(sketch, frame),
        _border(sketch, frame),
        _links(sketch, frame),
        _pairs(sketch, frame),
        _places(sketch, frame),
        _sites(sketch, frame),
        _numbered(sketch, frame),
        _names(sketch, frame),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def _frame(sketch: Sketch) -> Frame:
    held: list[Sequence[float]] = list(sketch.around)
    if not held:
        for mark in _features(sketch, "outlines", "cells"):
            held += [at for ring in _rings(mark) for at in ring]
    return frame_around(_metres(held), least_height=sketch.least_height)


def _ground(sketch: Sketch, frame: Frame) -> str:
    drawn = ""
    for mark in _features(sketch, "outlines"):
        kind = mark["properties"]["kind"]
        if kind == "territory":
            drawn = f'<path d="{_path(frame, mark)}" fill="{LAND}"/>' + drawn
        if kind == "commune":
            drawn += (
                f'<path d="{_path(frame, mark)}" fill="none" stroke="{LINE}" stroke-width="0.9"/>'
            )
    return drawn


def _border(sketch: Sketch, frame: Frame) -> str:
    drawn = ""
    for mark in _features(sketch, "outlines"):
        properties = mark["properties"]
        is_chosen = bool(sketch.chosen) and properties.get("commune_code") == sketch.chosen
        if properties["kind"] == "territory" or is_chosen:
            colour, width = (INK, 2.0) if is_chosen else (INK_2, 1.2)
            drawn += (
                f'<path d="{_path(frame, mark)}" fill="none" stroke="{colour}" '
                f'stroke-width="{width * sketch.zoom:.1f}" stroke-linejoin="round"/>'
            )
    return drawn


def _cells(sketch: Sketch, frame: Frame) -> str:
    name = f"class_{sketch.view}" if sketch.view else "class"
    by_colour: dict[str, str] = {}
    for mark in _features(sketch, "cells"):
        rank = mark["properties"].get(name)
        colour = LAND if rank is None else layers.MINUTES[rank].colour
        by_colour[colour] = by_colour.get(colour, "") + _path(frame, mark)
    drawn = "".join(f'<path d="{path}" fill="{fill}"/>' for fill, path in by_colour.items())
    return f'<g stroke="{CELL_OUTLINE}" stroke-width="0.4">{drawn}</g>' if drawn else ""


def _links(sketch: Sketch, frame: Frame) -> str:
    drawn = ""
    for mark in _features(sketch, "links"):
        ends = frame.xy(_metres(mark["geometry"]["coordinates"]))
        if _is_outside(ends, frame):
            continue
        start, end = ends
        drawn += (
            f'<path d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"/>'
            f'<circle cx="{start[0]:.1f}" cy="{start[1]:.1f}" r="{1.9 * sketch.zoom:.1f}" '
            f'stroke="none" fill="{INK}"/>'
        )
    width = f'stroke-width="{0.9 * sketch.zoom:.1f}"'
    return f'<g stroke="{INK}" {width} fill="none">{drawn}</g>' if drawn else ""


def _pairs(sketch: Sketch, frame: Frame) -> str:
    drawn = ""
    for start, end, words in sketch.pairs:
        (ax, ay), (bx, by) = frame.of(*start), frame.of(*end)
        size = labels.FONT_SIZE * sketch.zoom
        drawn += (
            f'<path d="M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}" stroke="{RULE}" '
            f'stroke-width="{2.2 * sketch.zoom:.1f}" stroke-dasharray="7 5" fill="none"/>'
        )
        if np.hypot(ax - bx, ay - by) > 6 * NUMBERED_RADIUS * sketch.zoom:
            drawn += _text(words, (ax + bx) / 2, (ay + by) / 2 - 4, size, RULE, "middle", 700)
    return drawn


def _places(sketch: Sketch, frame: Frame) -> str:
    drawn, size = "", 6 * sketch.zoom
    for mark in _features(sketch, "places"):
        x, y = frame.of(*mark["geometry"]["coordinates"])
        if frame.holds(x, y):
            drawn += f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {1.7 * size:.1f}h{-2 * size}Z"/>'
    ring = f'fill="{LAND}" stroke="{INK}" stroke-width="{1.5 * sketch.zoom:.1f}"'
    return f"<g {ring}>{drawn}</g>" if drawn else ""


def _sites(sketch: Sketch, frame: Frame) -> str:
    drawn = ""
    for mark in reversed(_features(sketch, "markers")):
        said = mark["properties"]
        x, y = _site_place(mark, frame, sketch.zoom)
        if frame.holds(x, y):
            drawn += marks.site_mark(
                said["tier"], (x, y), said["seats"], said["label"], sketch.zoom
            )
    return drawn


def _site_place(mark: Layer, frame: Frame, zoom: float) -> tuple[float, float]:
    x, y = frame.of(*mark["geometry"]["coordinates"])
    return marks.beside(x, y, zoom) if mark["properties"].get("beside") else (x, y)


def _numbered(sketch: Sketch, frame: Frame) -> str:
    drawn, radius = "", NUMBERED_RADIUS * sketch.zoom
    for point, (x, y) in zip(sketch.points, _spread(sketch, frame), strict=True):
        colour = STATUS_COLOURS[point.look]
        fill, ink = (LAND, colour) if point.look in HOLLOW else (colour, LAND)
        size = 12 * sketch.zoom
        drawn += (
            f"<g><title>{escape(point.title)}</title>"
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{colour}" '
            f'stroke-width="{2 * sketch.zoom:.1f}"/>'
            f"{_text(str(point.number), x, y + 0.35 * size, size, ink, 'middle', 700, halo=False)}"
            "</g>"
        )
    return drawn


def _spread(sketch: Sketch, frame: Frame) -> list[tuple[float, float]]:
    """Where points are drawn: side by side when they stand on the same place."""
    wide = 2.1 * NUMBERED_RADIUS * sketch.zoom
    placed: list[tuple[float, float]] = []
    for point in sketch.points:
        x, y = frame.of(*point.lonlat)
        while any(np.hypot(x - ox, y - oy) < wide * 0.8 for ox, oy in placed):
            x += wide
        placed.append((x, y))
    return placed


def _names(sketch: Sketch, frame: Frame) -> str:
    """Names by priority; those without room are left out."""
    size = NAME_SIZE * sketch.zoom
    wanted = [
        Label(name, *frame.of(*at), weight=700, gap=6 * sketch.zoom, size=size)
        for name, at in sketch.titles
    ]
    wanted += [
        _wanted(mark, frame, sketch.zoom)
        for mark in _features(sketch, "labels")
        if mark["properties"]["kind"] in sketch.named
    ]
    radius = NUMBERED_RADIUS * sketch.zoom
    taken = [Box.around(x, y, radius) for x, y in _spread(sketch, frame)]
    for mark in _features(sketch, "markers"):
        at = _site_place(mark, frame, sketch.zoom)
        taken.append(Box.around(*at, MARKER_RADIUS[mark["properties"]["tier"]] * sketch.zoom))
    return "".join(
        _text(p.label.text, p.x, p.y, p.label.size, INK, p.anchor, p.label.weight)
        for p in labels.place(wanted, taken, frame.width, frame.height)
    )


def _wanted(mark: Layer, frame: Frame, zoom: float) -> Label:
    x, y = frame.of(*mark["geometry"]["coordinates"])
    is_site = mark["properties"]["kind"] == "site"
    return Label(
        mark["properties"]["name"],
        *(x, y),
        weight=600 if is_site else 400,
        gap=(14 if is_site else 6) * zoom,
        size=NAME_SIZE * zoom,
    )


def _text(
    words: str, x: float, y: float, size: float, ink: str, anchor: str, weight: int,
    *, halo: bool = True,
) -> str:  # fmt: skip
    common = (
        f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:.1f}" '
        f'font-weight="{weight}" {FONT}'
    )
    text = escape(words)
    behind = (
        f'<text {common} fill="{LAND}" stroke="{LAND}" stroke-width="{0.27 * size:.1f}" '
        f'stroke-linejoin="round" aria-hidden="true">{text}</text>'
    )
    return f'{behind if halo else ""}<text {common} fill="{ink}">{text}</text>'


def _features(sketch: Sketch, *names: str) -> list[Layer]:
    """The marks of the first of these layers that is there."""
    for name in names:
        found: list[Layer] = sketch.layers.get(name, {}).get("features", [])
        if found:
            return found
    return []


def _rings(mark: Layer) -> list[list[list[float]]]:
    geometry = mark["geometry"]
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    if geometry["type"] == "MultiPolygon":
        return [ring for polygon in geometry["coordinates"] for ring in polygon]
    return []


def _path(frame: Frame, mark: Layer) -> str:
    drawn = []
    for ring in _rings(mark):
        points = frame.xy(_metres(ring))
        if _is_outside(points, frame):
            continue
        drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(drawn)


def _is_outside(points: NDArray[np.float64], frame: Frame) -> bool:
    """Whether nothing of a ring or of a line can be seen."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return bool(right < 0 or bottom < 0 or left > frame.width or top > frame.height)


def _metres(lonlat: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    return geo.project(np.array(lonlat, dtype=np.float64))
