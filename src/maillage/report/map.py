"""The map of a plan as SVG: cells by minutes, sites by tier, the same truth as the list.

Drawn in Lambert-93, north up, with presentation attributes only, so that the report and a page
under a strict content policy show the same picture.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.scenario import Outcome, Site
from maillage.core.sources.grid import SIDE_M
from maillage.report import french, labels, layers
from maillage.report.labels import Box, Label

WIDTH = 848.0
MARGIN = 26.0
LEGEND_HEIGHT = 92.0
FULL_CELL_INHABITANTS = 350
MOST_OUTSIDE_TOWNS = 6
MARKER_RADIUS = {"hub": 13.0, "mini": 10.5, "corpo": 10.5}

INK, INK_2, LINE, LAND, GROUND = "#16211E", "#43514C", "#CBD5D0", "#FFFFFF", "#EFF3F1"
CELL_OUTLINE, RULE = "#3D4D47", "#B42318"
FONT = 'font-family="Public Sans, system-ui, sans-serif"'


@dataclass(frozen=True)
class Frame:
    """From Lambert-93 metres to the picture: scale in pixels per metre, origin, size."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def xy(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels [n, 2] of projected points [n, 2]."""
        east = (metres[:, 0] - self.west) * self.scale
        south = (self.north - metres[:, 1]) * self.scale
        return np.column_stack([east, south])

    def of(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels of one point in degrees."""
        x, y = self.xy(geo.project(np.array([[lon, lat]])))[0]
        return float(x), float(y)


def svg(outcome: Outcome, when: str = "after", *, with_legend: bool = True) -> str:
    """The map before or after the plan ("before", "after")."""
    frame = _frame(outcome)
    sites = outcome.sites if when == "after" else ()
    height = frame.height + (LEGEND_HEIGHT if with_legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {height:.0f}" '
        f'width="{frame.width:.0f}" height="{height:.0f}" role="img">',
        f"<title>{escape(alternative(outcome, when))}</title>",
        f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="{GROUND}"/>',
        _ground(outcome, frame),
        _cells(outcome, frame, when),
        _links(outcome, frame) if sites else "",
        _existing(outcome, frame, when),
        *(_marker(frame, site) for site in reversed(sites)),
        _labels(outcome, frame, sites),
        _scale_bar(frame),
        _legend(frame, when, outcome) if with_legend else "",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def alternative(outcome: Outcome, when: str) -> str:
    """The map's finding in one sentence, for those who do not see it."""
    coverage = outcome.coverage
    within = f"{coverage.within_min:.0f} minutes"
    if when == "before":
        share = french.share(coverage.before.central)
        return f"Carte d'aujourd'hui : {share} des habitants sont à {within} d'un lieu."
    share = french.share(coverage.after.central)
    names = french.listed(sorted({s.candidate.commune_name for s in outcome.sites}))
    return f"Carte du plan : {share} des habitants à {within} d'un lieu. Lieux : {names}."


def _frame(outcome: Outcome) -> Frame:
    shape = layers.outline(outcome)
    lonlat = (
        shapely.get_coordinates(shape)
        if shape is not None
        else outcome.territory.cells.select("lon", "lat").to_numpy()
    )
    metres = geo.project(lonlat)
    west, south = metres.min(axis=0) - SIDE_M
    east, north = metres.max(axis=0) + SIDE_M
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (WIDTH * 1.05) / (north - south))
    height = (north - south) * scale + 2 * MARGIN
    spare = (WIDTH - (east - west) * scale) / 2
    return Frame(west - spare / scale, north + MARGIN / scale, scale, WIDTH, height)


def _ground(outcome: Outcome, frame: Frame) -> str:
    shapes = outcome.territory.tables.outlines
    if not shapes:
        return ""
    communes = "".join(_path(frame, shape) for shape in shapes.values())
    territory = _path(frame, layers.outline(outcome))
    return (
        f'<path id="territoire" d="{territory}" fill="{LAND}"/>'
        f'<path id="communes" d="{communes}" fill="none" stroke="{LINE}" stroke-width="0.7"/>'
        f'<path id="limite" d="{territory}" fill="none" stroke="{INK_2}" stroke-width="1.6" '
        'stroke-linejoin="round"/>'
    )


def _path(frame: Frame, shape: shapely.Geometry) -> str:
    rings = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = frame.xy(geo.project(shapely.get_coordinates(ring)))
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(rings)


def _cells(outcome: Outcome, frame: Frame, when: str) -> str:
    coverage = outcome.coverage
    minutes = coverage.minutes_after if when == "after" else coverage.minutes_before
    people = outcome.territory.cells["population"].to_numpy()
    sides = SIDE_M * frame.scale * np.sqrt(np.clip(people / FULL_CELL_INHABITANTS, 0.02, 1))
    centres = frame.xy(outcome.territory.cell_xy)
    groups = []
    for legend in layers.MINUTES:
        chosen = np.flatnonzero((minutes > legend.above) & (minutes <= legend.up_to))
        squares = "".join(
            f"M{centres[i, 0] - sides[i] / 2:.1f} {centres[i, 1] - sides[i] / 2:.1f}"
            f"h{sides[i]:.1f}v{sides[i]:.1f}h{-sides[i]:.1f}Z"
            for i in chosen
        )
        if squares:
            groups.append(f'<path d="{squares}" fill="{legend.colour}"/>')
    return f'<g id="carreaux" stroke="{CELL_OUTLINE}" stroke-width="0.4">{"".join(groups)}</g>'


