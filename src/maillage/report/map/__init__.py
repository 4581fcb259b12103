"""The map as SVG: cells by minutes, sites by tier, the same truth as the list.

Drawn in Lambert-93, north up, with presentation attributes only, so that the report and a page
under a strict content policy show the same picture.
"""

from xml.sax.saxutils import escape

from maillage.core.scenario import Outcome
from maillage.report.map import legend, marks, names
from maillage.report.map.frame import FULL, GROUND, PANEL, SMALL, Look, frame_of
from maillage.report.map.scene import Scene, alternative, of_flows, of_outcome, of_zones

__all__ = [
    "FULL",
    "PANEL",
    "SMALL",
    "Look",
    "Scene",
    "alternative",
    "draw",
    "of_flows",
    "of_outcome",
    "of_zones",
    "svg",
]


def svg(outcome: Outcome, when: str = "after", look: Look = FULL) -> str:
    """The map before or after the plan ("before", "after")."""
    return draw(of_outcome(outcome, when), look)


def draw(scene: Scene, look: Look = FULL) -> str:
    """A scene as SVG text."""
    frame = frame_of(scene.territory, [flow.end for flow in scene.flows])
    height = frame.height + (legend.HEIGHT if look.has_legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {height:.0f}" '
        f'width="{frame.width:.0f}" height="{height:.0f}" role="img">',
        f"<title>{escape(scene.alternative)}</title>",
        f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="{GROUND}"/>',
        marks.ground(scene, frame, look),
        marks.flows(scene, frame, look) if scene.flows else marks.cells(scene, frame),
        marks.zones(scene, frame, look),
        "" if scene.zones else marks.links(scene, frame, look),
        marks.places(scene, frame, look),
        *(marks.marker(frame, site, look) for site in reversed(scene.sites)),
        names.names(scene, frame, look),
        legend.scale_bar(frame, look),
        legend.legend(scene, frame) if look.has_legend else "",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)
