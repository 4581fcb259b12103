"""The names of a map, by priority; those without room are left out."""

from xml.sax.saxutils import escape

import polars as pl
import shapely

from maillage.core import geo
from maillage.core.sources.grid import SIDE_M
from maillage.core.territory import Territory
from maillage.report import labels, layers
from maillage.report.labels import Box, Label
from maillage.report.map.frame import FONT, INK, INK_2, LAND, MARKER_RADIUS, Frame, Look
from maillage.report.map.legend import scale_bar_box
from maillage.report.map.marks import marker_place, others
from maillage.report.map.scene import Scene

MOST_OUTSIDE_TOWNS = 6
TOWN_GAP = 5.0


def names(scene: Scene, frame: Frame, look: Look) -> str:
    """Names by priority: sites, communes left out, towns outside; without room, left out."""
    around = others(scene, frame)
    wanted = inside(scene, frame, look)
    if look.has_towns:
        wanted += [Label(name, x, y, weight=400, gap=11) for name, x, y in around]
        wanted += outside(scene.territory, frame)
    taken = [
        Box.around(*marker_place(frame, s, look), MARKER_RADIUS[s.tier] * look.zoom)
        for s in scene.sites
    ]
    taken += [Box.around(x, y, 8 * look.zoom) for _, x, y in around]
    taken.append(scale_bar_box(frame, look))
    placed = labels.place(wanted, taken, frame.width, frame.height)
    dots = "".join(
        f'<circle cx="{p.label.x:.1f}" cy="{p.label.y:.1f}" r="2.6" fill="{LAND}" '
        f'stroke="{INK_2}"/>'
        for p in placed
        if p.label.gap == TOWN_GAP
    )
    return f'<g id="carte-noms">{dots}{"".join(_text(p) for p in placed)}</g>'


def inside(scene: Scene, frame: Frame, look: Look) -> list[Label]:
    """The sites, then the largest of the communes to name."""
    size = labels.FONT_SIZE * look.zoom
    named = [
        Label(
            site.candidate.name,
            *marker_place(frame, site, look),
            weight=700 if site.tier == "hub" else 600,
            gap=(MARKER_RADIUS[site.tier] + 3) * look.zoom,
            size=size,
        )
        for site in scene.sites
        if site.tier in look.named
    ]
    if scene.sites and not look.has_towns:
        return named
    known = {label.text for label in named}
    return named + [
        Label(name, *frame.of(lon, lat), weight=600, gap=6 * look.zoom, size=size)
        for name, lon, lat in _largest(scene.named, look.largest_named)
        if name not in known
    ]


def outside(territory: Territory, frame: Frame) -> list[Label]:
    """The largest towns around whose name fits in the frame beside the territory, not over it."""
    ground = ground_in_pixels(territory, frame)
    around = territory.surroundings.sort(
        "population", "commune_code", descending=[True, False], nulls_last=True
    )
    pixels = frame.xy(geo.project(around.select("lon", "lat").to_numpy()))
    found: list[Label] = []
    for name, (x, y) in zip(around["name"], pixels.tolist(), strict=True):
        side = _free_side(frame, ground, name, x, y) if frame.holds(x, y, margin=12) else ""
        if side:
            found.append(Label(name, x, y, weight=400, gap=TOWN_GAP, side=side))
    return found[:MOST_OUTSIDE_TOWNS]


def ground_in_pixels(territory: Territory, frame: Frame) -> shapely.Geometry:
    """The territory in the picture, or its inhabited cells where no outline is known."""
    shape = layers.outline(territory)
    if shape is not None:
        return shapely.transform(shape, lambda lonlat: frame.xy(geo.project(lonlat)))
    x, y = frame.xy(territory.cell_xy).T
    half = SIDE_M * frame.scale / 2
    return shapely.union_all(shapely.box(x - half, y - half, x + half, y + half))


def _free_side(frame: Frame, ground: shapely.Geometry, name: str, x: float, y: float) -> str:
    """The side of a town, away from the territory first, where its name touches nothing; or ""."""
    wide = labels.width_of(name) + TOWN_GAP
    spans = {"start": (x - 4, x + wide), "end": (x - wide, x + 4)}
    for side in ("start", "end") if x > frame.width / 2 else ("end", "start"):
        left, right = spans[side]
        is_clear = not ground.intersects(shapely.box(left, y - 9, right, y + 9))
        if left > 2 and right < frame.width - 2 and is_clear:
            return side
    return ""


def _text(placed: labels.Placed) -> str:
    colour = INK if placed.label.weight > 400 else INK_2
    size = placed.label.size
    common = (
        f'x="{placed.x:.1f}" y="{placed.y:.1f}" text-anchor="{placed.anchor}" '
        f'font-size="{size:.1f}" font-weight="{placed.label.weight}" {FONT}'
    )
    text = escape(placed.label.text)
    return (
        f'<text {common} fill="#FFFFFF" stroke="#FFFFFF" stroke-width="{0.27 * size:.1f}" '
        f'stroke-linejoin="round" aria-hidden="true">{text}</text>'
        f'<text {common} fill="{colour}">{text}</text>'
    )


def _largest(communes: pl.DataFrame, count: int) -> list[tuple[str, float, float]]:
    ranked = communes.sort("population", "commune_code", descending=[True, False], nulls_last=True)
    return list(ranked.head(count).select("name", "lon", "lat").iter_rows())
