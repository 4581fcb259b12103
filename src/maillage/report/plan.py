"""An outcome as the plan.json document: every figure with its unit in its name and its origin."""

from typing import TYPE_CHECKING, Any

import polars as pl

from maillage.core.demand import NOT_ESTIMATED, Spread
from maillage.core.impact import Interval
from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.core.siting import Why
from maillage.report import french, on_the_way, travel_words

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads.quality import OffRoad, Quality

SCHEMA = "maillage/plan/1"
# Enough for money to the cent; beyond 2**53 a float is no whole number
DIGITS = 9
WHOLE_BELOW = 1e15

Document = dict[str, Any]


def document(outcome: Outcome) -> Document:
    """The plan as JSON values, in a fixed order; shares are 0-1, amounts in euros before tax."""
    return {
        "schema": SCHEMA,
        "territory": _territory(outcome),
        "travel": _travel(outcome),
        "commuting": _commuting(outcome),
        "on_the_way": _on_the_way(outcome),
        "demand": _demand(outcome),
        "coverage": _coverage(outcome),
        "sites": [_site(outcome, site) for site in outcome.sites],
        "not_chosen": _not_chosen(outcome),
        "existing": _existing(outcome),
        "certificate": _certificate(outcome),
        "curve": _curve(outcome),
        "front": _front(outcome),
        "money": _money(outcome),
        "impact": _impact(outcome),
        "sources": _sources(outcome),
        "assumptions": _assumptions(outcome),
        "notes": [
            {"code": note.code, **{k: _plain(v) for k, v in note.facts.items()}}
            for note in outcome.notes
        ],
    }


def _territory(outcome: Outcome) -> Document:
    territory = outcome.territory
    return {
        "siren": territory.siren,
        "name": territory.name,
        "communes": len(territory.communes),
        "population": territory.population,
        "population_in_cells": int(territory.cells["population"].sum()),
        "workers": tidy(territory.employed),
        "jobs": tidy(territory.jobs),
        "census_year": territory.tables.census_year,
        "origin": "observed",
    }


def _travel(outcome: Outcome) -> Document:
    a, quality = outcome.assumptions, outcome.road_quality
    times = travel_words.of_territory(outcome.territory)
    if quality is None:
        return {
            **travel_words.document(times),
            "error": {
                "detour": _assumed_range(a["travel.detour"]),
                "local_speed_kmh": _assumed_range(a["travel.local_speed"]),
            },
        }
    return {
        **travel_words.document(times),
        "error": {"car_pace": _assumed_range(a["roads.car_pace"])},
        "streets": _streets(outcome, quality),
    }


def _streets(outcome: Outcome, quality: "Quality") -> Document:
    every = outcome.candidates.every
    cells = outcome.territory.cells["commune_code"]
    return {
        "km": tidy(quality.streets_km),
        "left_out": len(quality.left_out),
        "left_out_km": tidy(sum(quality.left_out)),
        "cells_off_road": _off_road(quality.cells) | {"commune_code": cells[quality.cells.worst]},
        "places_off_road": None
        if quality.places is None
        else _off_road(quality.places) | {"id": every[quality.places.worst].id},
        "places_without_road": [
            {"id": every[j].id, "name": every[j].name, "metres": tidy(metres)}
            for j, metres in quality.without_road
        ],
        "inhabitants_without_road": quality.unreached,
    }


def _off_road(off: "OffRoad") -> Document:
    return {"median_m": tidy(off.median_m), "worst_m": tidy(off.worst_m)}


def _commuting(outcome: Outcome) -> Document:
    flows = outcome.commuting
    return {
        "origin": flows.origin,
        "workers": tidy(flows.workers),
        "mean_straight_km": tidy(flows.mean_km),
        "share_beyond_straight_km": {str(km): tidy(flows.beyond(km)) for km in (10, 20, 30)},
        "destinations": [
            {"code": code, "name": name, "workers": tidy(workers), "straight_km": tidy(km)}
            for code, name, workers, km in flows.by_workplace().head(12).iter_rows()
        ],
    }


def _on_the_way(outcome: Outcome) -> Document:
    persons = {"commuters": _range(outcome.commuters)}
    return on_the_way.document(outcome) | persons


