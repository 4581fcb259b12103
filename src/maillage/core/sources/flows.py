"""Observed commuting flows: Insee's flow base, or the individual MOBPRO detail file."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files, mobpro, registry
from maillage.core.sources.cog import History, Recoded, refuse_lost_zeros, with_districts_merged
from maillage.core.tables import Column, Schema, check

FLOWS = Schema(
    "flows",
    (
        Column("home_code", pl.String, "", "commune of residence"),
        Column("work_code", pl.String, "", "commune of work, or a code abroad"),
        Column("category", pl.String, "", "socio-professional category 1-6", nullable=True),
        Column("workers", pl.Float64, "persons", "employed residents who commute"),
    ),
    key=("home_code", "work_code", "category"),
)

# home, work, category and workers: the flow base, the table drawn from the detail file
_COUNT = r"NBFLUX_C(\d\d)_ACTOCC15P"
_LAYOUTS = (("CODGEO", "DCLT", "CS1", _COUNT), ("origine", "destination", "cs1", "actifs"))


def read(
    path: Path, history: History, homes: Collection[str] | None = None
) -> tuple[Recoded, int | None]:
    """Workers by home, workplace and category (null: not told), and the year where it is told.

    Weights are summed unrounded; codes abroad stay as they are; both ends are recoded. The
    workers who live in a commune divided since are left out, those who work there are kept.

    homes  current communes whose residents are wanted: the rest of a detail file is not even
           kept in memory; None: all
    """
    observed, year, _ = read_with_trips(path, history, homes)
    return observed, year


def read_with_trips(
    path: Path, history: History, homes: Collection[str] | None = None
) -> tuple[Recoded, int | None, pl.DataFrame | None]:
    """The same, and the trips by mode and working time as mobpro.DETAIL: None in a flow base.

    A detail file is read once, its flows are the sums of its trips.
    """
    columns = files.columns_of(path)
    if not mobpro.is_detail(columns):
        return *_read_base(path, columns, history, homes), None
    trips, year = mobpro.read_breakdown(path, history, homes)
    keys = ("home_code", "work_code", "category")
    summed = trips.table.group_by(keys, maintain_order=True).agg(pl.col("workers").sum())
    return replace(trips, table=check(summed.sort(keys), FLOWS, path)), year, trips.table


def _read_base(
    path: Path, columns: list[str], history: History, homes: Collection[str] | None
) -> tuple[Recoded, int | None]:
    table, year = _read_layout(path, columns)
    table = table.with_columns(
        with_districts_merged(pl.col(end)) for end in ("home_code", "work_code")
    )
    refuse_lost_zeros(path, table["work_code"])
    declared = registry.geography("flows", path, year)
    recoding, notes = history.recoding(path, table["home_code"], declared)
    summed = (
        table.with_columns(recoding.current(pl.col(end)) for end in ("home_code", "work_code"))
        .filter(~pl.col("home_code").is_in(list(recoding.incomplete)))
        .group_by("home_code", "work_code", "category")
        .agg(pl.col("workers").sum())
        .sort("home_code", "work_code", "category")
    )
    if homes is not None:
        summed = summed.filter(pl.col("home_code").is_in(list(homes)))
    return Recoded(check(summed, FLOWS, path), recoding.incomplete, notes), year


def count(path: Path, history: History) -> tuple[int, int | None]:
    """How many lines a study may draw from, and the year: a detail file is not summed for that."""
    if mobpro.is_detail(files.columns_of(path)):
        return mobpro.count(path, history)
    observed, year = read(path, history)
    return len(observed.table), year


def _read_layout(path: Path, columns: list[str]) -> tuple[pl.DataFrame, int | None]:
    """The file's four columns under our names, and the year of its census."""
    for home, work, category, pattern in _LAYOUTS:
        count = files.column_like(columns, pattern)
        if count is None or not {home, work} <= set(columns):
            continue
        table = files.with_rows(path, files.read_any(path, [home, work, category, count]))
        table = files.as_counts(path, table, [count]).select(
            home_code=pl.col(home).cast(pl.String),
            work_code=pl.col(work).cast(pl.String),
            category=pl.col(category) if category in columns else pl.lit(None, pl.String),
            workers=pl.col(count),
        )
        return table, _year(path, count)
    raise BadInput("unknown_flows", path=path, columns=columns[:8])


def _year(path: Path, count: str) -> int | None:
    in_column = re.fullmatch(_COUNT, count)
    return 2000 + int(in_column[1]) if in_column else mobpro.year_of(path)
