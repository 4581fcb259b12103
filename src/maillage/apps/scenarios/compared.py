"""What the comparison of scenarios shows, as plain values, from the files of their versions."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios.listing import STATES
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.studies.models import Study
from maillage.apps.territories import reading
from maillage.kit.tables import Column, Row, Table
from maillage.report import charts, comparison, french, note, themed
from maillage.report.comparison import Compared, Measure
from maillage.report.layers import MINUTES

Pair = tuple[Scenario, Version]
PLAN = "plan.json"


def of_pairs(pairs: Sequence[Pair]) -> list[Compared]:
    """The plans side by side."""
    return [Compared(s.letter, s.title, reading.document(v.run.folder, PLAN)) for s, v in pairs]


def context(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Everything that the page writes."""
    compared = of_pairs(pairs)
    measures = comparison.measures(compared)
    columns = [_column(scenario, version) for scenario, version in pairs]
    title = _("Ce que permet chaque nombre de mini-coworks")
    return {
        "headline": comparison.headline(compared),
        "columns": columns,
        "measures": [
            vars(m) | {"values": list(zip(m.values, columns, strict=True))} for m in measures
        ],
        "table": _table(pairs, measures),
        "curve": _curve(json.dumps(comparison.curve(compared)), title),
        "curve_title": title,
        "curve_table": _curve_table(compared),
        "times": comparison.times(compared),
        "legend": [(c.colour, c.label) for c in MINUTES],
    }


def note_pdf(study: Study, pairs: Sequence[Pair], *, at: datetime) -> bytes:
    """The note as PDF bytes."""
    compared = of_pairs(pairs)
    pictures = {
        f"map-{s.letter}.svg": reading.text(v.run.folder, "map-after-panel.svg") for s, v in pairs
    }
    return note.of(study.territory.name, study.title, compared, pictures, at=at)


def _column(scenario: Scenario, version: Version) -> dict[str, Any]:
    words = reading.document(version.run.folder, "page.json")
    return {
        "letter": scenario.letter,
        "title": scenario.title,
        "href": scenario.get_absolute_url(),
        "state": STATES[ScenarioState(scenario.state)],
        "is_proposed": scenario.state != ScenarioState.DRAFT,
        "svg": own_ids(reading.text(version.run.folder, words["map"]["panel"]), scenario.letter),
        "report": reverse(
            "run_file",
            args=(scenario.study_id, scenario.study.slug, version.run.number, "report.pdf"),
        ),
    }


def own_ids(svg: str, letter: str) -> str:
    """Several drawings on one page: each its own marks."""
    return svg.replace('id="carte-', f'id="carte-{letter}-').replace(
        'href="#carte-', f'href="#carte-{letter}-'
    )


def _table(pairs: Sequence[Pair], measures: Sequence[Measure]) -> Table:
    """The same rows as a plain table, one scenario a column."""
    columns = (
        Column("label", _("Mesure")),
        *(Column(s.letter, f"{s.letter}. {s.title}") for s, _v in pairs),
    )
    rows = [
        Row(
            {
                "label": m.label,
                **{
                    s.letter: f"{v.text} ({v.interval})" if v.interval else v.text
                    for (s, _v), v in zip(pairs, m.values, strict=True)
                },
            },
            key=m.key,
        )
        for m in measures
    ]
    return Table("mesures", _("Les scénarios, mesure par mesure"), columns, rows)


@lru_cache(maxsize=64)
def _curve(points: str, title: str) -> str:
    spec = charts.lettered_curve(json.loads(points))
    alternative = _("{title}. Le tableau dit la même chose.").format(title=title)
    return themed.chart(spec, alternative).decode()


def _curve_table(compared: Sequence[Compared]) -> Table:
    columns = (
        Column("minis", _("Mini-coworks"), is_numeric=True),
        Column("share", _("Au mieux"), is_numeric=True),
        Column("scenarios", _("Scénarios")),
    )
    points = comparison.curve(compared)
    at: dict[int, list[str]] = {}
    for p in points:
        if p["letter"]:
            at.setdefault(p["minis"], []).append(f"{p['letter']} ({french.share(p['share'], 1)})")
    rows = [
        Row(
            {
                "minis": p["minis"],
                "share": french.share(p["share"], 1),
                "scenarios": french.listed(at.get(p["minis"], [])),
            },
            key=str(p["minis"]),
        )
        for p in points
        if not p["letter"]
    ]
    return Table("courbe", _("La courbe en chiffres"), columns, rows)
