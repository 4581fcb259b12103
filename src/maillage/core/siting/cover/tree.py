"""The cases examined one by one until none can hold a better choice, or time is out.

Each case is bounded by multipliers, so the cases and their vectors are a proof that anybody can
recompute (`solution.Proof`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.cover.dual import (
    CLOSED,
    FREE,
    OPEN,
    Dual,
    States,
    bound_at,
    chosen,
    completed,
    descend,
    rewards,
)
from maillage.core.siting.cover.swap import (
    Choice,
    Flags,
    Table,
    covered,
    fill,
    improve,
    move_to,
    nothing_open,
    put,
    shaken,
)
from maillage.core.siting.inputs import Numbers
from maillage.core.siting.solution import Proof

# rounds of the multipliers between two looks at the clock, and for one case of the tree
_SLICE = 60
_CASE_ROUNDS = 60
# the root goes on while a slice brings the bound this much nearer to the value
_WORTHWHILE = 0.003
# local searches from a choice shaken, at most, and arcs that they may look at in all
_MOST_SHAKEN = 60
_SHAKEN_ARCS = 3_000_000


@dataclass
class Case:
    """One node of the proof: split on a site, or bounded by a vector."""

    site: int = -1
    is_open: "Case | None" = None
    is_closed: "Case | None" = None
    vector: int = -1


@dataclass
class Left:
    """A case still to examine."""

    case: Case
    state: States
    u: Numbers
    often: Numbers
    bound: float


@dataclass
class Search:
    """The best choice so far and the proof under construction.

    slack    a bound below value + slack proves the value: 1 for whole weights
    is_out   whether time is out
    least    only a choice worth as much is of interest
    """

    table: Table
    state: States
    slack: float
    is_out: Callable[[], bool]
    least: float = -np.inf
    value: float = -np.inf
    best: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    vectors: list[Numbers] = field(default_factory=list)
    root: Case = field(default_factory=Case)
    heap: list[tuple[float, int, Left]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.is_free = self.state == FREE
        self.choice: Choice = nothing_open(self.table)
        _shut(self.table, self.state)

    @property
    def needed(self) -> float:
        """A case bounded below this holds nothing better."""
        return max(self.value + self.slack, self.least)

    def start(self) -> None:
        """A first choice: greatest gains, then swaps; none when quotas leave too few sites."""
        for j in np.flatnonzero(self.state == OPEN):
            put(self.table, self.choice, int(j), 1)
        fill(self.table, self.choice, self.is_free)
        if self.choice.is_open.sum() < self.table.p:
            return
        improve(self.table, self.choice, self.is_free)
        self._keep()

    def shake(self) -> None:
        """Look for a better choice near the best one, as far as the size of the problem allows."""
        rounds = min(_MOST_SHAKEN, _SHAKEN_ARCS // max(1, len(self.table.site)))
        move_to(self.table, self.choice, self.best)
        found = shaken(self.table, self.choice, self.is_free, rounds, next(self.order))
        move_to(self.table, self.choice, found)
        self._keep()

    def descend_root(self) -> None:
        """The bound of the whole, and better choices from those that it meets."""
        sites = len(self.state)
        dual = Dual(self.table.weight / 2, np.zeros(sites), self.best.copy())
        bound = np.inf
        while True:
            before = bound
            found, value = descend(self.table, self.state, dual, self.needed, self.value, _SLICE)
            bound = min(bound, found)
            self._polish(dual.best, value)
            is_slow = before - bound < _WORTHWHILE * (bound - self.value)
            if bound < self.needed or is_slow or self.is_out():
                break
        everything = float(self.table.weight.sum())
        if everything < bound:
            # where nearly all are covered, covering all is the best bound
            bound, dual.u[:] = everything, 0.0
        self._leave(Left(self.root, self.state, dual.u, dual.often, bound))

    def is_done(self) -> bool:
        """Whether the value is proved or time is out."""
        return not self.heap or self.is_out()

    def step(self) -> None:
        """Split the next case, unless a better choice has settled it since."""
        left = heappop(self.heap)[2]
        if left.bound < self.needed:
            left.case.vector = self._store(left.u)
            return
        self._split(left)

    def finish(self) -> tuple[float, Proof]:
        """The proved bound, and its proof over the patterns."""
        bound = max([self.value, *(left.bound for _, _, left in self.heap)])
        for _, _, left in self.heap:
            left.case.vector = self._store(left.u)
        is_proved = bound < self.needed
        tree = np.array(_preorder(self.root), dtype=np.int32)
        proof = Proof("multipliers", np.array(self.vectors), tree)
        return (self.value if is_proved else bound), proof

    def _keep(self) -> None:
        value = covered(self.table, self.choice)
        if value > self.value:
            self.value, self.best = float(value), self.choice.is_open.copy()

    def _polish(self, found: Flags, value: float) -> None:
        if value < 0:
            return
        move_to(self.table, self.choice, found)
        if found.sum() == self.table.p:
            improve(self.table, self.choice, self.is_free)
            self._keep()

    def _store(self, u: Numbers) -> int:
        self.vectors.append(u)
        return len(self.vectors) - 1

    def _leave(self, left: Left) -> None:
        """Close a case that its bound settles, or put it on the heap."""
        if left.bound < self.needed:
            left.case.vector = self._store(left.u)
            return
        order = next(self.order)
        # a yes or no is found fastest by going deep, a bound by splitting where it is greatest
        rank = -order if np.isfinite(self.least) else -left.bound
        heappush(self.heap, (rank, order, left))

    def _split(self, left: Left) -> None:
        """Fix what the multipliers settle, then examine the two cases of one site."""
        case = self._fix(left)
        free = left.state == FREE
        if not free.any():
            # nothing is left to choose: the exact multipliers settle it
            left.case, left.u = case, completed(self.table, left.state)
            case.vector = self._store(left.u)
            return
        doubt = np.where(free, np.minimum(left.often, 1 - left.often), -1.0)
        j = int(np.argmax(doubt))
        case.site, case.is_open, case.is_closed = j, Case(), Case()
        for child, status in ((case.is_closed, CLOSED), (case.is_open, OPEN)):
            self._examine(child, left, j, status)

    def _examine(self, case: Case, parent: Left, j: int, status: int) -> None:
        state = parent.state.copy()
        state[j] = status
        _shut(self.table, state)
        u = parent.u.copy()
        exact = completed(self.table, state)
        if bound_at(self.table, exact, state) < bound_at(self.table, u, state):
            u = exact
        dual = Dual(u, parent.often.copy(), self.best.copy())
        bound, value = descend(self.table, state, dual, self.needed, self.value, _CASE_ROUNDS)
        if value > self.value:
            self._polish(dual.best, value)
        self._leave(Left(case, state, dual.u, dual.often, bound))

    def _fix(self, left: Left) -> Case:
        """Decide the sites whose other case the multipliers already settle; the case left."""
        keeps, drops = _settled(self.table, left, self.needed)
        if not len(keeps) and not len(drops):
            return left.case
        vector = self._store(left.u)
        case = left.case
        for sites, status in ((keeps, OPEN), (drops, CLOSED)):
            # what those kept leave no room for is closed already
            for j in sites[left.state[sites] == FREE]:
                left.state[j] = status
                settled, following = Case(vector=vector), Case()
                case.site = int(j)
                case.is_open, case.is_closed = (
                    (following, settled) if status == OPEN else (settled, following)
                )
                case = following
            _shut(self.table, left.state)
        return case


def _shut(table: Table, state: States) -> None:
    """Close what can no longer open: p sites are open, or all that a group may have."""
    held = np.bincount(table.group[state == OPEN], minlength=len(table.most))
    is_over = held.sum() >= table.p
    state[(state == FREE) & (is_over | (held >= table.most)[table.group])] = CLOSED


def _settled(
    table: Table, left: Left, needed: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The free sites that must open, and those that must close, for a choice worth `needed`."""
    rho = rewards(table, left.u, left.state)
    bound = left.bound
    picked = np.zeros(len(rho), dtype=np.bool_)
    picked[chosen(table, rho, left.state)] = True
    free = left.state == FREE
    room = table.most - np.bincount(table.group[picked], minlength=len(table.most))
    inside, outside = free & picked, free & ~picked
    lowest = _by_group(table, inside, rho, np.minimum, np.inf)
    highest = _by_group(table, outside, rho, np.maximum, 0.0)
    # a site enters in place of the least picked one: of its own group when that one is full
    replaced = np.where(room > 0, lowest.min(initial=np.inf), lowest)[table.group]
    # and leaves to the best of those whose group has room, or of its own
    open_best = highest[room > 0].max(initial=0.0)
    replacing = np.maximum(highest, open_best)[table.group]
    keeps = inside & (bound - rho + replacing < needed)
    drops = outside & (bound - replaced + rho < needed)
    return np.flatnonzero(keeps), np.flatnonzero(drops)


def _by_group(table: Table, among: Flags, rho: Numbers, better: np.ufunc, worst: float) -> Numbers:
    found = np.full(len(table.most), worst)
    better.at(found, table.group[among], rho[among])
    return found


def _preorder(root: Case) -> list[int]:
    found, stack = [], [root]
    while stack:
        case = stack.pop()
        if case.is_open is None or case.is_closed is None:
            found.append(-1 - case.vector)
            continue
        found.append(case.site)
        stack += [case.is_closed, case.is_open]
    return found
