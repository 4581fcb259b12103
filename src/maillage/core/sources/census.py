"""Jobs and employed residents by commune, from Insee's census tables."""

import re
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files
from maillage.core.sources.cog import Recoding
from maillage.core.tables import Column, Schema, check

WORK = Schema(
    "work",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("employed", pl.Float64, "persons", "employed residents aged 15-64"),
        Column("unemployed", pl.Float64, "persons", "unemployed residents aged 15-64"),
        Column("jobs", pl.Float64, "jobs", "jobs at the workplace"),
        Column("salaried_jobs", pl.Float64, "jobs", "salaried jobs at the workplace"),
    ),
    key=("commune_code",),
)

# Insee writes the year in the variable's name: P18_EMPLT, P22_EMPLT
_VARIABLES = {
    "active": r"P(\d\d)_ACT1564",
    "unemployed": r"P(\d\d)_CHOM1564",
    "jobs": r"P(\d\d)_EMPLT",
    "salaried_jobs": r"P(\d\d)_EMPLT_SAL",
}


def read(path: Path, recoding: Recoding) -> tuple[pl.DataFrame, int]:
    """Jobs and employed residents by current commune, and the census year.

    Merged communes are summed; a commune that was split since has no figure.
    """
    table = files.read_any(path)
    code = next((name for name in ("CODGEO", "code") if name in table.columns), None)
    if code is None:
        raise BadInput("table_missing_column", table="census", columns=["CODGEO"])
    names, year = _columns_of_latest_year(table.columns, path)
    table = table.select(
        pl.col(code).cast(pl.String).alias("commune_code"),
        *(pl.col(found).cast(pl.Float64).alias(name) for name, found in names.items()),
    )
    table = _without_districts(table)
    table = table.with_columns(commune_code=recoding.current(pl.col("commune_code")))
    summed = (
        table.filter(~pl.col("commune_code").is_in(list(recoding.split)))
        .drop_nulls()
        .group_by("commune_code")
        .agg(pl.all().sum())
        .with_columns(employed=pl.col("active") - pl.col("unemployed"))
        .sort("commune_code")
    )
    return check(summed, WORK), year


def _columns_of_latest_year(columns: list[str], path: Path) -> tuple[dict[str, str], int]:
    names: dict[str, str] = {}
    years: set[int] = set()
    for name, pattern in _VARIABLES.items():
        matches = [m for c in columns if (m := re.fullmatch(pattern, c))]
        if not matches:
            raise BadInput("missing_variable", path=path, pattern=pattern)
        latest = max(matches, key=lambda m: int(m[1]))
        names[name] = latest[0]
        years.add(int(latest[1]))
    return names, 2000 + max(years)


def _without_districts(table: pl.DataFrame) -> pl.DataFrame:
    """Communes and districts stand together in the file: Paris must not count twice."""
    codes = table["commune_code"].to_list()
    return table.filter(pl.Series([not geo.is_district(code) for code in codes]))
