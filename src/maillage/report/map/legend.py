"""The legend and the scale bar of a map."""

from maillage.report import labels, layers, travel_words
from maillage.report.labels import Box
from maillage.report.map.frame import CELL_OUTLINE, FONT, INK, INK_2, LAND, RULE, Frame, Look
from maillage.report.map.marks import hexagon
from maillage.report.map.scene import Scene

LEGEND_SIZE = 13.0
HEIGHT = 100.0
TITLE = "Trajet jusqu'au lieu le plus proche, en voiture"
CREDIT_SIZE = 11.0


def legend(scene: Scene, frame: Frame) -> str:
    """The classes of minutes, the rule where it is one of their limits, the shapes."""
    top, step, left = frame.height + 18, 108.0, 1.0
    bars = "".join(
        f'<rect x="{left + n * step:.1f}" y="{top + 12:.1f}" width="{step:.1f}" height="13" '
        f'fill="{c.colour}" stroke="{CELL_OUTLINE}" stroke-width="0.6"/>'
        f'<text x="{left + n * step:.1f}" y="{top + 41:.1f}" font-size="{LEGEND_SIZE}" '
        f'fill="{INK_2}" {FONT}>{c.label}</text>'
        for n, c in enumerate(layers.MINUTES)
    )
    words, times = rule_words(scene.within_min), travel_words.of_territory(scene.territory)
    credit = _credit(times.credit, frame.width - 1, top + 2)
    rule = [n for n, c in enumerate(layers.MINUTES) if c.above == scene.within_min]
    tick = "".join(
        f'<path d="M{left + n * step:.1f} {top + 7:.1f}v23" stroke="{RULE}" stroke-width="2.6"/>'
        for n in rule
    )
    shapes = _legend_shapes(top + 72, left, has_plan=bool(scene.sites))
    return (
        f'<g id="carte-legende"><text x="{left}" y="{top + 2:.1f}" font-size="14" '
        f'font-weight="600" fill="{INK}" {FONT}>{TITLE} ({times.short_modelled})</text>{credit}'
        f'<text x="{left + 5 * step + 16:.1f}" y="{top + 23:.1f}" font-size="{LEGEND_SIZE}" '
        f'fill="{RULE}" {FONT}>{words}</text>{bars}{tick}{shapes}</g>'
    )


def _credit(words: str, right: float, y: float) -> str:
    """The mention that the streets' licence asks for, in the corner."""
    if not words:
        return ""
    return (
        f'<text x="{right:.1f}" y="{y:.1f}" text-anchor="end" font-size="{CREDIT_SIZE}" '
        f'fill="{INK_2}" {FONT}>{words}</text>'
    )


def rule_words(within_min: float) -> str:
    """The rule, drawn where it is a limit between two classes, which do not move; else ""."""
    is_a_limit = any(c.above == within_min for c in layers.MINUTES)
    return f"trait rouge : règle des {within_min:.0f} minutes" if is_a_limit else ""


def _legend_shapes(y: float, left: float, *, has_plan: bool) -> str:
    tiers = [
        (
            f'<path d="{hexagon(0, 0, 8)}" fill="{layers.TIER_COLOURS["hub"]}"/>',
            "Site structurant",
        ),
        (f'<circle r="6.5" fill="{layers.TIER_COLOURS["mini"]}"/>', "Mini-cowork"),
        (f'<path d="M-6-6h12v12h-12Z" fill="{layers.TIER_COLOURS["corpo"]}"/>', "Corpoworking"),
    ]
    triangle = f'<path d="M0-6l6 10h-12Z" fill="{LAND}" stroke="{INK}" stroke-width="1.4"/>'
    square = f'<path d="M-5-5h10v10h-10Z" fill="{LAND}" stroke="{CELL_OUTLINE}"/>'
    items = [
        *(tiers if has_plan else []),
        (triangle, "Autre lieu existant" if has_plan else "Lieu existant"),
        (square, f"Carreau de 1 km, plein à {layers.FULL_CELL_INHABITANTS} habitants"),
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


def scale_bar(frame: Frame, look: Look) -> str:
    """The scale bar, in kilometres."""
    km, length = _scale(frame)
    right, y = frame.width - 24, frame.height - 18
    return (
        f'<path d="M{right - length:.1f} {y - 5:.1f}v5h{length:.1f}v-5" fill="none" '
        f'stroke="{INK}" stroke-width="{1.2 * look.zoom:.1f}"/>'
        f'<text x="{right - length / 2:.1f}" y="{y - 7:.1f}" text-anchor="middle" '
        f'font-size="{12 * look.zoom:.1f}" fill="{INK}" {FONT}>{km} km</text>'
    )


def scale_bar_box(frame: Frame, look: Look) -> Box:
    """The corner that the scale bar fills."""
    _, length = _scale(frame)
    bottom = frame.height
    return Box(frame.width - length - 28, bottom - 24 - 14 * look.zoom, frame.width, bottom)


def _scale(frame: Frame) -> tuple[int, float]:
    """Kilometres of the scale bar and its length in pixels."""
    km = next(n for n in (10, 5, 2, 1) if n * 1000 * frame.scale < frame.width / 4 or n == 1)
    return km, km * 1000 * frame.scale
