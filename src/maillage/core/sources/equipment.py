"""Equipment of each commune: Insee's BPE, one line an equipment or a count by type."""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from maillage.core.sources import files, registry
from maillage.core.sources.cog import History, Recoded, with_districts_merged
from maillage.core.tables import Column, Schema, check, refuse_duplicates

# What a count is by, in the layout that counts: IRIS and year where the file has them
_COUNTED_BY = ("DEPCOM", "DCIRIS", "AN", "TYPEQU")

# Types that Insee renumbered since 2018 (nomenclature TYPEQU_2025), under the codes of 2018 that
# the baskets name; none of the new codes meant anything else then
_RENUMBERED = {
    "B104": "B101",  # hypermarket
    "B105": "B102",  # supermarket
    "B207": "B203",  # bakery
    "C107": "C101",  # nursery school
    "C108": "C104",  # primary school, nursery included
    "C109": "C104",  # primary school
    "D265": "D201",  # general practitioner
    "D277": "D221",  # dentist
    "D281": "D232",  # nurse
    "D307": "D301",  # pharmacy
}

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
    """Equipment counts by type in some current communes; none in a commune divided since.

    A type has its code of 2018, whatever the edition.
    """
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
            equipment_code=pl.col("TYPEQU").cast(pl.String).replace(_RENUMBERED),
            count=count.cast(pl.Int64),
        )
        .filter(pl.col("commune_code").is_in(kept))
        .group_by("commune_code", "equipment_code")
        .agg(pl.col("count").sum())
        .sort("commune_code", "equipment_code")
    )
    return Recoded(check(counts, EQUIPMENT, path), recoding.incomplete, notes)
