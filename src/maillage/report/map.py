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
# A wide territory keeps the same picture: its neighbours fill it, above and below
LEAST_HEIGHT = 0.92
LEGEND_HEIGHT = 100.0
FULL_CELL_INHABITANTS = 350
MOST_OUTSIDE_TOWNS = 6
TOWN_GAP = 5.0
LEGEND_SIZE = 13.0
MARKER_RADIUS = {"hub": 13.0, "mini": 10.5, "corpo": 10.5}

INK, INK_2, LINE, LAND, GROUND = "#16211E", "#43514C", "#CBD5D0", "#FFFFFF", "#EFF3F1"
CELL_OUTLINE, RULE = "#3D4D47", "#B42318"
FONT = 'font-family="Public Sans, system-ui, sans-serif"'


@dataclass(frozen=True)
class Look:
    """How a map is drawn for the width at which it is read.

    zoom       letters, markers and lines, 1 for a map as wide as the page
    named      the tiers whose sites are named; none of them: the largest communes
    """

    zoom: float
    named: tuple[str, ...]
    largest_named: int
    has_towns: bool
    has_legend: bool


FULL = Look(1.0, ("hub", "mini"), 8, has_towns=True, has_legend=True)
# Two maps side by side: letters twice as large, only what they must compare
SMALL = Look(1.75, ("hub",), 3, has_towns=False, has_legend=False)


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


