"""The dictionary of the open tables: what each column is and where it comes from."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from maillage.report import french

ANY = "*"
OF_TRIPS = "trips"


@dataclass(frozen=True)
class Meaning:
    """One column: unit, meaning, origin of its values, identifiers of its datasets."""

    unit: str
    meaning: str
    origin: str
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    """Where a value comes from; `source` names publishers and vintages: « Insee (RP 2018) »."""

    origin: str
    source: str


@cache
def _entries() -> dict[str, Meaning]:
    text = resources.files(__package__).joinpath("dictionary.toml").read_text(encoding="utf-8")
    return {
        key: Meaning(e["unit"], e["meaning"], e["origin"], tuple(e["datasets"]))
        for key, e in tomllib.loads(text).items()
    }


def meaning(table: str, column: str) -> Meaning:
    """What a column of an open table is."""
    entries = _entries()
    return entries.get(f"{table}.{column}") or entries[f"{table}.{ANY}"]


def provenance(
    table: str, column: str, sources: Sequence[Mapping[str, Any]], trips: str
) -> Provenance:
    """Where the values of a column come from, for a portrait.

    sources  the lines `sources` of portrait.json
    trips    origin of the trips of this portrait
    """
    found = meaning(table, column)
    read = [s for name in found.datasets for s in sources if s["id"] == name]
    return Provenance(
        trips if found.origin == OF_TRIPS else found.origin,
        cited((s["publisher"], french.vintage(s["vintage"])) for s in read),
    )


def cited(read: Iterable[tuple[str, str]]) -> str:
    """Publishers and their vintages, each once."""
    return " ; ".join(dict.fromkeys(f"{publisher} ({vintage})" for publisher, vintage in read))
