"""Equipment of each commune: Insee's BPE, one line an equipment or a count by type."""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from maillage.core.sources import files, registry
from maillage.core.sources.cog import History, Recoded, with_districts_merged
from maillage.core.tables import Column, Schema, check, refuse_duplicates

# What a count is by, in the layout that counts: IRIS and year where the file has them
_COUNTED_BY = ("DEPCOM", "DCIRIS", "AN", "TYPEQU")

EQUIPMENT = Schema(
    "equipment",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("equipment_code", pl.String, "", "type of equipment, BPE code"),
        Column("count", pl.Int64, "equipments", "how many there are"),
    ),
    key=("commune_code", "equipment_code"),
)


def read(path: Path, history: History, communes: Collection[str]) -> Recoded:
    """Equipment counts by type in some current communes; none in a commune divided since."""
    needed = ("DEPCOM", "TYPEQU")
    table = files.required(path, files.read_any(path, (*_COUNTED_BY, "NB_EQUIP")), needed)
    if "NB_EQUIP" in table.columns:
        table = files.as_counts(path, table, ["NB_EQUIP"])
        refuse_duplicates(table, path.name, [c for c in _COUNTED_BY if c in table.columns])
    count = pl.col("NB_EQUIP") if "NB_EQUIP" in table.columns else pl.lit(1)
    codes = table["DEPCOM"].cast(pl.String)
    recoding, notes = history.recoding(path, codes, registry.geography("equipment", path))
    kept = sorted(set(communes) - recoding.incomplete)
    counts = (
        table.filter(codes.is_in(recoding.former(kept)))
        .select(
            commune_code=recoding.current(with_districts_merged(pl.col("DEPCOM").cast(pl.String))),
            equipment_code=pl.col("TYPEQU").cast(pl.String),
            count=count.cast(pl.Int64),
        )
        .filter(pl.col("commune_code").is_in(kept))
        .group_by("commune_code", "equipment_code")
        .agg(pl.col("count").sum())
        .sort("commune_code", "equipment_code")
    )
    return Recoded(check(counts, EQUIPMENT, path), recoding.incomplete, notes)
