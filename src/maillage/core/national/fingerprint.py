"""What a plan depends on, as a fingerprint: rows of its tables, assumptions, code of the method.

Two runs whose fingerprints are equal give the same plan: the second is left out.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

import polars as pl
import polars.selectors as cs
import shapely

from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Request
from maillage.core.sources import osm
from maillage.core.sources.gather import Tables

FRAMES = ("communes", "work", "cells", "equipment", "places", "flows")
# Sums of weights may be added in any order: beyond these decimals two readings differ
_DECIMALS = 6
# Rooms of core that no plan goes through; any other, even one to come, counts as the method
APART = frozenset(
    {
        *("accounting", "contract_terms", "fit_out", "fitness", "identifiers", "invoicing"),
        *("national", "overlap", "portrait", "programme", "sample", "sharing", "small_counts"),
        *("tariffs", "verification"),
    }
)
_SUFFIXES = (".py", ".toml")
_LIBRARIES = ("highspy", "numpy", "polars", "pyproj", "shapely")


@cache
def method_print() -> str:
    """The code and the libraries that a plan goes through, and the plan of the country itself."""
    digest = hashlib.sha256()
    root = resources.files("maillage.core")
    for name, data in _code(root):
        digest.update(name.encode() + b"\0" + data)
    for file in ("planned.py", "fingerprint.py"):
        digest.update((root / "national" / file).read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\n".encode())
    return digest.hexdigest()


def of_tables(tables: Tables, assumptions: Assumptions, request: Request, method: str) -> str:
    """The fingerprint of one plan: the rows of the place and of its surroundings, not the files.

    method  of `method_print`
    """
    digest = hashlib.sha256(method.encode())
    digest.update(repr((tables.siren, tables.name, tables.kind, tables.census_year)).encode())
    for name in FRAMES:
        digest.update(_rows(getattr(tables, name)))
    for code, shape in tables.outlines.items():
        digest.update(code.encode() + shapely.to_wkb(shape))
    if tables.streets is not None:
        digest.update(osm.to_bytes(tables.streets))
    digest.update(choices_print(assumptions, request).encode())
    return digest.hexdigest()


def choices_print(assumptions: Assumptions, request: Request) -> str:
    """The fingerprint of the assumptions in force and of what was asked."""
    values = {key: (a.low, a.value, a.high) for key, a in sorted(assumptions.by_key.items())}
    return hashlib.sha256((json.dumps(values) + repr(request)).encode()).hexdigest()


def _rows(frame: pl.DataFrame) -> bytes:
    rounded = frame.with_columns(cs.float().round(_DECIMALS))
    return rounded.write_csv().encode()


def _code(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not path and entry.name.removesuffix(".py") in APART:
            continue
        if entry.is_dir():
            yield from _code(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(_SUFFIXES):
            yield f"{path}{entry.name}", entry.read_bytes()
