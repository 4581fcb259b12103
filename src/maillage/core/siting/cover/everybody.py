"""Do p sites reach everybody within a cost? A choice that does, or the proof that none does."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.cover.dual import CLOSED, FREE, OPEN, States, rewards
from maillage.core.siting.cover.patterns import narrowest, patterns_of
from maillage.core.siting.cover.reach import reach_of
from maillage.core.siting.cover.swap import Table
from maillage.core.siting.cover.tree import Search
from maillage.core.siting.inputs import Allowed, Numbers
from maillage.core.siting.solution import Proof

# a bound this far below the number of patterns proves that one is left out
_MARGIN = 1e-3
# the cases may be many where a choice that covers all exists: look for it from time to time
_CASES_BETWEEN_SHAKES = 20


@dataclass
class Everybody:
    """The search for p sites that leave nobody out at one cost.

    first  [r] one origin of each pattern left to cover
    """

    search: Search
    first: NDArray[np.int64]

    @classmethod
    def within(
        cls,
        cost: Numbers,
        limit: float,
        allowed: Allowed,
        quotas: tuple[NDArray[np.int64], NDArray[np.int64]],
        is_out: Callable[[], bool],
    ) -> "Everybody":
        """At the cost `limit`, which every origin has an allowed site within."""
        reach = reach_of(cost, limit)
        merged = patterns_of(reach, np.ones(reach.origins), allowed.forbidden)
        patterns = narrowest(merged)
        rows = len(patterns.weight)
        table = Table(
            patterns.start, patterns.site, patterns.of_site, patterns.pattern, np.ones(rows),
            *quotas, allowed.p,
        )  # fmt: skip
        state = np.where(allowed.fixed, OPEN, np.where(allowed.forbidden, CLOSED, FREE))
        search = Search(table, state.astype(np.int8), _MARGIN, is_out, least=rows - _MARGIN)
        return cls(search, patterns.first)

    @property
    def is_covered(self) -> bool:
        """Whether the best choice so far leaves nobody out."""
        return self.search.value == len(self.first)

    @property
    def is_impossible(self) -> bool:
        """Whether every case is closed without such a choice."""
        return not self.is_covered and not self.search.heap

    def look(self) -> bool:
        """A quick look: greatest gains, swaps, the first bound. False when no p sites may open."""
        self.search.start()
        if not self.search.best.size:
            return False
        if not self.is_covered:
            self.search.shake()
        if not self.is_covered:
            self.search.descend_root()
        return True

    def decide(self) -> None:
        """Examine every case, until one covers all, none is left or time is out."""
        for case in count(1):
            if self.is_covered or self.search.is_done():
                return
            self.search.step()
            if case % _CASES_BETWEEN_SHAKES == 0:
                self.search.shake()

    def proof(self, origins: int, fixed: NDArray[np.bool_], forbidden: NDArray[np.bool_]) -> Proof:
        """Why it is impossible, as multipliers of the set covering of `origins` origins."""
        state = np.where(fixed, OPEN, np.where(forbidden, CLOSED, FREE)).astype(np.int8)
        scaling = _Scaling(self.search.table, self.search.vectors)
        found = self.search.finish()[1]
        tree = scaling.walk(found.tree.tolist(), state)
        if tree is None:
            return Proof("solver")
        u = np.zeros((len(scaling.scaled), origins))
        u[:, self.first] = scaling.scaled
        return Proof("multipliers", u, np.array(tree, dtype=np.int32))


class _Scaling:
    """From "p sites cover less than all" to "covering all takes more than p sites".

    Multipliers u with sum_i u_i above the sum of the p greatest rho_j, divided by the p-th one,
    make sum_i u_i + sum_j min(0, 1 - rho_j) pass p.
    """

    def __init__(self, table: Table, vectors: list[Numbers]) -> None:
        self._table = table
        self._vectors = vectors
        self._number: dict[tuple[int, float], int] = {}
        self.scaled: list[Numbers] = []

    def walk(self, tree: list[int], state: States) -> list[int] | None:
        """The tree with a scaled vector for each case; None where one cannot be scaled."""
        found: list[int] = []
        path: list[int] = []
        for node in tree:
            if node >= 0:
                state[node] = OPEN
                path.append(node)
                found.append(node)
                continue
            number = self._scale(-1 - node, state)
            if number is None:
                return None
            found.append(-1 - number)
            while path and state[path[-1]] == CLOSED:
                state[path.pop()] = FREE
            if path:
                state[path[-1]] = CLOSED
        return found

    def _scale(self, vector: int, state: States) -> int | None:
        u = self._vectors[vector]
        rho = rewards(self._table, u, state)
        left = self._table.p - int((state == OPEN).sum())
        free = np.sort(rho[(state == FREE) & (rho > 0)])[::-1]
        # above zero unless quotas were needed to bound the case
        beyond = u.sum() - rho[state == OPEN].sum() - free[:left].sum()
        if beyond <= 0:
            return None
        if len(free) >= max(left, 1):
            price = float(free[max(left, 1) - 1])
        else:
            price = min([*free.tolist(), beyond / (left - len(free) + 1)])
        key = vector, price
        if key not in self._number:
            self._number[key] = len(self.scaled)
            self.scaled.append(u / price)
        return self._number[key]
