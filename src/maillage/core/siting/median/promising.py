"""A close search among few sites: those that the multipliers choose, or nearly.

Multipliers near their best value tell most sites apart, and how many open in each place, which
exchanges alone hardly move; what they leave to choose among is small.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.dual import CLOSED, FREE, choose_at, fixings
from maillage.core.siting.median.instance import (
    Arcs,
    Indices,
    Instance,
    Numbers,
    arcs_of,
    nth_nearest,
)
from maillage.core.siting.median.kicks import Kicks
from maillage.core.siting.median.search import Incumbent, Swaps

# sites kept for each one that opens, and more
PER_OPEN, MORE = 3, 20
# kicks for each site that opens, and more; in blocks between which time may run out
KICKS_PER_OPEN, MORE_KICKS, BLOCK = 12, 40, 1000
# the arcs searched stop at the open site of this rank
REACH = 5


def promising(
    instance: Instance, arcs: Arcs, state: NDArray[np.int8], u: Numbers
) -> NDArray[np.bool_]:
    """The sites [j] whose choice may be turned over for least, by the multipliers."""
    m = state.size
    rho, loss, is_chosen = np.empty(m), np.empty(m), np.zeros(m, np.bool_)
    own = instance
    bound = choose_at(
        arcs.start, arcs.site, arcs.cost, u, state, own.p, own.group, own.most, rho, is_chosen
    )
    fixings(rho, is_chosen, state.copy(), own.group, own.most, bound, np.inf, loss)
    loss[is_chosen] = -1.0
    loss[(state == CLOSED) | ((state != FREE) & ~is_chosen)] = np.inf
    kept = np.zeros(m, np.bool_)
    kept[np.argsort(loss, kind="stable")[: PER_OPEN * own.p + MORE]] = True
    return kept & (loss < np.inf)


def search_among(
    instance: Instance,
    among: NDArray[np.bool_],
    starts: list[Indices],
    chance: np.random.Generator,
    effort: float,
    out_of_time: Callable[[], bool],
) -> Indices:
    """Exchange from each start among these sites [j], then kick from the best; the sites reached.

    starts  choices of p sites, all of them among these
    effort  share of the usual kicks
    """
    few = instance.restricted(among)
    place = np.cumsum(among) - 1
    swaps = Swaps(few, out_of_time)
    best = Incumbent()
    for start in starts:
        sites = place[start]
        best.offer(sites, swaps.descend(sites))
    # an arc as dear as the last open site counts
    ceiling = nth_nearest(few.cost, few.alone, best.sites, REACH)
    ceiling = np.minimum(np.nextafter(ceiling, np.inf), few.alone)
    kicks = Kicks(few, arcs_of(few, ceiling), best.sites)
    left = int(effort * (KICKS_PER_OPEN * few.p + MORE_KICKS))
    sites = best.sites
    while left > 0 and not out_of_time():
        sites = kicks.run(min(left, BLOCK), few.slack(best.value), chance)
        left -= BLOCK
    value = swaps.value(sites)
    best.offer(sites, value)
    return np.flatnonzero(among)[best.sites]
