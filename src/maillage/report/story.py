"""What the report says, in words and ready-made numbers: the template only lays it out."""

from typing import Any

import polars as pl

from maillage.core.demand import NOT_ESTIMATED
from maillage.core.scenario import Outcome, Site
from maillage.report import french, layers, notes, summary
from maillage.report.money_table import money_table

Story = dict[str, Any]
Rows = list[list[str]]

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


def of_outcome(outcome: Outcome, date: str, version: str) -> Story:
    """Every text and number of the report."""
    place = outcome.territory
    return {
        "title": f"Un lieu de travail à {outcome.coverage.within_min:.0f} minutes de chacun",
        "territory": place.name,
        "date": date,
        "version": version,
        "headline": summary.headline(outcome),
        "proof": summary.proof(outcome),
        "figures": key_figures(outcome),
        "why": _why_rows(outcome),
        "money": money_table(outcome),
        "contributions": _contributions(outcome),
        "decisions": decisions(outcome),
        "portrait": _portrait(outcome),
        "offer": _offer(outcome),
        "demand": _demand(outcome),
        "capacities": _capacities(outcome),
        "plan": _plan(outcome),
        "costs": _costs(outcome),
        "impact": _impact(outcome),
        "sources": _sources(outcome),
        "assumptions": _assumptions(outcome),
        "notes": [notes.sentence(note) for note in outcome.notes],
        "origins": summary.origin_lines(outcome),
    }


def key_figures(outcome: Outcome) -> list[Story]:
    """Four figures for the elected: value, interval, origin."""
    coverage, money, seats = outcome.coverage, outcome.money, outcome.demand.seats_per_day
    within = f"{coverage.within_min:.0f} minutes"
    net, before = money.mature_year, french.share(coverage.before.central)
    return [
        {
            "label": f"Habitants à {within} d'un lieu",
            "value": f"{before} → {french.share(coverage.after.central)}",
            "detail": french.share_between(coverage.after.low, coverage.after.high),
            "origin": french.ORIGINS["modelled"],
        },
        {
            "label": "Places occupées un jour ordinaire",
            "value": french.number(seats.p50),
            "detail": f"{french.between(seats.p10, seats.p90)} ; "
            f"{french.number(summary.open_seats(outcome))} places proposées",
            "origin": french.ORIGINS["modelled"],
        },
        {
            "label": "Investissement des communes",
            "value": french.planned_euros(money.investment.central),
            "detail": french.euros_between(money.investment),
            "origin": french.ORIGINS["modelled"],
        },
        {
            "label": "Reste à payer par l'intercommunalité, par an",
            "value": french.planned_euros(net.central),
            "detail": french.euros_between(net),
            "origin": french.ORIGINS["modelled"],
        },
    ]


def decisions(outcome: Outcome) -> list[Story]:
    """Three decisions to take, each with what it commits."""
    tiers = {t: [s for s in outcome.sites if s.tier == t] for t in french.TIERS}
    hubs = french.listed([s.candidate.name for s in tiers["hub"]])
    minis = french.count(len(tiers["mini"]), "mini-cowork")
    first = min(s.opening_year for s in outcome.sites)
    money, seats = outcome.money, outcome.demand.seats_per_day
    return [
        {
            "title": "Retenir le réseau et son ordre d'ouverture",
            "text": f"{french.count(len(tiers['hub']), 'site structurant', 'sites structurants')} "
            f"({hubs}) en {first}, puis {minis} dans les commerces, puis le corpoworking.",
        },
        {
            "title": "Fixer qui paie",
            "text": "Les communes investissent "
            f"{french.euros_between(money.investment)} hors taxes ; l'intercommunalité fait vivre "
            f"le réseau, soit {french.euros_between(money.mature_year)} par an selon la "
            "fréquentation. Aucun chantier avant l'accusé de réception des demandes d'aide.",
        },
        {
            "title": "Vérifier avant d'agrandir",
            "text": f"La fréquentation attendue va {french.between(seats.p10, seats.p90)} places "
            "occupées : lancer l'enquête locale, signer avec les commerces des conventions "
            "réversibles, et ne passer à la suite qu'au vu des places occupées.",
        },
    ]


