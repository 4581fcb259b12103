"""From an instance to its answer: search, bound, branch, each timed."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.branch import Branching, Case, Record
from maillage.core.siting.median.instance import Instance, Numbers, arcs_of, third_nearest
from maillage.core.siting.median.search import Incumbent, Swaps, any_choice

# restarts of the swap search before the bound, and sites moved in each
RESTARTS = 8
SHAKEN_SHARE = 0.1


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

    def out_of_time() -> bool:
        return time_limit_s is not None and perf_counter() - began >= time_limit_s

    incumbent = Incumbent()
    swaps = Swaps(instance, out_of_time)
    start = _first_search(instance, incumbent, swaps, out_of_time)
    searched = perf_counter()
    if not start:
        return Outcome(None, np.inf, np.inf, Record(), {"search": searched - began})
    branching = Branching(instance, incumbent, swaps, out_of_time)
    raw = branching.run(_root(instance, incumbent, swaps))
    ended = perf_counter()
    return Outcome(
        np.sort(instance.number[incumbent.sites]),
        incumbent.value,
        raw,
        branching.record,
        {"search": searched - began, "branch": ended - searched},
    )


def _first_search(
    instance: Instance, incumbent: Incumbent, swaps: Swaps, out_of_time: Callable[[], bool]
) -> bool:
    """Exchange from a random choice, then from the best one shaken; whether there is a choice."""
    chance = np.random.default_rng(0)
    sites = any_choice(instance, chance.permutation(instance.number.size))
    if sites is None:
        return False
    incumbent.offer(sites, swaps.descend(sites))
    count = max(1, int(SHAKEN_SHARE * instance.p))
    for _ in range(RESTARTS):
        if out_of_time():
            break
        sites = swaps.shaken(incumbent.sites, count, chance)
        incumbent.offer(sites, swaps.descend(sites))
    return True


def _root(instance: Instance, incumbent: Incumbent, swaps: Swaps) -> Case:
    ceiling = third_nearest(instance.cost, instance.alone, incumbent.sites)
    arcs = arcs_of(instance, ceiling)
    swaps.value(incumbent.sites)
    u: Numbers = np.clip((swaps.first + swaps.second) / 2, arcs.floor, arcs.ceiling)
    m = instance.number.size
    return Case(
        arcs=arcs,
        number=np.arange(m),
        group=instance.group,
        state=instance.must.astype(np.int8),
        u=u,
        often=np.full(m, instance.p / m),
    )
