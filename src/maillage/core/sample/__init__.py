"""The embedded demonstration territory: CC Saône-Beaujolais, facts of official tables.

The tables are the project's own, in its own schema; columns.toml says where each comes from.
`python -m maillage.core.sample.build FOLDER` writes them again from the official tables.
"""

import hashlib
import io
import json
import tomllib
from collections.abc import Mapping
from importlib import resources

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from maillage.core.sources import flows, grid
from maillage.core.sources.gather import Tables
from maillage.core.sources.places import PLACES
from maillage.core.sources.registry import Source, datasets
from maillage.core.tables import Column, Schema, check

SIREN = "200067817"
NAME = "CC Saône-Beaujolais"
KIND = "CC"
CENSUS_YEAR = 2018

COMMUNES = Schema(
    "sample communes",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("name", pl.String, "", "name"),
        Column("is_member", pl.Boolean, "", "whether it belongs to the intercommunality"),
        Column("lon", pl.Float64, "degree", "longitude of the main town"),
        Column("lat", pl.Float64, "degree", "latitude of the main town"),
        Column("population", pl.Int64, "persons", "reference population 2023", nullable=True),
        Column("area_km2", pl.Float64, "km2", "area", nullable=True),
        Column("employed", pl.Float64, "persons", "employed residents 15-64", nullable=True),
        Column("unemployed", pl.Float64, "persons", "unemployed residents 15-64", nullable=True),
        Column("jobs", pl.Float64, "jobs", "jobs at the workplace", nullable=True),
        Column("salaried_jobs", pl.Float64, "jobs", "salaried jobs", nullable=True),
    ),
    key=("commune_code",),
)
CELLS = Schema(
    "sample cells",
    tuple(c for c in grid.CELLS.columns if c.name not in ("lon", "lat")),
    key=grid.CELLS.key,
)
EQUIPMENT = Schema(
    "sample equipment",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("equipment_code", pl.String, "", "type of equipment, BPE code"),
        Column("count", pl.Int64, "equipments", "how many there are"),
    ),
)
SCHEMAS = {
    "communes.csv": COMMUNES,
    "cells.csv": CELLS,
    "equipment.csv": EQUIPMENT,
    "places.csv": PLACES,
}
WORK_COLUMNS = ("employed", "unemployed", "jobs", "salaried_jobs")


def load() -> Tables:
    """The tables of the embedded territory."""
    communes = _table("communes.csv")
    empty_flows = pl.DataFrame(schema={c.name: c.dtype for c in flows.FLOWS.columns})
    return Tables(
        siren=SIREN,
        name=NAME,
        kind=KIND,
        communes=communes.drop(WORK_COLUMNS),
        work=communes.select("commune_code", *WORK_COLUMNS).drop_nulls(),
        cells=grid.located(_table("cells.csv")),
        equipment=_table("equipment.csv"),
        places=_table("places.csv"),
        flows=empty_flows,
        outlines=_outlines(),
        sources=_sources(),
        census_year=CENSUS_YEAR,
    )


def _bytes(name: str) -> bytes:
    return resources.files(__name__).joinpath(name).read_bytes()


def _table(name: str) -> pl.DataFrame:
    schema = SCHEMAS[name]
    dtypes = {column.name: column.dtype for column in schema.columns}
    return check(pl.read_csv(io.BytesIO(_bytes(name)), schema=dtypes), schema)


def _outlines() -> Mapping[str, BaseGeometry]:
    features = json.loads(_bytes("outlines.geojson"))["features"]
    return {
        f["properties"]["commune_code"]: shapely.geometry.shape(f["geometry"]) for f in features
    }


def _sources() -> tuple[Source, ...]:
    """One source a column's origin: the dataset it was taken from, the file that holds it."""
    origins: dict[str, str] = {}
    for entry in tomllib.loads(_bytes("columns.toml").decode()).values():
        origins.setdefault(entry["dataset"], entry["file"])
    return tuple(
        Source(
            datasets()[dataset],
            name,
            hashlib.sha256(_bytes(name)).hexdigest(),
            datasets()[dataset].vintage,
        )
        for dataset, name in origins.items()
    )
