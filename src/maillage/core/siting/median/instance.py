"""A p-median problem in the form that the kernels read.

Axes: i origins, j sites that may open (the forbidden ones are left out). Costs are weighted.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.inputs import Allowed, Quotas, groups_of
from maillage.core.siting.solution import gap_between

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

# multipliers of a whole-number problem are multiples of this, so that their sums are exact
GRAIN = 2.0**-10
# whole numbers are exact in a float up to here, with the grain
LARGEST_EXACT = 2.0**42
# relative distance at which two values of a problem in decimals are one
DECIMALS = 0.5e-9


@dataclass(frozen=True)
class Instance:
    """Choose p sites so that the origins' costs add up to the least.

    cost     [i, j] weighted cost
    by_site  [j, i] the same, turned
    alone    [i] cost of an origin that takes no site
    p        sites that open
    must     [j] sites that open whatever happens
    group    [j], most [c] quotas: sites open in each group at most
    number   [j] the caller's number of each site
    whole    the costs are whole numbers: a bound rounds up
    far      no choice that leaves an origin out of reach costs less, any other does
    total    what the caller counts is total - cost (0: the cost itself)
    """

    cost: Numbers
    by_site: Numbers
    alone: Numbers
    p: int
    must: NDArray[np.bool_]
    group: Indices
    most: Indices
    number: Indices
    whole: bool
    far: float = np.inf
    total: float = 0.0

    def cutoff(self, value: float) -> float:
        """A bound that reaches this proves that nothing allowed is better than `value`."""
        nearly = 1.0 - GRAIN if self.whole else DECIMALS * max(1.0, abs(self.total - value))
        return min(value - nearly, self.far)

    def bound_of(self, raw: float, value: float) -> float:
        """A bound, rounded up where costs are whole, never above the value known."""
        return float(min(np.ceil(raw) if self.whole else raw, value))

    def gap(self, value: float, raw: float) -> float:
        """0 when the raw bound proves the value."""
        if raw >= self.cutoff(value):
            return 0.0
        return gap_between(self.total - value, self.total - self.bound_of(raw, value))

    def rounded(self, u: Numbers) -> Numbers:
        """Multipliers as a proof keeps them."""
        return np.floor(u / GRAIN) * GRAIN if self.whole else u.copy()

    def slack(self, value: float) -> float:
        """A gain of a swap below this is none."""
        return 0.5 if self.whole else 1e-11 * max(1.0, value)

    def restricted(self, keep: NDArray[np.bool_]) -> "Instance":
        """The same problem among the sites kept."""
        return replace(
            self,
            cost=np.ascontiguousarray(self.cost[:, keep]),
            by_site=np.ascontiguousarray(self.by_site[keep]),
            must=self.must[keep],
            group=self.group[keep],
            number=self.number[keep],
        )


def instance_of(
    cost: Numbers, alone: Numbers, allowed: Allowed, quotas: Quotas | None, *, whole: bool
) -> Instance:
    """The instance of weighted costs [i, j] among the sites not forbidden."""
    number = np.flatnonzero(~allowed.forbidden)
    group, most = groups_of(quotas, allowed)
    return Instance(
        cost=np.ascontiguousarray(cost),
        by_site=np.ascontiguousarray(cost.T),
        alone=alone,
        p=allowed.p,
        must=allowed.fixed[number],
        group=group[number],
        most=most,
        number=number,
        whole=whole,
    )


def are_whole(cost: Numbers) -> bool:
    """Whether the costs [i, j] within reach are whole numbers whose sums are exact."""
    reached = np.where(np.isinf(cost), 0.0, cost)
    is_small = float(reached.max(axis=1, initial=0.0).sum()) < LARGEST_EXACT
    return is_small and bool(np.all(reached == np.floor(reached)))


@dataclass(frozen=True)
class Arcs:
    """The arcs of each origin, cheapest first, up to the largest multiplier it may take.

    start  [i + 1], site and cost [a]: the arcs of i are start[i]:start[i + 1]
    floor, ceiling  [i] where the multiplier of i stays
    """

    start: Indices
    site: NDArray[np.int32]
    cost: Numbers
    floor: Numbers
    ceiling: Numbers


def arcs_of(instance: Instance, ceiling: Numbers) -> Arcs:
    """Sort the arcs that cost less than the ceiling [i]."""
    start, site, cost = _sorted_arcs(instance.cost, ceiling)
    return Arcs(start, site, cost, _floor(start, cost, ceiling), ceiling)


def _floor(start: Indices, cost: Numbers, ceiling: Numbers) -> Numbers:
    """The cheapest arc of each origin: below it, a multiplier only loses."""
    found = ceiling.copy()
    has_arc = start[1:] > start[:-1]
    found[has_arc] = cost[start[:-1][has_arc]]
    return found


@compiled
def _sorted_arcs(cost: Numbers, ceiling: Numbers) -> tuple[Indices, NDArray[np.int32], Numbers]:
    n, m = cost.shape
    start = np.zeros(n + 1, np.int64)
    for i in range(n):
        count = 0
        for j in range(m):
            if cost[i, j] < ceiling[i]:
                count += 1
        start[i + 1] = start[i] + count
    site = np.empty(start[n], np.int32)
    value = np.empty(start[n])
    found = np.empty(m)
    index = np.empty(m, np.int32)
    for i in range(n):
        count = 0
        for j in range(m):
            if cost[i, j] < ceiling[i]:
                found[count] = cost[i, j]
                index[count] = j
                count += 1
        order = np.argsort(found[:count])
        for k in range(count):
            site[start[i] + k] = index[order[k]]
            value[start[i] + k] = found[order[k]]
    return start, site, value


@compiled
def nth_nearest(cost: Numbers, alone: Numbers, sites: Indices, rank: int) -> Numbers:
    """The cost of the open site of this rank of each origin [i], or the dearest where p is less."""
    n = cost.shape[0]
    found = np.empty(n)
    least = np.empty(rank)
    for i in range(n):
        least[:] = np.inf
        for k in range(sites.size):
            x = cost[i, sites[k]]
            r = rank - 1
            if x >= least[r]:
                continue
            while r > 0 and least[r - 1] > x:
                least[r] = least[r - 1]
                r -= 1
            least[r] = x
        c = least[rank - 1] if sites.size >= rank else cost[i].max()
        found[i] = min(c, alone[i])
    return found


def narrowed(arcs: Arcs, keep: NDArray[np.bool_], nearest_open: Numbers) -> Arcs:
    """The arcs of the sites kept, renumbered; none dearer than the nearest site sure to open."""
    ceiling = np.minimum(arcs.ceiling, nearest_open)
    start, site, cost = _narrowed(arcs.start, arcs.site, arcs.cost, keep, ceiling)
    return Arcs(start, site, cost, _floor(start, cost, ceiling), ceiling)


@compiled
def _narrowed(
    start: Indices,
    site: NDArray[np.int32],
    cost: Numbers,
    keep: NDArray[np.bool_],
    ceiling: Numbers,
) -> tuple[Indices, NDArray[np.int32], Numbers]:
    number = np.cumsum(keep) - 1
    begin = np.zeros_like(start)
    left = np.empty_like(site)
    value = np.empty_like(cost)
    count = 0
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            if cost[a] >= ceiling[i]:
                break
            if keep[site[a]]:
                left[count] = number[site[a]]
                value[count] = cost[a]
                count += 1
        begin[i + 1] = count
    return begin, left[:count].copy(), value[:count].copy()
