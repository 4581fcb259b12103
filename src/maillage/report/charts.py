"""Charts of a plan: Vega-Lite specifications, drawn to SVG without a browser.

The finding of a chart is written by the page or the report above it; the chart carries its
labels on its marks, real text, no style attribute.
"""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import vl_convert

from maillage.core.scenario import Judged, Outcome
from maillage.report import french

Spec = dict[str, Any]

# Every chart has this width, labels and titles included: the same letters in all of them
WIDTH = 640
NAMES_WIDTH = 220
ROW = 25
# on yellow in both themes, so it follows no token
INK_ON_JAUNE = "#16211F"
INK, INK_2, INK_3, LINE = "#16211E", "#43514C", "#5C6A65", "#D3DCD8"
SAPIN, SAPIN_LIGHT, JAUNE, RULE = "#0B5D4E", "#A9CFC2", "#FFC93C", "#B42318"
# A white of its own: a page replaces it by its ground, and leaves the whites of marks alone
GROUND = "#FFFFFE"
PAYERS = {
    "epci": "#0B5D4E",
    "communes": "#6FB08F",
    "employers": "#2456B8",
    "users": "#C2410C",
    "grants": "#6D1F4F",
}
MOST_DESTINATIONS = 8

# The title of a vertical axis, horizontal above it
UPRIGHT: Spec = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -12}

# the axis of the curves of coverage
SHARE_WITHIN_REACH: Spec = {
    "field": "share",
    "type": "quantitative",
    "scale": {"domain": [0, 1]},
    "axis": {
        "title": "Part des habitants à portée",
        "grid": True,
        "format": ".0%",
        "values": [0, 0.25, 0.5, 0.75, 1],
        **UPRIGHT,
    },
}

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
    frame: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": CONFIG,
        "width": WIDTH,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 4},
    }
    whole = frame | spec
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
    return bars(rows, "place", "workers", colour)


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
    return bars(rows, "band", "share", {"value": SAPIN})


def demand_by_public(outcome: Outcome) -> Spec:
    """Seats used a day by public: low to high, with the median."""
    rows = [
        {
            "public": french.PUBLICS[public].capitalize(),
            "low": s.p10,
            "central": s.p50,
            "high": s.p90,
            "label": f"{french.number(s.p50, 1)} ({french.between(s.p10, s.p90, 1)})",
        }
        for public, s in outcome.demand.by_public.items()
    ]
    rows.sort(key=lambda row: -float(row["central"]))  # type: ignore[arg-type]
    x = from_zero([float(row["high"]) for row in rows], room=1.55)  # type: ignore[arg-type]
    return named(
        rows,
        "public",
        [
            {
                "mark": {"type": "rule", "strokeWidth": 7, "color": SAPIN_LIGHT},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": SAPIN, "opacity": 1},
                "encoding": {"x": {"field": "central", **x}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 10},
                "encoding": {"x": {"field": "high", **x}, "text": {"field": "label"}},
            },
        ],
    )


def tornado(outcome: Outcome, words: dict[str, str]) -> Spec:
    """The five parameters that move the result most, one at a time."""
    widest = outcome.demand.influence[:5]
    decimals = 1 if max((max(i.at_low, i.at_high) for i in widest), default=0) < 10 else 0
    rows = [
        {
            "key": f"{words[i.key]} ({_span(outcome, i.key)})",
            "low": min(i.at_low, i.at_high),
            "high": max(i.at_low, i.at_high),
            "low_label": french.number(min(i.at_low, i.at_high), decimals),
            "high_label": french.number(max(i.at_low, i.at_high), decimals),
        }
        for i in widest
    ]
    x = from_zero([float(row["high"]) for row in rows], room=1.15)  # type: ignore[arg-type]
    return named(
        rows,
        "key",
        [
            {
                "mark": {"type": "bar", "color": SAPIN, "height": 13},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -6},
                "encoding": {"x": {"field": "low", **x}, "text": {"field": "low_label"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": {"field": "high", **x}, "text": {"field": "high_label"}},
            },
        ],
        names_width=330,
    )


def _span(outcome: Outcome, key: str) -> str:
    """What a parameter goes from and to: 3 à 10 %, 7 à 15 min."""
    a = outcome.assumptions[key]
    low, high = (french.quantity(v, a.unit) for v in (a.low, a.high))
    unit = {"min": f"{french.NBSP}min", "days per week": f"{french.NBSP}jours"}.get(a.unit, "")
    return f"{low.removesuffix(french.NBSP + '%')} à {high}{unit}"


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
        "axis": {"title": "Nombre de mini-coworks", "labelAngle": 0},
    }
    return {
        "height": 185,
        "data": {"values": rows},
        "encoding": {"x": x, "y": SHARE_WITHIN_REACH},
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
                "transform": [{"filter": "datum.plan"}],
                "mark": {"type": "text", "dy": 22, "fontWeight": 600},
                "encoding": {"text": {"field": "label"}},
            },
            {
                "transform": [{"filter": "datum.minis == 0 && !datum.plan"}],
                "mark": {"type": "text", "dy": -16, "fontWeight": 600},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }


