"""The tables of a study page."""

from collections.abc import Iterable, Sequence

from maillage.core.scenario import Outcome
from maillage.report import french, layers, shown
from maillage.report.shown import Cell, Column, Grid
from maillage.report.story import annex, chapters, euros
from maillage.report.study_page.sites import SitePage

COMMUNES = {
    "commune_code": ("Code Insee", None),
    "name": ("Commune", None),
    "population": ("Habitants", 0),
    "employed": ("Actifs occupés", 0),
    "jobs": ("Emplois", 0),
    "lon": ("Longitude", 5),
    "lat": ("Latitude", 5),
    "population_in_cells": ("Habitants des carreaux", 0),
    "mean_minutes_before": ("Minutes jusqu'à un lieu, aujourd'hui", 1),
    "mean_minutes_after": ("Minutes jusqu'à un lieu, avec le plan", 1),
    "share_covered_before": ("Part à portée, aujourd'hui", 4),
    "share_covered_after": ("Part à portée, avec le plan", 4),
    "sites": ("Lieux du plan", None),
    "gain_if_added": ("Habitants rapprochés par un mini-cowork de plus", 0),
}


def sites(pages: tuple[SitePage, ...]) -> Grid:
    """Every site; the key of a row is its first cell."""
    columns = (
        Column("id", "Identifiant"),
        Column("name", "Lieu"),
        Column("kind", "Type"),
        Column("commune_code", "Code Insee"),
        Column("commune_name", "Commune"),
        Column("seats", "Places", is_numeric=True),
        Column("opening", "Ouverture"),
        Column("inhabitants", "Habitants desservis", is_numeric=True),
        Column("lost", "Perte si retiré (habitants)", is_numeric=True),
        Column("commuters_low", "Actifs en chemin, bas", is_numeric=True),
        Column("commuters", "Actifs en chemin, central", is_numeric=True),
        Column("commuters_high", "Actifs en chemin, haut", is_numeric=True),
        Column("replacement", "À sa place, au mieux"),
        Column("payer", "Qui paie"),
        Column("hosts", "Hôtes possibles"),
        Column("lon", "Longitude", is_numeric=True),
        Column("lat", "Latitude", is_numeric=True),
    )
    return Grid("Lieux du plan", columns, tuple(_site(page) for page in pages))


def _site(page: SitePage) -> tuple[Cell, ...]:
    best = page.replacements[0] if page.replacements else None
    lost = Cell("imposé", None) if page.lost is None else shown.number(-page.lost)
    people = (
        Cell("sur accord", None) if page.inhabitants is None else shown.number(page.inhabitants)
    )
    return (
        shown.words(page.id),
        shown.words(page.name),
        shown.words(page.kind),
        shown.words(page.commune_code),
        shown.words(page.commune_name),
        shown.number(page.seats),
        shown.words(page.opening),
        people,
        lost,
        *(
            Cell("sur accord", None) if persons is None else shown.number(persons)
            for persons in (page.commuters_low, page.commuters, page.commuters_high)
        ),
        Cell("aucun candidat", None) if best is None else shown.words(f"{best.name} ({best.text})"),
        shown.words(page.payer),
        Cell(page.hosts, page.hosts),
        shown.number(page.lon, 5),
        shown.number(page.lat, 5),
    )


def communes(outcome: Outcome) -> Grid:
    """Every commune before and after."""
    table = layers.communes_table(outcome).select(*COMMUNES)
    columns = tuple(
        Column(key, label, is_numeric=decimals is not None)
        for key, (label, decimals) in COMMUNES.items()
    )
    rows = sorted(table.iter_rows(named=True), key=lambda row: french.sort_key(row["name"]))
    is_by_road = outcome.territory.roads is not None
    return Grid(
        "Communes, aujourd'hui et avec le plan",
        columns,
        tuple(
            tuple(_commune_cell(key, row[key], is_by_road=is_by_road) for key in COMMUNES)
            for row in rows
        ),
    )


