"""The page of a computed study: everything it shows, in French, nothing left to compute."""

from dataclasses import dataclass

from maillage.core import portrait as portraits
from maillage.core.scenario import Outcome
from maillage.report import (
    charts,
    french,
    notes,
    shown,
    slower,
    summary,
    travel_facts,
    travel_words,
)
from maillage.report.map import alternative, legend, live, of_flows
from maillage.report.map.scene import zones_words
from maillage.report.portrait.page import destinations, distances
from maillage.report.shown import Chart, Figure, Grid, Map, SourceLine, Table
from maillage.report.slower import Slower
from maillage.report.story import chapters, elected, euros
from maillage.report.study_page import communes, money, sites, tables
from maillage.report.study_page.commune_money import MODEL
from maillage.report.study_page.communes import CommunePage
from maillage.report.study_page.sites import SitePage
from maillage.report.travel_facts import TravelPage

SHOWN_SITES = ("id", "name", "kind", "seats", "opening", "inhabitants", "lost", "payer")
SHOWN_COMMUNES = (
    *("commune_code", "name", "population", "mean_minutes_before", "mean_minutes_after"),
    *("share_covered_before", "share_covered_after", "sites"),
)
FLOWS_PANEL = "map-flows-panel.svg"
ZONES_PANEL = "map-zones-panel.svg"
PAY = {
    "communes": "Les communes paient",
    "epci": "L'intercommunalité paie",
    "employers": "Les employeurs paient",
    "grants": "Les subventions paient",
    "users": "Les usagers paient",
}


@dataclass(frozen=True)
class Proof:
    """What is proved, and how far from it otherwise."""

    is_proved: bool
    text: str
    stages: Grid


@dataclass(frozen=True)
class Money:
    """The money of a plan: sentences, then tables."""

    title: str
    lines: tuple[str, ...]
    own_share: str
    payers: Grid
    years: Grid
    contributions: Grid


@dataclass(frozen=True)
class Decision:
    """One thing to decide, and what it commits."""

    title: str
    text: str


@dataclass(frozen=True)
class StudyPage:
    """A computed study."""

    siren: str
    territory: str
    title: str
    headline: str
    proposal: str
    proof: Proof
    figures: tuple[Figure, ...]
    map: Map
    map_before: Map
    map_flows: Map
    map_zones: Map | None
    flows: Grid
    sites: tuple[SitePage, ...]
    communes: tuple[CommunePage, ...]
    uncovered: Grid
    uncovered_text: str
    not_chosen: Grid
    not_chosen_text: str
    charts: dict[str, Chart]
    slower: Slower | None
    money: Money
    tables: tuple[Table, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]
    origins: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    assumptions: tuple[Grid, ...]
    attribution: str
    travel: TravelPage


def of_outcome(outcome: Outcome) -> StudyPage:
    """Every sentence, figure and table of the page."""
    place, pages = outcome.territory, sites.of_outcome(outcome)
    plan = chapters.plan(outcome)
    return StudyPage(
        siren=place.siren,
        territory=place.name,
        title=elected.cover_title(outcome),
        headline=summary.headline(outcome),
        proposal=elected.proposal(outcome),
        proof=Proof(
            outcome.siting.status == "proved", summary.proof(outcome), tables.stages(outcome)
        ),
        figures=_figures(outcome),
        map=_map(outcome, "after"),
        map_before=_map(outcome, "before"),
        map_flows=_map_of_flows(outcome),
        map_zones=_map_of_zones(outcome),
        flows=tables.flows(outcome),
        sites=pages,
        communes=communes.of_outcome(outcome),
        uncovered=tables.uncovered(outcome),
        uncovered_text=plan["uncovered"],
        not_chosen=tables.not_chosen(outcome),
        not_chosen_text=plan["next"],
        charts=_charts(outcome),
        slower=slower.of_outcome(outcome),
        money=_money(outcome),
        tables=_tables(outcome, pages),
        decisions=tuple(Decision(d["title"], d["text"]) for d in elected.decisions(outcome)),
        notes=tuple(notes.for_page(note) for note in outcome.notes),
        origins=tuple(summary.origin_lines(outcome)),
        sources=shown.source_lines(place.tables.sources),
        assumptions=tables.assumptions(outcome),
        attribution=shown.attribution(place.tables.sources),
        travel=travel_facts.of_outcome(outcome),
    )


