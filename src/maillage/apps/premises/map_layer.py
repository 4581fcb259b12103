"""The premises on the map of their territory: the drawing's marks and the interactive layer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.premises.fitting import Fit, shipped
from maillage.apps.premises.listing import LIST_ID, TIERS
from maillage.apps.premises.models import Kind
from maillage.apps.territories import landmarks, parts
from maillage.apps.territories.models import Territory
from maillage.kit.components import MapPanel
from maillage.report import french
from maillage.report.layers import Layer, collection, feature
from maillage.report.map.frame import Frame
from maillage.report.map.marks import site_mark

DIGITS = 5


@dataclass(frozen=True)
class Drawn:
    """A territory with premises on it: a panel, or a mere drawing where no minute is known."""

    panel: MapPanel | None
    svg: SafeString
    alternative: str
    source: str


def drawn(territory: Territory, fits: Sequence[Fit], query: QueryDict) -> Drawn | None:
    """The map of the territory with these premises; none before its tables are loaded."""
    found = landmarks.latest(territory)
    if found is None:
        return None
    row, near = found
    shown = parts.shown(row)
    empty = parts.map_panel(shown, LIST_ID)
    svg = empty.svg.replace("</svg>", f"{_marks(fits, near.frame)}</svg>")
    said = _alternative(fits)
    if not shown.words["access"]:
        return Drawn(None, mark_safe(svg), said, str(empty.source))  # noqa: S308 (drawn by report.map)
    address = reverse("premises_markers", args=(territory.pk,))
    asked = query.urlencode()
    panel = replace(
        empty,
        svg=svg,
        alternative=said,
        layers={**empty.layers, "markers": f"{address}?{asked}" if asked else address},
        tiers=(),
    )
    return Drawn(panel, mark_safe(svg), said, str(empty.source))  # noqa: S308 (drawn by report.map)


def _marks(fits: Sequence[Fit], frame: Frame) -> str:
    return "".join(
        site_mark(
            TIERS[Kind(fit.premises.kind)],
            frame.of(fit.premises.lon, fit.premises.lat),
            _mark(fit),  # type: ignore[arg-type]
            _label(fit),
            1.0,
        )
        for fit in fits
        if fit.premises.lon is not None and fit.premises.lat is not None
    )


def markers(fits: Sequence[Fit]) -> Layer:
    """Premises that have a position, north to south, as a keyboard goes through them."""
    placed = [fit for fit in fits if fit.premises.lat is not None]
    placed.sort(key=lambda fit: -(fit.premises.lat or 0))
    return collection([_marker(fit) for fit in placed])


def _marker(fit: Fit) -> Any:
    row = fit.premises
    point = [round(row.lon or 0, DIGITS), round(row.lat or 0, DIGITS)]
    return feature(
        {"type": "Point", "coordinates": point},
        {
            "id": str(row.pk),
            "tier": TIERS[Kind(row.kind)],
            "name": row.name,
            "seats": _mark(fit),
            "label": _label(fit),
        },
    )


def _mark(fit: Fit) -> str:
    """The score inside the shape: a whole number, a question mark when too little is known."""
    is_enough = fit.score.known_share >= shipped().value("fitness.known_enough")
    known = fit.score.value if is_enough else None
    return "?" if known is None else french.number(10 * known)


def _label(fit: Fit) -> str:
    row = fit.premises
    mark = _mark(fit)
    noted = _(", note trop peu connue") if mark == "?" else _(", note {n}").format(n=mark)
    return f"{Kind(row.kind).label}, {row.name}, {row.commune_name}{noted}"


def _alternative(fits: Sequence[Fit]) -> str:
    placed = sum(fit.premises.lon is not None for fit in fits)
    if not placed:
        return _("Aucun de ces locaux n’est sur la carte.")
    said = ngettext(
        "La carte situe {n} local, avec sa note sur 10.",
        "La carte situe {n} locaux, avec leur note sur 10.",
        placed,
    ).format(n=placed)
    nowhere = len(fits) - placed
    if not nowhere:
        return said
    rest = ngettext("{n} n’a pas de position.", "{n} n’ont pas de position.", nowhere)
    return f"{said} {rest.format(n=nowhere)}"
