"""What each commune gets and pays, in words: its page and its sheet say nothing else."""

import math
from dataclasses import dataclass

import polars as pl

from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.core.scenario.by_commune import Access
from maillage.report import french, shown
from maillage.report.shown import NO_FIGURE, Figure
from maillage.report.study_page import commune_money
from maillage.report.study_page.commune_facts import Known, known_communes

MOST_SHARERS = 6

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class CommunePage:
    """One commune under the plan.

    site_id    the site nearest to its town
    bounds     west, south, east, north of its map, centred on its town; empty when unknown
    questions  two of them, to ask before voting
    """

    code: str
    name: str
    inhabitants: int | None
    site_id: str
    site_name: str
    title: str
    lead: str
    figures: tuple[Figure, ...]
    gets: tuple[str, ...]
    pays: tuple[str, ...]
    network: tuple[str, ...]
    questions: tuple[str, str]
    alternative: str
    bounds: Bounds | tuple[()]


def of_outcome(outcome: Outcome) -> tuple[CommunePage, ...]:
    """The communes by name."""
    ordered = sorted(known_communes(outcome), key=lambda known: french.sort_key(known.name))
    return tuple(_page(known) for known in ordered)


def _page(known: Known) -> CommunePage:
    return CommunePage(
        code=known.code,
        name=known.name,
        inhabitants=known.inhabitants,
        site_id=known.site.candidate.id if known.site else "",
        site_name=known.site.candidate.name if known.site else "",
        title=_title(known),
        lead=_lead(known),
        figures=_figures(known),
        gets=_gets(known),
        pays=commune_money.pays(known),
        network=commune_money.network(known),
        questions=_questions(known),
        alternative=_alternative(known),
        bounds=_bounds(known),
    )


def _title(known: Known) -> str:
    """The finding: how many are within reach, and how many were."""
    if known.access is None:
        return f"{known.name} : ce que la commune reçoit et paie"
    before = french.share(known.access.share_before.central)
    after = french.share(known.access.share_after.central)
    finding = f"{known.name} : {after} des habitants à {known.rule} d'un lieu"
    return (
        f"{finding}, déjà aujourd'hui"
        if before == after
        else f"{finding}, contre {before} aujourd'hui"
    )


def _lead(known: Known) -> str:
    people = (
        "Habitants : non renseigné."
        if known.inhabitants is None
        else f"{french.count(known.inhabitants, 'habitant')}."
    )
    hosted = [
        f"{french.TIERS[site.tier]} de {french.count(site.seats, 'place')}, "
        + ("déjà ouvert" if site.candidate.is_existing else f"ouverture en {site.opening_year}")
        for site in known.hosted
    ]
    if hosted:
        return f"{people} Elle accueille : {french.listed(hosted)}."
    return f"{people} Elle n'accueille pas de lieu du réseau."


def _figures(known: Known) -> tuple[Figure, ...]:
    reached = () if known.access is None else _access_figures(known, known.access)
    return (*reached, commune_money.investment_figure(known), commune_money.network_figure(known))


def _access_figures(known: Known, found: Access) -> tuple[Figure, ...]:
    used = known.outcome.territory.tables.sources
    cited, vintage = shown.cited(shown.of_times(used))
    before, after = found.mean_before, found.mean_after
    return (
        Figure(
            label=f"Habitants à {known.rule} d'un lieu",
            value=french.share(found.share_after.central),
            origin="modelled",
            source=cited,
            vintage=vintage,
            interval=_sure(found.share_after),
            before=french.share(found.share_before.central),
            detail=f"aujourd'hui {_shares(found.share_before)}",
        ),
        Figure(
            label="Trajet moyen jusqu'au lieu le plus proche",
            value=_minutes(after),
            origin="modelled",
            source=cited,
            vintage=vintage,
            unit="minutes" if math.isfinite(after.central) else "",
            interval=_range(after),
            before=_minutes(before) if math.isfinite(before.central) else "",
            detail=f"aujourd'hui {_range(before)}",
        ),
    )


def _sure(share: Range) -> str:
    """How sure a share is: its interval, or that speeds do not change it."""
    said = _shares(share)
    return said if said.startswith("de ") else "la même, que l'on roule vite ou non"


def _shares(share: Range) -> str:
    """De 88 à 98 %; one share alone when both ends are written the same."""
    low, high = french.share(share.low), french.share(share.high)
    if low == high:
        return low
    return f"de {low.removesuffix(f'{french.NBSP}%')} à {high}"


