"""The two pages for the elected: what is proposed, what it costs, what to decide."""

from typing import Any

from maillage.core.scenario import Outcome, Site
from maillage.report import charts, french, on_the_way, summary

Story = dict[str, Any]
Rows = list[list[str]]


def cover_title(outcome: Outcome) -> str:
    """The cover's title: the finding; the sentence under it carries the interval."""
    share = french.share(outcome.coverage.after.central)
    return f"{share} des habitants à {outcome.coverage.within_min:.0f} minutes d'un lieu de travail"


def _bare_share(value: float) -> str:
    """A share whose sign is written once, after the second one."""
    return french.share(value).removesuffix(f"{french.NBSP}%")


def proposal(outcome: Outcome) -> str:
    """What is proposed, in one sentence: how many sites of each kind, when, how many seats."""
    parts = []
    for tier, words in french.TIERS.items():
        years = [s.opening_year for s in outcome.sites if s.tier == tier]
        if years:
            sites = french.count(len(years), words, french.TIERS_PLURAL[tier])
            parts.append(f"{sites} {_when(min(years), max(years))}")
    seats = french.number(sum(s.seats for s in outcome.sites))
    has_kept = any(s.candidate.is_existing for s in outcome.sites)
    verb = "Garder ou ouvrir" if has_kept else "Ouvrir"
    return f"{verb} {french.listed(parts)}, soit {seats} places."


def _when(first: int, last: int) -> str:
    return f"en {first}" if first == last else f"de {first} à {last}"


def key_figures(outcome: Outcome) -> list[Story]:
    """Four figures for the elected: value, interval, origin."""
    coverage, money, seats = outcome.coverage, outcome.money, outcome.demand.seats_per_day
    within = f"{coverage.within_min:.0f} minutes"
    net, before = money.mature_year, _bare_share(coverage.before.central)
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
            "label": "Investissement, une fois",
            "value": french.planned_euros(money.investment.central),
            "detail": french.euros_between(money.investment),
            "origin": french.ORIGINS["modelled"],
        },
        {
            "label": "Reste à l'intercommunalité, par an",
            "value": french.planned_euros(net.central),
            "detail": french.euros_between(net),
            "origin": french.ORIGINS["modelled"],
        },
    ]


def decisions(outcome: Outcome) -> list[Story]:
    """Three decisions to take, each with what it commits."""
    tiers = {t: [s for s in outcome.sites if s.tier == t] for t in french.TIERS}
    money, seats = outcome.money, outcome.demand.seats_per_day
    return [
        {
            "title": "Retenir le réseau et son ordre d'ouverture",
            "text": _order(tiers),
        },
        {
            "title": "Fixer qui paie",
            "text": "L'investissement va "
            f"{french.euros_between(money.investment)} hors taxes ; les communes en paient ce que "
            "les aides ne couvrent pas. L'intercommunalité fait vivre le réseau, soit "
            f"{french.euros_between(money.mature_year)} par an selon la fréquentation. Aucun "
            "chantier avant l'accusé de réception des demandes d'aide.",
        },
        {
            "title": "Vérifier avant d'agrandir",
            "text": f"La fréquentation attendue va {french.between(seats.p10, seats.p90)} places "
            "occupées : lancer l'enquête locale, signer avec les commerces des conventions "
            "réversibles, et ne passer à la suite qu'au vu des places occupées.",
        },
    ]


def _order(tiers: dict[str, list[Site]]) -> str:
    """The sites in the order they open, those of which there is one."""
    hubs, minis, corpos = (tiers[tier] for tier in ("hub", "mini", "corpo"))
    parts = []
    if hubs:
        names = french.listed([s.candidate.name for s in hubs])
        first = min(s.opening_year for s in hubs)
        words = french.count(len(hubs), "site structurant", "sites structurants")
        parts.append(f"{words} ({names}) en {first}")
    if minis:
        parts.append(f"{french.count(len(minis), 'mini-cowork')} dans les commerces")
    if corpos:
        parts.append("le corpoworking" if len(corpos) == 1 else f"{len(corpos)} corpoworkings")
    words = ", puis ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."


def why_rows(outcome: Outcome) -> list[Story]:
    rows = []
    for site in outcome.sites:
        name, seats, opening, lost, instead = summary.site_line(outcome, site)
        is_open_to_all = site.tier != "corpo"
        people = french.number(site.inhabitants) if is_open_to_all else "sur accord"
        passing = on_the_way.bare(site.commuters) if is_open_to_all else ""
        if is_open_to_all and not instead:
            instead = "aucun candidat"
        rows.append(
            {
                "tier": site.tier,
                "kind": french.TIERS[site.tier].capitalize(),
                "cells": [name, seats, opening, people, passing, lost, instead],
            }
        )
    return rows


def payers(outcome: Outcome) -> list[Story]:
    """The payers that the chart shows, in its order, with their colours."""
    paid = charts.paid(outcome).values()
    return [
        {"name": french.PAYERS[payer], "colour": colour}
        for payer, colour in charts.PAYERS.items()
        if any(amounts.get(payer, 0) > 0 for amounts in paid)
    ]


def contributions(outcome: Outcome) -> Rows:
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
