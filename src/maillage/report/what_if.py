"""A network that somebody tries, in words: what it gives and changes, the rules it leaves."""

from dataclasses import dataclass

import numpy as np

from maillage.core import scenario
from maillage.core.finance import SiteCost
from maillage.core.money import Range
from maillage.core.scenario import Assessed, Broken, Instead, Site
from maillage.core.siting import CurvePoint
from maillage.report import french, layers, on_the_way
from maillage.report.study_page.sites import PAYERS

MODEL = "Calcul de Maillage, hypothèses du scénario"
MOST_NAMED = 5


@dataclass(frozen=True)
class Key:
    """One key figure; `was` is what the saved scenario says, "" where it is the same."""

    label: str
    value: str
    interval: str
    unit: str = ""
    detail: str = ""
    before: str = ""
    was: str = ""


@dataclass(frozen=True)
class Loss:
    """What a network loses against the best of as many mini-coworks; below 0 it does better."""

    inhabitants: int
    text: str
    is_proved: bool


@dataclass(frozen=True)
class TriedSite:
    """One site of a network."""

    id: str
    tier: str
    kind: str
    name: str
    commune_name: str
    seats: int
    opening_year: int
    is_existing: bool
    inhabitants: int | None
    lost: int | None
    investment: str
    operation: str
    payer: str
    commuters: str


def keys(now: Assessed, saved: Assessed) -> tuple[Key, ...]:
    """The key figures of a network, those of the saved one beside."""
    return tuple(
        Key(**new, was=_was(new, old)) for new, old in zip(_keys(now), _keys(saved), strict=True)
    )


def _was(new: dict[str, str], old: dict[str, str]) -> str:
    """What was saved, where it reads otherwise."""
    before, now = (f"{key['value']} {key.get('unit', '')}".strip() for key in (old, new))
    return before if before != now else ""


def _keys(of: Assessed) -> list[dict[str, str]]:
    coverage, money = of.coverage, of.money
    everyone = int(of.ground.weight.sum())
    within = f"{coverage.within_min:.0f} minutes"
    return [
        {
            "label": f"Habitants à {within} ou moins d'un lieu",
            "before": french.share(coverage.before.central),
            "value": french.share(coverage.after.central),
            "interval": french.share_between(coverage.after.low, coverage.after.high),
            "detail": f"{french.number(coverage.inhabitants)} habitants sur "
            f"{french.number(everyone)}",
        },
        {
            "label": "Trajet moyen",
            "value": minutes(coverage.mean_after.central),
            "interval": minutes_between(coverage.mean_after),
            "detail": f"{minutes(coverage.mean_before.central)} aujourd'hui",
        },
        {
            "label": "Lieux et places",
            "value": french.number(len(of.sites)),
            "unit": f"{'lieu' if len(of.sites) < 2 else 'lieux'}, "
            f"{french.count(sum(site.seats for site in of.sites), 'place')}",
            "interval": "",
            "detail": tiers(of.sites),
        },
        {
            "label": "Investissement, une fois",
            "value": french.planned_euros(money.investment.central),
            "interval": french.euros_between(money.investment),
        },
        {
            "label": "Reste à l'intercommunalité, par an",
            "value": french.planned_euros(money.mature_year.central),
            "interval": french.euros_between(money.mature_year),
        },
        {
            "label": "Actifs en chemin",
            "value": on_the_way.central(of.commuters),
            "interval": on_the_way.between(of.commuters),
            "detail": "télétravailleurs dont le trajet passe près d'un lieu",
        },
    ]


def minutes(value: float) -> str:
    """5,3 min; the words where nothing is open."""
    return f"{french.number(value, 1)}{french.NBSP}min" if np.isfinite(value) else "aucun lieu"


def minutes_between(amount: Range) -> str:
    """de 4,8 à 5,9 min."""
    if not np.isfinite(amount.high):
        return "aucun lieu ouvert"
    low, high = french.number(amount.low, 1), french.number(amount.high, 1)
    return f"de {low} à {high}{french.NBSP}min"


def sites_and_seats(sites: tuple[Site, ...]) -> str:
    """11 lieux, 54 places."""
    seats = french.count(sum(site.seats for site in sites), "place")
    return f"{french.count(len(sites), 'lieu', 'lieux')}, {seats}"


