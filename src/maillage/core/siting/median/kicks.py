"""Kicks mended on the spot: a few sites change at random, then the candidates around are tried.

An exchange changes the origins around it and no other, so that only what is near is tried again: a
kick costs microseconds, and thousands of them reach what exchanges one at a time do not. What
loses is taken back.

source  Resende, Werneck 2007, "A fast swap-based local search procedure for location problems"
        (losses kept from an exchange to the next); "Iterated local search", Handbook of
        Metaheuristics, 2003
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.median.instance import Arcs, Indices, Instance, Numbers
from maillage.core.siting.median.search import Swaps

Short = NDArray[np.int32]
Flags = NDArray[np.bool_]

# candidates are tried up to this open site of an origin, its nearest being the first
RANKS = 4
# exchanges of one kick and its mending at most
MOST_EXCHANGES = 64
# what a kick draws: where, whether far, how many exchanges, two for each, where from
DRAWS = 8
# a kick between two places rather than within one
FAR_SHARE = 0.5


class Map(NamedTuple):
    """The arcs from both ends; where none is open an origin costs `alone`.

    start, site, cost       the arcs of each origin, cheapest first
    begin, origin, charged  the arcs of each site
    group                   [j] of the quotas; locked [j] sites that must stay open
    """

    start: Indices
    site: Short
    cost: Numbers
    begin: Indices
    origin: Short
    charged: Numbers
    alone: Numbers
    group: Indices
    locked: Flags


class Standing(NamedTuple):
    """The open sites, and what follows from them.

    sites  [k]; slot [j] its place there, -1 where closed; room [c] left in each group
    near   [i] slot of the nearest, -1 for none; first, second [i] costs of the two nearest
    loss   [k] what closing costs
    """

    sites: Indices
    slot: Indices
    room: Indices
    near: Indices
    first: Numbers
    second: Numbers
    loss: Numbers


class Scratch(NamedTuple):
    """What a kick writes: candidates to try, exchanges to take back, slots that one changes."""

    queue: Indices
    is_queued: Flags
    log: Indices
    change: Numbers
    touched: Indices
    is_touched: Flags


class Kicks:
    """A search by kicks from a choice of sites, among the arcs of an instance."""

    def __init__(self, instance: Instance, arcs: Arcs, sites: Indices) -> None:
        m, p = instance.number.size, instance.p
        # beyond its arcs an origin is told to cost the most it may: never less than in truth
        dearest = np.minimum(instance.cost.max(axis=1), instance.alone)
        self.here = Map(
            arcs.start, arcs.site, arcs.cost, *_turned(arcs.start, arcs.site, arcs.cost, m),
            dearest, instance.group, instance.must,
        )  # fmt: skip
        swaps = Swaps(instance, lambda: False)
        swaps.value(sites)
        is_served = swaps.first < arcs.ceiling
        near = np.where(is_served, swaps.near, -1)
        first = np.where(is_served, swaps.first, dearest)
        second = np.where(swaps.second < arcs.ceiling, swaps.second, dearest)
        slot = np.full(m, -1)
        slot[sites] = np.arange(p)
        room = instance.most - np.bincount(instance.group[sites], minlength=instance.most.size)
        loss = np.bincount(near[is_served], (second - first)[is_served], minlength=p)
        self.now = Standing(sites.copy(), slot, room, near, first, second, loss)
        self.scratch = Scratch(
            np.zeros(m, np.int64), np.zeros(m, np.bool_), np.zeros(2 * MOST_EXCHANGES, np.int64),
            np.zeros(p), np.zeros(p + 1, np.int64), np.zeros(p, np.bool_),
        )  # fmt: skip

    def run(self, count: int, slack: float, chance: np.random.Generator) -> Indices:
        """Kick so many times; the open sites reached."""
        _kicks(self.here, self.now, self.scratch, chance.random((count, DRAWS)), slack)
        return self.now.sites


@compiled
def _kicks(here: Map, now: Standing, scratch: Scratch, draws: Numbers, slack: float) -> None:
    """Kick once for each row of draws; take back what loses."""
    log = scratch.log
    for r in range(draws.shape[0]):
        gain, done = _kick(here, now, scratch, draws[r], slack)
        if gain < 0.0:
            for t in range(done - 1, -1, -1):
                _exchange(here, now, log[2 * t], log[2 * t + 1])


@compiled
def _kick(
    here: Map, now: Standing, scratch: Scratch, draw: Numbers, slack: float
) -> tuple[float, int]:
    """Open a site or two near an origin, close as many there or elsewhere, then mend around.

    returns  what was gained, and how many exchanges the log holds
    """
    queue, is_queued, log = scratch.queue, scratch.is_queued, scratch.log
    n = now.near.size
    near = int(draw[0] * n)
    far = near
    wanted = 1 + int(draw[2] * 2)
    waiting = _await(here, now, scratch, near, 0)
    openable = waiting
    if draw[1] < FAR_SHARE:
        far = int(draw[7] * n)
        wanted = 1
        waiting = _await(here, now, scratch, far, waiting)
    gain = 0.0
    done = 0
    a = 0
    idle = 0
    cheapest = -1
    while idle < waiting and done < MOST_EXCHANGES:
        if wanted > 0:
            j = queue[int(draw[1 + 2 * wanted] * openable)] if openable > 0 else -1
            k = _closed(here, now, j, far, draw[2 + 2 * wanted])
            wanted -= 1
        else:
            if cheapest < 0:
                cheapest = int(np.argmin(now.loss))
            j = queue[a]
            a = a + 1 if a + 1 < waiting else 0
            idle += 1
            k = _best_slot(here, now, scratch, j, cheapest, slack) if now.slot[j] < 0 else -1
        if k < 0:
            continue
        idle = 0
        cheapest = -1
        left = now.sites[k]
        log[2 * done] = k
        log[2 * done + 1] = left
        done += 1
        gain += _exchange(here, now, k, j)
        if not is_queued[left]:
            is_queued[left] = True
            queue[waiting] = left
            waiting += 1
    for a in range(waiting):
        is_queued[queue[a]] = False
    return gain, done


@compiled
def _await(here: Map, now: Standing, scratch: Scratch, i: int, waiting: int) -> int:
    """Queue the candidates no farther from an origin than its nearest open sites."""
    queue, is_queued = scratch.queue, scratch.is_queued
    seen = 0
    for a in range(here.start[i], here.start[i + 1]):
        j = here.site[a]
        if now.slot[j] >= 0:
            seen += 1
            if seen == RANKS:
                break
        if not is_queued[j]:
            is_queued[j] = True
            queue[waiting] = j
            waiting += 1
    return waiting


@compiled
def _closed(here: Map, now: Standing, j: int, i: int, drawn: float) -> int:
    """The slot of an open site near an origin that site j may take; -1 for none."""
    if j < 0 or now.slot[j] >= 0:
        return -1
    k = int(now.near[i])
    begin, end = here.start[i], here.start[i + 1]
    if end > begin:
        at = int(now.slot[here.site[begin + int(drawn * (end - begin))]])
        k = at if at >= 0 else k
    if k < 0 or here.locked[now.sites[k]]:
        return -1
    group = here.group[j]
    if now.room[group] <= 0 and here.group[now.sites[k]] != group:
        return -1
    return k


@compiled
def _best_slot(
    here: Map, now: Standing, scratch: Scratch, j: int, cheapest: int, slack: float
) -> int:
    """The slot that gains most by taking site j, -1 where none gains more than the slack.

    cheapest  the slot whose closing costs least, where site j changes nothing
    """
    origin, charged = here.origin, here.charged
    near, first, second = now.near, now.first, now.second
    change, touched, is_touched = scratch.change, scratch.touched, scratch.is_touched
    gain = 0.0
    count = 0
    for b in range(here.begin[j], here.begin[j + 1]):
        i = origin[b]
        c = charged[b]
        if c >= second[i]:
            continue
        k = near[i]
        less = second[i] - c
        if c < first[i]:
            gain += first[i] - c
            less = second[i] - first[i]
        if k >= 0:
            if not is_touched[k]:
                is_touched[k] = True
                touched[count] = k
                count += 1
            change[k] += less
    if not is_touched[cheapest]:
        touched[count] = cheapest
        count += 1
    best = -1
    least = gain - slack
    is_full = now.room[here.group[j]] <= 0
    for t in range(count):
        k = touched[t]
        left = now.sites[k]
        cost = now.loss[k] - change[k]
        change[k] = 0.0
        is_touched[k] = False
        if cost >= least or here.locked[left]:
            continue
        if is_full and here.group[left] != here.group[j]:
            continue
        least = cost
        best = k
    return best


@compiled
def _exchange(here: Map, now: Standing, k: int, j: int) -> float:
    """Put site j in slot k; what the total gains by it (below 0: it loses)."""
    start, site, cost, alone = here.start, here.site, here.cost, here.alone
    begin, origin, charged, group = here.begin, here.origin, here.charged, here.group
    slot, near, first, second, loss = now.slot, now.near, now.first, now.second, now.loss
    left = now.sites[k]
    now.room[group[left]] += 1
    now.room[group[j]] -= 1
    slot[left] = -1
    slot[j] = k
    now.sites[k] = j
    gain = 0.0
    for b in range(begin[left], begin[left + 1]):
        i = origin[b]
        if charged[b] > second[i]:
            continue
        q = near[i]
        if q >= 0:
            loss[q] -= second[i] - first[i]
        q = -1
        nearest = after = alone[i]
        for a in range(start[i], start[i + 1]):
            t = slot[site[a]]
            if t >= 0:
                if q >= 0:
                    after = cost[a]
                    break
                q = t
                nearest = cost[a]
        gain += first[i] - nearest
        near[i] = q
        first[i] = nearest
        second[i] = after
        if q >= 0:
            loss[q] += after - nearest
    for b in range(begin[j], begin[j + 1]):
        i = origin[b]
        c = charged[b]
        q = near[i]
        if c >= second[i] or q == k:
            continue
        if q >= 0:
            loss[q] -= second[i] - max(c, first[i])
        if c < first[i]:
            gain += first[i] - c
            loss[k] += first[i] - c
            second[i] = first[i]
            first[i] = c
            near[i] = k
        else:
            second[i] = c
    return gain


@compiled
def _turned(
    start: Indices, site: Short, cost: Numbers, sites: int
) -> tuple[Indices, Short, Numbers]:
    """The arcs of each site, from those of each origin."""
    begin = np.zeros(sites + 1, np.int64)
    for a in range(site.size):
        begin[site[a] + 1] += 1
    begin = np.cumsum(begin)
    place = begin[:-1].copy()
    origin = np.empty(site.size, np.int32)
    charged = np.empty(site.size)
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            b = place[site[a]]
            place[site[a]] += 1
            origin[b] = i
            charged[b] = cost[a]
    return begin, origin, charged
