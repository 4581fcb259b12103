"""The pictures of a portrait: its map's scene, its charts."""

import numpy as np
import polars as pl

from maillage.core.portrait import Band, Measured, Portrait
from maillage.report import charts, french, shown
from maillage.report.charts import Spec
from maillage.report.map import Scene
from maillage.report.portrait.grids import distance_words, minutes_words
from maillage.report.portrait.workplaces import ABROAD, workers_words

MOST_COMMUNES = 10


def scene(portrait: Portrait, alternative: str) -> Scene:
    """The map of today; without a known place nobody knows how far it is."""
    territory = portrait.territory
    unknown = np.full(len(territory.cells), np.nan, dtype=np.float32)
    return Scene(
        territory=territory,
        minutes=unknown if portrait.access is None else portrait.access.minutes,
        sites=(),
        places=territory.workplaces,
        named=territory.communes,
        within_min=portrait.assumptions.value("siting.coverage_minutes"),
        alternative=alternative,
    )


def access(portrait: Portrait) -> Spec:
    """Inhabitants by band of minutes."""
    bands = portrait.access.bands if portrait.access else ()
    return _bands([(minutes_words(band), band) for band in bands])


def distances(portrait: Portrait) -> Spec:
    """Workers by band of distance."""
    return _bands([(distance_words(band), band) for band in portrait.work.bands])


def _bands(named: list[tuple[str, Band]]) -> Spec:
    """Bars to the central value, a thin line over the range, the share written at the end."""
    rows: list[Spec] = [
        {
            "band": name,
            "value": band.count.value,
            "low": band.count.low,
            "high": _high(band.count),
            "label": f"{french.share(band.share.value)}{_range(band.share)}",
        }
        for name, band in named
    ]
    x = charts.from_zero([row["high"] for row in rows], room=1.55)
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 13, "color": charts.SAPIN},
            "encoding": {"x": {"field": "value", **x}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {"x": {"field": "high", **x}, "text": {"field": "label"}},
        },
    ]
    if any(row["low"] is not None for row in rows):
        layers[1:1] = _whiskers(x)
    return charts.named(rows, "band", layers, names_width=130)


def _whiskers(x: Spec) -> list[Spec]:
    """The range: an ink line with a halo of the page's ground, read over the bar and beside it."""
    return [
        {
            "transform": [{"filter": "datum.low != null"}],
            "mark": {"type": "rule", "strokeWidth": width, "color": colour},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
        }
        for width, colour in ((5, charts.GROUND), (2, charts.INK))
    ]


def destinations(portrait: Portrait) -> Spec:
    """The first destinations; the territory's own communes darker."""
    below = portrait.assumptions.value("flows.order_of_magnitude_below")
    # an order of magnitude is its own range: nothing more to draw
    table = portrait.work.destinations.head(MOST_COMMUNES).with_columns(
        pl.when(pl.col("workers") >= below).then(pl.col("low", "high"))
    )
    rows: list[Spec] = [
        {
            "place": row["work_name"] or ABROAD,
            "inside": row["is_inside"],
            "value": row["workers"],
            "low": row["low"],
            "high": row["high"] or row["workers"],
            "label": workers_words(row, below),
        }
        for row in table.iter_rows(named=True)
    ]
    x = charts.from_zero([row["high"] for row in rows], room=1.6)
    fill = {"condition": {"test": "datum.inside", "value": charts.SAPIN}, "value": charts.GROUND}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 13, "stroke": charts.SAPIN, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "value", **x}, "fill": fill},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {"x": {"field": "high", **x}, "text": {"field": "label"}},
        },
    ]
    if any(row["low"] is not None for row in rows):
        layers[1:1] = _whiskers(x)
    return charts.named(rows, "place", layers)


def largest_employers(portrait: Portrait) -> pl.DataFrame:
    """The communes with most employed residents, those without a figure left out."""
    return (
        portrait.by_commune.drop_nulls(["employed", "jobs"])
        .sort("employed", "commune_code", descending=[True, False])
        .head(MOST_COMMUNES)
    )


def employment(portrait: Portrait) -> Spec:
    """Employed residents (hollow circle) and jobs (square) of the largest communes."""
    rows: list[Spec] = [
        {"name": row["name"], "employed": row["employed"], "jobs": row["jobs"], "is_first": n == 0}
        for n, row in enumerate(largest_employers(portrait).iter_rows(named=True))
    ]
    most = max((max(row["employed"], row["jobs"]) for row in rows), default=1.0)
    x = {"type": "quantitative", "scale": {"domain": [0, most * 1.25]}}
    axis = {"title": None, "grid": True, "tickCount": 5, "format": ",.0f", "labelPadding": 8}
    layers = [
        _joined("datum.employed > datum.jobs", x, -6),
        _joined("datum.employed < datum.jobs", x, 6),
        _mark("jobs", x | {"axis": axis}, shape="square", filled=True, color=charts.SAPIN),
        _mark("employed", x | {"axis": axis}, shape="circle", filled=False, color=charts.INK),
    ]
    if rows:
        jobs_after = rows[0]["jobs"] >= rows[0]["employed"]
        layers += [
            _told("jobs", "emplois", x, after=jobs_after),
            _told("employed", "actifs occupés", x, after=not jobs_after),
        ]
    spec = charts.named(rows, "name", layers, names_width=210, has_baseline=False)
    # layers that filter their rows would each order them their own way
    spec["encoding"]["y"]["scale"] = {"domain": [row["name"] for row in rows]}
    return spec | {"height": spec["height"] + 20}


def _mark(field: str, x: Spec, **look: object) -> Spec:
    mark = {"type": "point", "size": 115, "strokeWidth": 2, "opacity": 1, **look}
    return {"mark": mark, "encoding": {"x": {"field": field, **x}}}


def _told(field: str, words: str, x: Spec, *, after: bool) -> Spec:
    """What a mark is, written once, on the first row."""
    side = {"align": "left", "dx": 11} if after else {"align": "right", "dx": -11}
    return {
        "transform": [{"filter": "datum.is_first"}],
        "mark": {"type": "text", "text": words, "fontWeight": 600, **side},
        "encoding": {"x": {"field": field, **x}},
    }


def _joined(test: str, x: Spec, shift: int) -> Spec:
    """The line between both measures, which stops at the hollow circle's edge."""
    return {
        "transform": [{"filter": test}],
        "mark": {"type": "rule", "strokeWidth": 3, "color": charts.INK_3, "xOffset": shift},
        "encoding": {"x": {"field": "employed", **x}, "x2": {"field": "jobs"}},
    }


def _high(measured: Measured) -> float:
    return measured.value if measured.high is None else measured.high


def _range(share: Measured) -> str:
    words = shown.share_interval(share)
    return f" ({words})" if words else ""
