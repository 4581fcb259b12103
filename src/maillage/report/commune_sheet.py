"""« Ma commune » on one page: the words of the page of a commune, as a PDF a mayor takes away."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from maillage.report import french, layers, typeset
from maillage.report.layers import Layer
from maillage.report.map import sketch

TEMPLATE = "commune.typ"
PICTURE = "map.svg"
# of the map's width
HEIGHT_SHARE = 0.7

Json = Mapping[str, Any]


def words(
    study: Json, commune: Json, *, which: str, computed_on: date, nearby: Sequence[str]
) -> Json:
    """What the page and the sheet say, in the order they say it; one is read off the other.

    study, commune  of the study's page.json
    which           the scenario or the computation that it reads
    nearby          what communes prepare near this one, one sentence each
    """
    return {
        "territory": study["territory"],
        "study": study["proposal"],
        "which": which,
        "title": commune["title"],
        "lead": commune["lead"],
        "figures": [
            {**figure, "badge": french.ORIGINS[figure["origin"]]} for figure in commune["figures"]
        ],
        "gets": commune["gets"],
        "pays": commune["pays"],
        "network": commune["network"],
        "nearby": list(nearby),
        "questions": commune["questions"],
        "alternative": commune["alternative"],
        "proof": study["proof"]["text"],
        "attribution": study["attribution"],
        # older results were all by distance, and did not say it
        "times": study.get("travel", {}).get("text", ""),
        "computed": f"Étude calculée le {french.day(computed_on)}.",
        "legend": [{"colour": shown.colour, "label": shown.label} for shown in layers.MINUTES],
    }


def drawing(commune: Json, stored: Mapping[str, Layer]) -> str:
    """The map of the plan around a commune, as SVG; "" where its place is not known.

    stored  the layers of the study's interactive map: outlines, cells, links, places, markers…
    """
    if not commune["bounds"]:
        return ""
    west, south, east, north = _widened(*commune["bounds"])
    # the town is in the middle, and has its name already where it holds the site
    town = ((west + east) / 2, (south + north) / 2)
    is_named = commune["name"] == commune["site_name"]
    return sketch.draw(
        sketch.Sketch(
            layers=stored,
            alternative=commune["alternative"],
            around=((west, south), (east, north)),
            chosen=commune["code"],
            titles=() if is_named else ((commune["name"], town),),
            view="after",
            named=frozenset({"site", "commune"}),
        )
    )


def _widened(
    west: float, south: float, east: float, north: float
) -> tuple[float, float, float, float]:
    """The same middle, wide enough for every map to have the same height."""
    narrowing = math.cos(math.radians((south + north) / 2))
    wanted = (north - south) / HEIGHT_SHARE / narrowing
    more = max(0.0, wanted - (east - west)) / 2
    return west - more, south, east + more, north


def pdf(said: Json, picture: str, *, at: datetime) -> bytes:
    """The sheet: one page A4, tagged PDF/A-3a and PDF/UA-1, in French."""
    data = {**said, "has_map": bool(picture)}
    return typeset.compile_template(TEMPLATE, data, {PICTURE: picture} if picture else {}, at)
