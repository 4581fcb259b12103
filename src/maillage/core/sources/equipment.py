"""Equipment of each commune: Insee's BPE, one line an equipment or a count by type."""

from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files
from maillage.core.sources.cog import Recoding, with_districts_merged
from maillage.core.tables import Column, Schema, check

EQUIPMENT = Schema(
    "equipment",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("equipment_code", pl.String, "", "type of equipment, BPE code"),
        Column("count", pl.Int64, "equipments", "how many there are"),
    ),
    key=("commune_code", "equipment_code"),
)


def read(path: Path, recoding: Recoding) -> pl.DataFrame:
    """Equipment counts by current commune and type."""
    table = files.read_any(path)
    for name in ("DEPCOM", "TYPEQU"):
        if name not in table.columns:
            raise BadInput("table_missing_column", table="equipment", columns=[name])
    count = pl.col("NB_EQUIP").cast(pl.Int64) if "NB_EQUIP" in table.columns else pl.lit(1)
    counts = (
        table.select(
            commune_code=pl.col("DEPCOM").cast(pl.String),
            equipment_code=pl.col("TYPEQU").cast(pl.String),
            count=count,
        )
        .group_by("commune_code", "equipment_code")
        .agg(pl.col("count").sum())
        .with_columns(commune_code=recoding.current(with_districts_merged(pl.col("commune_code"))))
        .group_by("commune_code", "equipment_code")
        .agg(pl.col("count").sum())
        .sort("commune_code", "equipment_code")
    )
    return check(counts, EQUIPMENT)
