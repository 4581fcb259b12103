"""Origins covered by the same set of sites are one pattern: the same problem, much smaller."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.cover.found import NOWHERE
from maillage.core.siting.cover.reach import Indices, Reach, Starts
from maillage.core.siting.inputs import Numbers


@dataclass(frozen=True)
class Patterns:
    """The distinct sets of allowed sites that reach somebody, both ways round.

    start, site       [r + 1], [a] the sites of each pattern
    of_site, pattern  [j + 1], [a] the patterns of each site
    weight            [r] weight of the origins of each pattern
    of_origin         [i] pattern of each origin, NOWHERE when no allowed site reaches it
    first             [r] first origin of each pattern
    """

    start: Starts
    site: Indices
    of_site: Starts
    pattern: Indices
    weight: Numbers
    of_origin: Indices
    first: Starts

    @property
    def sites(self) -> int:
        """Number of candidates."""
        return len(self.of_site) - 1


def patterns_of(reach: Reach, weight: Numbers, forbidden: NDArray[np.bool_]) -> Patterns:
    """The patterns over the sites that are not forbidden, in the order of their first origins.

    weight  [i]
    """
    start, site = reach.start, reach.site
    if forbidden.any():
        kept = ~forbidden[site]
        start, site = np.concatenate([[0], np.cumsum(kept)])[start], site[kept]
    of_origin, first = _merged(start, site, reach.sites)
    count = start[first + 1] - start[first]
    own_start = np.concatenate([[0], np.cumsum(count)])
    # the arcs of a pattern are those of its first origin
    arcs = np.repeat(start[first] - own_start[:-1], count) + np.arange(own_start[-1])
    own_site = site[arcs]
    reached = of_origin != NOWHERE
    total = np.bincount(of_origin[reached], weight[reached], minlength=len(first))
    of_site, pattern = transposed(own_start, own_site, reach.sites)
    return Patterns(own_start, own_site, of_site, pattern, total, of_origin, first)


def narrowest(patterns: Patterns) -> Patterns:
    """The patterns whose covering covers all the others too: no other one is inside of them."""
    arcs_of = patterns.start, patterns.site, patterns.of_site, patterns.pattern
    kept = np.flatnonzero(_without_inner(*arcs_of))
    count = np.diff(patterns.start)[kept]
    start = np.concatenate([[0], np.cumsum(count)])
    arcs = np.repeat(patterns.start[kept] - start[:-1], count) + np.arange(start[-1])
    site = patterns.site[arcs]
    of_site, pattern = transposed(start, site, patterns.sites)
    number = np.full(len(patterns.weight), NOWHERE, dtype=np.int32)
    number[kept] = np.arange(len(kept))
    of_origin = np.where(patterns.of_origin == NOWHERE, NOWHERE, number[patterns.of_origin]).astype(
        np.int32
    )
    weight, first = patterns.weight[kept], patterns.first[kept]
    return Patterns(start, site, of_site, pattern, weight, of_origin, first)


@compiled
def _without_inner(
    start: Starts, site: Indices, of_site: Starts, pattern: Indices
) -> NDArray[np.bool_]:
    patterns = len(start) - 1
    kept = np.ones(patterns, np.bool_)
    shared = np.zeros(patterns, np.int32)
    for s in range(patterns):
        if not kept[s]:
            continue
        shared[:] = 0
        for a in range(start[s], start[s + 1]):
            for b in range(of_site[site[a]], of_site[site[a] + 1]):
                shared[pattern[b]] += 1
        for r in range(patterns):
            if r != s and shared[r] == start[s + 1] - start[s]:
                kept[r] = False
    return kept


@compiled
def transposed(start: Starts, site: Indices, sites: int) -> tuple[Starts, Indices]:
    """The rows of each site, ascending: where they begin [j + 1], and all of them [a]."""
    begin = np.zeros(sites + 1, np.int64)
    for k in range(len(site)):
        begin[site[k] + 1] += 1
    for j in range(sites):
        begin[j + 1] += begin[j]
    row = np.empty(len(site), np.int32)
    at = begin[:-1].copy()
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            row[at[site[k]]] = r
            at[site[k]] += 1
    return begin, row


@compiled
def _merged(start: Starts, site: Indices, sites: int) -> tuple[Indices, Starts]:
    """Pattern of each origin, first origin of each pattern.

    A table of hashes finds who may be alike; two rows are one pattern when all their sites agree.
    """
    np.random.seed(0)
    key = np.empty(sites, np.int64)
    for j in range(sites):
        key[j] = np.random.randint(0, 2**62)
    origins = len(start) - 1
    size = 1
    while size < 2 * origins:
        size *= 2
    slots = np.full(size, -1, np.int32)
    of_origin = np.full(origins, -1, np.int32)
    first = np.empty(origins, np.int64)
    hashes = np.empty(origins, np.int64)
    found = 0
    for i in range(origins):
        mixed = 0
        for k in range(start[i], start[i + 1]):
            mixed ^= key[site[k]]
        at = mixed & (size - 1)
        count = start[i + 1] - start[i]
        while count > 0:
            known = slots[at]
            if known < 0:
                slots[at] = found
                first[found], hashes[found], of_origin[i] = i, mixed, found
                found += 1
                break
            other = start[first[known]]
            if hashes[known] == mixed and start[first[known] + 1] - other == count:
                k = 0
                while k < count and site[start[i] + k] == site[other + k]:
                    k += 1
                if k == count:
                    of_origin[i] = known
                    break
            at = (at + 1) & (size - 1)
    return of_origin, first[:found].copy()
