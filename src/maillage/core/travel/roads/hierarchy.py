"""Customizable contraction hierarchies: an order once, speeds in milliseconds, then labels.

Every shortest path climbs the hierarchy, then descends. What a crossing meets on its climb is its
line of ancestors in the elimination tree, so two crossings meet on the ancestors they share: one
pass over two short rows of numbers answers a pair.

method  docs/method/travel.md
source  Dibbelt, Strasser, Wagner 2016, Customizable Contraction Hierarchies,
        doi 10.1145/2886843
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from routingkit_cch import compute_order_inertial

from maillage.core.compiled import compiled, compiled_fast

Whole = NDArray[np.int32]
# Whole numbers of milliseconds, exact up to four hours and a half; infinite where nothing leads
Milliseconds = NDArray[np.float32]
# Where points [i, 2] and [j, 2] stand, metres, and the square of the farthest that is answered
Near = tuple[NDArray[np.float32], NDArray[np.float32], np.float32]


@dataclass(frozen=True)
class Hierarchy:
    """The shape of a hierarchy: crossings by rank, arcs upwards, parents.

    rank    [n] rank of each crossing; arrays below are by rank
    first   [n + 1] where the upward arcs of a crossing begin
    up      [m] their upper ends, increasing within a crossing
    parent  [n] the lowest upper end, -1 at a root
    depth   [n] ancestors above
    """

    rank: Whole
    first: NDArray[np.int64]
    up: Whole
    parent: Whole
    depth: Whole

    def __len__(self) -> int:
        return len(self.rank)


@dataclass(frozen=True)
class Customised:
    """Milliseconds of the arcs of a hierarchy, upwards [m] and downwards [m]."""

    hierarchy: Hierarchy
    upward: Milliseconds
    downward: Milliseconds


@dataclass(frozen=True)
class Ends:
    """Points [p] on stretches: their two ends by rank, milliseconds to or from each.

    The high end of a stretch is an ancestor of its low one.
    """

    low: Whole
    low_ms: Milliseconds
    high: Whole
    high_ms: Milliseconds


def contract(
    xy: NDArray[np.float64], tail: NDArray[np.int64], head: NDArray[np.int64]
) -> Hierarchy:
    """The hierarchy of an undirected graph, by nested dissection along its coordinates."""
    apart = tail != head
    tail, head = tail[apart], head[apart]
    order = np.array(
        compute_order_inertial(
            len(xy), tail.tolist(), head.tolist(), xy[:, 1].tolist(), xy[:, 0].tolist()
        ),
        dtype=np.int32,
    )
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    low = np.minimum(rank[tail], rank[head])
    high = np.maximum(rank[tail], rank[head])
    pairs = np.unique(np.column_stack([low, high]), axis=0)
    first = np.searchsorted(pairs[:, 0], np.arange(len(order) + 1)).astype(np.int64)
    filled_first, up, parent = _fill(first, pairs[:, 1].astype(np.int32))
    return Hierarchy(rank, filled_first, up, parent, _depths(parent))


def customise(
    shape: Hierarchy, tail: NDArray[np.int64], head: NDArray[np.int64], ms: Milliseconds
) -> Customised:
    """The hierarchy under the milliseconds [a] of directed arcs, infinite for none."""
    upward = np.full(len(shape.up), np.inf, dtype=np.float32)
    downward = np.full(len(shape.up), np.inf, dtype=np.float32)
    start, end = shape.rank[tail], shape.rank[head]
    _lay(shape.first, shape.up, start, end, ms, upward, downward)
    _triangles(shape.first, shape.up, upward, downward)
    return Customised(shape, upward, downward)


def climb(
    shape: Hierarchy, ms: Milliseconds, ends: Ends, reached: Milliseconds, line: Whole
) -> None:
    """For each point [p], milliseconds to each of its ancestors, by depth.

    ms       [m] of the arcs climbed: upwards to leave, downwards to arrive
    reached  [p, d] is filled with milliseconds, infinite where nothing leads
    line     [p, d] is filled with the ancestors down to the point
    """
    _climb(
        shape.first,
        shape.up,
        shape.parent,
        shape.depth,
        ms,
        ends.low,
        ends.low_ms,
        ends.high,
        ends.high_ms,
        reached,
        line,
    )


def near(origins: NDArray[np.float64], sites: NDArray[np.float64], reach_m: float) -> Near:
    """Which pairs of Lambert-93 points `meet` answers: those no farther than some metres."""
    # small numbers keep their decimals in 32 bits
    middle = sites.mean(axis=0) if len(sites) else np.zeros(2)
    return (
        (origins - middle).astype(np.float32),
        (sites - middle).astype(np.float32),
        np.float32(min(reach_m, 1e9) ** 2),
    )


@compiled
def _fill(first: NDArray[np.int64], up: Whole) -> tuple[NDArray[np.int64], Whole, Whole]:
    """Symbolic elimination: a crossing hands its upper ends to the lowest of them."""
    count = len(first) - 1
    parent = np.full(count, -1, dtype=np.int32)
    child = np.full(count, -1, dtype=np.int32)
    sibling = np.full(count, -1, dtype=np.int32)
    mark = np.full(count, -1, dtype=np.int32)
    out_first = np.zeros(count + 1, dtype=np.int64)
    room = max(16, 4 * len(up))
    out = np.empty(room, dtype=np.int32)
    size = 0
    for v in range(count):
        begin = size
        if room - size < count - v:
            room = max(2 * room, size + count)
            wider = np.empty(room, dtype=np.int32)
            wider[:size] = out[:size]
            out = wider
        mark[v] = v
        for k in range(first[v], first[v + 1]):
            w = up[k]
            if mark[w] != v:
                mark[w] = v
                out[size] = w
                size += 1
        c = child[v]
        while c >= 0:
            for k in range(out_first[c], out_first[c + 1]):
                w = out[k]
                if mark[w] != v:
                    mark[w] = v
                    out[size] = w
                    size += 1
            c = sibling[c]
        if size > begin:
            out[begin:size] = np.sort(out[begin:size])
            p = out[begin]
            parent[v] = p
            sibling[v] = child[p]
            child[p] = v
        out_first[v + 1] = size
    return out_first, out[:size].copy(), parent


@compiled
def _depths(parent: Whole) -> Whole:
    depth = np.zeros(len(parent), dtype=np.int32)
    for v in range(len(parent) - 1, -1, -1):
        if parent[v] >= 0:
            depth[v] = depth[parent[v]] + 1
    return depth


@compiled
def _lay(
    first: NDArray[np.int64],
    up: Whole,
    start: Whole,
    end: Whole,
    ms: Milliseconds,
    upward: Milliseconds,
    downward: Milliseconds,
) -> None:
    for a in range(len(start)):
        v, w = start[a], end[a]
        if v < w:
            k = first[v] + np.searchsorted(up[first[v] : first[v + 1]], w)
            upward[k] = min(upward[k], ms[a])
        elif w < v:
            k = first[w] + np.searchsorted(up[first[w] : first[w + 1]], v)
            downward[k] = min(downward[k], ms[a])


@compiled
def _triangles(
    first: NDArray[np.int64], up: Whole, upward: Milliseconds, downward: Milliseconds
) -> None:
    """Each crossing, lowest first, offers its upper ends a way through itself."""
    count = len(first) - 1
    where = np.zeros(count, dtype=np.int64)
    for v in range(count):
        begin, end = first[v], first[v + 1]
        for i in range(begin, end):
            a = up[i]
            for k in range(first[a], first[a + 1]):
                where[up[k]] = k
            into, out_of = downward[i], upward[i]
            for j in range(i + 1, end):
                k = where[up[j]]
                through = into + upward[j]
                if through < upward[k]:
                    upward[k] = through
                back = downward[j] + out_of
                if back < downward[k]:
                    downward[k] = back


@compiled
def _climb(
    first: NDArray[np.int64],
    up: Whole,
    parent: Whole,
    depth: Whole,
    ms: Milliseconds,
    low: Whole,
    low_ms: Milliseconds,
    high: Whole,
    high_ms: Milliseconds,
    reached: Milliseconds,
    line: Whole,
) -> None:
    for p in range(len(low)):
        row = reached[p]
        row[:] = np.inf
        v = low[p]
        row[depth[v]] = low_ms[p]
        row[depth[high[p]]] = min(row[depth[high[p]]], high_ms[p])
        while v >= 0:
            line[p, depth[v]] = v
            here = row[depth[v]]
            if here < np.inf:
                for k in range(first[v], first[v + 1]):
                    d = depth[up[k]]
                    row[d] = min(row[d], here + ms[k])
            v = parent[v]


@compiled
def descend(first: NDArray[np.int64], up: Whole, downward: Milliseconds, ms: Milliseconds) -> None:
    """From the milliseconds [n] of a climb to those of every crossing, in place, highest first."""
    for v in range(len(first) - 2, -1, -1):
        best = ms[v]
        for k in range(first[v], first[v + 1]):
            best = min(best, ms[up[k]] + downward[k])
        ms[v] = best


@compiled_fast
def meet(
    climbs: Milliseconds,
    line: Whole,
    deep: Whole,
    falls: Milliseconds,
    other: Whole,
    its_deep: Whole,
    near: Near,
    out: NDArray[np.float32],
) -> None:
    """Milliseconds [i, j] of the pairs: the best of the ancestors that both lines share."""
    here, there, reach = near
    for i in range(len(deep)):
        mine, my_line, my_deep = climbs[i], line[i], deep[i]
        for j in range(len(its_deep)):
            east, north = here[i, 0] - there[j, 0], here[i, 1] - there[j, 1]
            if east * east + north * north > reach:
                out[i, j] = np.inf
                continue
            theirs, their_line = falls[j], other[j]
            # ancestors agree from the root down to the last one shared
            shared, beyond = -1, min(my_deep, its_deep[j]) + 1
            while beyond - shared > 1:
                middle = (shared + beyond) >> 1
                if my_line[middle] == their_line[middle]:
                    shared = middle
                else:
                    beyond = middle
            best = np.float32(np.inf)
            for d in range(shared + 1):
                best = min(best, mine[d] + theirs[d])
            out[i, j] = best
