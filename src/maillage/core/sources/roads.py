"""The streets around an intercommunality, from one or more extracts of OpenStreetMap."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import osm
from maillage.core.sources.notes import Note
from maillage.core.sources.osm import Box, Streets

# A cell has roads when a street passes in its square of this side or a neighbouring one
_SQUARE_M = 2000.0
# Below this share of the inhabitants near a street, the extract is another place's, or half of it
COVERED = 0.95

# What is kept of a cut is read again only by the same reading
_EDITION = 3


@dataclass(frozen=True)
class Found:
    """What the extracts gave: streets or None, the files they come from, what must be said."""

    streets: Streets | None = None
    used: tuple[Path, ...] = ()
    notes: tuple[Note, ...] = ()


def around(
    nearby: pl.DataFrame,
    cells: pl.DataFrame,
    extracts: Sequence[Path],
    *,
    is_chosen: bool,
    assumptions: Assumptions,
    cache: Path | None = None,
) -> Found:
    """Every street near the cells, and the main roads as far as the communes around.

    is_chosen  the person named the extracts: what does not suit is refused, not left aside
    Raises BadInput of `osm.read`, and `roads_partial` when too few inhabitants have a street.
    """
    if not extracts:
        return Found()
    margin = assumptions.value("roads.near_km")
    near = _box(cells, margin)
    far = _box(nearby, margin)
    useful = [p for p in extracts if is_chosen or _may_hold(p, near)]
    parts = []
    for path in useful:
        try:
            parts.append((path, _cut(path, near, far, cache)))
        except BadInput as error:
            # of two extracts side by side one may hold nothing of the place
            if error.code != "roads_elsewhere" or len(extracts) == 1:
                if is_chosen:
                    raise
                return Found(notes=(_left_aside(path, error.code),))
    if not parts:
        if is_chosen:
            raise BadInput("roads_elsewhere", path=extracts[0], box=_held(extracts[0]), wanted=near)
        return Found(notes=(Note("roads_left_aside", {"file": extracts[0].name}),))
    streets = osm.merged([part for _, part in parts])
    share = _covered(cells, streets)
    if share < COVERED:
        names = [path.name for path, _ in parts]
        if is_chosen:
            raise BadInput("roads_partial", files=names, share=share)
        return Found(notes=(Note("roads_partial", {"files": names, "share": share}),))
    return Found(streets, tuple(path for path, _ in parts))


def _left_aside(path: Path, code: str) -> Note:
    """Why an extract that nobody named is not read; a machine that cannot read any says so."""
    if code == "roads_not_installed":
        return Note("roads_not_installed", {"file": path.name})
    return Note("roads_left_aside", {"file": path.name})


def _box(places: pl.DataFrame, margin_km: float) -> Box:
    """West, south, east, north of some places with a margin, degrees."""
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    north = margin_km / 111.2
    east = north / float(np.cos(np.radians(lat.mean())))
    return (
        float(lon.min() - east),
        float(lat.min() - north),
        float(lon.max() + east),
        float(lat.max() + north),
    )


def _held(path: Path) -> Box | None:
    """The box that an extract announces in its header."""
    try:
        return osm.announced_box(path)
    except BadInput:
        return None


def _may_hold(path: Path, near: Box) -> bool:
    held = _held(path)
    return held is None or not (
        held[2] < near[0] or held[0] > near[2] or held[3] < near[1] or held[1] > near[3]
    )


def _covered(cells: pl.DataFrame, streets: Streets) -> float:
    """Share of the inhabitants whose cell has a street in its square or next to it."""
    squares = np.unique(np.floor(geo.project(streets.lonlat) / _SQUARE_M).astype(np.int64), axis=0)
    known = {(int(x), int(y)) for x, y in squares}
    at = np.floor(geo.project(cells.select("lon", "lat").to_numpy()) / _SQUARE_M).astype(np.int64)
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    has = [any((int(x) + dx, int(y) + dy) in known for dx, dy in steps) for x, y in at]
    people = cells["population"].to_numpy()
    return float(people[np.array(has)].sum() / people.sum())


def _cut(path: Path, near: Box, far: Box, cache: Path | None) -> Streets:
    """The streets of an extract, from the cache when the same bytes were cut the same way."""
    if cache is None:
        return osm.read(path, near, far)
    kept = cache / f"streets-{_key(path, near, far)}.zip"
    known = _known(kept)
    if known is not None:
        return known
    streets = osm.read(path, near, far)
    _write_whole(kept, osm.to_bytes(streets))
    return streets


def _known(kept: Path) -> Streets | None:
    """What the cache holds; a damaged or unreadable file is no cache."""
    try:
        return osm.from_bytes(kept.read_bytes())
    except (OSError, zipfile.BadZipFile):
        return None


def _key(path: Path, near: Box, far: Box) -> str:
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    digest.update(repr((_EDITION, near, far)).encode())
    return digest.hexdigest()[:32]


def _write_whole(path: Path, data: bytes) -> None:
    """A file that is there whole or not at all; a cache that cannot be written is no cache."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(number, "wb") as written:
            written.write(data)
        Path(name).replace(path)
    except OSError:
        return