def _why_rows(outcome: Outcome) -> Rows:
    rows = []
    for site in outcome.sites:
        name, seats, opening, lost, instead = summary.site_line(outcome, site)
        kind = french.TIERS[site.tier].capitalize()
        people = french.number(site.inhabitants) if site.tier != "corpo" else "sur accord"
        rows.append([kind, name, seats, opening, people, lost, instead])
    return rows


def _contributions(outcome: Outcome) -> Rows:
    return [
        [
            french.share(c.grant_rate),
            french.planned_cents(c.own_cents),
            french.share(c.own_share),
            "tenu" if c.is_own_enough else "non tenu",
            french.planned_cents(c.matching_most_cents),
        ]
        for c in outcome.money.contributions
    ]


def _portrait(outcome: Outcome) -> Story:
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


def _offer(outcome: Outcome) -> Story:
    places = outcome.open_today.sort("commune_code", "name")
    kinds = {"coworking": "Coworking", "fablab": "Fablab", "third_place": "Tiers-lieu"}
    members = set(outcome.territory.communes["commune_code"])
    rows = [
        [name, kinds[kind], "dans le territoire" if code in members else "alentour"]
        for kind, name, code in places.select("kind", "name", "commune_code").iter_rows()
    ]
    inside = sum(row[2] == "dans le territoire" for row in rows)
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
        "text": f"S'y ajoutent {french.count(len(houses), 'espace')} France services et "
        f"{french.count(len(stations), 'gare')} dans le territoire."
        if len(stations)
        else f"S'y ajoutent {french.count(len(houses), 'espace')} France services dans le "
        "territoire.",
        "capacity": "Capacité, tarifs et statut de ces lieux : non renseigné. Une liste tenue "
        "à jour par l'intercommunalité la remplace (--existing).",
    }


def _demand(outcome: Outcome) -> Story:
    use = outcome.demand
    seats = use.seats_per_day
    unknown = [french.PUBLICS[p] for p in NOT_ESTIMATED]
    counted = [
        f"{french.number(n)} {french.PUBLICS[p]} (observé, recensement)"
        for p, n in use.observed_counts.items()
    ]
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    first = sorted(use.by_commune.items(), key=lambda pair: -pair[1].mean)[:12]
    per_site = seats.p50 / max(1, sum(s.tier != "corpo" for s in outcome.sites))
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
        "observed": OBSERVED,
        "compare": f"Le plan suppose {french.number(per_site, 1)} places occupées par lieu en "
        "médiane. Les lieux ruraux observés restent peu nombreux : l'enquête locale tranchera.",
    }


def _capacities(outcome: Outcome) -> Story:
    every = outcome.candidates.every
    centres = sorted({c.name for c in every if "hub" in c.tiers})
    hosting = sorted((c for c in every if c.hosts), key=lambda c: c.commune_name)
    chosen = {s.candidate.commune_code for s in outcome.sites if s.tier != "corpo"}
    named = {c.commune_code: c for c in hosting if c.commune_code in chosen}
    return {
        "title": f"{french.count(len({c.commune_code for c in hosting}), 'commune')} ont un "
        "commerce ou un service qui pourrait accueillir",
        "centres": f"Bourgs-centres possibles : {french.listed(centres)}.",
        "rows": [
            [c.commune_name, french.hosts([(h.kind, h.count) for h in c.hosts])]
            for c in named.values()
        ],
    }


def _plan(outcome: Outcome) -> Story:
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
        "curve_title": _curve_title(outcome),
    }


def _stage(outcome: Outcome, n: int) -> list[str]:
    stage = outcome.siting.stages[n]
    reached, bound = (_stage_value(stage.name, v) for v in (stage.objective, stage.bound))
    gap = "prouvé" if stage.is_proved else f"écart possible {french.share(stage.gap, 1)}"
    return [french.STAGES[stage.name], reached, bound, gap]