def euros_curve(outcome: Outcome) -> Spec:
    """What each euro a year buys, each point proved, the plan's own sites marked."""
    everyone = int(outcome.problem.weight.sum())
    front = [{"euros": p.euros, "share": p.inhabitants / everyone} for p in outcome.front]
    reached = outcome.problem.inhabitants(outcome.siting.covering)
    plan = {
        "euros": outcome.least_yearly_cost_eur,
        "share": reached / everyone,
        "label": french.share(reached / everyone),
    }
    x = {
        "field": "euros",
        "type": "quantitative",
        # a point at either end stays beside the axis, not on it
        "scale": {"zero": False, "padding": 20, "nice": False},
        "axis": {
            "title": "Coût annuel le plus bas, en milliers d’euros",
            "labelExpr": "format(datum.value / 1000, ',.0f')",
            "tickCount": 6,
            "grid": False,
        },
    }
    mark = {"type": "point", "filled": True, "opacity": 1}
    return {
        "height": 185,
        "encoding": {"x": x, "y": SHARE_WITHIN_REACH},
        "layer": [
            {
                "data": {"values": front},
                "mark": {
                    "type": "line",
                    "interpolate": "step-after",
                    "color": SAPIN,
                    "strokeWidth": 2,
                },
            },
            {"data": {"values": front}, "mark": {**mark, "color": SAPIN, "size": 46}},
            {
                "data": {"values": [plan]},
                "mark": {**mark, "fill": JAUNE, "stroke": INK, "strokeWidth": 1.5, "size": 210},
            },
            {
                "data": {"values": [plan]},
                "mark": {"type": "text", "dy": 22, "fontWeight": 600},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }


def lettered_curve(points: Sequence[Mapping[str, object]]) -> Spec:
    """V(k) with lettered scenarios under it: what lies above the line is proved out of reach.

    points  minis, share (0-1), letter ("" on the curve itself)
    """
    limit = [p for p in points if not p["letter"]]
    shares = [float(str(p["share"])) for p in points]
    least = max(0.0, round(min(shares) - 0.05, 1))
    x = {
        "field": "minis",
        "type": "quantitative",
        # a letter at either end stays beside the axis, not on it
        "scale": {"padding": 16, "nice": False},
        "axis": {"title": "Nombre de mini-coworks", "tickMinStep": 1, "format": "d"},
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [least, 1]},
        "axis": {
            "title": "Part des habitants à portée",
            "grid": True,
            "format": ".0%",
            "tickCount": 5,
            **UPRIGHT,
        },
    }
    scenarios = {
        "transform": [{"filter": "datum.letter != ''"}],
        "layer": [
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "fill": JAUNE,
                    "stroke": INK,
                    "strokeWidth": 1.5,
                    "size": 420,
                    "opacity": 1,
                }
            },
            {
                "mark": {"type": "text", "fontWeight": 700, "fontSize": 14, "color": INK_ON_JAUNE},
                "encoding": {"text": {"field": "letter"}},
            },
        ],
    }
    return {
        "height": 230,
        "data": {"values": list(points)},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "data": {"values": limit},
                "mark": {
                    "type": "line",
                    "color": SAPIN,
                    "strokeWidth": 2,
                    "point": {"color": SAPIN, "filled": True, "size": 46},
                },
            },
            scenarios,
        ],
    }


