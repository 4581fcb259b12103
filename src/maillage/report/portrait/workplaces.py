"""The table of the communes where residents work."""

from typing import Any

import polars as pl

from maillage.core.portrait import Portrait
from maillage.report import french, shown
from maillage.report.shown import Cell, Column, Grid

# Below this a modelled destination is noise: it counts in the total only
LEAST_MODELLED_WORKERS = 50
ABROAD = "À l'étranger ou non précisé"


def destinations(portrait: Portrait) -> Grid:
    """Where residents work, the largest first; a small flow is an order of magnitude."""
    below = portrait.assumptions.value("flows.order_of_magnitude_below")
    trips, table = portrait.work.commuting, portrait.work.destinations
    if trips is not None and trips.origin == "modelled":
        table = table.filter(pl.col("workers") >= LEAST_MODELLED_WORKERS)
    columns = (
        Column("work_code", "Code Insee"),
        Column("work_name", "Commune de travail"),
        Column("is_inside", "Dans le territoire"),
        Column("workers", "Actifs", is_numeric=True),
        Column("workers_low", "Actifs, bas", is_numeric=True),
        Column("workers_high", "Actifs, haut", is_numeric=True),
        Column("straight_km", "Distance (km à vol d'oiseau)", is_numeric=True),
    )
    return Grid(
        "Communes où travaillent les habitants",
        columns,
        tuple(_destination(row, below) for row in table.iter_rows(named=True)),
    )


def _destination(row: dict[str, Any], below: float) -> tuple[Cell, ...]:
    low, high = _ends(row, below)
    central = None if row["workers"] < below else _exact(row)
    return (
        shown.words(row["work_code"]),
        Cell(row["work_name"] or ABROAD, row["work_name"]),
        shown.yes(row["is_inside"]),
        Cell(workers_words(row, below), central),
        *(Cell("" if end is None else french.number(end), end) for end in (low, high)),
        shown.number(row["straight_km"], 1),
    )


def workers_words(row: dict[str, Any], below: float) -> str:
    """1 230 (de 980 à 1 840); an order of magnitude under the limit."""
    low, high = _ends(row, below)
    if row["workers"] < below:
        return french.magnitude(row["workers"], below)
    if low is None or high is None:
        return french.number(_exact(row))
    return f"{french.number(_exact(row))} ({french.between(low, high)})"


def _exact(row: dict[str, Any]) -> int:
    """An observed flow as counted, a modelled one to the ten."""
    return round(row["workers"]) if row["low"] is None else _to_ten(row["workers"])


def _ends(row: dict[str, Any], below: float) -> tuple[float | None, float | None]:
    if row["workers"] < below:
        return french.magnitude_bounds(row["workers"], below)
    return tuple(None if row[end] is None else _to_ten(row[end]) for end in ("low", "high"))  # type: ignore[return-value]


def _to_ten(workers: float) -> int:
    return round(workers / 10) * 10
