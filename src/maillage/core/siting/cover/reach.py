"""Who is within reach of which site, from a matrix, a sparse one or places in the plane.

Axes: i origins, j candidate sites. An arc is one origin within reach of one site.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.core.compiled import compiled
from maillage.core.siting.errors import ImpossibleNumber, NoOrigins
from maillage.core.siting.inputs import (
    Costs,
    Numbers,
    Points,
    costs_of,
    given_arcs,
    number_of,
    plane_of,
)

Starts = NDArray[np.int64]
Indices = NDArray[np.int32]

# a square of the plane is no smaller than this share of its side: the table of squares stays small
_FINEST = 1 / 1024
# a distance this near the limit (relative) is judged on its exact value
_NEAR_LIMIT = 1e-9


@dataclass(frozen=True)
class Reach:
    """The arcs, origin by origin.

    start  [i + 1] where the arcs of an origin begin
    site   [a] site of each arc, in the same order for all origins
    cost   [a]
    sites  number of candidates
    """

    start: Starts
    site: Indices
    cost: Numbers
    sites: int

    @property
    def origins(self) -> int:
        """Number of origins."""
        return len(self.start) - 1


def reach_of(cost: Costs, within: float) -> Reach:
    """The arcs that cost at most `within`.

    Raises a named error for a cost or a limit that cannot be, and NoOrigins.
    """
    within = number_of(within, "within")
    if isinstance(cost, Points):
        return _in_the_plane(cost, within)
    if sparse.issparse(cost):
        return _of_arcs(given_arcs(cost), within)
    dense = costs_of(cost)
    kept = (dense <= within) & np.isfinite(dense)
    start = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    site = np.nonzero(kept)[1].astype(np.int32)
    return Reach(start, site, dense[kept], dense.shape[1])


def _of_arcs(arcs: sparse.csr_array, within: float) -> Reach:
    if arcs.shape[0] == 0:
        raise NoOrigins
    start, site = arcs.indptr.astype(np.int64), arcs.indices.astype(np.int32, copy=False)
    cost = arcs.data
    wrong = np.isnan(cost) | (cost < 0)
    if wrong.any():
        first = int(np.argmax(wrong))
        row = int(np.searchsorted(start, first, side="right")) - 1
        raise ImpossibleNumber("cost", float(cost[first]), row=row, column=int(site[first]))
    kept = (cost <= within) & np.isfinite(cost)
    if not kept.all():
        start = np.concatenate([[0], np.cumsum(kept)])[start]
        site, cost = site[kept], cost[kept]
    return Reach(start, site, cost, int(arcs.shape[1]))


def _in_the_plane(points: Points, within: float) -> Reach:
    origins, sites = plane_of(points.origins, "origins"), plane_of(points.sites, "sites")
    if len(origins) == 0:
        raise NoOrigins
    low = np.minimum(origins.min(axis=0, initial=np.inf), sites.min(axis=0, initial=np.inf))
    high = np.maximum(origins.max(axis=0, initial=-np.inf), sites.max(axis=0, initial=-np.inf))
    side = max(within, float((high - low).max(initial=0)) * _FINEST, np.finfo(float).tiny)
    square = ((sites - low) / side).astype(np.int64)
    across, down = square.max(axis=0, initial=0) + 1
    # square by square, row after row: the sites near an origin are then three runs of the list
    of_site = square[:, 1] * across + square[:, 0]
    order = np.argsort(of_site, kind="stable").astype(np.int32)
    first = np.searchsorted(of_site[order], np.arange(across * down + 1))
    arcs = _neighbours(origins, sites[order], order, first, across, low, side, within)
    return Reach(*arcs, len(sites))


@compiled
def _is_within(dx: float, dy: float, within: float) -> bool:
    squared, limit = dx * dx + dy * dy, within * within
    if squared > limit * (1 + _NEAR_LIMIT):
        return False
    if squared < limit * (1 - _NEAR_LIMIT):
        return True
    return bool(np.hypot(dx, dy) <= within)


@compiled
def _neighbours(
    origins: Numbers,
    sites: Numbers,
    number: Indices,
    first: Starts,
    across: int,
    low: Numbers,
    side: float,
    within: float,
) -> tuple[Starts, Indices, Numbers]:
    """The arcs of every origin, counted in a first pass and written in a second one.

    first  [square + 1] rank of the first site of a square in `sites`, squares row after row
    """
    down = (len(first) - 1) // across
    start = np.zeros(len(origins) + 1, np.int64)
    site, cost = np.empty(0, np.int32), np.empty(0, np.float64)
    for is_writing in (False, True):
        for i in range(len(origins)):
            at = start[i]
            x = int(np.floor((origins[i, 0] - low[0]) / side))
            y = int(np.floor((origins[i, 1] - low[1]) / side))
            left, right = max(x - 1, 0), min(x + 1, across - 1)
            for row in range(max(y - 1, 0), min(y + 1, down - 1) + 1):
                if left > right:
                    continue
                for k in range(first[row * across + left], first[row * across + right + 1]):
                    dx, dy = origins[i, 0] - sites[k, 0], origins[i, 1] - sites[k, 1]
                    if not _is_within(dx, dy, within):
                        continue
                    if is_writing:
                        site[at] = number[k]
                        cost[at] = np.hypot(dx, dy)
                    at += 1
            if not is_writing:
                start[i + 1] = at
        if not is_writing:
            site, cost = np.empty(start[-1], np.int32), np.empty(start[-1], np.float64)
    return start, site, cost
