"""The bound that Lagrange multipliers prove, case by case.

Every problem is read as a minimisation: a case with some sites open and some closed costs at least
a base, plus the worth of each site open, plus the least that the free sites can add.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.verification.question import (
    CAPACITATED,
    COVERING,
    MAXIMISED,
    Arcs,
    Flags,
    Numbers,
    Question,
)
from maillage.core.verification.verdict import Wrong

FREE, OPEN, CLOSED = 0, 1, -1

# floats of worths, one per vector and site, kept at once: 1 GiB
MOST_WORTHS = 2**27


@dataclass(frozen=True)
class Relaxed:
    """What vectors of multipliers make of a problem, as a minimisation.

    base   [k]
    worth  [k, j] added where the site is open
    """

    base: Numbers
    worth: Numbers


def relaxed(question: Question, u: Numbers, *, below: float = np.inf) -> Relaxed:
    """The bases and worths of multipliers u [k, i]. Raises Wrong where u is out of its range.

    below  for a p-center: sites nearer than this serve an origin
    """
    if len(u) * question.sites > MOST_WORTHS:
        raise Wrong("too_large", file="certificate")
    _refuse_out_of_range(question, u)
    worth = np.zeros((len(u), question.sites))
    if question.capacity is not None:
        for k in range(len(u)):
            worth[k] = _knapsacks(question, u[k], question.capacity)
    else:
        for arcs in question.arcs():
            _add(question, arcs, u, worth, below)
    if question.is_covering_all:
        worth = question.price - worth
    return Relaxed(_bases(question, u), worth)


def _refuse_out_of_range(question: Question, u: Numbers) -> None:
    if not np.isfinite(u).all():
        raise Wrong("multipliers")
    if question.kind != "p_median" and u.min(initial=0.0) < 0:
        raise Wrong("multipliers")
    if question.kind == "max_cover" and (u > question.weight).any():
        raise Wrong("multipliers")


def _bases(question: Question, u: Numbers) -> Numbers:
    if question.kind == "max_cover":
        return -np.asarray((question.weight - u).sum(axis=1))
    if question.kind == "max_benefit":
        return -np.asarray(u.sum(axis=1))
    if question.kind in CAPACITATED:
        total = np.asarray((question.weight * u).sum(axis=1))
        return -total if question.kind in MAXIMISED else total
    return np.asarray(question.times * u.sum(axis=1))


def _add(question: Question, arcs: Arcs, u: Numbers, worth: Numbers, below: float) -> None:
    """Add what some arcs bring to each site, vector by vector."""
    if question.kind == "p_center":
        arcs = arcs.kept(arcs.value < below)
    cost = question.weight[arcs.origin] * arcs.value
    sign = -1.0 if question.kind in MAXIMISED else 1.0
    if question.kind == "p_median":
        # an arc dearer than every multiplier never counts
        keep = cost < u.max(axis=0, initial=-np.inf)[arcs.origin]
        arcs, cost = arcs.kept(keep), cost[keep]
    for k in range(len(u)):
        paid = u[k][arcs.origin]
        if question.kind == "p_median":
            paid = np.minimum(0.0, cost - paid)
        elif question.kind == "max_benefit":
            paid = np.maximum(0.0, cost - paid)
        worth[k] += sign * np.bincount(arcs.site, paid, minlength=question.sites)


def _knapsacks(question: Question, u: Numbers, capacity: Numbers) -> Numbers:
    """The least that each site [j] costs, filled with the demand that pays most per seat."""
    site, each, demand = _paying(question, u)
    order = np.lexsort((each, site))
    site, each, demand = site[order], each[order], demand[order]
    before = np.cumsum(demand) - demand
    first = np.searchsorted(site, site)
    taken = np.clip(capacity[site] - (before - before[first]), 0.0, demand)
    return np.bincount(site, each * taken, minlength=question.sites)


def _paying(question: Question, u: Numbers) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """The arcs that lower the cost: site, cost of a seat less its multiplier, demand."""
    kept: list[tuple[NDArray[np.int64], Numbers, Numbers]] = []
    for arcs in question.arcs():
        value = -1.0 if question.kind in COVERING else arcs.value
        each = value + u[arcs.origin] if question.kind in COVERING else value - u[arcs.origin]
        pays = each < 0
        kept.append((arcs.site[pays], each[pays], question.weight[arcs.origin[pays]]))
    if not kept:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    site, each, demand = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return site, each, demand


def least(question: Question, found: Relaxed, tree: NDArray[np.int32]) -> float:
    """The least of the bounds of all cases of a tree; inf when no case is possible.

    Raises Wrong when the tree leaves a case out or names what does not exist.
    """
    bound = np.inf
    for vector, state in _cases(question, len(found.base), tree):
        bound = min(
            bound, float(found.base[vector]) + _choose(question, found.worth[vector], state)
        )
    return bound


def _cases(
    question: Question, vectors: int, tree: NDArray[np.int32]
) -> Iterator[tuple[int, NDArray[np.int8]]]:
    """Each case of a tree in preorder: the vector that bounds it, the state of the sites."""
    state = np.where(question.fixed, OPEN, np.where(question.forbidden, CLOSED, FREE))
    state = state.astype(np.int8)
    path: list[int] = []
    is_whole = False
    for node in tree.tolist():
        if is_whole:
            raise Wrong("tree")
        if node >= 0:
            if node >= question.sites or state[node] != FREE:
                raise Wrong("tree")
            state[node] = OPEN
            path.append(node)
            continue
        if -1 - node >= vectors:
            raise Wrong("tree")
        yield -1 - node, state
        while path and state[path[-1]] == CLOSED:
            state[path.pop()] = FREE
        if path:
            state[path[-1]] = CLOSED
        is_whole = not path
    if not is_whole:
        raise Wrong("tree")


def _choose(question: Question, worth: Numbers, state: NDArray[np.int8]) -> float:
    """The least that sites add in a case: those open, and the best of the free ones."""
    is_open = state == OPEN
    room = question.most - np.bincount(question.group[is_open], minlength=len(question.most))
    if room.min(initial=0) < 0 or question.spent[is_open].sum() > question.budget:
        return np.inf
    free = np.flatnonzero(state == FREE)
    left = len(free) if question.p is None else question.p - int(is_open.sum())
    values = worth[_allowed(question, worth, free, room)]
    if question.is_covering_all:
        # a site that would only cost stays closed
        values = np.minimum(0.0, values)
        left = min(left, len(values))
    if not 0 <= left <= len(values):
        return np.inf
    rest = np.partition(values, left - 1)[:left].sum() if left else 0.0
    return float(worth[is_open].sum() + rest)


def _allowed(
    question: Question, worth: Numbers, free: NDArray[np.int64], room: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The free sites that their group has room for, the best of each group first."""
    if len(room) == 1:
        return free if room[0] >= len(free) else free[np.argsort(worth[free])][: room[0]]
    order = free[np.lexsort((worth[free], question.group[free]))]
    group = question.group[order]
    rank = np.arange(len(order)) - np.searchsorted(group, group)
    return order[rank < room[group]]


def is_whole(question: Question) -> bool:
    """Whether every value of the problem is a whole number, so that a bound rounds up."""
    if question.kind == "p_center" or question.kind in CAPACITATED:
        return False
    if question.kind == "set_cover":
        return bool((question.price == np.floor(question.price)).all())
    if question.kind == "max_cover":
        return bool((question.weight == np.floor(question.weight)).all())
    return all(_are_whole(question, arcs) for arcs in question.arcs())


def _are_whole(question: Question, arcs: Arcs) -> Flags:
    worth = question.weight[arcs.origin] * arcs.value
    return np.all(worth == np.floor(worth))  # type: ignore[return-value]