def _commune_cell(key: str, value: object, *, is_by_road: bool) -> Cell:
    if is_by_road and value is None and key.startswith("mean_minutes"):
        # along known streets, a trip that has no minutes has no road
        return Cell("sans route", None)
    decimals = COMMUNES[key][1]
    if key == "sites":
        tiers = [french.TIERS[tier] for tier in str(value).split(";")] if value else []
        return Cell(french.listed(tiers), french.listed(tiers) or None)
    if key == "gain_if_added" and value is None:
        return Cell("", None)
    if not isinstance(value, int | float):
        return shown.words(value if isinstance(value, str) else None)
    return shown.share(value) if key.startswith("share") else shown.number(value, decimals or 0)


def stages(outcome: Outcome) -> Grid:
    """The four stages of the proof: what was reached, the bound, the gap."""
    columns = (
        Column("stage", "Étape"),
        Column("meaning", "Ce que cela veut dire"),
        Column("reached", "Atteint", is_numeric=True),
        Column("bound", "Borne", is_numeric=True),
        Column("gap", "Écart"),
    )
    rows = [
        (stage["name"], stage["meaning"], *stage["cells"])
        for stage in chapters.plan(outcome)["stages"]
    ]
    return Grid("La preuve, étape par étape", columns, texts(rows))


def flows(outcome: Outcome) -> Grid:
    """The strongest flows between two communes; a small one is an order of magnitude."""
    below = outcome.assumptions.value("flows.order_of_magnitude_below")
    columns = (
        Column("home_name", "Habitent"),
        Column("work_name", "Travaillent"),
        Column("workers", "Actifs", is_numeric=True),
    )
    rows = tuple(
        (
            shown.words(flow.home_name),
            shown.words(flow.work_name),
            Cell(french.magnitude(flow.workers, below), round(flow.workers, -1)),
        )
        for flow in layers.flows(outcome.territory, outcome.commuting)
    )
    kind = "observés" if outcome.commuting.origin == "observed" else "modélisés"
    return Grid(f"Les plus forts trajets domicile-travail, {kind}", columns, rows)


def curve(outcome: Outcome) -> Grid:
    """The best coverage for each number of mini-coworks."""
    everyone = int(outcome.problem.weight.sum())
    chosen = int(outcome.siting.open_sites["mini"].sum())
    columns = (
        Column("minis", "Mini-coworks", is_numeric=True),
        Column("inhabitants", "Habitants à portée", is_numeric=True),
        Column("share", "Part", is_numeric=True),
        Column("gap", "Preuve"),
        Column("is_plan", "Le plan"),
    )
    rows = tuple(
        (
            shown.number(point.minis),
            shown.number(point.inhabitants),
            shown.share(point.inhabitants / everyone),
            shown.words("prouvé" if point.gap == 0 else f"écart {french.share(point.gap, 1)}"),
            shown.yes(point.minis == chosen),
        )
        for point in outcome.curve
    )
    return Grid("Habitants à portée selon le nombre de mini-coworks", columns, rows)


def front(outcome: Outcome) -> Grid:
    """The networks that no other beats on both money and inhabitants."""
    everyone = int(outcome.problem.weight.sum())
    columns = (
        Column("euros", "Coût annuel le plus bas", is_numeric=True),
        Column("inhabitants", "Habitants à portée", is_numeric=True),
        Column("share", "Part", is_numeric=True),
        Column("minis", "Mini-coworks", is_numeric=True),
        Column("enter", "Entrent"),
        Column("leave", "Sortent"),
    )
    rows = tuple(
        (
            Cell(french.planned_euros(point.euros), point.euros),
            shown.number(point.inhabitants),
            shown.share(point.inhabitants / everyone),
            shown.number(len(point.minis)),
            _named(outcome, point.enter),
            _named(outcome, point.leave),
        )
        for point in outcome.front
    )
    return Grid("Ce qu’achète chaque euro, du réseau le moins cher au plus étendu", columns, rows)


def _named(outcome: Outcome, sites: tuple[int, ...]) -> Cell:
    words = euros.named(outcome, sites)
    return Cell(words, words if sites else "")


