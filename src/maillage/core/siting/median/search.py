"""Good choices of p sites: swap search from several starts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.instance import Indices, Instance
from maillage.core.siting.median.swap import nearest_two, swap_pass


@dataclass
class Incumbent:
    """The best choice known, and what it costs."""

    sites: Indices = field(default_factory=lambda: np.empty(0, np.int64))
    value: float = np.inf

    def offer(self, sites: Indices, value: float) -> bool:
        """Keep these sites where they are better; whether they were."""
        if value >= self.value:
            return False
        self.sites, self.value = sites.copy(), value
        return True


class Swaps:
    """A swap search on one instance, with its tables of nearest sites."""

    def __init__(self, instance: Instance, out_of_time: Callable[[], bool]) -> None:
        self.instance = instance
        self.out_of_time = out_of_time
        n = instance.cost.shape[0]
        self.near = np.empty(n, np.int64)
        self.first = np.empty(n)
        self.second = np.empty(n)

    def value(self, sites: Indices) -> float:
        """What these open sites cost."""
        own = self.instance
        return nearest_two(own.cost, own.alone, sites, self.near, self.first, self.second)

    def descend(self, sites: Indices) -> float:
        """Exchange in `sites` until nothing gains; the cost reached."""
        own = self.instance
        slack = own.slack(self.value(sites))
        is_open = np.zeros(own.number.size, np.bool_)
        is_open[sites] = True
        room = own.most - np.bincount(own.group[sites], minlength=own.most.size)
        begin = 0
        swaps = 1
        while swaps > 0 and not self.out_of_time():
            swaps, begin = swap_pass(
                own.cost, own.by_site, own.alone, sites, is_open, own.must, own.group, room,
                self.near, self.first, self.second, begin, slack,
            )  # fmt: skip
        return float(self.first.sum())

    def shaken(self, sites: Indices, count: int, chance: np.random.Generator) -> Indices:
        """The same sites with `count` of them replaced at random."""
        own = self.instance
        moved = sites.copy()
        is_closed = np.ones(own.number.size, np.bool_)
        is_closed[moved] = False
        room = own.most - np.bincount(own.group[moved], minlength=own.most.size)
        for slot in chance.permutation(np.flatnonzero(~own.must[moved]))[:count]:
            left = moved[slot]
            room[own.group[left]] += 1
            closed = np.flatnonzero(is_closed & (room > 0)[own.group])
            site = int(chance.choice(closed)) if closed.size else int(left)
            room[own.group[site]] -= 1
            is_closed[left], is_closed[site] = True, False
            moved[slot] = site
        return moved


def any_choice(instance: Instance, order: NDArray[np.int64]) -> Indices | None:
    """The first sites in this order that the quotas let open together; None if p cannot."""
    room = instance.most - np.bincount(instance.group[instance.must], minlength=instance.most.size)
    chosen = list(np.flatnonzero(instance.must))
    for j in order:
        if len(chosen) == instance.p:
            break
        if not instance.must[j] and room[instance.group[j]] > 0:
            room[instance.group[j]] -= 1
            chosen.append(j)
    return np.array(chosen, dtype=np.int64) if len(chosen) == instance.p else None
