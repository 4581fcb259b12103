"""Observed commuting flows: Insee's flow base, or the individual MOBPRO detail file."""

import re
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files, registry
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

# home, work, category and workers: the flow base, the detail file, the table drawn from it
_COUNT = r"NBFLUX_C(\d\d)_ACTOCC15P"
_LAYOUTS = (
    ("CODGEO", "DCLT", "CS1", _COUNT),
    ("COMMUNE", "DCLT", "CS1", "IPONDI"),
    ("origine", "destination", "cs1", "actifs"),
)
_YEAR_IN_NAME = re.compile(r"rp(20\d\d)|(20\d\d)", re.IGNORECASE)


def read(path: Path, history: History) -> tuple[Recoded, int | None]:
    """Workers by home, workplace and category (null: not told), and the year where it is told.

    Weights are summed unrounded; codes abroad stay as they are; both ends are recoded. The
    workers who live in a commune divided since are left out, those who work there are kept.
    """
    table, year = _read_layout(path)
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
    return Recoded(check(summed, FLOWS, path), recoding.incomplete, notes), year


def _read_layout(path: Path) -> tuple[pl.DataFrame, int | None]:
    """The file's four columns under our names, and the year of its census."""
    columns = files.columns_of(path)
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
    if in_column:
        return 2000 + int(in_column[1])
    in_name = _YEAR_IN_NAME.search(path.name)
    return int(in_name[1] or in_name[2]) if in_name else None
