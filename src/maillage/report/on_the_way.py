"""The commuters on the way, in words: how many could stop at a site, and on which trips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from maillage.core.assumptions import Assumptions
from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.report import french

MOST_TRIPS, MOST_IN_PLAN = 3, 12
# a number of persons is told to the ten
STEP = 10


@dataclass(frozen=True)
class Trip:
    """A flow that passes by open sites; `workers` is exact enough, or an order of magnitude."""

    home_code: str
    home: str
    work_code: str
    work: str
    workers: float
    text: str
    sites: tuple[Site, ...]


def bare(amount: Range) -> str:
    """80 à 210, moins de 10, 0: persons, to the ten; the words around say who they are."""
    low, high = (round(value / STEP) * STEP for value in (amount.low, amount.high))
    if high < STEP:
        return f"moins de {STEP}" if amount.high else "0"
    if low == 0:
        return f"moins de {french.number(max(high, STEP))}"
    return french.number(low) if low == high else f"{french.number(low)} à {french.number(high)}"


def between(amount: Range) -> str:
    """de 80 à 210."""
    words = bare(amount)
    return f"de {words}" if " à " in words else words


def central(amount: Range) -> str:
    """760, to the ten."""
    return french.number(round(amount.central / STEP) * STEP)


def rule(assumptions: Assumptions) -> str:
    """What being on the way means, in one clause."""
    detour = assumptions.value("siting.detour_minutes")
    spared = assumptions.value("siting.spared_minutes")
    return (
        f"détour de {detour:.0f} minutes au plus, {spared:.0f} minutes de route épargnées au moins"
    )


def line(outcome: Outcome) -> str:
    """The commuters of the whole plan, each once."""
    if not outcome.commuters.high:
        return "Aucun actif ne passe près d'un lieu du plan en allant travailler."
    return (
        f"Actifs en chemin : {bare(outcome.commuters)} personnes qui télétravaillent passent près "
        f"d'un lieu du plan en allant travailler ({rule(outcome.assumptions)})."
    )


def decided(site: Site) -> str:
    """The sentence of a site that the commuters explain, "" for another."""
    if site.why is None or not site.why.is_for_commuters:
        return ""
    return (
        "Retenu pour les actifs en chemin : un réseau sans ce lieu servirait aussi bien les "
        "habitants, avec autant de places utiles, mais passerait par moins de trajets."
    )


def of_site(outcome: Outcome, site: Site) -> str:
    """The largest trips by a site, those to one town together: Juliénas et Fleurie vers Mâcon."""
    homes: dict[str, list[str]] = {}
    for trip in trips(outcome, (site,), MOST_TRIPS):
        homes.setdefault(trip.work, []).append(trip.home)
    works: dict[str, list[str]] = {}
    for work, found in homes.items():
        works.setdefault(french.listed(found), []).append(work)
    return " ; ".join(f"{home} vers {french.listed(found)}" for home, found in works.items())


def trips(outcome: Outcome, sites: Sequence[Site], most: int) -> tuple[Trip, ...]:
    """The largest flows by some sites open to all, with those that each passes by."""
    numbers = {
        outcome.candidates.number_of(site.candidate.id): site
        for site in sites
        if site.tier != "corpo"
    }
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    below = outcome.assumptions.value("flows.order_of_magnitude_below")
    found = []
    for row in outcome.passing.through(list(numbers), most).iter_rows(named=True):
        passed = np.flatnonzero(outcome.passing.passes[row["group"]])
        found.append(
            Trip(
                home_code=row["home_code"],
                home=names[row["home_code"]],
                work_code=row["work_code"],
                work=row["work_name"] or row["work_code"],
                workers=row["workers"],
                text=french.magnitude(row["workers"], below),
                sites=tuple(site for j, site in numbers.items() if j in passed),
            )
        )
    return tuple(found)


def document(outcome: Outcome) -> dict[str, Any]:
    """The rule and the largest trips, as the plan.json document has them."""
    assumptions = outcome.assumptions
    return {
        "origin": "modelled",
        "detour_minutes": assumptions.value("siting.detour_minutes"),
        "spared_minutes": assumptions.value("siting.spared_minutes"),
        "flows": [
            {
                "home_code": trip.home_code,
                "work_code": trip.work_code,
                "work_name": trip.work,
                "workers": round(trip.workers, 3),
                "sites": [site.candidate.id for site in trip.sites],
            }
            for trip in trips(outcome, outcome.sites, MOST_IN_PLAN)
        ],
    }


def rows(outcome: Outcome, most: int) -> list[list[str]]:
    """The largest trips by the sites of the plan: from, to, how many, by which sites."""
    return [
        [trip.home, trip.work, trip.text, french.listed([s.candidate.name for s in trip.sites])]
        for trip in trips(outcome, outcome.sites, most)
    ]
