"""Inhabited cells of 1 km: the census grid of Eurostat and Insee (EPSG:3035)."""

import re
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources import files
from maillage.core.tables import Column, Schema, check, refuse_below, refuse_duplicates

CELLS = Schema(
    "cells",
    (
        Column("x3035_m", pl.Int64, "m", "east of the south-west corner, EPSG:3035"),
        Column("y3035_m", pl.Int64, "m", "north of the south-west corner, EPSG:3035"),
        Column("lon", pl.Float64, "degree", "longitude of the cell's centre"),
        Column("lat", pl.Float64, "degree", "latitude of the cell's centre"),
        Column("commune_code", pl.String, "", "commune of the cell's centre", nullable=True),
        Column("population", pl.Int64, "persons", "inhabitants"),
        Column("aged_15_64", pl.Int64, "persons", "inhabitants aged 15 to 64"),
    ),
    key=("x3035_m", "y3035_m"),
)

SIDE_M = 1000
EPSG = 3035
# Eurostat's mark for a value that is not given, and for one kept secret (since version 3)
_ABSENT, _SECRET = -9999, -8888
_COUNTS = ("T", "Y_1564")
_GRID_ID = re.compile(r"^CRS3035RES1000mN(\d+)E(\d+)$")
# A line for the inhabitants that a country could not place (since version 3)
_UNPLACED = r"^[A-Z]{2}_unallocated$"


def read(path: Path) -> pl.DataFrame:
    """Every inhabited cell of the box of France; `commune_code` is null where it is not given.

    Eurostat's file has four million cells: it is read piece by piece, and the rest of Europe left.
    """
    box, kept, example = _mainland_box(), [], None
    for piece in files.read_in_pieces(path, ("GRD_ID", "x", "y", *_COUNTS, "code_commune_approx")):
        cells = _placed(path, files.required(path, piece, _COUNTS) if example is None else piece)
        if example is None and len(cells):
            example = cells["x"][0]
        kept.append(_counted(path, cells.filter(_is_within(box))))
    table = pl.concat(kept)
    if table.is_empty():
        raise BadInput("unknown_grid", path=path, example=f"x = {example or 0:.0f}")
    refuse_duplicates(table, path.name, ("x", "y"))
    return table.select(
        pl.col("x").cast(pl.Int64).alias("x3035_m"),
        pl.col("y").cast(pl.Int64).alias("y3035_m"),
        pl.col("T").cast(pl.Int64).alias("population"),
        pl.col("Y_1564").fill_null(_ABSENT).cast(pl.Int64).alias("aged_15_64"),
        pl.col("code_commune_approx").cast(pl.String).alias("commune_code"),
    ).filter(pl.col("population") > 0)


def _placed(path: Path, piece: pl.DataFrame) -> pl.DataFrame:
    """The cells of some lines, by their south-west corner in metres, on the kilometre."""
    if "GRD_ID" in piece.columns:
        piece = _corners_from_ids(piece, path)
    missing = [name for name in ("x", "y") if name not in piece.columns]
    if missing:
        raise BadInput("table_missing_column", table=path.name, columns=missing)
    table = files.as_numbers(path, piece, ("x", "y"))
    off = table.filter((pl.col("x") % SIDE_M != 0) | (pl.col("y") % SIDE_M != 0))
    if not off.is_empty():
        raise BadInput("unknown_grid", path=path, example=f"x = {off['x'][0]:.0f}")
    return table


def _counted(path: Path, cells: pl.DataFrame) -> pl.DataFrame:
    """The inhabitants of some cells as numbers, none of them negative."""
    table = files.as_numbers(path, cells, _COUNTS)
    told = table.with_columns(pl.col(_COUNTS).replace([_ABSENT, _SECRET], None))
    for column in _COUNTS:
        refuse_below(told, path.name, column)
    if "code_commune_approx" not in table.columns:
        table = table.with_columns(code_commune_approx=pl.lit(None, pl.String))
    return table.select("x", "y", *_COUNTS, "code_commune_approx")


def tells_communes(cells: pl.DataFrame) -> bool:
    """Whether the file gives the commune of some cells."""
    return cells["commune_code"].null_count() < len(cells)


def around(cells: pl.DataFrame, bounds: tuple[float, float, float, float]) -> pl.DataFrame:
    """The cells in a box of degrees (west, south, east, north), with a margin of some cells."""
    west, south, east, north = bounds
    corners = np.array([[west, south], [west, north], [east, south], [east, north]])
    low = geo.project_to(corners, EPSG).min(axis=0) - 3 * SIDE_M
    high = geo.project_to(corners, EPSG).max(axis=0) + 3 * SIDE_M
    return cells.filter(
        pl.col("x3035_m").is_between(low[0], high[0])
        & pl.col("y3035_m").is_between(low[1], high[1])
    )


def located(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with the longitude and latitude of their centre, as the schema wants them."""
    corners = cells.select("x3035_m", "y3035_m").to_numpy().astype(np.float64)
    lonlat = geo.unproject(corners + SIDE_M / 2, EPSG)
    placed = cells.with_columns(
        lon=pl.Series(lonlat[:, 0].round(6)),
        lat=pl.Series(lonlat[:, 1].round(6)),
        aged_15_64=pl.col("aged_15_64").clip(lower_bound=0),
    )
    return check(placed.sort("x3035_m", "y3035_m"), CELLS)


def _is_within(box: tuple[float, float, float, float]) -> pl.Expr:
    west, south, east, north = box
    return pl.col("x").is_between(west, east) & pl.col("y").is_between(south, north)


def _mainland_box() -> tuple[float, float, float, float]:
    """West, south, east, north of mainland France in the grid's metres."""
    corners = np.array([[lon, lat] for lon in geo.MAINLAND_LON for lat in geo.MAINLAND_LAT])
    xy = geo.project_to(corners, EPSG)
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _corners_from_ids(table: pl.DataFrame, path: Path) -> pl.DataFrame:
    table = table.filter(~pl.col("GRD_ID").str.contains(_UNPLACED).fill_null(value=False))
    ids = table["GRD_ID"].str.extract_groups(_GRID_ID.pattern)
    if ids.struct.field("1").null_count():
        raise BadInput("unknown_grid", path=path, example=table["GRD_ID"][0])
    return table.with_columns(
        y=ids.struct.field("1").cast(pl.Int64), x=ids.struct.field("2").cast(pl.Int64)
    )