def headline(now: Assessed) -> str:
    """Les onze lieux du scénario, in one line."""
    return f"{sites_and_seats(now.sites)} : {tiers(now.sites)}"


def tiers(sites: tuple[Site, ...]) -> str:
    """3 sites structurants, 7 mini-coworks et 1 corpoworking."""
    counts = {tier: sum(site.tier == tier for site in sites) for tier in french.TIERS}
    return french.listed(
        [
            french.count(n, french.TIERS[tier], french.TIERS_PLURAL[tier])
            for tier, n in counts.items()
            if n
        ]
    )


def loss(now: Assessed, curve: tuple[CurvePoint, ...]) -> Loss:
    """The network against the proved best of as many mini-coworks under the rules."""
    minis = sum(site.tier == "mini" for site in now.sites)
    lost = scenario.best_with(curve, minis) - now.coverage.inhabitants
    is_proved = all(point.gap == 0 for point in curve if point.minis <= minis)
    best = "l'optimum prouvé" if is_proved else "la borne du calcul"
    of_as_many = f"{best} de {french.count(minis, 'mini-cowork')}" if minis else best
    if lost == 0:
        text = f"Aucune perte contre {of_as_many}."
    elif lost < 0:
        people = french.count(-lost, "habitant")
        text = f"{people} de plus que {of_as_many} : ce réseau s'écarte des règles."
    else:
        text = f"{french.number(-lost)} habitants contre {of_as_many}."
    return Loss(lost, text, is_proved)


def changes(now: Assessed, saved: Assessed) -> tuple[str, ...]:
    """Which communes lose and gain inhabitants within reach, the most first."""
    moved = _by_commune(now) - _by_commune(saved)
    names = now.territory.communes["name"].to_list()
    ranked = sorted(zip(names, moved.tolist(), strict=True), key=lambda pair: pair[1])
    lines = []
    for verb, found in (
        ("Perdent", [pair for pair in ranked if pair[1] < 0]),
        ("Gagnent", [pair for pair in reversed(ranked) if pair[1] > 0]),
    ):
        if found:
            said = [f"{name} ({_signed(n)})" for name, n in found[:MOST_NAMED]]
            rest = len(found) - MOST_NAMED
            more = f" et {french.count(rest, 'autre commune')}" if rest > 0 else ""
            within = f"{now.coverage.within_min:.0f} minutes"
            lines.append(f"{verb} des habitants à {within} : {', '.join(said)}{more}.")
    return tuple(lines)


def _signed(count: int) -> str:
    return f"+{french.number(count)}" if count > 0 else french.number(count)


def _by_commune(of: Assessed) -> np.ndarray:
    codes = {code: n for n, code in enumerate(of.territory.communes["commune_code"])}
    commune = np.array([codes[code] for code in of.territory.cells["commune_code"]])
    is_within = of.coverage.minutes_after <= of.coverage.within_min
    return np.bincount(commune, of.ground.weight * is_within, len(codes)).astype(np.int64)


def sites(now: Assessed) -> tuple[TriedSite, ...]:
    """Every site of a network, with what it brings and costs."""
    costs = {cost.id: cost for cost in now.money.sites}
    lost = scenario.losses(now.ground, now.network)
    return tuple(
        _site(site, costs[site.candidate.id], lost.get(site.candidate.id)) for site in now.sites
    )


def _site(site: Site, cost: SiteCost, lost: int | None) -> TriedSite:
    candidate, is_corpo = site.candidate, site.tier == "corpo"
    investment, operation = cost.investment, cost.operation
    words = french.TIERS[site.tier]
    return TriedSite(
        id=candidate.id,
        tier=site.tier,
        kind=f"{words[:1].upper()}{words[1:]}",
        name=candidate.name,
        commune_name=candidate.commune_name,
        seats=site.seats,
        opening_year=site.opening_year,
        is_existing=candidate.is_existing,
        inhabitants=None if is_corpo else site.inhabitants,
        lost=lost,
        investment=f"{french.planned_euros(investment.central)} "
        f"({french.euros_between(investment)})"
        if investment.high
        else "déjà payé",
        operation=f"{french.planned_euros(operation.central)} ({french.euros_between(operation)})",
        payer=PAYERS[site.tier],
        commuters="" if is_corpo else on_the_way.bare(site.commuters),
    )


