"""The rules that a network drawn by hand does not follow: said, never refused."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from maillage.core.scenario.assess import Assessed, Site
from maillage.core.scenario.ground import Ground

_SEATS = {
    "hub": ("hub_seats_min", "hub_seats_max"),
    "mini": ("mini_seats_min", "mini_seats_max"),
}


@dataclass(frozen=True)
class Broken:
    """One rule that does not hold: a code, its facts for the sentence, the place it names."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)
    place: str = ""


def broken(ground: Ground, judged: Assessed) -> tuple[Broken, ...]:
    """Every rule that a network leaves, those of the whole first, then site by site."""
    return (*_of_the_whole(ground, judged), *_of_sites(ground, judged))


def _of_the_whole(ground: Ground, judged: Assessed) -> Iterator[Broken]:
    choices, assumptions = ground.request.choices, ground.assumptions
    tiers = Counter(site.tier for site in judged.sites)
    qualify = {ground.options.every[j].commune_code for j in ground.options.of_tier("hub")}
    usual = min(int(assumptions.value("siting.hubs")), len(qualify))
    fewest, most = choices.hubs or (usual, usual)
    if not fewest <= tiers["hub"] <= most:
        yield Broken("hubs_count", {"count": tiers["hub"], "fewest": fewest, "most": most})
    if choices.minis_max is not None and tiers["mini"] > choices.minis_max:
        yield Broken("minis_count", {"count": tiers["mini"], "most": choices.minis_max})
    covering = {s.candidate.commune_code for s in judged.sites if s.tier != "corpo"}
    names = dict(ground.territory.communes.select("commune_code", "name").iter_rows())
    for code in choices.required_communes:
        if code not in covering:
            yield Broken("required_left_out", {"commune": names[code]})
    for code in choices.forbidden_communes:
        if code in covering:
            yield Broken("forbidden_used", {"commune": names[code]})
    opened = {site.candidate.id for site in judged.sites}
    for candidate in ground.options.every:
        if candidate.is_existing and candidate.id not in opened:
            yield Broken("existing_closed", {"name": candidate.name})
    yield from _budgets(ground, judged)


def _budgets(ground: Ground, judged: Assessed) -> Iterator[Broken]:
    choices = ground.request.choices
    rate = ground.assumptions.value("costs.grant_rate")
    if choices.commune_budget_eur is not None:
        names = dict(ground.territory.communes.select("commune_code", "name").iter_rows())
        spent: Counter[str] = Counter()
        for cost in judged.money.sites:
            spent[cost.commune_code] += round(cost.investment.central * (1 - rate))
        for code, euros in sorted(spent.items()):
            if euros > choices.commune_budget_eur:
                over = euros - choices.commune_budget_eur
                yield Broken("commune_budget", {"commune": names[code], "over_eur": over})
    if choices.epci_budget_eur is not None:
        over = round(judged.money.mature_year.central) - choices.epci_budget_eur
        if over > 0:
            yield Broken("epci_budget", {"over_eur": over})


def _of_sites(ground: Ground, judged: Assessed) -> Iterator[Broken]:
    hubs = [site for site in judged.sites if site.tier == "hub"]
    communes = Counter(site.candidate.commune_code for site in hubs)
    for site in judged.sites:
        name, place = site.candidate.name, site.candidate.id
        yield from _seats(ground, site)
        if site.tier == "mini":
            yield from _mini(ground, site, hubs)
        if site.tier == "hub" and "hub" not in site.candidate.tiers:
            yield Broken("hub_outside_town_centre", {"name": name}, place)
        if site.tier == "hub" and communes[site.candidate.commune_code] > 1:
            facts: dict[str, object] = {"commune": site.candidate.commune_name}
            yield Broken("two_hubs_in_a_commune", facts, place)


def _seats(ground: Ground, site: Site) -> Iterator[Broken]:
    if site.tier not in _SEATS:
        return
    fewest, most = (int(ground.assumptions.value(f"siting.{key}")) for key in _SEATS[site.tier])
    facts: dict[str, object] = {"name": site.candidate.name, "seats": site.seats}
    if not fewest <= site.seats <= most:
        facts |= {"fewest": fewest, "most": most, "tier": site.tier}
        yield Broken("seats_outside_rule", facts, site.candidate.id)
    premises = site.candidate.premises
    if premises and premises.area_m2:
        fits = int(premises.area_m2 // ground.assumptions.value("costs.area_per_seat"))
        if site.seats > max(fits, 1):
            facts = {"name": premises.name, "seats": site.seats, "fits": fits}
            yield Broken("premises_too_small", facts, site.candidate.id)


def _mini(ground: Ground, site: Site, hubs: list[Site]) -> Iterator[Broken]:
    name, place = site.candidate.name, site.candidate.id
    numbers = [ground.place(hub.candidate.id) for hub in hubs]
    links = ground.times["central"].links[ground.place(place), numbers]
    most_min = ground.assumptions.value("siting.link_minutes")
    nearest_min = float(links.min(initial=np.inf))
    if nearest_min > most_min:
        facts: dict[str, object] = {"name": name, "most_min": most_min, "minutes": nearest_min}
        yield Broken("mini_far_from_hubs", facts, place)
    near = [hub for hub, minutes in zip(hubs, links, strict=True) if minutes <= most_min]
    opens = min((hub.opening_year for hub in near), default=site.opening_year)
    if site.opening_year < opens:
        yield Broken(
            "mini_before_its_hub", {"name": name, "year": site.opening_year, "hub": opens}, place
        )
    if "mini" not in site.candidate.tiers:
        yield Broken("mini_without_host", {"name": name}, place)
