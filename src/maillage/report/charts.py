"""Charts of a plan: Vega-Lite specifications, drawn to SVG without a browser.

The finding of a chart is written by the page or the report above it; the chart carries its
labels on its marks, real text, no style attribute.
"""

from importlib import resources
from typing import Any

import vl_convert

from maillage.core.scenario import Outcome
from maillage.report import french

Spec = dict[str, Any]

WIDTH = 560
INK, INK_2, INK_3, LINE = "#16211E", "#43514C", "#5C6A65", "#D3DCD8"
SAPIN, SAPIN_SOFT, JAUNE, RULE, GREY = "#0B5D4E", "#E3F0EB", "#FFC93C", "#B42318", "#C9D3CE"
PAYERS = {
    "epci": "#0B5D4E",
    "communes": "#6FB08F",
    "employers": "#2456B8",
    "users": "#C2410C",
    "grants": "#6D1F4F",
}
MOST_DESTINATIONS = 10

CONFIG: Spec = {
    "background": "transparent",
    "font": "Public Sans",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "grid": False,
        "gridColor": LINE,
        "labelColor": INK,
        "labelFontSize": 12.5,
        "labelPadding": 6,
        "titleColor": INK_2,
        "titleFontSize": 12.5,
        "titleFontWeight": 400,
    },
    "text": {"color": INK, "fontSize": 12.5},
}


def draw(spec: Spec) -> str:
    """The chart as SVG text."""
    fonts = resources.files("maillage.report").joinpath("fonts")
    vl_convert.register_font_directory(str(fonts))
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG} | spec
    svg: str = vl_convert.vegalite_to_svg(whole, format_locale="fr-FR")
    return svg


def destinations(outcome: Outcome) -> Spec:
    """Where residents work: ranked bars, orders of magnitude under the limit."""
    below = outcome.assumptions.value("flows.order_of_magnitude_below")
    members = set(outcome.territory.communes["commune_code"])
    rows = [
        {
            "place": name or "À l'étranger ou non précisé",
            "workers": workers,
            "label": french.magnitude(workers, below),
            "inside": code in members,
        }
        for code, name, workers, _ in outcome.commuting.by_workplace()
        .head(MOST_DESTINATIONS)
        .iter_rows()
    ]
    colour = {"condition": {"test": "datum.inside", "value": SAPIN}, "value": "#6FB08F"}
    return _bars(rows, "place", "workers", colour)


def distance_bands(outcome: Outcome) -> Spec:
    """How far residents work, straight line, share of workers by band."""
    beyond = {km: outcome.commuting.beyond(km) for km in (0, 10, 20, 30)}
    bands = [
        ("jusqu'à 10 km", 1 - beyond[10]),
        ("10 à 20 km", beyond[10] - beyond[20]),
        ("20 à 30 km", beyond[20] - beyond[30]),
        ("plus de 30 km", beyond[30]),
    ]
    rows = [{"band": n, "share": s, "label": french.share(s)} for n, s in bands]
    return _bars(rows, "band", "share", {"value": SAPIN})


def demand_by_public(outcome: Outcome) -> Spec:
    """Seats used a day by public: low to high, with the median."""
    rows = [
        {
            "public": french.PUBLICS[public].capitalize(),
            "low": s.p10,
            "central": s.p50,
            "high": s.p90,
            "label": f"{french.between(s.p10, s.p90, 1)} (médiane {french.number(s.p50, 1)})",
        }
        for public, s in outcome.demand.by_public.items()
    ]
    rows.sort(key=lambda row: -float(row["central"]))  # type: ignore[arg-type]
    y = {"field": "public", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = {"type": "quantitative", "axis": None, "scale": {"zero": True, "padding": 8}}
    return {
        "width": WIDTH - 330,
        "height": {"step": 26},
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "color": GREY},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "color": SAPIN, "opacity": 1},
                "encoding": {"x": {"field": "central", **x}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 10},
                "encoding": {"x": {"field": "high", **x}, "text": {"field": "label"}},
            },
        ],
    }


def tornado(outcome: Outcome, words: dict[str, str]) -> Spec:
    """The five parameters that move the result most, one at a time."""
    rows = [
        {
            "key": words[i.key],
            "low": min(i.at_low, i.at_high),
            "high": max(i.at_low, i.at_high),
            "low_label": french.number(min(i.at_low, i.at_high)),
            "high_label": french.number(max(i.at_low, i.at_high)),
        }
        for i in outcome.demand.influence[:5]
    ]
    x = {"type": "quantitative", "axis": None, "scale": {"zero": True}}
    text = {"type": "text", "fontSize": 12}
    return {
        "width": WIDTH - 300,
        "height": {"step": 30},
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": "key",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelLimit": 280},
            }
        },
        "layer": [
            {
                "mark": {"type": "bar", "color": SAPIN, "height": 14},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": text | {"align": "right", "dx": -6},
                "encoding": {"x": {"field": "low", **x}, "text": {"field": "low_label"}},
            },
            {
                "mark": text | {"align": "left", "dx": 6},
                "encoding": {"x": {"field": "high", **x}, "text": {"field": "high_label"}},
            },
        ],
    }