def cost_key(now: Assessed, site_id: str) -> tuple[str, ...]:
    """Who keeps a corporate space running, by the key of the scenario; nothing for another site."""
    site = next((s for s in now.sites if s.candidate.id == site_id), None)
    if site is None or site.tier != "corpo":
        return ()
    cost = next(c for c in now.money.sites if c.id == site_id).operation
    employers = now.assumptions.value("costs.corpo_employers_share")
    return tuple(
        f"{who} : {french.share(share)}, soit {french.planned_euros(cost.central * share)} par an "
        f"({french.euros_between(cost.scaled(share))}), "
        f"{french.euros(cost.central * share / site.seats, 0)} par place."
        for who, share in (("Employeurs", employers), ("Intercommunalité", 1 - employers))
    )


def dependents(now: Assessed, site_id: str) -> tuple[str, ...]:
    """The communes whose town is nearest to a site."""
    names = dict(now.territory.communes.select("commune_code", "name").iter_rows())
    links = layers.links(now)
    return tuple(names[code] for code, _, site, _ in links if site == site_id)


def instead(found: Instead) -> str:
    """−18 hab., +12 hab. or « aucune perte »."""
    if not found.loss:
        return "aucune perte"
    return f"{_signed(-found.loss)}{french.NBSP}hab."


def rule(found: Broken) -> str:
    """What does not follow the rules, and what would."""
    return RULES[found.code](found.facts)


def _euros(value: object) -> str:
    return french.planned_euros(float(str(value)))


def _minutes_of(value: object) -> str:
    number = float(str(value))
    return f"à {number:.0f} minutes" if np.isfinite(number) else "sans aucun site structurant"


RULES = {
    "hubs_count": lambda f: (
        f"{french.count(f['count'], 'site structurant', 'sites structurants')} : la règle en "
        f"demande {_range(f['fewest'], f['most'])}."
    ),
    "minis_count": lambda f: (
        f"{french.count(f['count'], 'mini-cowork')} : la règle en permet {f['most']} au plus."
    ),
    "required_left_out": lambda f: f"{f['commune']} devait recevoir un lieu.",
    "forbidden_used": lambda f: f"{f['commune']} ne devait pas recevoir de lieu.",
    "existing_closed": lambda f: f"{f['name']}, ouvert aujourd'hui, devait le rester.",
    "commune_budget": lambda f: (
        f"{f['commune']} investirait {_euros(f['over_eur'])} de plus que la limite par commune."
    ),
    "epci_budget": lambda f: (
        f"L'intercommunalité paierait {_euros(f['over_eur'])} par an de plus que sa limite."
    ),
    "seats_outside_rule": lambda f: (
        f"{f['name']} : {french.count(f['seats'], 'place')}, la règle d'un "
        f"{french.TIERS[f['tier']]} est de {_range(f['fewest'], f['most'])}."
    ),
    "premises_too_small": lambda f: (
        f"{f['name']} : {french.count(f['seats'], 'place')} dans un local qui en tient {f['fits']}."
    ),
    "mini_far_from_hubs": lambda f: (
        f"{f['name']} est {_minutes_of(f['minutes'])} du site structurant le plus proche, plus que "
        f"les {f['most_min']:.0f} minutes permises pour l'animer."
    ),
    "mini_before_its_hub": lambda f: (
        f"{f['name']} ouvrirait en {f['year']}, avant son site structurant ({f['hub']})."
    ),
    "mini_without_host": lambda f: (
        f"{f['name']} : aucun commerce ni service connu pour accueillir le mini-cowork."
    ),
    "hub_outside_town_centre": lambda f: (
        f"{f['name']} n'est pas un bourg-centre équipé : la règle y place les sites structurants."
    ),
    "two_hubs_in_a_commune": lambda f: f"{f['commune']} aurait deux sites structurants.",
}


def _range(fewest: object, most: object) -> str:
    return f"{most}" if fewest == most else f"{fewest} à {most}"
