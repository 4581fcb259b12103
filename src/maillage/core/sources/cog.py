"""Communes and intercommunalities of the year, and the movements that changed commune codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.core import geo
from maillage.core.sources import files
from maillage.core.tables import Column, Schema, check

COMMUNES = Schema(
    "communes",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("name", pl.String, "", "name of the commune"),
        Column("siren", pl.String, "", "SIREN of the commune", nullable=True),
        Column("department", pl.String, "", "code of the département"),
        Column("epci_siren", pl.String, "", "SIREN of its intercommunality", nullable=True),
        Column("lon", pl.Float64, "degree", "longitude of the main town"),
        Column("lat", pl.Float64, "degree", "latitude of the main town"),
        Column("population", pl.Int64, "persons", "reference population", nullable=True),
        Column("area_km2", pl.Float64, "km2", "area", nullable=True),
    ),
    key=("commune_code",),
)

EPCIS = Schema(
    "epci",
    (
        Column("siren", pl.String, "", "SIREN"),
        Column("name", pl.String, "", "name"),
        Column("kind", pl.String, "", "CC, CA, CU or ME"),
    ),
    key=("siren",),
)

# Movement kinds of v_mvt_commune: 31-34 merge, 20 restore after a split, 21 split, 41 and 50 rename
_SPLIT = ("20", "21")


@dataclass(frozen=True)
class Recoding:
    """Old commune codes to the codes of the current geography.

    successors  old code -> the current code that took its whole territory
    split       codes that were divided: their figures cannot be shared out without a key
    """

    successors: Mapping[str, str]
    split: frozenset[str]

    def current(self, code: pl.Expr) -> pl.Expr:
        """The current code of a column of codes; unknown codes stay as they are."""
        return code.replace(dict(self.successors))


def read_communes(path: Path) -> pl.DataFrame:
    """The communes of the year with their intercommunality, town and population."""
    table = files.read_any(path)
    table = table.with_columns(
        lon=pl.coalesce("lon_cheflieu", "lon_centre").cast(pl.Float64),
        lat=pl.coalesce("lat_cheflieu", "lat_centre").cast(pl.Float64),
    ).filter(pl.col("lon").is_not_null() & (pl.col("zone") == "metro"))
    return check(
        table.rename(
            {
                "code": "commune_code",
                "nom": "name",
                "dep": "department",
                "siren_epci": "epci_siren",
                "population_cog": "population",
                "superficie_km2": "area_km2",
            }
        ),
        COMMUNES,
    )


def read_epcis(path: Path) -> pl.DataFrame:
    """The intercommunalities of the year."""
    table = files.read_any(path)
    return check(table.rename({"nom": "name", "nature": "kind"}), EPCIS)


def read_recoding(path: Path, since: str) -> Recoding:
    """What became of the codes of a geography, replaying every movement after its date.

    since  ISO date of the geography of the old codes ("2021-01-01")
    """
    table = files.read_any(path).filter(
        (pl.col("TYPECOM_AV") == "COM")
        & (pl.col("TYPECOM_AP") == "COM")
        & (pl.col("DATE_EFF") > since)
    )
    successors: dict[str, str] = {}
    split: set[str] = set()
    for date_eff in sorted(table["DATE_EFF"].unique()):
        events = table.filter(pl.col("DATE_EFF") == date_eff)
        split |= set(events.filter(pl.col("MOD").is_in(_SPLIT))["COM_AV"])
        moved = {
            before: after
            for kind, before, after in events.select("MOD", "COM_AV", "COM_AP").iter_rows()
            if kind not in _SPLIT and before != after
        }
        for old, now in successors.items():
            successors[old] = moved.get(now, now)
        for before, after in moved.items():
            successors.setdefault(before, after)
    return Recoding(successors, frozenset(split))


def with_districts_merged(column: pl.Expr) -> pl.Expr:
    """Commune codes with the municipal districts of Paris, Lyon, Marseille in their commune."""
    return column.map_elements(geo.commune_of_district, return_dtype=pl.String)


def normalised(name: str) -> str:
    """A name without case, accents, punctuation and small words, to compare names."""
    plain = name.lower().translate(_PLAIN)
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(word for word in words if word not in _SMALL_WORDS)


_PLAIN = str.maketrans("àâäçéèêëîïôöùûüÿœ’", "aaaceeeeiioouuuyo'")
_SMALL_WORDS = frozenset(
    [
        *("cc", "ca", "cu", "me", "communaute", "communes", "commune", "agglomeration"),
        *("d", "de", "du", "des", "l", "la", "le", "les", "et", "en"),
    ]
)