def payers(outcome: Outcome) -> Spec:
    """Who pays over the years of the budget: investment, then operation, stacked by payer."""
    order = list(PAYERS)
    by_line = paid(outcome)
    rows = [
        {"line": line, "payer": payer, "rank": order.index(payer), "euros": cents / 100}
        for line, amounts in by_line.items()
        for payer, cents in amounts.items()
        if cents > 0
    ]
    most = max(
        sum(cents for cents in amounts.values() if cents > 0) for amounts in by_line.values()
    )
    widest = most / 100
    for row in rows:
        # a label wider than its bar is left to the table
        is_wide = float(row["euros"]) > 0.12 * widest  # type: ignore[arg-type]
        row["label"] = french.planned_euros(row["euros"]) if is_wide else ""  # type: ignore[arg-type]
    x = {
        "field": "euros",
        "type": "quantitative",
        "axis": None,
        "stack": "zero",
        "scale": {"domain": [0, max(widest, 1)]},
    }
    stacked = {"order": {"field": "rank", "type": "quantitative"}}
    colour = {"domain": order, "range": list(PAYERS.values())}
    payer = {"field": "payer", "type": "nominal", "legend": None}
    dark_on = "datum.payer == 'communes'"
    return named(
        rows,
        "line",
        [
            {
                "mark": {"type": "bar", "height": 26, "stroke": "#FFFFFF", "strokeWidth": 1.5},
                "encoding": stacked | {"x": x, "color": payer | {"scale": colour}},
            },
            {
                "mark": {"type": "text", "fontWeight": 600, "fontSize": 12},
                "encoding": stacked
                | {
                    "x": x | {"bandPosition": 0.5},
                    "detail": payer,
                    "text": {"field": "label"},
                    "color": {"condition": {"test": dark_on, "value": INK}, "value": "#FFFFFF"},
                },
            },
        ],
        row=38,
        names_width=120,
        has_baseline=False,
    )


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
            "title": "Part des visites qui remplacent un jour de bureau",
            "format": ".0%",
            "values": [0, 0.25, 0.5, 0.75, 1],
        },
    }
    y = {
        "type": "quantitative",
        "axis": {
            "title": "Tonnes de CO2e évitées par an",
            "grid": True,
            "tickCount": 5,
            **UPRIGHT,
        },
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
    return {"height": 185, "data": {"values": rows}, "layer": layers}


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


def paid(outcome: Judged) -> dict[str, dict[str, int]]:
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


def bars(rows: list[Spec], name: str, value: str, colour: Spec) -> Spec:
    """Ranked bars, labels at their end."""
    x = {"field": value} | from_zero([float(row[value]) for row in rows], room=1.2)
    return named(
        rows,
        name,
        [
            {"mark": {"type": "bar", "height": 13}, "encoding": {"x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": x, "text": {"field": "label"}},
            },
        ],
    )


def from_zero(values: list[float], *, room: float) -> Spec:
    """A horizontal scale from 0, with room after the longest mark for its label."""
    most = max(values, default=0.0) or 1.0
    return {"type": "quantitative", "axis": None, "scale": {"domain": [0, most * room]}}


def named(
    rows: list[Spec],
    name: str,
    layers: list[Spec],
    *,
    row: int = ROW,
    names_width: int = NAMES_WIDTH,
    has_baseline: bool = True,
) -> Spec:
    """Rows named at the left edge, in their order, from a common baseline."""
    axis = {
        "title": None,
        "labelAlign": "left",
        "labelPadding": names_width,
        "labelLimit": names_width - 8,
        "domain": has_baseline,
        "domainColor": INK_3,
    }
    return {
        "height": row * max(1, len({r[name] for r in rows})) + 8,
        "data": {"values": rows},
        "encoding": {"y": {"field": name, "type": "nominal", "sort": None, "axis": axis}},
        "layer": layers,
    }
