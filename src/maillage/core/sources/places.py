"""Existing places: the third places of 2019, France services, railway stations."""

from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.sources import cog, files, positions
from maillage.core.sources.cog import Recoding, with_districts_merged
from maillage.core.tables import Column, Schema, check

PLACES = Schema(
    "places",
    (
        Column("kind", pl.String, "", "coworking, fablab, third_place, service_house or station"),
        Column("name", pl.String, "", "name of the place"),
        Column("commune_code", pl.String, "", "Insee code, null when not told", nullable=True),
        Column("lon", pl.Float64, "degree", "longitude"),
        Column("lat", pl.Float64, "degree", "latitude"),
    ),
)


def read_third_places(path: Path, recoding: Recoding) -> pl.DataFrame:
    """The third places counted in 2019, with the kind that dominates in each."""
    table = _read(path, ("TYPO", "NOM_TL", "INSEECOM", "LONG", "LAT"))
    kind = (
        pl.when(pl.col("TYPO").str.contains("coworking"))
        .then(pl.lit("coworking"))
        .when(pl.col("TYPO").str.contains("fablab"))
        .then(pl.lit("fablab"))
        .otherwise(pl.lit("third_place"))
    )
    return _places(path, table, kind, ("NOM_TL", "INSEECOM", "LONG", "LAT"), recoding)


def read_service_houses(path: Path, recoding: Recoding) -> pl.DataFrame:
    """France services houses: a place of public service that may host seats."""
    columns = ("lib_fs", "insee_com", "longitude", "latitude")
    return _places(path, _read(path, columns), pl.lit("service_house"), columns, recoding)


def read_stations(path: Path, recoding: Recoding) -> pl.DataFrame:
    """Railway stations with passengers; a station may have several UIC codes, and no place."""
    table = _read(path, ("nom", "codeinsee"))
    if "position_geographique" in table.columns:
        position = pl.col("position_geographique").str.split(",").list
        table = table.with_columns(
            lat=position.get(0, null_on_oob=True), lon=position.get(1, null_on_oob=True)
        )
    columns = ("nom", "codeinsee", "lon", "lat")
    return _places(path, files.required(path, table, columns), pl.lit("station"), columns, recoding)


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    return files.required(path, files.read_any(path), columns)


def _places(
    path: Path,
    table: pl.DataFrame,
    kind: pl.Expr,
    columns: tuple[str, str, str, str],
    recoding: Recoding,
) -> pl.DataFrame:
    """The places that have a position; `columns` are their name, commune, lon and lat."""
    name, code, lon, lat = columns
    cog.refuse_lost_zeros(path, table[code])
    told = pl.when(pl.col(code).str.contains(geo.COMMUNE_CODE.pattern)).then(pl.col(code))
    placed = (
        files.as_numbers(path, table, (lon, lat))
        .select(
            kind=kind,
            name=pl.col(name).str.strip_chars(),
            commune_code=recoding.current(with_districts_merged(told)),
            lon=pl.col(lon),
            lat=pl.col(lat),
        )
        .drop_nulls(("lon", "lat"))
    )
    positions.refuse_misplaced(path, placed.select("lon", "lat").rows())
    return check(placed.sort("commune_code", "name"), PLACES, path)