def coverage_curve(outcome: Outcome) -> Spec:
    """V(k): the best coverage with k minis, each point proved, the plan marked."""
    everyone = int(outcome.problem.weight.sum())
    chosen = int(outcome.siting.open_sites["mini"].sum())
    rows = [
        {
            "minis": p.minis,
            "share": p.inhabitants / everyone,
            "label": french.share(p.inhabitants / everyone),
            "plan": p.minis == chosen,
        }
        for p in outcome.curve
    ]
    x = {
        "field": "minis",
        "type": "ordinal",
        "axis": {"title": "nombre de mini-coworks", "labelAngle": 0},
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": None, "grid": True, "format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    return {
        "width": WIDTH - 60,
        "height": 190,
        "data": {"values": rows},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "color": SAPIN, "strokeWidth": 2}},
            {"mark": {"type": "point", "filled": True, "color": SAPIN, "size": 46, "opacity": 1}},
            {
                "transform": [{"filter": "datum.plan"}],
                "mark": {
                    "type": "point",
                    "filled": True,
                    "fill": JAUNE,
                    "stroke": INK,
                    "strokeWidth": 1.5,
                    "size": 210,
                    "opacity": 1,
                },
            },
            {
                "transform": [{"filter": "datum.plan || datum.minis == 0"}],
                "mark": {"type": "text", "dy": 22, "fontWeight": 600},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }


def payers(outcome: Outcome) -> Spec:
    """Who pays over the years of the budget: investment, then operation, stacked by payer."""
    order = list(PAYERS)
    rows = [
        {"line": line, "payer": payer, "rank": order.index(payer), "euros": cents / 100}
        for line, amounts in _paid(outcome).items()
        for payer, cents in amounts.items()
        if cents > 0
    ]
    return {
        "width": WIDTH - 130,
        "height": {"step": 38},
        "data": {"values": rows},
        "encoding": {
            "y": {"field": "line", "type": "nominal", "sort": None, "axis": {"title": None}},
            "x": {"field": "euros", "type": "quantitative", "axis": None, "stack": "zero"},
            "order": {"field": "rank", "type": "quantitative"},
            "color": {
                "field": "payer",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": order, "range": list(PAYERS.values())},
            },
        },
        "mark": {"type": "bar", "height": 26, "stroke": "#FFFFFF", "strokeWidth": 1.5},
    }


def carbon_curve(outcome: Outcome) -> Spec:
    """Tonnes of CO2e avoided a year against the share of visits that replace an office day."""
    rows = [
        {
            "share": p.office_share,
            "low": p.net_t.low,
            "central": p.net_t.central,
            "high": p.net_t.high,
        }
        for p in outcome.impact.curve
    ]
    threshold = outcome.impact.threshold.central
    x = {
        "field": "share",
        "type": "quantitative",
        "axis": {
            "title": "part des visites qui remplacent un jour de bureau",
            "format": ".0%",
            "values": [0, 0.25, 0.5, 0.75, 1],
        },
    }
    y = {
        "type": "quantitative",
        "axis": {"title": "tonnes de CO2e évitées par an", "grid": True, "tickCount": 5},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": SAPIN, "opacity": 0.18},
            "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": SAPIN, "strokeWidth": 2},
            "encoding": {"x": x, "y": {"field": "central", **y}},
        },
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"y": {"field": "zero", "type": "quantitative"}},
        },
    ]
    if threshold < 1:
        layers.append(_threshold(threshold))
    return {"width": WIDTH - 70, "height": 210, "data": {"values": rows}, "layer": layers}


def _threshold(share: float) -> Spec:
    rule = {"at": share, "label": f"positif au-delà de {french.share(share)}"}
    x = {"field": "at", "type": "quantitative"}
    return {
        "data": {"values": [rule]},
        "layer": [
            {
                "mark": {"type": "rule", "color": RULE, "strokeWidth": 1.5, "strokeDash": [4, 3]},
                "encoding": {"x": x},
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -6, "y": 12, "color": RULE},
                "encoding": {"x": x, "text": {"field": "label"}},
            },
        ],
    }


def _paid(outcome: Outcome) -> dict[str, dict[str, int]]:
    """Cents by payer over the budget: what is invested, what operates it."""
    years = outcome.money.years
    operated = {p: sum(y.operation_cents.get(p, 0) for y in years) for p in ("epci", "employers")}
    income = sum(y.income_cents for y in years)
    return {
        "Investissement": {
            p: sum(y.investment_cents[p] for y in years) for p in ("communes", "grants")
        },
        "Fonctionnement": {
            "epci": operated["epci"] - income,
            "employers": operated["employers"],
            "users": income,
        },
    }


def _bars(rows: list[Spec], name: str, value: str, colour: Spec) -> Spec:
    x = {"field": value, "type": "quantitative", "axis": None, "scale": {"zero": True}}
    return {
        "width": WIDTH - 300,
        "height": {"step": 22},
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": name,
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelLimit": 220},
            }
        },
        "layer": [
            {"mark": {"type": "bar", "height": 13}, "encoding": {"x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": x, "text": {"field": "label"}},
            },
        ],
    }
