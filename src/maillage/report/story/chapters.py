"""The chapters: territory, supply, demand, capacities, plan, money, impact."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import polars as pl

from maillage.core.assumptions import baskets
from maillage.core.demand import NOT_ESTIMATED
from maillage.core.money import Range
from maillage.core.scenario import Outcome, best_with
from maillage.report import french, on_the_way, summary

Story = dict[str, Any]
Rows = list[list[str]]

# Communes of the demand chapter; the annex has them all
MOST_COMMUNES = 8

# Trips of the same chapter
MOST_TRIPS = 6

# Of inhabitants: under it one writes « ne … que »
SMALL_GAIN = 0.05

# What each stage of the proof means to those who vote
STAGE_MEANINGS = {
    "coverage": "Le plus d'habitants rapprochés, sans mini-cowork pour trop peu.",
    "equity": "À habitants égaux, la commune la moins bien servie l'est le mieux possible.",
    "seats": "À service égal, le plus de places utiles un jour de pointe.",
    "cost": "À tout cela égal, le réseau le moins cher, amortissement compris.",
}

# Attendance observed elsewhere, always shown beside ours
OBSERVED = [
    [
        "Drôme, neuf lieux, 2016",
        "24 coworkeurs et 9,2 équivalents temps plein par lieu",
        "La Tribune, 16 novembre 2016",
    ],
    [
        "Lamure-sur-Azergues, troisième année",
        "20 coworkeurs, animation à mi-temps, non reconduit",
        "Rue89 Lyon, 15 décembre 2019",
    ],
]


def portrait(outcome: Outcome) -> Story:
    place, flows = outcome.territory, outcome.commuting
    year = place.tables.census_year
    leavers = flows.flows.filter(pl.col("home_code") != pl.col("work_code"))["workers"].sum()
    members = place.communes["commune_code"].to_list()
    outside = flows.flows.filter(~pl.col("work_code").is_in(members))["workers"].sum()
    origin = french.ORIGINS[flows.origin]
    balance = "moins" if place.jobs < place.employed else "plus"
    return {
        "title": f"{french.number(place.jobs)} emplois pour {french.number(place.employed)} "
        "actifs occupés",
        "text": f"Le territoire a {balance} d'emplois que d'actifs occupés. "
        f"{french.share(float(leavers) / flows.workers)} des actifs travaillent hors de leur "
        f"commune, {french.share(float(outside) / flows.workers)} hors du territoire ; la distance "
        f"moyenne au travail est de {french.number(flows.mean_km)} km à vol d'oiseau.",
        "figures": [
            ["Communes", french.number(len(place.communes)), "Observé, COG 2026"],
            ["Habitants", french.number(place.population), "Observé, population 2023"],
            [
                "Habitants des carreaux",
                french.number(int(place.cells["population"].sum())),
                "Observé, recensement 2021",
            ],
            ["Emplois", french.number(place.jobs), f"Observé, recensement {year}"],
            ["Actifs occupés", french.number(place.employed), f"Observé, recensement {year}"],
        ],
        "flows_origin": origin,
        "flows_title": _flows_title(outcome),
        "bands_title": f"{french.share(flows.beyond(20))} des actifs travaillent à plus de 20 km",
    }


def _flows_title(outcome: Outcome) -> str:
    members = outcome.territory.communes["commune_code"].to_list()
    outside = outcome.commuting.by_workplace().filter(
        ~pl.col("work_code").is_in(members) & pl.col("work_name").is_not_null()
    )
    if outside.is_empty():
        return "On travaille surtout sur place"
    return f"Hors du territoire, {outside['work_name'][0]} attire le plus"


def offer(outcome: Outcome) -> Story:
    places = outcome.open_today.sort("commune_code", "name")
    members = set(outcome.territory.communes["commune_code"])
    known = pl.concat([outcome.territory.communes, outcome.territory.surroundings])
    names = dict(known.select("commune_code", "name").iter_rows())
    rows = [
        [
            name,
            french.PLACES[kind],
            names.get(code, "non renseigné"),
            "dans le territoire" if code in members else "alentour",
        ]
        for kind, name, code in places.select("kind", "name", "commune_code").iter_rows()
    ]
    rows.sort(key=lambda row: row[3] == "alentour")
    inside = sum(row[3] == "dans le territoire" for row in rows)
    title = (
        "Aucun lieu partagé dans le territoire"
        if inside == 0
        else french.count(inside, "lieu partagé", "lieux partagés") + " dans le territoire"
    )
    services = outcome.territory.services
    houses = services.filter(
        (pl.col("kind") == "service_house") & pl.col("commune_code").is_in(list(members))
    )
    stations = services.filter(
        (pl.col("kind") == "station") & pl.col("commune_code").is_in(list(members))
    )
    return {
        "title": title,
        "rows": rows,
        "text": _services(len(houses), len(stations)),
        "capacity": "Capacité, tarifs et statut de ces lieux : non renseigné. Une liste tenue "
        "à jour par l'intercommunalité la remplace (--existing).",
    }


def _services(houses: int, stations: int) -> str:
    found = [f"{french.count(houses, 'espace')} France services"] if houses else []
    found += [french.count(stations, "gare")] if stations else []
    if not found:
        return "Ni espace France services ni gare dans le territoire."
    verb = "ajoute" if houses + stations < 2 else "ajoutent"
    return f"S'y {verb} {french.listed(found)} dans le territoire."


def demand(outcome: Outcome) -> Story:
    use = outcome.demand
    seats = use.seats_per_day
    unknown = [french.PUBLICS[p] for p in NOT_ESTIMATED]
    counted = [
        f"{french.number(n)} {french.PUBLICS[p]} (observé, recensement)"
        for p, n in use.observed_counts.items()
    ]
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    first = sorted(use.by_commune.items(), key=lambda pair: -pair[1].mean)[:MOST_COMMUNES]
    sites = max(1, sum(s.tier != "corpo" for s in outcome.sites))
    return {
        "title": f"{french.between(seats.p10, seats.p90).capitalize()} places occupées "
        "un jour ordinaire",
        "text": f"La médiane est de {french.number(seats.p50)} places, "
        f"{french.number(use.seats_at_peak.p50)} un jour de pointe "
        f"({french.between(use.seats_at_peak.p10, use.seats_at_peak.p90)}), pour "
        f"{french.between(use.users.p10, use.users.p90)} personnes différentes. "
        f"Bas et haut sont les 10e et 90e centiles de {french.number(use.draws)} tirages.",
        "communes": [
            [names[code], *(french.number(q, 1) for q in (s.p10, s.p50, s.p90))]
            for code, s in first
        ],
        "unknown": f"Non estimé, faute de table officielle : {french.listed(unknown)}. "
        f"Comptés sans être estimés : {french.listed(counted)}.",
        "observed": [
            *OBSERVED,
            [
                "Ce plan, en moyenne par lieu",
                f"{french.number(use.users.p50 / sites)} personnes "
                f"({french.between(use.users.p10 / sites, use.users.p90 / sites)}) et "
                f"{french.number(seats.p50 / sites, 1)} places occupées par jour "
                f"({french.between(seats.p10 / sites, seats.p90 / sites, 1)})",
                "modélisé",
            ],
        ],
        "on_the_way": on_the_way.line(outcome),
        "trips": on_the_way.rows(outcome, MOST_TRIPS),
        "compare": "Les lieux ruraux observés sont peu nombreux, et plus grands qu'un "
        "mini-cowork : c'est l'enquête locale qui tranchera.",
    }


def capacities(outcome: Outcome) -> Story:
    every = outcome.candidates.every
    hosting = sorted((c for c in every if c.hosts), key=lambda c: french.sort_key(c.commune_name))
    chosen = {s.candidate.commune_code for s in outcome.sites if s.tier != "corpo"}
    named = {c.commune_code: c for c in hosting if c.commune_code in chosen}
    count = len({c.commune_code for c in hosting})
    return {
        "title": f"{french.count(count, 'commune')} {'a' if count < 2 else 'ont'} un commerce ou "
        "un service qui pourrait accueillir",
        "centres": _town_centres(outcome),
        "rows": [
            [c.commune_name, french.hosts([(h.kind, h.count) for h in c.hosts])]
            for c in named.values()
        ],
    }


def _town_centres(outcome: Outcome) -> str:
    """The communes that may hold a structuring site, and the rule that says so."""
    a = outcome.assumptions
    rule = (
        f"au moins {french.share(a.value('places.town_centre_share'))} des "
        f"{len(baskets('town_centre'))} commerces et services d'un centre et "
        f"{french.number(a.value('places.town_centre_inhabitants'))} habitants"
    )
    found = sorted(
        {
            f"{c.commune_name} ({french.share(c.basket_share)})"
            for c in outcome.candidates.every
            if "hub" in c.tiers and c.basket_share
        },
        key=french.sort_key,
    )
    if not found:
        return f"Aucune commune n'est un bourg-centre ({rule})."
    return f"Bourgs-centres, qui offrent {rule} : {french.listed(found)}."


def plan(outcome: Outcome) -> Story:
    coverage = outcome.coverage
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    left = [f"{names[code]} ({french.number(n)})" for code, n in coverage.uncovered.items()]
    more = sorted(outcome.gains_if_added.items(), key=lambda pair: -pair[1])[:5]
    price = int(outcome.assumptions.value("siting.min_gain_per_mini"))
    every = outcome.candidates.every
    added = french.listed([f"{every[j].commune_name} (+{french.number(g)})" for j, g in more if g])
    return {
        "uncovered": f"Restent au-delà de {coverage.within_min:.0f} minutes : "
        f"{french.listed(left, 12)}."
        if left
        else f"Personne ne reste au-delà de {coverage.within_min:.0f} minutes.",
        "next": f"Un mini-cowork de plus rapprocherait au mieux : {added}. Ces villages "
        f"n'atteignent pas les {french.number(price)} habitants demandés, ou sont trop loin d'un "
        "site structurant pour être animés."
        if added
        else "Aucun mini-cowork de plus ne rapprocherait personne.",
        "stages": [_stage(outcome, n) for n in range(len(outcome.siting.stages))],
        "curve_title": curve_title(outcome),
    }


def _stage(outcome: Outcome, n: int) -> Story:
    stage = outcome.siting.stages[n]
    reached, bound = (_stage_value(stage.name, v) for v in (stage.objective, stage.bound))
    gap = "prouvé" if stage.is_proved else f"écart possible {french.share(stage.gap, 1)}"
    if outcome.siting.status == "drawn" and not stage.is_proved:
        gap = f"{french.count(abs(stage.bound - stage.objective), 'habitant')} d'écart"
    return {
        **_stage_words(outcome, stage.name),
        "cells": [reached, bound, gap],
    }


def _stage_words(outcome: Outcome, name: str) -> Story:
    """A stage that counts the commuters says so."""
    words, meaning = french.STAGES[name], STAGE_MEANINGS[name]
    worth = outcome.assumptions.value("siting.on_the_way_weight")
    if name == "seats" and worth:
        words = f"{words}, actifs en chemin compris"
        counts = french.quantity(worth, "seats per commuter")
        meaning = f"{meaning} Un actif en chemin y compte pour {counts} place."
    return {"name": words, "meaning": meaning}


def _stage_value(name: str, value: float) -> str:
    if name == "equity":
        return french.share(value, 1)
    if name == "cost":
        return french.euros(value, 0)
    return french.number(value, 1 if name == "seats" else 0)


def curve_title(outcome: Outcome) -> str:
    """What more mini-coworks would bring."""
    chosen = int(outcome.siting.open_sites["mini"].sum())
    last = outcome.curve[-1]
    everyone = int(outcome.problem.weight.sum())
    if last.minis <= chosen:
        return f"Avec {french.count(chosen, 'mini-cowork')}, tout ce qui peut l'être est couvert"
    gain = last.inhabitants - best_with(outcome.curve, chosen)
    more = last.minis - chosen
    share = gain / everyone
    verb = "ajouterait" if more < 2 else "ajouteraient"
    if share < SMALL_GAIN:
        verb = f"n'{verb} que"
    return (
        f"Après {french.count(chosen, 'mini-cowork')}, "
        f"{french.count(more, 'ouverture')} de plus {verb} {french.share(share, 1)} des habitants"
    )


def costs(outcome: Outcome) -> Story:
    money, days = outcome.money, outcome.impact.visits
    sites = {s.candidate.id: s for s in outcome.sites}
    rows = [
        {
            "tier": c.tier,
            "cells": [
                sites[c.id].candidate.name,
                *(_euros_cells(c.investment) if c.investment.high else ["déjà payé", ""]),
                *_euros_cells(c.operation),
            ],
        }
        for c in money.sites
    ]
    return {
        "title": "Les recettes ne paient pas tout"
        if money.mature_year.low > 0
        else "À pleine fréquentation, les recettes suffiraient",
        "rows": rows,
        "year": _full_year(outcome),
        "balance": "Les recettes paieraient tout à partir de "
        f"{french.number(money.break_even_days)} journées occupées par an, aux prix et coûts "
        f"centraux ; la fréquentation attendue en donne {french.between(days.low, days.high)}.",
        "stress": "Si les coûts étaient au plus haut et la fréquentation au plus bas, le réseau "
        f"coûterait {french.planned_euros(money.stress)} par an : c'est le risque à connaître, pas "
        "la prévision.",
    }


def _full_year(outcome: Outcome) -> Rows:
    """A full year under low, central and high attendance, costs central."""
    money = outcome.money
    cases = ("low", "central", "high")
    income = [sum(getattr(c.income, case) for c in money.sites) for case in cases]
    days = [sum(getattr(s.occupied_days, case) for s in outcome.sites) for case in cases]

    def row(words: str, values: list[float], shown: Callable[[float], str]) -> list[str]:
        return [words, *(shown(v) if isfinite(v) else "aucune visite" for v in values)]

    def by_case(amount: Range) -> list[float]:
        return [getattr(amount, case) for case in cases]

    return [
        row("Journées occupées", days, lambda v: french.number(v)),
        row("Fonctionnement", [money.operation.central] * 3, french.planned_euros),
        row("Recettes des usagers", income, french.planned_euros),
        row("Reste à l'intercommunalité", by_case(money.mature_year), french.planned_euros),
        row("Reste par journée occupée", by_case(money.cost_per_day), french.euros),
        row(
            "Le même, amortissement compris", by_case(money.depreciated_cost_per_day), french.euros
        ),
        row("Reste par habitant", by_case(money.per_inhabitant), french.euros),
    ]


def _euros_cells(amount: Range) -> list[str]:
    """Central value and range in euros, for a table whose header names the unit."""
    span = french.euros_between(amount).removeprefix("de ").removesuffix(french.NBSP + "€")
    return [french.planned_euros(amount.central).removesuffix(french.NBSP + "€"), span]


def impact(outcome: Outcome) -> Story:
    effect = outcome.impact
    threshold = effect.threshold
    low, high = min(threshold.low, 1), min(threshold.high, 1)
    visits = french.between(effect.visits.low, effect.visits.high)
    title = summary.impact_line(outcome).split(" (")[0].removesuffix(".")
    return {
        "title": title,
        "text": f"Seuil : {french.share_between(low, high)}. Personne ne peut dire avant "
        "l'ouverture ce que chaque visite remplace : il n'y a donc pas de chiffre unique, mais une "
        "courbe. Une visite qui remplace un jour à la maison ajoute des kilomètres. "
        f"Aller moyen au travail {french.number(effect.work_km)} km, à un lieu "
        f"{french.number(effect.site_km, 1)} km ; {visits} "
        "visites par an. L'effet rebond est retiré des gains, le chauffage des lieux ajouté.",
    }
