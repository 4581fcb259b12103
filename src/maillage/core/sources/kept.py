"""The tables of a territory as one file, to compute again later from exactly what was read."""

import io
import json
import zipfile
from dataclasses import asdict

import polars as pl
import shapely

from maillage.core.sources import osm
from maillage.core.sources.gather import Tables
from maillage.core.sources.notes import Note
from maillage.core.sources.registry import Source, edition

FRAMES = ("communes", "work", "cells", "equipment", "places", "flows")
ABOUT = "about.json"
OUTLINES = "outlines.json"
STREETS = "streets.zip"
# absent where the file of flows was no detail file
TRIPS = "trips.parquet"
# a fixed date: the same tables give the same bytes
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def to_bytes(tables: Tables) -> bytes:
    """A ZIP of Parquet tables, outlines in WKB and what is known of their sources."""
    parts = {f"{name}.parquet": _parquet(getattr(tables, name)) for name in FRAMES}
    parts[OUTLINES] = json.dumps(
        {code: shapely.to_wkb(shape, hex=True) for code, shape in tables.outlines.items()}
    ).encode()
    about = {
        "siren": tables.siren,
        "name": tables.name,
        "kind": tables.kind,
        "census_year": tables.census_year,
        "notes": [asdict(note) for note in tables.notes],
        "sources": [[s.dataset.id, s.file, s.sha256, s.vintage] for s in tables.sources],
    }
    parts[ABOUT] = json.dumps(about, ensure_ascii=False).encode()
    if tables.streets is not None:
        parts[STREETS] = osm.to_bytes(tables.streets)
    if tables.trips is not None:
        parts[TRIPS] = _parquet(tables.trips)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), data)
    return written.getvalue()


def from_bytes(data: bytes) -> Tables:
    """The tables that `to_bytes` wrote."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = json.loads(archive.read(ABOUT))
        outlines = json.loads(archive.read(OUTLINES))
        has_streets = STREETS in archive.namelist()
        streets = osm.from_bytes(archive.read(STREETS)) if has_streets else None
        has_trips = TRIPS in archive.namelist()
        trips = pl.read_parquet(io.BytesIO(archive.read(TRIPS))) if has_trips else None
        frames = {
            name: pl.read_parquet(io.BytesIO(archive.read(f"{name}.parquet"))) for name in FRAMES
        }
    return Tables(
        siren=about["siren"],
        name=about["name"],
        kind=about["kind"],
        **frames,
        outlines={code: shapely.from_wkb(shape) for code, shape in outlines.items()},
        sources=tuple(
            Source(edition(dataset, file), file, sha256, vintage)
            for dataset, file, sha256, vintage in about["sources"]
        ),
        census_year=about["census_year"],
        notes=tuple(Note(**note) for note in about["notes"]),
        streets=streets,
        trips=trips,
    )


def _parquet(frame: pl.DataFrame) -> bytes:
    written = io.BytesIO()
    frame.write_parquet(written, compression="zstd")
    return written.getvalue()