def _links(outcome: Outcome, frame: Frame) -> str:
    """A thin line from each commune's town to its nearest site."""
    communes = outcome.territory.communes.select("lon", "lat").to_numpy()
    sites = [s.candidate for s in outcome.sites if s.tier != "corpo"]
    towns = geo.project(communes)
    places = geo.project(np.array([[c.lon, c.lat] for c in sites]))
    nearest = geo.distances_km(towns, places).argmin(axis=1)
    starts, ends = frame.xy(towns), frame.xy(places)[nearest]
    lines = "".join(
        f'<path d="M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"/>'
        f'<circle cx="{a[0]:.1f}" cy="{a[1]:.1f}" r="1.9" stroke="none" fill="{INK}"/>'
        for a, b in zip(starts, ends, strict=True)
        if np.hypot(*(a - b)) > 1
    )
    return f'<g id="liens" stroke="{INK}" stroke-width="0.9" fill="none">{lines}</g>'


def _existing(outcome: Outcome, frame: Frame, when: str) -> str:
    """Open places that are not sites of the plan, as hollow triangles."""
    ours = {s.candidate.name for s in outcome.sites if s.candidate.is_existing}
    marks = []
    for name, lon, lat in outcome.open_today.select("name", "lon", "lat").iter_rows():
        x, y = frame.of(lon, lat)
        if _is_inside(frame, x, y) and (when == "before" or name not in ours):
            marks.append(f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14Z"/>')
    return f'<g id="existants" fill="{LAND}" stroke="{INK}" stroke-width="1.6">{"".join(marks)}</g>'


def _marker(frame: Frame, site: Site) -> str:
    x, y = _marker_place(frame, site)
    radius = MARKER_RADIUS[site.tier]
    name = escape(f"{french.TIERS[site.tier]}, {site.candidate.name}, {site.seats} places")
    look = f'fill="{layers.TIER_COLOURS[site.tier]}" stroke="#FFFFFF" stroke-width="2"'
    shape = {
        "hub": f'<path d="{_hexagon(x, y, radius)}" {look}/>',
        "mini": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {look}/>',
        "corpo": f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius}" '
        f'height="{2 * radius}" rx="2" {look}/>',
    }[site.tier]
    return (
        f'<g class="site {site.tier}"><title>{name}</title>{shape}'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11.5" '
        f'font-weight="700" fill="#FFFFFF" {FONT}>{site.seats}</text></g>'
    )


def _marker_place(frame: Frame, site: Site) -> tuple[float, float]:
    """A corporate space stands beside the town's own marker rather than on it."""
    x, y = frame.of(site.candidate.lon, site.candidate.lat)
    is_beside = site.tier == "corpo" and site.candidate.premises is None
    return (x + 19, y + 15) if is_beside else (x, y)


def _hexagon(x: float, y: float, radius: float) -> str:
    angles = np.deg2rad(np.arange(30, 390, 60))
    points = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "Z"


def _labels(outcome: Outcome, frame: Frame, sites: tuple[Site, ...]) -> str:
    """Names by priority: hubs, minis, towns outside; those that find no room are left out."""
    wanted = [
        Label(
            site.candidate.name,
            *_marker_place(frame, site),
            weight=700 if site.tier == "hub" else 600,
            gap=15,
        )
        for site in sites
        if site.tier != "corpo"
    ]
    if not sites:
        wanted = [
            Label(name, *frame.of(lon, lat), weight=600, gap=6)
            for name, lon, lat in _largest(outcome.territory.communes, 8)
        ]
    inside = layers.outline(outcome)
    towns = [
        (name, lon, lat)
        for name, lon, lat in _largest(outcome.territory.surroundings, 200)
        if _is_inside(frame, *frame.of(lon, lat), margin=12)
        and (inside is None or not shapely.contains_xy(inside, lon, lat))
    ][:MOST_OUTSIDE_TOWNS]
    middle = frame.width / 2
    for name, lon, lat in towns:
        x, y = frame.of(lon, lat)
        # a town outside is written away from the territory, not over it
        wanted.append(Label(name, x, y, weight=400, gap=5, side="start" if x > middle else "end"))
    taken = [Box.around(*_marker_place(frame, s), MARKER_RADIUS[s.tier]) for s in sites]
    placed = labels.place(wanted, taken, frame.width, frame.height)
    dots = "".join(
        f'<circle cx="{frame.of(lon, lat)[0]:.1f}" cy="{frame.of(lon, lat)[1]:.1f}" r="2.6" '
        f'fill="{LAND}" stroke="{INK_2}"/>'
        for name, lon, lat in towns
        if name in {p.label.text for p in placed}
    )
    return f'<g id="noms">{dots}{"".join(_text(p) for p in placed)}</g>'