def _demand(outcome: Outcome) -> Document:
    use = outcome.demand
    estimated = {
        public: {"status": "estimated", **_spread(s)} for public, s in use.by_public.items()
    }
    counted = {
        public: {"status": "observed_count", "persons": tidy(n)}
        for public, n in use.observed_counts.items()
    }
    unknown = {public: {"status": "not_estimated"} for public in NOT_ESTIMATED}
    return {
        "origin": "modelled",
        "seats_per_day": _spread(use.seats_per_day),
        "seats_at_peak": _spread(use.seats_at_peak),
        "users": _spread(use.users),
        "by_commune": {code: _spread(s, 3) for code, s in use.by_commune.items()},
        "by_public": estimated | counted | unknown,
        "influence": [
            {"key": i.key, "at_low": tidy(i.at_low), "at_high": tidy(i.at_high)}
            for i in use.influence[:5]
        ],
        "draws": use.draws,
        "seed": use.seed,
    }


def _coverage(outcome: Outcome) -> Document:
    coverage = outcome.coverage
    names = _commune_names(outcome)
    return {
        "minutes": coverage.within_min,
        "origin": "modelled",
        "population_share_before": tidy(coverage.before.central),
        "population_share_after": tidy(coverage.after.central),
        "range": {"before": _range(coverage.before), "after": _range(coverage.after)},
        "inhabitants": coverage.inhabitants,
        "mean_minutes": {
            "before": _range(coverage.mean_before),
            "after": _range(coverage.mean_after),
        },
        "hub_share": tidy(coverage.hub_share),
        **_without_car(outcome),
        "uncovered": [
            {"commune_code": code, "commune_name": names[code], "inhabitants": inhabitants}
            for code, inhabitants in coverage.uncovered.items()
        ],
    }


def _without_car(outcome: Outcome) -> Document:
    """Absent, rather than none, where no street is known."""
    found = outcome.without_car
    return {} if found is None else {"without_car": {m: _range(r) for m, r in found.items()}}


def _site(outcome: Outcome, site: Site) -> Document:
    candidate = site.candidate
    return {
        "id": candidate.id,
        "tier": site.tier,
        "name": candidate.name,
        "commune_code": candidate.commune_code,
        "commune_name": candidate.commune_name,
        "lon": candidate.lon,
        "lat": candidate.lat,
        "seats": site.seats,
        "is_existing": candidate.is_existing,
        "hosts": [{"kind": h.kind, "count": h.count} for h in candidate.hosts],
        "opening_year": site.opening_year,
        "inhabitants": site.inhabitants,
        "occupied_days": _range(site.occupied_days),
        "commuters": _range(site.commuters),
        "why": _why(outcome, site.why),
    }


def _why(outcome: Outcome, why: Why | None) -> Document:
    if why is None:
        return {"basis": outcome.candidates.corpo_basis}
    every = outcome.candidates.every
    return {
        "lost_if_removed": why.lost_if_removed,
        "lost_if_forbidden": why.lost_if_forbidden,
        "minis_if_forbidden": why.minis_if_forbidden,
        "is_for_commuters": why.is_for_commuters,
        "alternatives": [
            {
                "id": every[a.candidate].id,
                "commune_name": every[a.candidate].commune_name,
                "loss": a.loss,
            }
            for a in why.alternatives
        ],
    }


def _not_chosen(outcome: Outcome) -> list[Document]:
    """The villages that could host and do not: what one more mini-cowork there would bring."""
    every = outcome.candidates.every
    ranked = sorted(outcome.gains_if_added.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "id": every[j].id,
            "commune_code": every[j].commune_code,
            "commune_name": every[j].commune_name,
            "gain_if_added": gain,
        }
        for j, gain in ranked
    ]


def _existing(outcome: Outcome) -> list[Document]:
    return outcome.open_today.select("kind", "name", "commune_code", "lon", "lat").to_dicts()


def _certificate(outcome: Outcome) -> Document:
    return {
        "status": outcome.siting.status,
        "stages": [
            {
                "name": stage.name,
                "objective": tidy(stage.objective),
                "bound": tidy(stage.bound),
                "gap": tidy(stage.gap),
            }
            for stage in outcome.siting.stages
        ],
    }


def _curve(outcome: Outcome) -> list[Document]:
    everyone = int(outcome.problem.weight.sum())
    chosen = int(outcome.siting.open_sites["mini"].sum())
    return [
        {
            "minis": point.minis,
            "inhabitants": point.inhabitants,
            "share": tidy(point.inhabitants / everyone),
            "gap": tidy(point.gap),
            "is_plan": point.minis == chosen,
        }
        for point in outcome.curve
    ]