def _figures(outcome: Outcome) -> tuple[Figure, ...]:
    """The figures for the elected, then the sites and their seats."""
    coverage, used = outcome.coverage, outcome.territory.tables.sources
    reach, seats, *amounts = elected.key_figures(outcome)
    source, vintage = shown.cited(shown.of_times(used))
    census, year = shown.cited(tuple(s for s in used if s.dataset.id == "census"))
    return (
        Figure(
            label=reach["label"],
            value=french.share(coverage.after.central),
            origin="modelled",
            source=source,
            vintage=vintage,
            interval=reach["detail"],
            before=french.share(coverage.before.central),
        ),
        _sites_figure(outcome),
        Figure(
            label=seats["label"],
            value=seats["value"],
            origin="modelled",
            source=f"{MODEL} ; {census}",
            vintage=year,
            interval=seats["detail"].split(" ; ")[0],
            detail=seats["detail"].split(" ; ")[1],
        ),
        *(
            Figure(
                label=figure["label"],
                value=figure["value"],
                origin="modelled",
                source=MODEL,
                vintage="",
                interval=figure["detail"],
            )
            for figure in amounts
        ),
    )


def _sites_figure(outcome: Outcome) -> Figure:
    """The plan's own count is a choice, not a measure: declared by the study."""
    tiers = [site.tier for site in outcome.sites]
    parts = [
        french.count(tiers.count(tier), words, french.TIERS_PLURAL[tier])
        for tier, words in french.TIERS.items()
        if tier in tiers
    ]
    return Figure(
        label="Lieux et places",
        value=french.number(len(tiers)),
        unit=f"{'lieu' if len(tiers) < 2 else 'lieux'}, "
        f"{french.count(sum(site.seats for site in outcome.sites), 'place')}",
        origin="declared",
        source="Plan proposé par l'étude",
        vintage="",
        detail=french.listed(parts),
    )


def _map(outcome: Outcome, when: str) -> Map:
    layers = {name: f"{name}.geojson" for name in ("cells", "places", "labels")}
    if when == "after":
        layers |= {"links": "links.geojson", "markers": "markers.geojson"}
    if outcome.territory.tables.outlines:
        layers["outlines"] = "outlines.geojson"
    words = alternative(outcome, when)
    return Map(
        title=elected.cover_title(outcome) if when == "after" else "Aujourd'hui",
        text=summary.headline(outcome),
        alternative=words,
        file=f"map-{when}.svg",
        panel=f"map-{when}-panel.svg",
        legend=shown.LEGEND,
        rule=legend.rule_words(outcome.coverage.within_min),
        bounds=live.bounds(outcome.territory),
        layers=layers,
        how=travel_words.of_territory(outcome.territory).short,
    )


def _map_of_zones(outcome: Outcome) -> Map | None:
    found = outcome.zones
    if found is None:
        return None
    names = ("cells", "places", "labels", "markers", "zones")
    layers = {name: f"{name}.geojson" for name in names}
    if outcome.territory.tables.outlines:
        layers["outlines"] = "outlines.geojson"
    words = zones_words(found)
    return Map(
        title=f"À {found.within_min:.0f} minutes",
        text=words,
        alternative=words,
        file=ZONES_PANEL,
        panel=ZONES_PANEL,
        legend=(),
        rule="",
        bounds=live.bounds(outcome.territory),
        layers=layers,
        how=travel_words.of_territory(outcome.territory).short,
    )


def _map_of_flows(outcome: Outcome) -> Map:
    words = of_flows(outcome).alternative
    layers = {"flows": "flows.geojson", "labels": "flownames.geojson"}
    if outcome.territory.tables.outlines:
        layers["outlines"] = "outlines.geojson"
    return Map(
        title="Qui va travailler où",
        text=words,
        alternative=words,
        file=FLOWS_PANEL,
        panel=FLOWS_PANEL,
        legend=(),
        rule="",
        bounds=live.bounds(outcome.territory),
        layers=layers,
    )


