"""Good choices of sites fast: the greatest gain first, then swaps while one helps.

Source: the interchange of Teitz and Bart (1968), gains and losses kept up to date as in Resende
and Werneck (2007).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.cover.reach import Indices, Starts
from maillage.core.siting.inputs import Numbers

Flags = NDArray[np.bool_]

# sums of weights are compared up to rounding
_ROUNDING = 1e-12
# swaps at random before a new local search, at most
_SHAKES = 8


class Table(NamedTuple):
    """A covering problem as kernels take it: see `Patterns` for the arcs.

    weight  [r]
    group   [j] group of each site
    most    [c] open sites allowed in each group
    p       sites that open in all
    """

    start: Starts
    site: Indices
    of_site: Starts
    pattern: Indices
    weight: Numbers
    group: NDArray[np.int64]
    most: NDArray[np.int64]
    p: int


class Choice(NamedTuple):
    """Open sites, and what each other one would bring or take.

    is_open  [j]
    times    [r] open sites that cover the pattern
    owner    [r] sum of their numbers: the site itself when there is one
    gain     [j] weight covered if the site opened
    loss     [j] weight no longer covered if it closed
    held     [c] open sites in each group
    """

    is_open: Flags
    times: Indices
    owner: Starts
    gain: Numbers
    loss: Numbers
    held: NDArray[np.int64]


@compiled
def nothing_open(table: Table) -> Choice:
    """The choice of no site."""
    sites, patterns = len(table.of_site) - 1, len(table.weight)
    gain = np.zeros(sites)
    for j in range(sites):
        for k in range(table.of_site[j], table.of_site[j + 1]):
            gain[j] += table.weight[table.pattern[k]]
    return Choice(
        np.zeros(sites, np.bool_),
        np.zeros(patterns, np.int32),
        np.zeros(patterns, np.int64),
        gain,
        np.zeros(sites),
        np.zeros(len(table.most), np.int64),
    )


@compiled
def put(table: Table, choice: Choice, j: int, step: int) -> None:
    """Open a site (step 1) or close it (step -1)."""
    choice.is_open[j] = step > 0
    choice.held[table.group[j]] += step
    for a in range(table.of_site[j], table.of_site[j + 1]):
        r = table.pattern[a]
        before = choice.times[r]
        after = before + step
        choice.times[r] = after
        weight = table.weight[r] * step
        if step < 0 and before == 1:
            choice.loss[j] += weight
        if step < 0 and before == 2:
            choice.loss[choice.owner[r] - j] -= weight
        if step > 0 and before == 1:
            choice.loss[choice.owner[r]] -= weight
        choice.owner[r] += step * j
        if step > 0 and before == 0:
            choice.loss[j] += weight
        if min(before, after) == 0:
            for b in range(table.start[r], table.start[r + 1]):
                choice.gain[table.site[b]] -= weight


@compiled
def fill(table: Table, choice: Choice, is_free: Flags) -> None:
    """Open the free site of greatest gain, until p sites are open or no quota leaves room."""
    for _ in range(table.p - choice.is_open.sum()):
        best = -1
        for j in range(len(is_free)):
            if choice.is_open[j] or not is_free[j]:
                continue
            if choice.held[table.group[j]] >= table.most[table.group[j]]:
                continue
            if best < 0 or choice.gain[j] > choice.gain[best]:
                best = j
        if best < 0:
            return
        put(table, choice, best, 1)


@compiled
def improve(table: Table, choice: Choice, is_free: Flags) -> None:
    """Swap an open free site for a closed one while the weight covered grows."""
    sites = len(is_free)
    least = _ROUNDING * max(1.0, table.weight.sum())
    spared = np.zeros(sites)
    idle, k = 0, 0
    cheapest = _cheapest(choice, is_free, table.group, -1)
    while idle < sites:
        idle += 1
        k = k + 1 if k + 1 < sites else 0
        if choice.is_open[k] or not is_free[k] or choice.gain[k] <= least or cheapest < 0:
            continue
        group = table.group[k]
        is_full = choice.held[group] >= table.most[group]
        only = group if is_full else -1
        leaving = _cheapest(choice, is_free, table.group, only) if is_full else cheapest
        if leaving < 0:
            continue
        leaving = _leaving(table, choice, is_free, k, leaving, only, spared)
        if choice.gain[k] - choice.loss[leaving] + _shared(table, choice, k, leaving) <= least:
            continue
        put(table, choice, leaving, -1)
        put(table, choice, k, 1)
        cheapest = _cheapest(choice, is_free, table.group, -1)
        idle = 0


@compiled
def _cheapest(choice: Choice, is_free: Flags, group: NDArray[np.int64], only: int) -> int:
    """The open free site of least loss, of one group or of all (-1); -1 when there is none."""
    best = -1
    for j in range(len(is_free)):
        if not choice.is_open[j] or not is_free[j] or (only >= 0 and group[j] != only):
            continue
        if best < 0 or choice.loss[j] < choice.loss[best]:
            best = j
    return best


@compiled
def _leaving(
    table: Table,
    choice: Choice,
    is_free: Flags,
    k: int,
    cheapest: int,
    only: int,
    spared: Numbers,
) -> int:
    """The open site to close when k opens: the cheapest one, or one whose patterns k takes over.

    only  group that it must be of, -1 for any
    """
    best, least = cheapest, choice.loss[cheapest]
    for a in range(table.of_site[k], table.of_site[k + 1]):
        r = table.pattern[a]
        if choice.times[r] == 1:
            spared[choice.owner[r]] += table.weight[r]
    for a in range(table.of_site[k], table.of_site[k + 1]):
        r = table.pattern[a]
        if choice.times[r] != 1:
            continue
        j = choice.owner[r]
        may_leave = is_free[j] and (only < 0 or table.group[j] == only)
        if may_leave and choice.loss[j] - spared[j] < least:
            best, least = j, choice.loss[j] - spared[j]
    for a in range(table.of_site[k], table.of_site[k + 1]):
        r = table.pattern[a]
        if choice.times[r] == 1:
            spared[choice.owner[r]] = 0.0
    return best


@compiled
def _shared(table: Table, choice: Choice, k: int, j: int) -> float:
    """The weight that only j covers and k would cover too."""
    total = 0.0
    for a in range(table.of_site[k], table.of_site[k + 1]):
        r = table.pattern[a]
        if choice.times[r] == 1 and choice.owner[r] == j:
            total += table.weight[r]
    return total


@compiled
def covered(table: Table, choice: Choice) -> float:
    """The weight covered."""
    total = 0.0
    for r in range(len(table.weight)):
        if choice.times[r] > 0:
            total += table.weight[r]
    return total


@compiled
def shaken(table: Table, choice: Choice, is_free: Flags, rounds: int, seed: int) -> Flags:
    """The best of many local optima, each reached from the last after a few swaps at random."""
    np.random.seed(seed)
    movable = np.flatnonzero(is_free)
    best, best_value = choice.is_open.copy(), covered(table, choice)
    if len(movable) == 0:
        return best
    for _ in range(rounds):
        for _ in range(np.random.randint(1, _SHAKES + 1)):
            entering = movable[np.random.randint(len(movable))]
            leaving = movable[np.random.randint(len(movable))]
            if choice.is_open[entering] or not choice.is_open[leaving]:
                continue
            group = table.group[entering]
            is_full = choice.held[group] >= table.most[group]
            if is_full and table.group[leaving] != group:
                continue
            put(table, choice, leaving, -1)
            put(table, choice, entering, 1)
        improve(table, choice, is_free)
        value = covered(table, choice)
        if value > best_value:
            best, best_value = choice.is_open.copy(), value
        elif value < best_value:
            move_to(table, choice, best)
    return best


@compiled
def move_to(table: Table, choice: Choice, wanted: Flags) -> None:
    """Open and close until exactly the wanted sites are open."""
    for j in range(len(wanted)):
        if choice.is_open[j] and not wanted[j]:
            put(table, choice, j, -1)
    for j in range(len(wanted)):
        if wanted[j] and not choice.is_open[j]:
            put(table, choice, j, 1)
