"""A small extract of OpenStreetMap, written node by node (fictif)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import osmium

Node = tuple[float, float] | tuple[float, float, Mapping[str, str]]
Way = tuple[Sequence[int], Mapping[str, str]]

# A crossroads of the Beaujolais, and a step of about a hundred metres each way
LON, LAT = 4.70, 46.15
EAST, NORTH = 0.00129, 0.0009


def at(east: float, north: float) -> tuple[float, float]:
    """Degrees of a point given in hundreds of metres from the crossroads."""
    return LON + east * EAST, LAT + north * NORTH


def write(path: Path, nodes: Mapping[int, Node], ways: Sequence[Way]) -> Path:
    """An extract with these nodes and these streets."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, node in sorted(nodes.items()):
            lon, lat, *tags = node
            writer.add_node(
                osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=dict(*tags))
            )
        for number, (ends, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=list(ends), tags=dict(tags)))
    return path