def _charts(outcome: Outcome) -> dict[str, Chart]:
    drawn = _plan_charts(outcome)
    if outcome.front:
        drawn["front"] = _chart("front", euros.title(outcome), euros.TEXT, tables.front(outcome))
    return drawn


def _plan_charts(outcome: Outcome) -> dict[str, Chart]:
    found = portraits.describe(outcome.territory, outcome.assumptions)
    use, effect = chapters.demand(outcome), chapters.impact(outcome)
    return {
        "curve": _chart(
            "curve", chapters.curve_title(outcome), _curve_text(outcome), tables.curve(outcome)
        ),
        "payers": _chart(
            "payers",
            _payers_title(outcome),
            " ".join((summary.investment_line(outcome), summary.operation_line(outcome))),
            money.payers(outcome),
        ),
        "demand": _chart("demand", use["title"], use["text"], tables.demand(outcome)),
        "tornado": _chart(
            "tornado",
            _tornado_title(outcome),
            "Une hypothèse à la fois, les autres au centre.",
            tables.influence(outcome),
        ),
        "carbon": _chart("carbon", effect["title"], effect["text"], tables.carbon(outcome)),
        "destinations": destinations(found),
        "distances": distances(found),
    }


def _curve_text(outcome: Outcome) -> str:
    if all(point.gap == 0 for point in outcome.curve):
        return "Chaque point est prouvé : aucun autre choix du même nombre ne fait mieux."
    return "Certains points ne sont pas prouvés : leur écart possible est dans le tableau."


def _payers_title(outcome: Outcome) -> str:
    """Who pays most of all the years of the budget, investment and operation."""
    amounts: dict[str, int] = {}
    for line in charts.paid(outcome).values():
        for payer, cents in line.items():
            amounts[payer] = amounts.get(payer, 0) + max(0, cents)
    most = max(amounts, key=lambda payer: amounts[payer])
    share = french.share(amounts[most] / max(1, sum(amounts.values())))
    years = french.count(len(outcome.money.years), "an")
    return f"{PAY[most]} {share} du total en {years} (cas central)"


def _tornado_title(outcome: Outcome) -> str:
    if not outcome.demand.influence:
        return "Aucune hypothèse incertaine"
    most = french.PARAMETERS[outcome.demand.influence[0].key]
    return f"Ce qui pèse le plus sur la fréquentation : {most[:1].lower()}{most[1:]}"


def _chart(name: str, title: str, text: str, grid: Grid) -> Chart:
    return Chart(
        title=title,
        text=text,
        file=f"{name}.svg",
        alternative=f"{title}. Le tableau dit la même chose.",
        grid=grid,
        origin="modelled",
        source=MODEL,
        vintage="",
    )


def _money(outcome: Outcome) -> Money:
    costs = chapters.costs(outcome)
    own = outcome.money.contributions[0]
    rate = outcome.assumptions.value("costs.grant_rate")
    now = next((c for c in outcome.money.contributions if c.grant_rate == rate), own)
    held = "est tenu" if now.is_own_enough else "n'est pas tenu"
    return Money(
        title=costs["title"],
        lines=(
            summary.investment_line(outcome),
            summary.operation_line(outcome),
            costs["balance"],
            costs["stress"],
        ),
        own_share=f"Les communes paient {french.share(now.own_share)} du financement public avec "
        f"{french.share(now.grant_rate)} d'aides : le minimum de 20{french.NBSP}% {held}.",
        payers=money.payers(outcome),
        years=money.years(outcome),
        contributions=money.contributions(outcome),
    )


def _tables(outcome: Outcome, pages: tuple[SitePage, ...]) -> tuple[Table, ...]:
    """Page versions; open data is the study's own files, « Excel FR » is written beside."""
    every = {"sites": tables.sites(pages), "communes": tables.communes(outcome)}
    shown_keys = {"sites": SHOWN_SITES, "communes": SHOWN_COMMUNES}
    return tuple(
        Table(key, grid.caption, grid.only(*shown_keys[key]), f"{key}.csv", f"{key}-excel.csv")
        for key, grid in every.items()
    )
