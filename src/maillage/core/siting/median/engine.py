"""From an instance to its answer: search, bound, branch, each timed."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.branch import Branching, Case, Record
from maillage.core.siting.median.instance import Instance, arcs_of, nth_nearest
from maillage.core.siting.median.search import Incumbent, Swaps, any_choice

# restarts of the swap search before the bound; fewer where pairs x open sites make them long,
# which is where kicks do better
RESTARTS, MOST_WORK = 8, 400_000_000
# sites moved in each
SHAKEN_SHARE = 0.1
# multipliers stay below the cost of the open site of this rank
REACH = 3


@dataclass(frozen=True)
class Outcome:
    """The best choice, what proves it, and how long each stage took.

    sites  the caller's numbers, ascending; None when the quotas forbid any choice
    raw    the lowest bound of the record's cases
    """

    sites: NDArray[np.int64] | None
    value: float
    raw: float
    record: Record
    seconds: dict[str, float]


def solve(instance: Instance, time_limit_s: float | None) -> Outcome:
    """Search, bound and branch until proved or out of time."""
    began = perf_counter()
    limit = np.inf if time_limit_s is None else time_limit_s

    def seconds_left() -> float:
        return float(limit - (perf_counter() - began))

    sites = _first_search(instance, seconds_left)
    searched = perf_counter()
    if sites is None:
        return Outcome(None, np.inf, np.inf, Record(), {"search": searched - began})
    swaps = Swaps(instance, lambda: False)
    incumbent = Incumbent(instance.number[sites], swaps.value(sites))
    arcs = arcs_of(instance, nth_nearest(instance.cost, instance.alone, sites, REACH))
    u = np.clip((swaps.first + swaps.second) / 2, arcs.floor, arcs.ceiling)
    branching = Branching(instance, arcs, incumbent, seconds_left)
    branching.bound(Case(instance.must.astype(np.int8), u))
    bounded = perf_counter()
    branching.branch()
    ended = perf_counter()
    return Outcome(
        np.sort(incumbent.sites),
        incumbent.value,
        branching.record.lowest,
        branching.record,
        {"search": searched - began, "bound": bounded - searched, "branch": ended - bounded},
    )


def _first_search(
    instance: Instance, seconds_left: Callable[[], float]
) -> NDArray[np.int64] | None:
    """Exchange from a random choice, then from the best one shaken; None where none is allowed."""
    chance = np.random.default_rng(0)
    sites = any_choice(instance, chance.permutation(instance.number.size))
    if sites is None:
        return None
    swaps = Swaps(instance, lambda: seconds_left() <= 0)
    best = Incumbent()
    best.offer(sites, swaps.descend(sites))
    count = max(1, int(SHAKEN_SHARE * instance.p))
    for _ in range(min(RESTARTS, MOST_WORK // max(1, instance.cost.size * instance.p))):
        if seconds_left() <= 0:
            break
        sites = swaps.shaken(best.sites, count, chance)
        best.offer(sites, swaps.descend(sites))
    return best.sites
