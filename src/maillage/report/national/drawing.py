"""The map of the country: each intercommunality by the share of its inhabitants within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maillage.core.national import Country, Neighboured, Shapes
from maillage.report import french, layers
from maillage.report.map.frame import GROUND, INK_2, LAND, LINE, Frame, frame_around


@dataclass(frozen=True)
class ShareClass:
    """Shares from `least` (included), their colour, their words."""

    least: float
    colour: str
    label: str


# The colours of minutes: dark is served, pale is far
CLASSES = tuple(
    ShareClass(least, minutes.colour, label)
    for minutes, least, label in zip(
        layers.MINUTES,
        (0.95, 0.85, 0.7, 0.5, 0.0),
        ("95 % et plus", "85 à 95 %", "70 à 85 %", "50 à 70 %", "moins de 50 %"),
        strict=True,
    )
)
NOT_COMPUTED = "pas calculée"
_FAILED = "sans plan"


def class_of(share: float) -> ShareClass:
    """The class of a share."""
    return next(c for c in CLASSES if share >= c.least)


def draw(country: Country, failed: Sequence[str], shapes: Shapes, alternative: str) -> str:
    """The map as SVG text, framed on what was computed; "" without outlines.

    failed  SIREN of the places without plan
    """
    by_siren = {n.plan.siren: n for n in country.places}
    asked = [shapes[s] for s in (*by_siren, *failed) if s in shapes]
    if not asked:
        return ""
    metres = np.vstack([shapely.get_coordinates(shape) for shape in asked])
    frame = frame_around(metres)
    size = f"{frame.width:.0f} {frame.height:.0f}"
    apart = set(shapes) - by_siren.keys() - set(failed)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        'aria-labelledby="carte-titre">',
        f'<title id="carte-titre">{escape(alternative)}</title>',
        f'<rect width="{frame.width:.0f}" height="{frame.height:.0f}" fill="{GROUND}"/>',
        _group([shapes[s] for s in sorted(apart)], frame, f'fill="{GROUND}" stroke="{LINE}"'),
        *(
            _group(
                [shapes[s] for s in failed if s in shapes],
                frame,
                f'fill="{LAND}" stroke="{INK_2}" stroke-dasharray="3 2"',
            )
            for _ in range(bool(failed))
        ),
        f'<g stroke="{LAND}" stroke-width="0.5" stroke-linejoin="round">',
        *(_place(n, shapes[s], frame) for s, n in sorted(by_siren.items()) if s in shapes),
        "</g></svg>",
    ]
    return "\n".join(part for part in parts if part)


def _place(found: Neighboured, shape: BaseGeometry, frame: Frame) -> str:
    share = found.share_with_neighbours
    title = f"{found.plan.name} : {french.share(share)}"
    return (
        f'<path d="{_path(shape, frame)}" fill="{class_of(share).colour}">'
        f"<title>{escape(title)}</title></path>"
    )


def _group(shapes: Sequence[BaseGeometry], frame: Frame, look: str) -> str:
    drawn = "".join(_path(shape, frame) for shape in shapes)
    return f'<path d="{drawn}" {look} stroke-width="0.6"/>' if drawn else ""


def _path(shape: BaseGeometry, frame: Frame) -> str:
    drawn = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            points = frame.xy(shapely.get_coordinates(ring))
            low, high = points.min(axis=0), points.max(axis=0)
            # islets smaller than a point, and what is out of the picture
            if (high - low).max() < 1 or _is_outside(low, high, frame):
                continue
            drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points[:-1]) + "Z")
    return "".join(drawn)


def _is_outside(low: "np.ndarray", high: "np.ndarray", frame: Frame) -> bool:
    return bool(high[0] < 0 or high[1] < 0 or low[0] > frame.width or low[1] > frame.height)
