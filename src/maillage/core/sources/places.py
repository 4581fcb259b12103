"""Existing places: the third places of 2019, France services, railway stations."""

from pathlib import Path

import polars as pl

from maillage.core.sources import files
from maillage.core.sources.cog import Recoding, with_districts_merged
from maillage.core.tables import Column, Schema, check

PLACES = Schema(
    "places",
    (
        Column("kind", pl.String, "", "coworking, fablab, third_place, service_house or station"),
        Column("name", pl.String, "", "name of the place"),
        Column("commune_code", pl.String, "", "Insee code"),
        Column("lon", pl.Float64, "degree", "longitude"),
        Column("lat", pl.Float64, "degree", "latitude"),
    ),
)


def read_third_places(path: Path, recoding: Recoding) -> pl.DataFrame:
    """The third places counted in 2019, with the kind that dominates in each."""
    table = files.read_any(path).filter(pl.col("LAT").is_not_null())
    kind = (
        pl.when(pl.col("TYPO").str.contains("coworking"))
        .then(pl.lit("coworking"))
        .when(pl.col("TYPO").str.contains("fablab"))
        .then(pl.lit("fablab"))
        .otherwise(pl.lit("third_place"))
    )
    return _places(table, kind, "NOM_TL", "INSEECOM", "LONG", "LAT", recoding)


def read_service_houses(path: Path, recoding: Recoding) -> pl.DataFrame:
    """France services houses: a place of public service that may host seats."""
    table = files.read_any(path).filter(pl.col("latitude").is_not_null())
    kind = pl.lit("service_house")
    return _places(table, kind, "lib_fs", "insee_com", "longitude", "latitude", recoding)


def read_stations(path: Path, recoding: Recoding) -> pl.DataFrame:
    """Railway stations with passengers."""
    table = files.read_any(path)
    if "position_geographique" in table.columns:
        position = pl.col("position_geographique").str.split(",").list
        table = table.with_columns(
            lat=position.get(0, null_on_oob=True), lon=position.get(1, null_on_oob=True)
        )
    table = table.filter(pl.col("lon").is_not_null() & pl.col("codeinsee").is_not_null())
    return _places(table, pl.lit("station"), "nom", "codeinsee", "lon", "lat", recoding)


def _places(
    table: pl.DataFrame, kind: pl.Expr, name: str, code: str, lon: str, lat: str, recoding: Recoding
) -> pl.DataFrame:
    placed = table.select(
        kind=kind,
        name=pl.col(name).str.strip_chars(),
        commune_code=recoding.current(with_districts_merged(pl.col(code))),
        lon=pl.col(lon).str.strip_chars().cast(pl.Float64),
        lat=pl.col(lat).str.strip_chars().cast(pl.Float64),
    )
    return check(placed.sort("commune_code", "name"), PLACES)
