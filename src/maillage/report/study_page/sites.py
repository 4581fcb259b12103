"""Each site of a plan in words: why here, who depends on it, what would replace it, its money."""

from dataclasses import dataclass

import polars as pl

from maillage.core.finance import SiteCost
from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.core.siting import Why
from maillage.report import french, layers, on_the_way, summary

MOST_REPLACEMENTS = 5


@dataclass(frozen=True)
class Dependent:
    """A commune whose town is nearest to a site."""

    commune_code: str
    name: str
    inhabitants: int
    text: str


@dataclass(frozen=True)
class Replacement:
    """Another place for a site, the other sites unchanged; `loss` in inhabitants."""

    id: str
    name: str
    loss: int
    text: str


@dataclass(frozen=True)
class SitePage:
    """One site; `lost` is null where the plan imposes it without a coverage reason.

    commuters  persons who could stop there on their way to work; null where it is not open to all
    trips      the largest of their trips
    for_commuters  the sentence of a site that they explain, "" for another
    """

    id: str
    tier: str
    kind: str
    name: str
    commune_code: str
    commune_name: str
    lon: float
    lat: float
    seats: int
    seats_text: str
    opening: str
    is_existing: bool
    inhabitants: int | None
    lost: int | None
    reason: str
    proof: str
    hosts: str
    use: str
    investment: str
    operation: str
    payer: str
    dependents: tuple[Dependent, ...]
    replacements: tuple[Replacement, ...]
    commuters: int | None
    commuters_low: int | None
    commuters_high: int | None
    commuters_text: str
    trips: str
    for_commuters: str


PAYERS = {
    "hub": "la commune investit, l'intercommunalité fait fonctionner",
    "mini": "la commune investit, l'intercommunalité fait fonctionner",
    "corpo": "la commune investit, les employeurs et l'intercommunalité font fonctionner",
}


def of_outcome(outcome: Outcome) -> tuple[SitePage, ...]:
    """The sites in the order of the plan."""
    dependents = _dependents(outcome)
    costs = {cost.id: cost for cost in outcome.money.sites}
    return tuple(
        _site(outcome, site, dependents.get(site.candidate.id, ()), costs[site.candidate.id])
        for site in outcome.sites
    )


def _site(
    outcome: Outcome, site: Site, dependents: tuple[Dependent, ...], cost: SiteCost
) -> SitePage:
    candidate, is_corpo = site.candidate, site.tier == "corpo"
    return SitePage(
        id=candidate.id,
        tier=site.tier,
        kind=_sentence(french.TIERS[site.tier]),
        name=candidate.name,
        commune_code=candidate.commune_code,
        commune_name=candidate.commune_name,
        lon=candidate.lon,
        lat=candidate.lat,
        seats=site.seats,
        seats_text=french.count(site.seats, "place"),
        opening="ouvert" if candidate.is_existing else str(site.opening_year),
        is_existing=candidate.is_existing,
        inhabitants=None if is_corpo else site.inhabitants,
        lost=None if site.why is None else site.why.lost_if_removed,
        reason=f"{_sentence(summary.reason(outcome, site))}.",
        proof=_proof(site.why),
        hosts=french.hosts([(h.kind, h.count) for h in candidate.hosts]),
        use="" if is_corpo else _use(site.occupied_days),
        investment="Déjà payé."
        if not cost.investment.high
        else f"{french.planned_euros(cost.investment.central)} "
        f"({french.euros_between(cost.investment)}), une fois.",
        operation=f"{french.planned_euros(cost.operation.central)} par an "
        f"({french.euros_between(cost.operation)}).",
        payer=PAYERS[site.tier],
        dependents=dependents,
        replacements=_replacements(outcome, site.why),
        commuters=None if is_corpo else round(site.commuters.central),
        commuters_low=None if is_corpo else round(site.commuters.low),
        commuters_high=None if is_corpo else round(site.commuters.high),
        commuters_text="" if is_corpo else on_the_way.bare(site.commuters),
        trips=on_the_way.of_site(outcome, site),
        for_commuters=on_the_way.decided(site),
    )


def _use(days: Range) -> str:
    if days.low == days.high:
        return (
            f"{french.count(days.central, 'journée occupée', 'journées occupées')} par an : plein, "
            "même si la fréquentation est basse."
        )
    return f"{french.between(days.low, days.high).capitalize()} journées occupées par an."


def _proof(why: Why | None) -> str:
    """What the best network without this site would lose, where it was proved."""
    if why is None:
        return ""
    if why.lost_if_forbidden is None:
        return "Aucun réseau sans ce lieu n'a été prouvé dans le temps donné."
    if why.lost_if_forbidden <= 0:
        return "Prouvé : un autre réseau, sans ce lieu, ne perd personne."
    minis = why.minis_if_forbidden
    how = f" ({french.count(minis, 'mini-cowork')})" if minis is not None else ""
    people = french.count(why.lost_if_forbidden, "habitant")
    return f"Prouvé : le meilleur réseau sans ce lieu{how} perd {people}."


def _replacements(outcome: Outcome, why: Why | None) -> tuple[Replacement, ...]:
    if why is None:
        return ()
    every = outcome.candidates.every
    return tuple(
        Replacement(
            id=every[a.candidate].id,
            name=every[a.candidate].commune_name,
            loss=a.loss,
            text=f"{french.number(-a.loss)} {'habitant' if abs(a.loss) < 2 else 'habitants'}",
        )
        for a in why.alternatives[:MOST_REPLACEMENTS]
    )


def _dependents(outcome: Outcome) -> dict[str, tuple[Dependent, ...]]:
    """The communes linked to each site on the map, the most populous first."""
    territory = outcome.territory
    names = dict(territory.communes.select("commune_code", "name").iter_rows())
    people = dict(
        territory.cells.group_by("commune_code").agg(pl.col("population").sum()).iter_rows()
    )
    found: dict[str, list[Dependent]] = {}
    for code, _, site, _ in layers.links(outcome):
        inhabitants = int(people.get(code, 0))
        text = f"{names[code]}, {french.count(inhabitants, 'habitant')}"
        found.setdefault(site, []).append(Dependent(code, names[code], inhabitants, text))
    return {
        site: tuple(sorted(communes, key=lambda d: (-d.inhabitants, d.commune_code)))
        for site, communes in found.items()
    }


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