def demand(outcome: Outcome) -> Grid:
    """Seats used an ordinary day, by public."""
    columns = (
        Column("public", "Public"),
        *(
            Column(case, label, is_numeric=True)
            for case, label in (("p10", "Bas"), ("p50", "Médiane"), ("p90", "Haut"))
        ),
    )
    use = outcome.demand
    ranked = sorted(use.by_public.items(), key=lambda pair: -pair[1].p50)
    rows = tuple(
        (
            shown.words(french.PUBLICS[public].capitalize()),
            *(shown.number(q, 1) for q in (s.p10, s.p50, s.p90)),
        )
        for public, s in ranked
    )
    seats = use.seats_per_day
    total = (
        shown.words("Ensemble"),
        *(shown.number(q, 1) for q in (seats.p10, seats.p50, seats.p90)),
    )
    return Grid("Places occupées un jour ordinaire, par public", columns, rows, total)


def influence(outcome: Outcome) -> Grid:
    """What the five most decisive parameters change, one at a time."""
    columns = (
        Column("parameter", "Hypothèse"),
        Column("at_low", "Au plus bas", is_numeric=True),
        Column("at_high", "Au plus haut", is_numeric=True),
    )
    rows = tuple(
        (
            shown.words(french.PARAMETERS[i.key]),
            shown.number(i.at_low, 1),
            shown.number(i.at_high, 1),
        )
        for i in outcome.demand.influence[:5]
    )
    return Grid("Places occupées selon chaque hypothèse", columns, rows)


def carbon(outcome: Outcome) -> Grid:
    """CO2 against the share of visits that replace a day at the office."""
    columns = (
        Column("office_share", "Visites au lieu du bureau", is_numeric=True),
        *(
            Column(case, label, is_numeric=True)
            for case, label in (("low", "t CO2e, bas"), ("central", "Central"), ("high", "Haut"))
        ),
    )
    rows = tuple(
        (
            shown.share(point.office_share),
            *(shown.number(t, 1) for t in (point.net_t.low, point.net_t.central, point.net_t.high)),
        )
        for point in outcome.impact.curve
    )
    return Grid("CO2 évité par an", columns, rows)


def uncovered(outcome: Outcome) -> Grid:
    """The communes that keep inhabitants beyond reach."""
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    within = f"{outcome.coverage.within_min:.0f}"
    return Grid(
        f"Habitants qui restent à plus de {within} minutes",
        (
            Column("commune_code", "Code Insee"),
            Column("name", "Commune"),
            Column("inhabitants", "Habitants", is_numeric=True),
        ),
        tuple(
            (shown.words(code), shown.words(names[code]), shown.number(people))
            for code, people in outcome.coverage.uncovered.items()
        ),
    )


def not_chosen(outcome: Outcome) -> Grid:
    """The villages that could host and do not: what one more mini-cowork there would bring."""
    every = outcome.candidates.every
    ranked = sorted(outcome.gains_if_added.items(), key=lambda pair: (-pair[1], pair[0]))
    return Grid(
        "Villages non retenus",
        (
            Column("commune_code", "Code Insee"),
            Column("name", "Commune"),
            Column("gain", "Habitants rapprochés s'il ouvrait", is_numeric=True),
        ),
        tuple(
            (
                shown.words(every[j].commune_code),
                shown.words(every[j].commune_name),
                shown.number(gain),
            )
            for j, gain in ranked
        ),
    )


def assumptions(outcome: Outcome) -> tuple[Grid, ...]:
    """Every assumption, by subject."""
    columns = (
        Column("why", "Hypothèse"),
        Column("value", "Valeur", is_numeric=True),
        Column("range", "Fourchette"),
        Column("unit", "Unité"),
        Column("source", "Source"),
    )
    return tuple(
        Grid(section["title"], columns, texts(section["rows"]))
        for section in annex.assumptions(outcome)
    )


def texts(rows: Iterable[Sequence[str]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of words, not to be sorted by what they count."""
    return tuple(tuple(Cell(text, text) for text in row) for row in rows)