def svg(outcome: Outcome, when: str = "after", look: Look = FULL) -> str:
    """The map before or after the plan ("before", "after")."""
    frame = _frame(outcome)
    sites = outcome.sites if when == "after" else ()
    height = frame.height + (LEGEND_HEIGHT if look.has_legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {height:.0f}" '
        f'width="{frame.width:.0f}" height="{height:.0f}" role="img">',
        f"<title>{escape(alternative(outcome, when))}</title>",
        f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="{GROUND}"/>',
        _ground(outcome, frame, look),
        _cells(outcome, frame, when),
        _links(outcome, frame, look) if sites else "",
        _existing(outcome, frame, when, look),
        *(_marker(frame, site, look) for site in reversed(sites)),
        _labels(outcome, frame, sites, look),
        _scale_bar(frame, look),
        _legend(frame, when, outcome) if look.has_legend else "",
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
    height = max((north - south) * scale + 2 * MARGIN, WIDTH * LEAST_HEIGHT)
    beside = (WIDTH - (east - west) * scale) / 2
    above = (height - (north - south) * scale) / 2
    return Frame(west - beside / scale, north + above / scale, scale, WIDTH, height)


def _ground(outcome: Outcome, frame: Frame, look: Look) -> str:
    shapes = outcome.territory.tables.outlines
    if not shapes:
        return ""
    communes = "".join(_path(frame, shape) for shape in shapes.values())
    territory = _path(frame, layers.outline(outcome))
    return (
        f'<path id="territoire" d="{territory}" fill="{LAND}"/>'
        f'<path id="communes" d="{communes}" fill="none" stroke="{LINE}" stroke-width="0.7"/>'
        f'<path id="limite" d="{territory}" fill="none" stroke="{INK_2}" '
        f'stroke-width="{1.6 * look.zoom:.1f}" stroke-linejoin="round"/>'
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


def _links(outcome: Outcome, frame: Frame, look: Look) -> str:
    """A thin line from each commune's town to its nearest site."""
    communes = outcome.territory.communes.select("lon", "lat").to_numpy()
    sites = [s.candidate for s in outcome.sites if s.tier != "corpo"]
    if not sites:
        return ""
    towns = geo.project(communes)
    places = geo.project(np.array([[c.lon, c.lat] for c in sites]))
    nearest = geo.distances_km(towns, places).argmin(axis=1)
    starts, ends = frame.xy(towns), frame.xy(places)[nearest]
    lines = "".join(
        f'<path d="M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"/>'
        f'<circle cx="{a[0]:.1f}" cy="{a[1]:.1f}" r="{1.9 * look.zoom:.1f}" '
        f'stroke="none" fill="{INK}"/>'
        for a, b in zip(starts, ends, strict=True)
        if np.hypot(*(a - b)) > 1
    )
    group = f'<g id="liens" stroke="{INK}" '
    return f'{group}stroke-width="{0.9 * look.zoom:.1f}" fill="none">{lines}</g>'


def _existing(outcome: Outcome, frame: Frame, when: str, look: Look) -> str:
    """Open places that are not sites of the plan, as hollow triangles."""
    size = 7 * look.zoom
    marks = []
    for _, x, y in _others(outcome, frame, when):
        marks.append(
            f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {1.7 * size:.1f}h{-2 * size}Z"/>'
        )
    return (
        f'<g id="existants" fill="{LAND}" stroke="{INK}" stroke-width="{1.6 * look.zoom:.1f}">'
        f"{''.join(marks)}</g>"
    )


def _others(outcome: Outcome, frame: Frame, when: str) -> list[tuple[str, float, float]]:
    """Name and pixels of the open places in the frame that are not sites of the plan."""
    ours = {s.candidate.name for s in outcome.sites if s.candidate.is_existing}
    found = []
    for name, lon, lat in outcome.open_today.select("name", "lon", "lat").iter_rows():
        x, y = frame.of(lon, lat)
        if _is_inside(frame, x, y) and (when == "before" or name not in ours):
            found.append((name, x, y))
    return found


def _marker(frame: Frame, site: Site, look: Look) -> str:
    x, y = _marker_place(frame, site, look)
    radius = MARKER_RADIUS[site.tier] * look.zoom
    name = escape(f"{french.TIERS[site.tier]}, {site.candidate.name}, {site.seats} places")
    fill = layers.TIER_COLOURS[site.tier]
    ring = f'fill="{fill}" stroke="#FFFFFF" stroke-width="{2 * look.zoom:.1f}"'
    shape = {
        "hub": f'<path d="{_hexagon(x, y, radius)}" {ring}/>',
        "mini": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {ring}/>',
        "corpo": f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius:.1f}" '
        f'height="{2 * radius:.1f}" rx="2" {ring}/>',
    }[site.tier]
    size = 12 * look.zoom
    return (
        f'<g class="site {site.tier}"><title>{name}</title>{shape}'
        f'<text x="{x:.1f}" y="{y + 0.35 * size:.1f}" text-anchor="middle" '
        f'font-size="{size:.1f}" font-weight="700" fill="#FFFFFF" {FONT}>{site.seats}</text></g>'
    )


def _marker_place(frame: Frame, site: Site, look: Look) -> tuple[float, float]:
    """A corporate space stands beside the town's own marker rather than on it."""
    x, y = frame.of(site.candidate.lon, site.candidate.lat)
    is_beside = site.tier == "corpo" and site.candidate.premises is None
    return (x + 19 * look.zoom, y + 15 * look.zoom) if is_beside else (x, y)


def _hexagon(x: float, y: float, radius: float) -> str:
    angles = np.deg2rad(np.arange(30, 390, 60))
    points = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "Z"


def _labels(outcome: Outcome, frame: Frame, sites: tuple[Site, ...], look: Look) -> str:
    """Names by priority: sites, communes left out, towns outside; without room, left out."""
    when = "after" if sites else "before"
    others = _others(outcome, frame, when)
    wanted = _inside_labels(outcome, frame, sites, look)
    if look.has_towns:
        wanted += [Label(name, x, y, weight=400, gap=11) for name, x, y in others]
        wanted += _outside_labels(outcome, frame)
    taken = [
        Box.around(*_marker_place(frame, s, look), MARKER_RADIUS[s.tier] * look.zoom) for s in sites
    ]
    taken += [Box.around(x, y, 8 * look.zoom) for _, x, y in others]
    taken.append(_scale_bar_box(frame, look))
    placed = labels.place(wanted, taken, frame.width, frame.height)
    dots = "".join(
        f'<circle cx="{p.label.x:.1f}" cy="{p.label.y:.1f}" r="2.6" fill="{LAND}" '
        f'stroke="{INK_2}"/>'
        for p in placed
        if p.label.gap == TOWN_GAP
    )
    return f'<g id="noms">{dots}{"".join(_text(p) for p in placed)}</g>'


def _inside_labels(
    outcome: Outcome, frame: Frame, sites: tuple[Site, ...], look: Look
) -> list[Label]:
    size = labels.FONT_SIZE * look.zoom
    named = [
        Label(
            site.candidate.name,
            *_marker_place(frame, site, look),
            weight=700 if site.tier == "hub" else 600,
            gap=(MARKER_RADIUS[site.tier] + 3) * look.zoom,
            size=size,
        )
        for site in sites
        if site.tier in look.named
    ]
    if sites and not look.has_towns:
        return named
    communes = outcome.territory.communes
    left = [code for code, n in outcome.coverage.uncovered.items() if n >= FULL_CELL_INHABITANTS]
    chosen = communes.filter(pl.col("commune_code").is_in(left)) if sites else communes
    known = {label.text for label in named}
    return named + [
        Label(name, *frame.of(lon, lat), weight=600, gap=6 * look.zoom, size=size)
        for name, lon, lat in _largest(chosen, look.largest_named)
        if name not in known
    ]


def _outside_labels(outcome: Outcome, frame: Frame) -> list[Label]:
    """The largest towns around whose name fits in the frame beside the territory, not over it."""
    ground = _ground_in_pixels(outcome, frame)
    around = outcome.territory.surroundings.sort(
        "population", "commune_code", descending=[True, False], nulls_last=True
    )
    pixels = frame.xy(geo.project(around.select("lon", "lat").to_numpy()))
    found: list[Label] = []
    for name, (x, y) in zip(around["name"], pixels.tolist(), strict=True):
        side = _free_side(frame, ground, name, x, y) if _is_inside(frame, x, y, margin=12) else ""
        if side:
            found.append(Label(name, x, y, weight=400, gap=TOWN_GAP, side=side))
    return found[:MOST_OUTSIDE_TOWNS]


def _ground_in_pixels(outcome: Outcome, frame: Frame) -> shapely.Geometry:
    """The territory in the picture, or its inhabited cells where no outline is known."""
    shape = layers.outline(outcome)
    if shape is not None:
        return shapely.transform(shape, lambda lonlat: frame.xy(geo.project(lonlat)))
    x, y = frame.xy(outcome.territory.cell_xy).T
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


def _is_inside(frame: Frame, x: float, y: float, margin: float = 8) -> bool:
    return margin < x < frame.width - margin and margin < y < frame.height - margin


def _scale(frame: Frame) -> tuple[int, float]:
    """Kilometres of the scale bar and its length in pixels."""
    km = next(n for n in (10, 5, 2, 1) if n * 1000 * frame.scale < frame.width / 4 or n == 1)
    return km, km * 1000 * frame.scale


def _scale_bar_box(frame: Frame, look: Look) -> Box:
    _, length = _scale(frame)
    bottom = frame.height
    return Box(frame.width - length - 28, bottom - 24 - 14 * look.zoom, frame.width, bottom)


def _scale_bar(frame: Frame, look: Look) -> str:
    km, length = _scale(frame)
    right, y = frame.width - 24, frame.height - 18
    return (
        f'<path d="M{right - length:.1f} {y - 5:.1f}v5h{length:.1f}v-5" fill="none" '
        f'stroke="{INK}" stroke-width="{1.2 * look.zoom:.1f}"/>'
        f'<text x="{right - length / 2:.1f}" y="{y - 7:.1f}" text-anchor="middle" '
        f'font-size="{12 * look.zoom:.1f}" fill="{INK}" {FONT}>{km} km</text>'
    )


def _legend(frame: Frame, when: str, outcome: Outcome) -> str:
    top, step, left = frame.height + 18, 108.0, 1.0
    title = "Trajet jusqu'au lieu le plus proche, en voiture (modélisé)"
    bars = "".join(
        f'<rect x="{left + n * step:.1f}" y="{top + 12:.1f}" width="{step:.1f}" height="13" '
        f'fill="{c.colour}" stroke="{CELL_OUTLINE}" stroke-width="0.6"/>'
        f'<text x="{left + n * step:.1f}" y="{top + 41:.1f}" font-size="{LEGEND_SIZE}" '
        f'fill="{INK_2}" {FONT}>{c.label}</text>'
        for n, c in enumerate(layers.MINUTES)
    )
    # the rule is drawn where it is a limit between two classes, which do not move
    rule = [n for n, c in enumerate(layers.MINUTES) if c.above == outcome.coverage.within_min]
    tick = "".join(
        f'<path d="M{left + n * step:.1f} {top + 7:.1f}v23" stroke="{RULE}" stroke-width="2.6"/>'
        for n in rule
    )
    words = f"trait rouge : règle des {outcome.coverage.within_min:.0f} minutes" if tick else ""
    shapes = _legend_shapes(top + 72, left, when)
    return (
        f'<g id="legende"><text x="{left}" y="{top + 2:.1f}" font-size="14" font-weight="600" '
        f'fill="{INK}" {FONT}>{title}</text>'
        f'<text x="{left + 5 * step + 16:.1f}" y="{top + 23:.1f}" font-size="{LEGEND_SIZE}" '
        f'fill="{RULE}" {FONT}>{words}</text>{bars}{tick}{shapes}</g>'
    )


def _legend_shapes(y: float, left: float, when: str) -> str:
    tiers = [
        (
            f'<path d="{_hexagon(0, 0, 8)}" fill="{layers.TIER_COLOURS["hub"]}"/>',
            "Site structurant",
        ),
        (f'<circle r="6.5" fill="{layers.TIER_COLOURS["mini"]}"/>', "Mini-cowork"),
        (f'<path d="M-6-6h12v12h-12Z" fill="{layers.TIER_COLOURS["corpo"]}"/>', "Corpoworking"),
    ]
    triangle = f'<path d="M0-6l6 10h-12Z" fill="{LAND}" stroke="{INK}" stroke-width="1.4"/>'
    square = f'<path d="M-5-5h10v10h-10Z" fill="{LAND}" stroke="{CELL_OUTLINE}"/>'
    items = [
        *(tiers if when == "after" else []),
        (triangle, "Autre lieu existant" if when == "after" else "Lieu existant"),
        (square, f"Carreau de 1 km, plein à {FULL_CELL_INHABITANTS} habitants"),
    ]
    x, drawn = left + 8, []
    for shape, words in items:
        drawn.append(
            f'<g transform="translate({x:.1f} {y - 4:.1f})">{shape}</g>'
            f'<text x="{x + 13:.1f}" y="{y:.1f}" font-size="{LEGEND_SIZE}" '
            f'fill="{INK}" {FONT}>{words}</text>'
        )
        x += 32 + labels.width_of(words, LEGEND_SIZE)
    return "".join(drawn)
