"""Jobs and employed residents by commune, from Insee's census tables."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files, registry
from maillage.core.sources.cog import DISTRICTS, History, Recoded
from maillage.core.tables import Column, Schema, check, refuse_duplicates

WORK = Schema(
    "work",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("employed", pl.Float64, "persons", "employed residents aged 15-64", least=0),
        Column("unemployed", pl.Float64, "persons", "unemployed residents aged 15-64"),
        Column("jobs", pl.Float64, "jobs", "jobs at the workplace"),
        Column("salaried_jobs", pl.Float64, "jobs", "salaried jobs at the workplace"),
    ),
    key=("commune_code",),
)

INHABITANTS = Schema(
    "inhabitants",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("population", pl.Int64, "persons", "population of the census"),
        Column("area_km2", pl.Float64, "km2", "area"),
    ),
    key=("commune_code",),
)

# Insee writes the year in the variable's name: P18_EMPLT, P22_EMPLT. P and C are two different
# exploitations of the census: they are never added up, so only P variables are read.
_WORK_VARIABLES = {
    "active": r"P(\d\d)_ACT1564",
    "unemployed": r"P(\d\d)_CHOM1564",
    "jobs": r"P(\d\d)_EMPLT",
    "salaried_jobs": r"P(\d\d)_EMPLT_SAL",
}
_INHABITANT_VARIABLES = {"population": r"P(\d\d)_POP"}
_AREA_COLUMNS = ("SUPERF", "superficie_km2")


def read(path: Path, history: History) -> tuple[Recoded, int]:
    """Jobs and employed residents by current commune, and the year: the latest of the file.

    Merged communes are summed; a commune that was split since has no figure.
    """
    recoded, year = _summed(path, history, _WORK_VARIABLES, {})
    table = recoded.table.with_columns(employed=pl.col("active") - pl.col("unemployed"))
    return replace(recoded, table=check(table, WORK, path)), year


def read_inhabitants(path: Path, history: History) -> Recoded:
    """Population and area by current commune, of the latest year of the file."""
    area = next((name for name in _AREA_COLUMNS if name in files.columns_of(path)), None)
    if area is None:
        raise BadInput("table_missing_column", table=path.name, columns=[_AREA_COLUMNS[0]])
    recoded, _ = _summed(path, history, _INHABITANT_VARIABLES, {"area_km2": area})
    table = recoded.table.with_columns(pl.col("population").round())
    return replace(recoded, table=check(table, INHABITANTS, path))


def _summed(
    path: Path, history: History, variables: Mapping[str, str], others: Mapping[str, str]
) -> tuple[Recoded, int]:
    columns = files.columns_of(path)
    code = files.column_like(columns, "CODGEO", "code")
    if code is None:
        raise BadInput("table_missing_column", table=path.name, columns=["CODGEO"])
    names, year = _of_latest_year(columns, variables, path)
    names |= others
    table = files.with_rows(path, files.read_any(path, [code, *names.values()]))
    table = files.as_counts(path, table, names.values())
    refuse_duplicates(table, path.name, [code])
    # communes and districts stand together in the file: Paris must not count twice
    table = table.select(
        pl.col(code).cast(pl.String).alias("commune_code"),
        *(pl.col(found).alias(name) for name, found in names.items()),
    ).filter(~pl.col("commune_code").is_in(list(DISTRICTS)))
    declared = registry.geography("census", path, year)
    recoding, notes = history.recoding(path, table["commune_code"], declared)
    summed = (
        table.with_columns(commune_code=recoding.current(pl.col("commune_code")))
        .filter(~pl.col("commune_code").is_in(list(recoding.incomplete)))
        .drop_nulls()
        .group_by("commune_code")
        .agg(pl.all().sum())
        .sort("commune_code")
    )
    return Recoded(summed, recoding.incomplete, notes), year


def _of_latest_year(
    columns: list[str], variables: Mapping[str, str], path: Path
) -> tuple[dict[str, str], int]:
    """The columns of the latest year that has them all, and that year."""
    found: dict[str, dict[int, str]] = {}
    for name, pattern in variables.items():
        matches = [m for c in columns if (m := re.fullmatch(pattern, c))]
        if not matches:
            raise BadInput("missing_variable", path=path, pattern=pattern.replace(r"(\d\d)", "AA"))
        found[name] = {2000 + int(m[1]): m[0] for m in matches}
    common = set.intersection(*(set(years) for years in found.values()))
    if not common:
        raise BadInput(
            "years_differ", path=path, columns=[years[max(years)] for years in found.values()]
        )
    year = max(common)
    return {name: years[year] for name, years in found.items()}, year