def _stage_value(name: str, value: float) -> str:
    if name == "equity":
        return french.share(value, 1)
    if name == "cost":
        return french.euros(value, 0)
    return french.number(value, 1 if name == "seats" else 0)


def _curve_title(outcome: Outcome) -> str:
    chosen = int(outcome.siting.open_sites["mini"].sum())
    last = outcome.curve[-1]
    everyone = int(outcome.problem.weight.sum())
    if last.minis <= chosen:
        return f"Avec {french.count(chosen, 'mini-cowork')}, tout ce qui peut l'être est couvert"
    gain = last.inhabitants - next(p.inhabitants for p in outcome.curve if p.minis == chosen)
    return (
        f"Après {french.count(chosen, 'mini-cowork')}, "
        f"{french.count(last.minis - chosen, 'ouverture')} de plus n'ajouteraient que "
        f"{french.share(gain / everyone, 1)} des habitants"
    )


def _costs(outcome: Outcome) -> Story:
    money = outcome.money
    names = {s.candidate.id: s for s in outcome.sites}
    rows = [
        [
            names[c.id].candidate.name,
            french.TIERS[c.tier],
            french.planned_euros(c.investment.central) if c.investment.high else "déjà payé",
            french.euros_between(c.investment) if c.investment.high else "",
            french.planned_euros(c.operation.central),
            french.euros_between(c.operation),
        ]
        for c in money.sites
    ]
    per_day, full = money.cost_per_day, money.depreciated_cost_per_day
    return {
        "title": "Les recettes ne paient pas tout"
        if money.mature_year.low > 0
        else "À pleine fréquentation, les recettes suffiraient",
        "rows": rows,
        "text": "Une journée occupée coûte au public "
        f"{french.euros_between(per_day, 2)} (central {french.euros(per_day.central)}), "
        f"et {french.euros_between(full, 2)} avec l'amortissement. Par habitant et par an : "
        f"{french.euros_between(money.per_inhabitant, 2)}. Les trois cas sont ceux de la "
        "fréquentation, à coûts centraux.",
        "stress": "Si les coûts étaient au plus haut et la fréquentation au plus bas : "
        f"{french.planned_euros(money.stress)} par an.",
    }


def _impact(outcome: Outcome) -> Story:
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


def _sources(outcome: Outcome) -> Rows:
    return [
        [s.dataset.title, s.dataset.publisher, s.vintage, s.dataset.licence]
        for s in outcome.territory.tables.sources
    ]


def _assumptions(outcome: Outcome) -> Rows:
    return [
        [
            a.why,
            french.quantity(a.value, a.unit),
            f"{french.quantity(a.low, a.unit)} à {french.quantity(a.high, a.unit)}"
            if a.is_range
            else "",
            french.UNITS[a.unit],
            french.source(a.source),
        ]
        for _, a in sorted(outcome.assumptions.by_key.items())
    ]


def communes_rows(outcome: Outcome) -> Rows:
    """One row a commune for the annex: inhabitants, minutes before and after, share covered."""
    table = layers.communes_table(outcome)

    def shown(value: float | None, decimals: int = 0) -> str:
        return "aucune donnée" if value is None else french.number(value, decimals)

    return [
        [
            row["name"],
            shown(row["population"]),
            shown(row["employed"]),
            shown(row["jobs"]),
            shown(row["mean_minutes_before"]),
            shown(row["mean_minutes_after"]),
            "aucune donnée"
            if row["share_covered_after"] is None
            else french.share(row["share_covered_after"]),
        ]
        for row in table.iter_rows(named=True)
    ]


def sites_by_year(sites: tuple[Site, ...]) -> Rows:
    """Opening calendar: year, sites."""
    years = sorted({s.opening_year for s in sites})
    return [
        [str(year), french.listed([s.candidate.name for s in sites if s.opening_year == year])]
        for year in years
    ]
