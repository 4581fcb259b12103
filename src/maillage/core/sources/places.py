"""Existing places: third places (of 2019, or of today), France services, railway stations."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.sources import cog, files, lmn, positions
from maillage.core.sources.cog import Recoding, with_districts_merged
from maillage.core.sources.notes import Note
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

DATASETS = ("third_places", "service_houses", "stations")


@dataclass(frozen=True)
class Found:
    """The places of a file, as PLACES; its vintage is an ISO date where the file tells one."""

    table: pl.DataFrame
    vintage: str | None = None
    notes: tuple[Note, ...] = ()


def read(dataset: str, path: Path, recoding: Recoding) -> Found:
    """The places of one of DATASETS."""
    if dataset == "third_places" and lmn.is_lmn(path):
        return _read_lmn(path, recoding)
    readers = {
        "third_places": read_third_places,
        "service_houses": read_service_houses,
        "stations": read_stations,
    }
    return Found(readers[dataset](path, recoding))


def _read_lmn(path: Path, recoding: Recoding) -> Found:
    """The third places of the national schema; its France services have a list of their own."""
    places = lmn.read(path)
    third = places.table.filter(pl.col("kind") != "service_house")
    positions.refuse_misplaced(path, third.select("lon", "lat").rows())
    code = with_districts_merged(pl.col("commune_code"))
    table = third.with_columns(commune_code=recoding.current(code))
    whole = check(table.sort("commune_code", "name"), PLACES, path)
    return Found(whole, places.latest, places.notes)


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
