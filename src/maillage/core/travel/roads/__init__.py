"""Real roads: times along the streets of an OpenStreetMap extract, for each mode."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from maillage.core.assumptions import Assumptions
from maillage.core.sources.osm import Streets
from maillage.core.travel.roads import network
from maillage.core.travel.roads.times import Roads

__all__ = ["RoadMap", "Roads"]

# Networks kept between two computations of one process: some tens of megabytes each
_KEPT = 6


@dataclass(frozen=True)
class RoadMap:
    """The streets around a territory; the network of each mode is built once for their content."""

    streets: Streets

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the streets: the same streets, the same networks."""
        found = hashlib.sha256()
        for part in (self.streets.lonlat, self.streets.marks, self.streets.nodes):
            found.update(np.ascontiguousarray(part).tobytes())
        found.update(self.streets.starts.tobytes())
        found.update(self.streets.tags.write_csv().encode())
        return found.hexdigest()

    def of(self, mode: str, assumptions: Assumptions) -> Roads:
        """The network of a mode of rules.MODES, with its hierarchy.

        Raises BadInput `roads_without_streets_for` when no street serves it.
        """
        piece_km = assumptions.value("roads.piece_km")
        return _built(_Wanted(self.digest, mode, piece_km, self.streets))


@dataclass(frozen=True)
class _Wanted:
    """What decides of a network."""

    digest: str
    mode: str
    piece_km: float
    streets: Streets = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _built(wanted: _Wanted) -> Roads:
    return Roads(network.build(wanted.streets, wanted.mode, wanted.piece_km))
