"""The marks of a map: ground, inhabited cells, links, places, sites."""

from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.scenario import Site
from maillage.core.sources.grid import SIDE_M
from maillage.report import french, layers
from maillage.report.layers import Flow
from maillage.report.map.frame import (
    CELL_OUTLINE,
    FONT,
    INK,
    INK_2,
    LAND,
    LINE,
    MARKER_RADIUS,
    Frame,
    Look,
)
from maillage.report.map.scene import Scene

FLOW = "#1F5A9B"
ZONE = "#1F5A9B"
WIDEST_FLOW = 12.0


def ground(scene: Scene, frame: Frame, look: Look) -> str:
    """Communes and their territory; nothing where no outline is known."""
    shapes = scene.territory.tables.outlines
    if not shapes:
        return ""
    communes = "".join(_path(frame, shape) for shape in shapes.values())
    territory = _path(frame, layers.outline(scene.territory))
    return (
        f'<path id="carte-territoire" d="{territory}" fill="{LAND}"/>'
        f'<path id="carte-communes" d="{communes}" fill="none" stroke="{LINE}" stroke-width="0.7"/>'
        f'<path id="carte-limite" d="{territory}" fill="none" stroke="{INK_2}" '
        f'stroke-width="{1.6 * look.zoom:.1f}" stroke-linejoin="round"/>'
    )


def _path(frame: Frame, shape: shapely.Geometry) -> str:
    return _metres_path(frame, shapely.transform(shape, geo.project))


def _metres_path(frame: Frame, shape: shapely.Geometry) -> str:
    """The path of polygons in Lambert-93 metres."""
    rings = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = frame.xy(shapely.get_coordinates(ring))
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(rings)


def cells(scene: Scene, frame: Frame) -> str:
    """Squares sized by inhabitants, coloured by minutes."""
    minutes = scene.minutes
    people = scene.territory.cells["population"].to_numpy()
    sides = SIDE_M * frame.scale * layers.side_share(people)
    centres = frame.xy(scene.territory.cell_xy)

    def squares(chosen: NDArray[np.bool_]) -> str:
        return "".join(
            f"M{centres[i, 0] - sides[i] / 2:.1f} {centres[i, 1] - sides[i] / 2:.1f}"
            f"h{sides[i]:.1f}v{sides[i]:.1f}h{-sides[i]:.1f}Z"
            for i in np.flatnonzero(chosen)
        )

    # where no place is known, cells say only where people live
    groups = [(squares(np.isnan(minutes)), LAND)]
    for legend in layers.MINUTES:
        inside = (minutes > legend.above) & (minutes <= legend.up_to)
        groups.append((squares(inside), legend.colour))
    drawn = "".join(f'<path d="{path}" fill="{colour}"/>' for path, colour in groups if path)
    return f'<g id="carte-carreaux" stroke="{CELL_OUTLINE}" stroke-width="0.4">{drawn}</g>'


def zones(scene: Scene, frame: Frame, look: Look) -> str:
    """Land within reach: filled where it is even driving slowly, outlined in the central case."""
    if not scene.zones:
        return ""
    slow, central = (_metres_path(frame, scene.zones[case]) for case in ("low", "central"))
    return (
        f'<g id="carte-zones"><path d="{slow}" fill="{ZONE}" fill-opacity="0.25"/>'
        f'<path d="{central}" fill="none" stroke="{ZONE}" stroke-width="{2.2 * look.zoom:.1f}" '
        'stroke-linejoin="round"/></g>'
    )


def links(scene: Scene, frame: Frame, look: Look) -> str:
    """A thin line from each commune's town to its nearest site."""
    joined = scene.links
    if not joined:
        return ""
    starts = frame.xy(geo.project(np.array([start for _, start, _, _ in joined])))
    ends = frame.xy(geo.project(np.array([end for _, _, _, end in joined])))
    lines = "".join(
        f'<path d="M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"/>'
        f'<circle cx="{a[0]:.1f}" cy="{a[1]:.1f}" r="{1.9 * look.zoom:.1f}" '
        f'stroke="none" fill="{INK}"/>'
        for a, b in zip(starts, ends, strict=True)
        if np.hypot(*(a - b)) > 1
    )
    group = f'<g id="carte-liens" stroke="{INK}" '
    return f'{group}stroke-width="{0.9 * look.zoom:.1f}" fill="none">{lines}</g>'


