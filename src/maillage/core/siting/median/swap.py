"""The swap search: from p open sites to p open sites that no single exchange improves.

For each candidate, the best site to close is read from the nearest and the second nearest open site
of each origin.

source  Schubert, Rousseeuw 2021, "Fast and eager k-medoids clustering" (FasterPAM)
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@compiled
def nearest_two(
    cost: Numbers, alone: Numbers, sites: Indices, near: Indices, first: Numbers, second: Numbers
) -> float:
    """Fill the nearest slot of each origin, its cost and the next best; the total cost.

    cost   [i, j]; alone [i] the cost of no site at all
    sites  [p] open sites; near [i] slot in it, -1 where no site is best
    """
    total = 0.0
    for i in range(cost.shape[0]):
        _nearest_two_of(cost, alone, sites, i, near, first, second)
        total += first[i]
    return total


@compiled
def _nearest_two_of(
    cost: Numbers,
    alone: Numbers,
    sites: Indices,
    i: int,
    near: Indices,
    first: Numbers,
    second: Numbers,
) -> None:
    best = alone[i]
    after = alone[i]
    slot = -1
    for k in range(sites.size):
        c = cost[i, sites[k]]
        if c < best:
            after = best
            best = c
            slot = k
        elif c < after:
            after = c
    near[i] = slot
    first[i] = best
    second[i] = after


@compiled
def swap_pass(
    cost: Numbers,
    by_site: Numbers,
    alone: Numbers,
    sites: Indices,
    is_open: Flags,
    is_locked: Flags,
    group: Indices,
    room: Indices,
    near: Indices,
    first: Numbers,
    second: Numbers,
    begin: int,
    slack: float,
) -> tuple[int, int]:
    """Try every candidate once, from number `begin` on; exchange at once where it gains.

    by_site    [j, i] the costs turned, read candidate by candidate
    is_locked  [j] never closed and never opened
    room       [c] sites that each group may still open, updated
    slack      a gain below this is none
    returns    the number of exchanges, and the last candidate that was opened
    """
    m, n = by_site.shape
    p = sites.size
    base = np.zeros(p)
    change = np.zeros(p)
    _losses(near, first, second, base)
    swaps = 0
    last = begin
    for t in range(m):
        j = begin + t
        if j >= m:
            j -= m
        if is_open[j] or is_locked[j]:
            continue
        change[:] = base
        gain = 0.0
        row = by_site[j]
        for i in range(n):
            c = row[i]
            if c < second[i]:
                k = near[i]
                if c < first[i]:
                    gain += first[i] - c
                    if k >= 0:
                        change[k] += first[i] - second[i]
                elif k >= 0:
                    change[k] += c - second[i]
        best = -1
        least = gain - slack
        is_full = room[group[j]] <= 0
        for k in range(p):
            if change[k] < least and not is_locked[sites[k]]:
                if is_full and group[sites[k]] != group[j]:
                    continue
                least = change[k]
                best = k
        if best < 0:
            continue
        swaps += 1
        last = j
        room[group[sites[best]]] += 1
        room[group[j]] -= 1
        is_open[sites[best]] = False
        is_open[j] = True
        replace(cost, by_site, alone, sites, best, j, near, first, second)
        _losses(near, first, second, base)
    return swaps, last


@compiled
def replace(
    cost: Numbers,
    by_site: Numbers,
    alone: Numbers,
    sites: Indices,
    slot: int,
    site: int,
    near: Indices,
    first: Numbers,
    second: Numbers,
) -> None:
    """Put a site in a slot and mend the nearest and second nearest of each origin."""
    left = sites[slot]
    sites[slot] = site
    for i in range(cost.shape[0]):
        c = by_site[site, i]
        if near[i] == slot or by_site[left, i] <= second[i]:
            _nearest_two_of(cost, alone, sites, i, near, first, second)
        elif c < first[i]:
            second[i] = first[i]
            first[i] = c
            near[i] = slot
        elif c < second[i]:
            second[i] = c


@compiled
def _losses(near: Indices, first: Numbers, second: Numbers, base: Numbers) -> None:
    """What closing each slot costs."""
    base[:] = 0.0
    for i in range(near.size):
        if near[i] >= 0:
            base[near[i]] += second[i] - first[i]