def _front(outcome: Outcome) -> Document:
    everyone = int(outcome.problem.weight.sum())
    every = outcome.candidates.every
    return {
        "origin": "modelled",
        "unit": "EUR per year, before tax, depreciation included, employers deducted, income not",
        "points": [
            {
                "euros_per_year": point.euros,
                "inhabitants": point.inhabitants,
                "share": tidy(point.inhabitants / everyone),
                "hubs": [every[j].id for j in point.hubs],
                "minis": [every[j].id for j in point.minis],
            }
            for point in outcome.front
        ],
    }


def _money(outcome: Outcome) -> Document:
    money = outcome.money
    return {
        "origin": "modelled",
        "unit": "EUR before tax",
        "investment": _range(money.investment),
        "operation_per_year": _range(money.operation),
        "net_operation_per_year": _range(money.mature_year),
        "net_cost_per_occupied_day": _range(money.cost_per_day),
        "net_cost_with_depreciation_per_occupied_day": _range(money.depreciated_cost_per_day),
        "net_cost_per_inhabitant": _range(money.per_inhabitant),
        "break_even_days_per_year": tidy(money.break_even_days),
        "stress_per_year": tidy(money.stress),
        "by_payer": [
            {
                "year": line.year,
                "investment_cents": line.investment_cents,
                "operation_cents": line.operation_cents,
                "income_cents": line.income_cents,
                "epci_net_cents": line.operation_cents["epci"] - line.income_cents,
                "occupied_days": tidy(line.occupied_days),
            }
            for line in money.years
        ],
        "by_site": [
            {
                "id": cost.id,
                "investment": _range(cost.investment),
                "operation_per_year": _range(cost.operation),
                "income_per_year": _range(cost.income),
            }
            for cost in money.sites
        ],
        "contributions": [
            {
                "grant_rate": c.grant_rate,
                "own_cents": c.own_cents,
                "own_share": tidy(c.own_share),
                "is_own_enough": c.is_own_enough,
                "matching_most_cents": c.matching_most_cents,
            }
            for c in money.contributions
        ],
    }


def _impact(outcome: Outcome) -> Document:
    effect = outcome.impact
    return {
        "origin": "modelled",
        "visits_per_year": _range(effect.visits),
        "work_km": tidy(effect.work_km),
        "site_km": tidy(effect.site_km),
        "threshold_office_share": _interval(effect.threshold),
        "curve": [
            {
                "office_share": tidy(point.office_share),
                "avoided_km": _interval(point.gross_km),
                "avoided_tco2e": _interval(point.net_t),
            }
            for point in effect.curve
        ],
    }


def _sources(outcome: Outcome) -> list[Document]:
    return [
        {
            "id": source.dataset.id,
            "publisher": source.dataset.publisher,
            "dataset": source.dataset.title,
            "vintage": source.vintage,
            "licence": source.dataset.licence,
            "file": source.file,
            "sha256": source.sha256,
        }
        for source in outcome.territory.tables.sources
    ]


def _assumptions(outcome: Outcome) -> Document:
    return {
        key: {
            "value": a.value,
            "low": a.low,
            "high": a.high,
            "unit": a.unit,
            "from": a.since.isoformat(),
            "source": french.source(a.source),
            "why": a.why,
        }
        for key, a in sorted(outcome.assumptions.by_key.items())
    }


def _commune_names(outcome: Outcome) -> dict[str, str]:
    return dict(outcome.territory.communes.select("commune_code", "name").iter_rows())


def _spread(spread: Spread, digits: int = DIGITS) -> Document:
    return {name: tidy(getattr(spread, name), digits) for name in ("p10", "p50", "p90", "mean")}


def _range(amount: Range) -> Document:
    return {case: tidy(getattr(amount, case)) for case in ("low", "central", "high")}


def _interval(interval: Interval) -> Document:
    return {case: tidy(getattr(interval, case)) for case in ("low", "central", "high")}


def _assumed_range(assumption: Any) -> Document:
    return {"low": assumption.low, "central": assumption.value, "high": assumption.high}


def _plain(value: object) -> Any:
    return value.to_list() if isinstance(value, pl.Series) else value


def tidy(value: float | None, digits: int = DIGITS) -> float | int | None:
    """Significant digits, the same bytes on every machine; None where there is no figure."""
    if value is None or value in (float("inf"), float("-inf")):
        return None
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < WHOLE_BELOW else rounded