def flows(scene: Scene, frame: Frame, look: Look) -> str:
    """A line from home to work, as wide as its workers; the dot is where they work."""
    starts = frame.xy(geo.project(np.array([flow.start for flow in scene.flows])))
    ends = frame.xy(geo.project(np.array([flow.end for flow in scene.flows])))
    widths = flow_widths(scene.flows)
    lines = "".join(
        f'<path d="M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" '
        f'stroke-width="{width * look.zoom:.1f}"/>'
        f'<circle cx="{b[0]:.1f}" cy="{b[1]:.1f}" r="{(2 + width / 2) * look.zoom:.1f}" '
        f'stroke="none" fill="{FLOW}" fill-opacity="1"/>'
        for a, b, width in zip(starts, ends, widths, strict=True)
    )
    return (
        f'<g id="carte-trajets" stroke="{FLOW}" stroke-opacity="0.7" stroke-linecap="round" '
        f'fill="none">{lines}</g>'
    )


def flow_widths(found: tuple[Flow, ...]) -> list[float]:
    """Pixels of each flow, the largest the widest."""
    most = max((flow.workers for flow in found), default=1.0)
    return [max(1.2, WIDEST_FLOW * flow.workers / most) for flow in found]


def places(scene: Scene, frame: Frame, look: Look) -> str:
    """Open places that are not sites of the plan, as hollow triangles."""
    size = 7 * look.zoom
    marks = []
    for _, x, y in others(scene, frame):
        marks.append(
            f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {1.7 * size:.1f}h{-2 * size}Z"/>'
        )
    return (
        f'<g id="carte-existants" fill="{LAND}" stroke="{INK}" '
        f'stroke-width="{1.6 * look.zoom:.1f}">'
        f"{''.join(marks)}</g>"
    )


def others(scene: Scene, frame: Frame) -> list[tuple[str, float, float]]:
    """Name and pixels of the open places in the frame that are not sites of the plan."""
    found = []
    for name, lon, lat in scene.places.select("name", "lon", "lat").iter_rows():
        x, y = frame.of(lon, lat)
        if frame.holds(x, y):
            found.append((name, x, y))
    return found


def marker(frame: Frame, site: Site, look: Look) -> str:
    """A site: its shape and its seats."""
    x, y = marker_place(frame, site, look)
    name = f"{french.TIERS[site.tier]}, {site.candidate.name}, {site.seats} places"
    return site_mark(site.tier, (x, y), site.seats, name, look.zoom)


def site_mark(tier: str, at: tuple[float, float], seats: int, name: str, zoom: float) -> str:
    """The shape of a tier at a pixel, with its seats inside."""
    (x, y), radius = at, MARKER_RADIUS[tier] * zoom
    ring = f'fill="{layers.TIER_COLOURS[tier]}" stroke="#FFFFFF" stroke-width="{2 * zoom:.1f}"'
    shape = {
        "hub": f'<path d="{hexagon(x, y, radius)}" {ring}/>',
        "mini": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {ring}/>',
        "corpo": f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius:.1f}" '
        f'height="{2 * radius:.1f}" rx="2" {ring}/>',
    }[tier]
    size = 12 * zoom
    return (
        f'<g class="site {tier}"><title>{escape(name)}</title>{shape}'
        f'<text x="{x:.1f}" y="{y + 0.35 * size:.1f}" text-anchor="middle" '
        f'font-size="{size:.1f}" font-weight="700" fill="#FFFFFF" {FONT}>{seats}</text></g>'
    )


def marker_place(frame: Frame, site: Site, look: Look) -> tuple[float, float]:
    """A corporate space stands beside the town's own marker rather than on it."""
    x, y = frame.of(site.candidate.lon, site.candidate.lat)
    return beside(x, y, look.zoom) if is_beside(site) else (x, y)


def beside(x: float, y: float, zoom: float) -> tuple[float, float]:
    """Where the second marker of a town stands."""
    return x + 19 * zoom, y + 15 * zoom


def is_beside(site: Site) -> bool:
    """Whether a site without premises of its own shares its town with another marker."""
    return site.tier == "corpo" and site.candidate.premises is None


def hexagon(x: float, y: float, radius: float) -> str:
    """The path of a hexagon."""
    angles = np.deg2rad(np.arange(30, 390, 60))
    points = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "Z"