def _minutes(mean: Range) -> str:
    return french.number(mean.central) if math.isfinite(mean.central) else NO_FIGURE


def _range(mean: Range) -> str:
    if not math.isfinite(mean.high):
        return "aucun lieu à rejoindre"
    decimals = 0 if round(mean.low) < round(mean.high) else 1
    return french.between(mean.low, mean.high, decimals)


def _gets(known: Known) -> tuple[str, ...]:
    return (*(_site_line(site) for site in known.hosted), *_nearest(known), *_beyond(known))


def _site_line(site: Site) -> str:
    opening = (
        "déjà ouvert" if site.candidate.is_existing else f"ouverture prévue en {site.opening_year}"
    )
    kind = french.TIERS[site.tier].capitalize()
    return f"{kind} chez elle : {french.count(site.seats, 'place')}, {opening}."


def _nearest(known: Known) -> tuple[str, ...]:
    if known.is_without_road:
        return ("Aucune route connue ne joint le bourg à un lieu du réseau.",)
    if known.site is None or known.to_site is None:
        return ("Lieu le plus proche du bourg : non renseigné.",)
    where = known.site.candidate.name
    # in its own town, the model's minute would say nothing
    near = (
        f"Lieu le plus proche : {where}, au bourg même."
        if known.to_site.high < 1
        else f"Lieu le plus proche du bourg : {where}, à {_trip(known.to_site)}."
    )
    if not known.sharers:
        return (near, "Aucune autre commune n'en est la plus proche.")
    return (near, f"Elle le partage avec {french.listed(list(known.sharers), MOST_SHARERS)}.")


def _trip(to_site: Range) -> str:
    return f"{french.count(round(to_site.central), 'minute')} ({_range(to_site)})"


def _beyond(known: Known) -> tuple[str, ...]:
    if known.access is None or not known.access.beyond:
        return ()
    people = french.count(known.access.beyond, "habitant reste", "habitants restent")
    return (f"{people} au-delà de {known.rule} (cas central).",)


def _questions(known: Known) -> tuple[str, str]:
    net = known.outcome.money.mature_year
    most = french.planned_euros(max(net.low, net.high))
    return (
        _own_question(known),
        f"Si peu de monde vient, qui paie les {most} par an du réseau, et jusqu'à quand ?",
    )


def _own_question(known: Known) -> str:
    for site in known.hosted:
        seats = french.count(site.seats, "place")
        if site.candidate.is_existing:
            return "Que change l'entrée de notre lieu dans le réseau, et qui signe ?"
        if site.tier == "corpo":
            return f"Quels employeurs s'engagent par écrit sur {seats}, et pour combien de temps ?"
        if site.tier == "mini":
            return f"Quel commerce accueille {seats}, et que deviennent-elles s'il ferme ?"
        return f"Quel bâtiment pour {seats}, et qui paie les travaux si les aides ne viennent pas ?"
    if known.access and known.access.beyond:
        people = french.count(known.access.beyond, "habitant qui reste", "habitants qui restent")
        return f"Que propose le réseau à nos {people} au-delà de {known.rule} ?"
    if known.site and known.to_site:
        return (
            f"Nos habitants iront-ils travailler à {known.site.candidate.name}, "
            f"à {_trip(known.to_site)} du bourg ?"
        )
    return "Que change le réseau pour nos habitants ?"


def _alternative(known: Known) -> str:
    if known.site is None:
        return f"Carte du plan, centrée sur {known.name}."
    where = known.site.candidate.name
    return f"Carte du plan, centrée sur {known.name} ; lieu le plus proche du bourg : {where}."


def _bounds(known: Known) -> Bounds | tuple[()]:
    """What its map holds, its town in the middle: its outline and the site it uses."""
    row = known.outcome.territory.communes.filter(pl.col("commune_code") == known.code)
    ((lon, lat),) = row.select("lon", "lat").rows()
    shape = known.outcome.territory.tables.outlines.get(known.code)
    if lon is None or lat is None:
        if shape is None:
            return ()
        lon, lat = shape.centroid.x, shape.centroid.y
    held = [] if shape is None else [shape.bounds[:2], shape.bounds[2:]]
    if known.site:
        held.append((known.site.candidate.lon, known.site.candidate.lat))
    across = max((abs(x - lon) for x, _ in held), default=0.0)
    along = max((abs(y - lat) for _, y in held), default=0.0)
    west, south, east, north = lon - across, lat - along, lon + across, lat + along
    return (round(west, 5), round(south, 5), round(east, 5), round(north, 5))
