"""The annex: sources, assumptions, every commune, the calendar of openings."""

from typing import Any

from maillage.core.assumptions import Assumption
from maillage.core.scenario import Outcome, Site
from maillage.report import french, layers, travel_words

Story = dict[str, Any]
Rows = list[list[str]]

# The files of the assumptions, as the reader knows them
SECTIONS = {
    "siting": "Choisir les lieux",
    "travel": "Temps de trajet",
    "roads": "Temps de trajet par la route",
    "places": "Lieux et territoire",
    "flows": "Trajets domicile-travail",
    "demand": "Fréquentation",
    "costs": "Coûts et recettes",
    "impact": "Impact",
}


def sources(outcome: Outcome) -> Rows:
    return [
        [s.dataset.title, s.dataset.publisher, french.vintage(s.vintage), s.dataset.licence]
        for s in outcome.territory.tables.sources
    ]


def assumptions(outcome: Outcome) -> list[Story]:
    """The assumptions by section: what it is, value with unit, range, source."""
    return [
        {
            "title": title,
            "rows": [
                _assumption(a) for _, a in sorted(outcome.assumptions.section(section).items())
            ],
        }
        for section, title in SECTIONS.items()
        if section != travel_words.DATASET or outcome.territory.roads is not None
    ]


def _assumption(a: Assumption) -> list[str]:
    low, high = (french.quantity(v, a.unit) for v in (a.low, a.high))
    return [
        a.why,
        french.quantity(a.value, a.unit),
        f"{low} à {high}" if a.is_range else "",
        french.UNITS[a.unit],
        french.source(a.source),
    ]


def communes_rows(outcome: Outcome) -> Rows:
    """One row a commune for the annex: who lives there, minutes, share covered, seats used."""
    table = layers.communes_table(outcome)

    def shown(value: float | None, decimals: int = 0) -> str:
        return "aucune donnée" if value is None else french.number(value, decimals)

    def minutes(value: float | None) -> str:
        # along known streets, a trip that has no minutes has no road
        is_lost = value is None and outcome.territory.roads is not None
        return "sans route" if is_lost else shown(value)

    def seats(code: str) -> str:
        use = outcome.demand.by_commune.get(code)
        return "aucune donnée" if use is None else french.between(use.p10, use.p90, 1)

    return [
        [
            row["name"],
            shown(row["population"]),
            shown(row["employed"]),
            shown(row["jobs"]),
            minutes(row["mean_minutes_before"]),
            minutes(row["mean_minutes_after"]),
            "aucune donnée"
            if row["share_covered_after"] is None
            else french.share(row["share_covered_after"]),
            seats(row["commune_code"]),
        ]
        for row in sorted(table.iter_rows(named=True), key=lambda row: french.sort_key(row["name"]))
    ]


def sites_by_year(sites: tuple[Site, ...]) -> Rows:
    """Opening calendar: what is open already, then year by year."""
    kept = [s.candidate.name for s in sites if s.candidate.is_existing]
    opened = [s for s in sites if not s.candidate.is_existing]
    rows = [["Déjà ouvert", french.listed(kept)]] if kept else []
    return rows + [
        [str(year), french.listed([_named_site(s) for s in opened if s.opening_year == year])]
        for year in sorted({s.opening_year for s in opened})
    ]


def _named_site(site: Site) -> str:
    name = site.candidate.name
    return f"{name} (corpoworking)" if site.tier == "corpo" else name
