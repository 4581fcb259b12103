"""Streets of OpenStreetMap extracts (.osm.pbf), cut to an area, as plain arrays.

The one place that reads .osm.pbf files. Ferries are not ways of `highway`: they are left out.
"""

import io
import zipfile
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core.bad_input import BadInput

Box = tuple[float, float, float, float]

# What the rules of travel read of a street; other tags are left in the file
TAGS = (
    *("highway", "maxspeed", "oneway", "junction", "service", "tracktype", "area", "motorroad"),
    *("access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot"),
    *("oneway:bicycle", "cycleway", "surface", "sac_scale", "tunnel"),
)

# Streets that matter to trips of an hour; the others serve the places along them
LONG_DISTANCE = frozenset(
    f"{name}{end}"
    for name in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for end in ("", "_link")
)

# What stands at a node, one bit each
MARKS = {"signals": 1, "stop": 2, "give_way": 4, "barrier": 8}

_HIGHWAY_MARKS = {"traffic_signals": "signals", "stop": "stop", "give_way": "give_way"}
_SHUT_BARRIERS = frozenset(
    (
        *("block", "bollard", "chain", "cycle_barrier", "debris", "fence", "jersey_barrier"),
        *("log", "motorcycle_barrier", "planter", "stile", "turnstile", "wall"),
    )
)
_GATES = frozenset(("gate", "lift_gate", "swing_gate", "sliding_gate"))
_SHUT_ACCESS = frozenset(("no", "private", "forestry", "agricultural"))

EXITS = {"name": pl.String, "lon": pl.Float64, "lat": pl.Float64}

# A fixed date: the same streets give the same bytes
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Streets:
    """Streets and what stands on them.

    lonlat    [n, 2] degrees of the nodes that streets use
    marks     [n] bits of MARKS
    starts    [w + 1] where the nodes of each street begin in `nodes`
    nodes     numbers of nodes, one street after the other, each at least two
    tags      one row per street, columns TAGS (null: not said)
    summits   [m, 2] degrees of the mountain tops of the area
    exits     motorway exits: name ("A63 sortie 21"), lon, lat
    missing   nodes that streets name and the file does not hold: a cut border
    """

    lonlat: NDArray[np.float64]
    marks: NDArray[np.uint8]
    starts: NDArray[np.int64]
    nodes: NDArray[np.int64]
    tags: pl.DataFrame
    summits: NDArray[np.float64]
    exits: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EXITS))
    missing: int = 0

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def box(self) -> Box:
        """West, south, east, north of the streets, degrees."""
        return (*self.lonlat.min(axis=0).tolist(), *self.lonlat.max(axis=0).tolist())


