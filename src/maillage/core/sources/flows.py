"""Observed commuting flows: Insee's flow base, or the individual MOBPRO detail file."""

import re
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files
from maillage.core.sources.cog import Recoding, with_districts_merged
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

_COUNT = re.compile(r"NBFLUX_C(\d\d)_ACTOCC15P")


def read(path: Path, recoding: Recoding) -> pl.DataFrame:
    """Workers by home, workplace and category (null when the file does not tell).

    Weights are summed unrounded; codes abroad stay as they are; both ends are recoded.
    """
    table = files.read_any(path)
    count = next((name for name in table.columns if _COUNT.fullmatch(name)), None)
    if count is not None:
        flows = _selected(table, "CODGEO", "DCLT", "CS1", count)
    elif "IPONDI" in table.columns:
        flows = _selected(table, "COMMUNE", "DCLT", "CS1", "IPONDI")
    else:
        raise BadInput("unknown_flows", path=path, columns=table.columns[:8])
    recoded = flows.with_columns(
        recoding.current(with_districts_merged(pl.col(end))) for end in ("home_code", "work_code")
    )
    summed = recoded.group_by("home_code", "work_code", "category").agg(pl.col("workers").sum())
    return check(summed.sort("home_code", "work_code", "category"), FLOWS)


def _selected(table: pl.DataFrame, home: str, work: str, category: str, count: str) -> pl.DataFrame:
    return table.select(
        home_code=pl.col(home).cast(pl.String),
        work_code=pl.col(work).cast(pl.String),
        category=pl.col(category) if category in table.columns else pl.lit(None, pl.String),
        workers=pl.col(count).cast(pl.Float64),
    )