def _text(placed: labels.Placed) -> str:
    colour = INK if placed.label.weight > 400 else INK_2
    common = (
        f'x="{placed.x:.1f}" y="{placed.y:.1f}" text-anchor="{placed.anchor}" '
        f'font-size="{labels.FONT_SIZE}" font-weight="{placed.label.weight}" {FONT}'
    )
    text = escape(placed.label.text)
    return (
        f'<text {common} fill="#FFFFFF" stroke="#FFFFFF" stroke-width="3.4" '
        f'stroke-linejoin="round" aria-hidden="true">{text}</text>'
        f'<text {common} fill="{colour}">{text}</text>'
    )


def _largest(communes: pl.DataFrame, count: int) -> list[tuple[str, float, float]]:
    ranked = communes.sort("population", "commune_code", descending=[True, False], nulls_last=True)
    return list(ranked.head(count).select("name", "lon", "lat").iter_rows())


def _is_inside(frame: Frame, x: float, y: float, margin: float = 8) -> bool:
    return margin < x < frame.width - margin and margin < y < frame.height - margin


def _scale_bar(frame: Frame) -> str:
    km = next(n for n in (10, 5, 2, 1) if n * 1000 * frame.scale < frame.width / 4)
    length = km * 1000 * frame.scale
    right, y = frame.width - 24, frame.height - 18
    return (
        f'<path d="M{right - length:.1f} {y - 5:.1f}v5h{length:.1f}v-5" fill="none" '
        f'stroke="{INK}" stroke-width="1.2"/>'
        f'<text x="{right - length / 2:.1f}" y="{y - 6:.1f}" text-anchor="middle" '
        f'font-size="11.5" fill="{INK}" {FONT}>{km} km</text>'
    )


def _legend(frame: Frame, when: str, outcome: Outcome) -> str:
    top, step, left = frame.height + 14, 92.0, 4.0
    title = "Trajet jusqu'au lieu le plus proche, en voiture (modélisé)"
    bars = "".join(
        f'<rect x="{left + n * step:.1f}" y="{top + 12:.1f}" width="{step:.1f}" height="13" '
        f'fill="{c.colour}" stroke="{CELL_OUTLINE}" stroke-width="0.6"/>'
        f'<text x="{left + n * step:.1f}" y="{top + 40:.1f}" font-size="11.5" fill="{INK_2}" '
        f"{FONT}>{c.label}</text>"
        for n, c in enumerate(layers.MINUTES)
    )
    # the rule is drawn where it is a limit between two classes, which do not move
    rule = [n for n, c in enumerate(layers.MINUTES) if c.above == outcome.coverage.within_min]
    tick = "".join(
        f'<path d="M{left + n * step:.1f} {top + 7:.1f}v23" stroke="{RULE}" stroke-width="2.4"/>'
        for n in rule
    )
    words = f"trait rouge : règle des {outcome.coverage.within_min:.0f} minutes" if tick else ""
    shapes = _legend_shapes(top + 66, left, when)
    return (
        f'<g id="legende"><text x="{left}" y="{top + 2:.1f}" font-size="12.5" font-weight="600" '
        f'fill="{INK}" {FONT}>{title}</text>'
        f'<text x="{left + 5 * step + 16:.1f}" y="{top + 23:.1f}" font-size="11.5" '
        f'fill="{RULE}" {FONT}>{words}</text>{bars}{tick}{shapes}</g>'
    )


def _legend_shapes(y: float, left: float, when: str) -> str:
    items = [
        (
            f'<path d="{_hexagon(0, 0, 8)}" fill="{layers.TIER_COLOURS["hub"]}"/>',
            "Site structurant",
        ),
        (f'<circle r="6.5" fill="{layers.TIER_COLOURS["mini"]}"/>', "Mini-cowork"),
        (f'<path d="M-6-6h12v12h-12Z" fill="{layers.TIER_COLOURS["corpo"]}"/>', "Corpoworking"),
    ] * (when == "after")
    items += [
        (
            f'<path d="M0-6l6 10h-12Z" fill="{LAND}" stroke="{INK}" stroke-width="1.4"/>',
            "Lieu existant",
        ),
        (
            f'<path d="M-5-5h10v10h-10Z" fill="{LAND}" stroke="{CELL_OUTLINE}"/>',
            "Carreau de 1 km, plein à 350 habitants",
        ),
    ]
    x, drawn = left + 8, []
    for shape, words in items:
        drawn.append(
            f'<g transform="translate({x:.1f} {y - 4:.1f})">{shape}</g>'
            f'<text x="{x + 13:.1f}" y="{y:.1f}" font-size="11.5" '
            f'fill="{INK}" {FONT}>{words}</text>'
        )
        x += 36 + labels.width_of(words, 11.5)
    return "".join(drawn)
