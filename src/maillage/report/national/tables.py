"""The country as tables: a line an intercommunality, a line a site, a line a failure."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import polars as pl

from maillage.core.national import Country, Neighboured, Place, Record
from maillage.report import french
from maillage.report.files import table_csv

TIERS = {"hub": "hubs", "mini": "minis", "corpo": "corpos"}
TRAVEL = {True: "roads", False: "distance"}
_CASES = ("low", "central", "high")


@dataclass(frozen=True)
class Failed:
    """A place without plan: why, in French, and the trace of a bug."""

    place: Place
    reason: str
    trace: str = ""


def national(country: Country, records: Sequence[Record]) -> pl.DataFrame:
    """A line an intercommunality, columns described in docs/method/national.md."""
    by_siren = {record.plan.siren: record for record in records}
    rows = [_row(found, by_siren[found.plan.siren]) for found in country.places]
    return pl.DataFrame(rows, infer_schema_length=None)


def sites(country: Country) -> pl.DataFrame:
    """A line a site of every plan."""
    rows = [
        {"siren": found.plan.siren, **asdict(site)}
        for found in country.places
        for site in found.plan.sites
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def failures_csv(failed: Sequence[Failed]) -> bytes:
    """A line a failure, for a spreadsheet."""
    columns = ["siren", "name", "department", "reason", "trace"]
    rows: list[list[object]] = [
        [f.place.siren, f.place.name, f.place.department, f.reason, f.trace]
        for f in sorted(failed, key=lambda f: french.sort_key(f.place.name))
    ]
    return table_csv(columns, rows)


def parquet(table: pl.DataFrame) -> bytes:
    """A table as a Parquet file."""
    written = io.BytesIO()
    table.write_parquet(written, compression="zstd")
    return written.getvalue()


def _row(found: Neighboured, record: Record) -> Mapping[str, object]:
    plan = found.plan
    tiers = [site.tier for site in plan.sites]
    ranges = {
        f"{name}_{case}": getattr(amount, case)
        for name, amount in (
            ("coverage_today", plan.before),
            ("coverage_alone", plan.after),
            ("investment_eur", plan.investment_eur),
            ("operation_eur", plan.operation_eur),
            ("yearly_net_eur", plan.yearly_net_eur),
        )
        for case in _CASES
    }
    return {
        "siren": plan.siren,
        "name": plan.name,
        "department": record.department,
        "population": plan.population,
        "inhabitants_of_cells": plan.inhabitants,
        "communes": plan.communes,
        "cells": plan.cells,
        "candidates": plan.candidates,
        **{column: tiers.count(tier) for tier, column in TIERS.items()},
        "seats": sum(site.seats for site in plan.sites),
        **ranges,
        "coverage_with_neighbours": found.share_with_neighbours,
        "worst_commune_share": plan.worst_commune_share,
        "status": plan.status,
        "gap": plan.gap,
        "value": plan.value,
        "bound": plan.bound,
        "bound_with_neighbours": plan.halo_bound,
        "travel": TRAVEL[plan.is_by_road],
        "seconds": record.seconds,
        "cpu_s": record.cpu_s,
        "memory_mb": record.memory_mb,
        "digest": record.digest,
    }