@dataclass
class _Read:
    """Growing arrays of one pass over a file."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    east: array[int] = field(default_factory=lambda: array("q"))
    north: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    tags: dict[str, list[str | None]] = field(default_factory=lambda: {name: [] for name in TAGS})
    marked: dict[int, int] = field(default_factory=dict)
    summits: list[tuple[float, float]] = field(default_factory=list)
    junctions: dict[int, tuple[str, float, float]] = field(default_factory=dict)
    exits: dict[int, tuple[str, float, float]] = field(default_factory=dict)
    missing: int = 0
    streets_seen: int = 0
    box: Box = (180.0, 90.0, -180.0, -90.0)


def read(path: Path, near: Box | None = None, far: Box | None = None) -> Streets:
    """The streets of an extract.

    near  west, south, east, north, degrees: every street that begins or ends there is kept
    far   the same for the streets of LONG_DISTANCE; both None: the whole file
    Raises BadInput `roads_unreadable`, `roads_without_streets`, `roads_elsewhere`.
    """
    found = _pass(path, near, far)
    if not found.streets_seen:
        raise BadInput("roads_without_streets", path=path)
    if not found.counts:
        raise BadInput("roads_elsewhere", path=path, box=found.box, wanted=near or far)
    return _streets(found)


def announced_box(path: Path) -> Box | None:
    """West, south, east, north that the header of an extract announces, None where it does not."""
    box = _header(path).box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def announced_day(path: Path) -> str | None:
    """ISO date of the data that the header of an extract announces, None where it does not."""
    said = str(_header(path).get("osmosis_replication_timestamp", ""))[:10]
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return None


def merged(parts: Sequence[Streets]) -> Streets:
    """Streets of neighbouring extracts as one; what both hold counts once."""
    if len(parts) == 1:
        return parts[0]
    shift = np.cumsum([0, *(len(p.lonlat) for p in parts)])
    lonlat = np.concatenate([p.lonlat for p in parts])
    same, number = np.unique(lonlat, axis=0, return_inverse=True)
    marks = np.zeros(len(same), dtype=np.uint8)
    np.bitwise_or.at(marks, number, np.concatenate([p.marks for p in parts]))
    nodes = number[np.concatenate([p.nodes + s for p, s in zip(parts, shift, strict=False)])]
    counts = np.concatenate([np.diff(p.starts) for p in parts])
    starts = np.concatenate([[0], np.cumsum(counts)])
    seen: set[bytes] = set()
    kept = []
    for w in range(len(counts)):
        key = nodes[starts[w] : starts[w + 1]].tobytes()
        if key not in seen:
            seen.add(key)
            kept.append(w)
    chosen = np.array(kept, dtype=np.int64)
    return Streets(
        lonlat=same,
        marks=marks,
        starts=np.concatenate([[0], np.cumsum(counts[chosen])]),
        nodes=np.concatenate([nodes[starts[w] : starts[w + 1]] for w in chosen]),
        tags=pl.concat([p.tags for p in parts])[chosen],
        summits=np.unique(np.concatenate([p.summits for p in parts]), axis=0),
        exits=pl.concat([p.exits for p in parts]).unique(maintain_order=True),
        missing=sum(p.missing for p in parts),
    )


def to_bytes(streets: Streets) -> bytes:
    """The streets as one ZIP: coordinates in ten-millionths of a degree, as extracts have them."""
    parts: dict[str, NDArray[Any]] = {
        "lonlat": np.round(streets.lonlat * 1e7).astype(np.int32),
        "marks": streets.marks,
        "counts": np.diff(streets.starts).astype(np.int32),
        "nodes": streets.nodes.astype(np.int32),
        "summits": np.round(streets.summits * 1e7).astype(np.int32),
        "missing": np.array(streets.missing),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, values in parts.items():
            one = io.BytesIO()
            np.save(one, values, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _LONG_AGO)
            archive.writestr(entry, one.getvalue(), zipfile.ZIP_DEFLATED)
        for name in ("tags", "exits"):
            archive.writestr(
                zipfile.ZipInfo(f"{name}.parquet", _LONG_AGO), _parquet(getattr(streets, name))
            )
    return written.getvalue()


def _parquet(frame: pl.DataFrame) -> bytes:
    written = io.BytesIO()
    frame.write_parquet(written, compression="zstd")
    return written.getvalue()


def from_bytes(data: bytes) -> Streets:
    """The streets that `to_bytes` wrote; raises zipfile.BadZipFile on a cut file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:

        def part(name: str) -> NDArray[Any]:
            return np.asarray(np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False))

        return Streets(
            lonlat=part("lonlat") / 1e7,
            marks=part("marks"),
            starts=np.concatenate([[0], np.cumsum(part("counts").astype(np.int64))]),
            nodes=part("nodes").astype(np.int64),
            tags=pl.read_parquet(io.BytesIO(archive.read("tags.parquet"))),
            exits=pl.read_parquet(io.BytesIO(archive.read("exits.parquet"))),
            summits=part("summits").reshape(-1, 2) / 1e7,
            missing=int(part("missing")),
        )


def _header(path: Path) -> Any:
    osmium = _library()
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    try:
        return osmium.io.Reader(str(path)).header()
    except RuntimeError as error:
        raise BadInput("roads_unreadable", path=path, reason=str(error)) from error


def _library() -> Any:
    try:
        # the extra `roads`; a study by distance does without
        import osmium
    except ImportError as error:
        raise BadInput("roads_not_installed") from error
    return osmium


def _pass(path: Path, near: Box | None, far: Box | None) -> _Read:
    """One reading of the file: the decoding in C++, each street and each marked node here."""
    osmium = _library()
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    entities = osmium.osm.NODE | osmium.osm.WAY
    found = _Read()
    try:
        objects = (
            osmium.FileProcessor(path, entities)
            .with_locations("sparse_mem_array")
            .with_filter(osmium.filter.KeyFilter("highway", "barrier", "natural"))
        )
        for thing in objects:
            if thing.is_node():
                _mark(found, thing)
            elif "highway" in thing.tags:
                _keep(found, thing, near, far)
    except (RuntimeError, osmium.InvalidLocationError, UnicodeDecodeError) as error:
        raise BadInput("roads_unreadable", path=path, reason=str(error)) from error
    return found


