"""The map of the directory: outlines of territories, one marker a site; the list says the same."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.sites.directory import Listed
from maillage.apps.sites.directory_shown import LIST_ID
from maillage.apps.sites.models import Tier
from maillage.apps.territories import reading
from maillage.apps.territories.models import Portrait
from maillage.kit.components import MapPanel
from maillage.report import french
from maillage.report.layers import Layer, collection, feature
from maillage.report.map import sketch
from maillage.report.map.sketch import Sketch

OUTLINES = "outlines.geojson"
DIGITS = 5
ZOOM = 1.5
# degrees that the map of one site shows
WIDE, HIGH = 0.32, 0.2
Bounds = tuple[float, float, float, float]
SOURCE = "IGN, Insee"


def alone(one: Listed) -> MapPanel | None:
    """The map of one site and of what is around it."""
    query = QueryDict(mutable=True)
    query["lieu"] = str(one.site.pk)
    return panel([one], query, one.site.territory_id, around=_around(one))


def panel(
    sites: Sequence[Listed],
    query: QueryDict,
    territory_id: str = "",
    around: Bounds | None = None,
) -> MapPanel | None:
    """The sites that have a point; None when none has.

    around  what it shows; None: the territories, else the points
    """
    placed = [one for one in sites if one.site.lon is not None]
    if not placed:
        return None
    ground = outlines({one.site.territory_id for one in placed})
    marks = {"markers": markers(placed), "places": others(placed), "labels": names(placed)}
    said = alternative(sites)
    held = [around[:2], around[2:]] if around else []
    drawn = Sketch(
        {**marks, **({"outlines": ground} if ground["features"] else {})},
        said,
        around=held or ([] if ground["features"] else [_point(one) for one in placed]),
        named=frozenset({"site"}),
        zoom=ZOOM,
    )
    return MapPanel(
        id="carte",
        svg=sketch.draw(drawn),
        alternative=said,
        list_id=LIST_ID,
        layers=_addresses(query, territory_id, has_ground=bool(ground["features"])),
        bounds=around,
        legend="sites",
        tiers=[tier for tier in Tier.values if any(one.site.tier == tier for one in placed)],
        rule_min=None,
        source=_("Contours : {source}.").format(source=SOURCE) if ground["features"] else "",
    )


def _addresses(query: QueryDict, territory_id: str, *, has_ground: bool) -> dict[str, str]:
    asked = query.copy()
    asked["territoire"] = territory_id
    rest = asked.urlencode()
    names = ("markers", "places", "labels", *(("outlines",) if has_ground else ()))
    return {
        name: f"{reverse('directory_layer', args=(name,))}{'?' if rest else ''}{rest}"
        for name in names
    }


def layer(name: str, sites: Sequence[Listed]) -> Layer:
    """One layer of the interactive map."""
    placed = [one for one in sites if one.site.lon is not None]
    if name == "outlines":
        return outlines({one.site.territory_id for one in placed})
    return {"markers": markers, "places": others, "labels": names}[name](placed)


def outlines(territories: set[str]) -> Layer:
    """The territories; their communes too when there is only one."""
    shown = Portrait.objects.shown().filter(territory__in=territories)
    found: list[Any] = []
    for portrait in shown:
        if OUTLINES in reading.stored(portrait):
            found += reading.document(portrait.folder, OUTLINES)["features"]
    if len(territories) > 1:
        found = [mark for mark in found if mark["properties"]["kind"] == "territory"]
    return collection(found)


def markers(placed: Sequence[Listed]) -> Layer:
    """North to south, as a keyboard goes through them; a site of no known tier is a mere place."""
    known = sorted((one for one in placed if one.site.tier), key=lambda one: -_point(one)[1])
    return collection(
        [
            _mark(
                one,
                id=str(one.site.pk),
                tier=one.site.tier,
                name=one.site.name,
                seats=one.seats or "",
                label=_label(one),
            )
            for one in known
        ]
    )


def others(placed: Sequence[Listed]) -> Layer:
    """The sites whose tier nobody said."""
    return collection([_mark(one, name=one.site.name) for one in placed if not one.site.tier])


def names(placed: Sequence[Listed]) -> Layer:
    """The communes of the sites, each once."""
    by_name = {one.site.commune_name: one for one in reversed(placed)}
    return collection(
        [
            _mark(one, name=name, kind="site", rank=rank)
            for rank, (name, one) in enumerate(by_name.items(), 1)
        ]
    )


def alternative(sites: Sequence[Listed]) -> str:
    """One sentence with the finding."""
    placed = sum(one.site.lon is not None for one in sites)
    now = sum(one.is_open for one in sites)
    said = ngettext("La carte situe {n} lieu", "La carte situe {n} lieux", placed).format(n=placed)
    if now:
        rest = ngettext("dont {n} ouvert maintenant", "dont {n} ouverts maintenant", now)
        return f"{said}, {rest.format(n=now)}."
    return f"{said}."


def _around(one: Listed) -> Bounds:
    """West, south, east, north: half an hour's drive."""
    lon, lat = _point(one)
    return (lon - WIDE / 2, lat - HIGH / 2, lon + WIDE / 2, lat + HIGH / 2)


def _label(one: Listed) -> str:
    site = one.site
    said = f"{Tier(site.tier).label}, {site.name}, {site.commune_name}"
    return f"{said}, {french.count(one.seats, 'place')}" if one.seats else said


def _mark(one: Listed, **properties: Any) -> Layer:
    point = [round(part, DIGITS) for part in _point(one)]
    return feature({"type": "Point", "coordinates": point}, properties)


def _point(one: Listed) -> tuple[float, float]:
    return (one.site.lon or 0.0, one.site.lat or 0.0)
