"""The portrait as a stable document: every number with its unit, origin, source and vintage."""

from math import isfinite
from typing import Any

from maillage.core.portrait import Band, Group, Measured, Portrait
from maillage.core.portrait.trips import LONG_KM
from maillage.report import travel_words
from maillage.report.plan import tidy

SCHEMA = "maillage/portrait/1"

Document = dict[str, Any]


def document(portrait: Portrait) -> Document:
    """The portrait as JSON values, in a fixed order; shares are 0-1; null: no figure."""
    place = portrait.territory
    return {
        "schema": SCHEMA,
        "territory": {
            "siren": place.siren,
            "name": place.name,
            "kind": place.kind,
            "communes": len(place.communes),
            "census_year": place.tables.census_year,
        },
        "population": _measured(portrait.population),
        "area": _measured(portrait.area_km2),
        "work": _work(portrait),
        "travel": travel_words.document(travel_words.of_territory(place)),
        "access": _access(portrait),
        "by_commune": [_commune(row) for row in portrait.by_commune.iter_rows(named=True)],
        "equipment": {family: _measured(m) for family, m in portrait.families.items()},
        "hosts": {kind: _measured(m) for kind, m in portrait.hosts.items()},
        "unknowns": [{"code": gap.code, "who": list(gap.who)} for gap in portrait.gaps],
        "notes": [note.code for note in portrait.notes],
        "sources": [
            {
                "id": source.dataset.id,
                "publisher": source.dataset.publisher,
                "dataset": source.dataset.title,
                "vintage": source.vintage,
                "licence": source.dataset.licence,
                "sha256": source.sha256,
            }
            for source in place.tables.sources
        ],
    }


def _work(portrait: Portrait) -> Document:
    work = portrait.work
    return {
        "employed": _measured(work.employed),
        "jobs": _measured(work.jobs),
        "jobs_per_100_employed": _measured(work.jobs_per_100),
        "outside_share": _measured(work.outside),
        "leavers_share": _measured(work.leavers),
        "bands": [_band(band, "straight_km") for band in work.bands],
        "unplaced_workers": tidy(work.unplaced),
        "destinations": [
            {
                "code": row["work_code"],
                "name": row["work_name"],
                "is_inside": row["is_inside"],
                "workers": tidy(row["workers"], 4),
                "low": tidy(row["low"], 4),
                "high": tidy(row["high"], 4),
                "straight_km": tidy(row["straight_km"], 4),
            }
            for row in work.destinations.head(12).iter_rows(named=True)
        ],
        "trips": _trips(portrait),
    }


def _trips(portrait: Portrait) -> Document | None:
    """What only the detail file tells; a null share is over too few workers."""
    trips = portrait.work.trips
    if trips is None:
        return None
    return {
        "workers": _measured(trips.workers),
        "fewest_workers": tidy(trips.fewest),
        "far_above_straight_km": LONG_KM,
        "far_share": _measured(trips.far),
        "part_time_share": _measured(trips.part_time),
        "modes": [_group(group, "mode") for group in trips.modes],
        "categories": [_group(group, "category") for group in trips.categories],
        "crossed": [
            {**row, "workers": tidy(row["workers"], 4)}
            for row in trips.crossed.iter_rows(named=True)
        ],
    }


def _group(group: Group, name: str) -> Document:
    return {
        name: group.key,
        "workers": _measured(group.workers),
        "share": _measured(group.share),
        "far_share": _measured(group.far),
    }


def _access(portrait: Portrait) -> Document | None:
    access = portrait.access
    if access is None:
        return None
    return {
        "mean": _measured(access.mean) if isfinite(access.mean.value) else None,
        "beyond_20_share": _measured(access.beyond(20)),
        "bands": [_band(band, "minutes") for band in access.bands],
        "places": [
            {
                "kind": row["kind"],
                "name": row["name"],
                "commune_code": row["commune_code"],
                "commune_name": row["commune_name"],
                "lon": tidy(row["lon"]),
                "lat": tidy(row["lat"]),
                "is_inside": row["is_inside"],
                "nearest_for": row["nearest_for"],
                "mean_minutes": {
                    "low": tidy(row["minutes_low"], 4),
                    "central": tidy(row["minutes"], 4),
                    "high": tidy(row["minutes_high"], 4),
                },
            }
            for row in access.places.iter_rows(named=True)
        ],
    }


def _commune(row: dict[str, Any]) -> Document:
    return {
        "code": row["commune_code"],
        "name": row["name"],
        "population": row["population"],
        "area_km2": tidy(row["area_km2"]),
        "employed": tidy(row["employed"]),
        "jobs": tidy(row["jobs"]),
        "population_in_cells": row["population_in_cells"],
        "mean_minutes": {
            "low": tidy(row.get("minutes_low"), 4),
            "central": tidy(row.get("minutes"), 4),
            "high": tidy(row.get("minutes_high"), 4),
        },
    }


def _band(band: Band, unit: str) -> Document:
    return {
        f"above_{unit}": max(0.0, band.above),
        f"up_to_{unit}": tidy(band.up_to),
        "persons": _measured(band.count),
        "share": _measured(band.share),
    }


def _measured(measured: Measured | None) -> Document | None:
    if measured is None:
        return None
    return {
        "value": tidy(measured.value),
        "low": tidy(measured.low),
        "high": tidy(measured.high),
        "unit": measured.unit,
        "origin": measured.origin,
        "sources": [source.dataset.id for source in measured.sources],
        "vintage": [source.vintage for source in measured.sources],
    }