def _mark(found: _Read, node: Any) -> None:
    tags = node.tags
    if tags.get("natural") in ("peak", "saddle"):
        found.summits.append((node.lon, node.lat))
    if tags.get("highway") == "motorway_junction":
        found.junctions[node.id] = (tags.get("ref") or "", node.lon, node.lat)
    bits = 0
    mark = _HIGHWAY_MARKS.get(tags.get("highway", ""))
    if mark:
        bits |= MARKS[mark]
    barrier = tags.get("barrier")
    is_open = tags.get("motor_vehicle", tags.get("access")) in ("yes", "permissive", "destination")
    is_shut = tags.get("motor_vehicle", tags.get("access")) in _SHUT_ACCESS
    if (barrier in _SHUT_BARRIERS and not is_open) or (barrier in _GATES and is_shut):
        bits |= MARKS["barrier"]
    if bits:
        found.marked[node.id] = bits


def _keep(found: _Read, way: Any, near: Box | None, far: Box | None) -> None:
    nodes, tags = way.nodes, way.tags
    found.streets_seen += 1
    ends = [(n.lon, n.lat) for n in (nodes[0], nodes[-1]) if n.location.valid()]
    for lon, lat in ends:
        west, south, east, north = found.box
        found.box = (min(west, lon), min(south, lat), max(east, lon), max(north, lat))
    if not (_inside(ends, near) or (tags["highway"] in LONG_DISTANCE and _inside(ends, far))):
        return
    known = [n for n in nodes if n.location.valid()]
    found.missing += len(nodes) - len(known)
    if len(known) < 2:
        return
    if tags["highway"] == "motorway":
        _note_exits(found, known, tags.get("ref") or "")
    for node in known:
        found.refs.append(node.ref)
        found.east.append(node.x)
        found.north.append(node.y)
    found.counts.append(len(known))
    for name in TAGS:
        found.tags[name].append(tags.get(name))


def _note_exits(found: _Read, nodes: Sequence[Any], road: str) -> None:
    """The exits that a motorway passes, named by its number and theirs."""
    for node in nodes:
        number, lon, lat = found.junctions.get(node.ref, ("", 0.0, 0.0))
        if number:
            # a road of several numbers is known by its first
            name = f"{road.split(';')[0].replace(' ', '')} sortie {number}".strip()
            found.exits[node.ref] = (name, lon, lat)


def _inside(points: Iterable[tuple[float, float]], box: Box | None) -> bool:
    if box is None:
        return True
    west, south, east, north = box
    return any(west <= lon <= east and south <= lat <= north for lon, lat in points)


def _streets(found: _Read) -> Streets:
    refs = np.frombuffer(found.refs, dtype=np.int64)
    ids, first, nodes = np.unique(refs, return_index=True, return_inverse=True)
    east = np.frombuffer(found.east, dtype=np.int64)[first]
    north = np.frombuffer(found.north, dtype=np.int64)[first]
    marks = np.zeros(len(ids), dtype=np.uint8)
    marked = np.array(sorted(found.marked), dtype=np.int64)
    if len(marked):
        at = np.searchsorted(ids, marked)
        is_used = (at < len(ids)) & (ids[np.minimum(at, len(ids) - 1)] == marked)
        bits = np.array([found.marked[int(m)] for m in marked], dtype=np.uint8)
        marks[at[is_used]] = bits[is_used]
    return Streets(
        lonlat=np.column_stack([east, north]) / 1e7,
        marks=marks,
        starts=np.concatenate([[0], np.cumsum(np.frombuffer(found.counts, dtype=np.int64))]),
        nodes=nodes.astype(np.int64),
        tags=pl.DataFrame(found.tags, schema=dict.fromkeys(TAGS, pl.String)),
        summits=np.array(found.summits, dtype=np.float64).reshape(-1, 2),
        exits=pl.DataFrame(sorted(found.exits.values()), schema=EXITS, orient="row"),
        missing=found.missing,
    )
