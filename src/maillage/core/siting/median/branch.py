"""Branch and bound on the Lagrangian bound, writing the proof as it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.dual import CLOSED, FREE, OPEN, choose_at, climb, fixings
from maillage.core.siting.median.instance import Arcs, Indices, Instance, Numbers, narrowed
from maillage.core.siting.median.search import Incumbent, Swaps
from maillage.core.siting.solution import Proof

States = NDArray[np.int8]


@dataclass
class Case:
    """What is left to examine: some sites open, some closed, the others free.

    number  [j] site of the instance
    u       [i] the best multipliers so far
    often   [j] how often a site was chosen of late
    bound   of the multipliers rounded
    """

    arcs: Arcs
    number: Indices
    group: Indices
    state: States
    u: Numbers
    often: Numbers
    bound: float = -np.inf
    vector: int = -1

    def free(self) -> int:
        """The sites still to decide."""
        return int((self.state == FREE).sum())


@dataclass
class Record:
    """The proof under construction: vectors, and the cases in preorder."""

    vectors: list[Numbers] = field(default_factory=list)
    tree: list[int] = field(default_factory=list)

    def keep(self, u: Numbers) -> int:
        """Store a vector; its number."""
        self.vectors.append(u.copy())
        return len(self.vectors) - 1

    def proof(self, origins: int) -> Proof:
        """What the record lets anybody check."""
        vectors = np.array(self.vectors).reshape(-1, origins)
        return Proof("multipliers", vectors, np.array(self.tree, dtype=np.int32))


@dataclass(frozen=True)
class Effort:
    """How hard a case is climbed before it is split."""

    rounds: int
    blocks: int
    scale: float
    patience: int


ROOT = Effort(rounds=150, blocks=30, scale=1.0, patience=12)
NODE = Effort(rounds=60, blocks=4, scale=0.3, patience=6)


class Branching:
    """Depth-first search over the cases of one instance."""

    def __init__(
        self,
        instance: Instance,
        incumbent: Incumbent,
        swaps: Swaps,
        out_of_time: Callable[[], bool],
    ) -> None:
        self.instance = instance
        self.incumbent = incumbent
        self.swaps = swaps
        self.out_of_time = out_of_time
        self.record = Record()
        self.lowest = np.inf
        self.cases = 0

    def run(self, root: Case) -> float:
        """Examine everything, or until time is out; the bound that the record proves."""
        todo: list[Case | int] = [root]
        effort = ROOT
        while todo:
            item = todo.pop()
            if isinstance(item, int):
                self.record.tree.append(item)
                continue
            self._examine(item, effort, todo)
            effort = NODE
        return self.lowest

    def _examine(self, case: Case, effort: Effort, todo: list[Case | int]) -> None:
        """Bound a case, decide what can be, then leave it proved or split."""
        self.cases += 1
        scale = effort.scale
        heading = np.zeros_like(case.u)
        for _ in range(effort.blocks):
            if self.out_of_time():
                break
            before = case.bound
            free = case.free()
            scale = self._climb(case, effort, scale, heading)
            self._decide(case, todo)
            if case.bound >= self.cutoff() or case.free() == 0:
                break
            self._try_choice()
            if case.free() < 0.9 * free:
                self._narrow(case)
                heading[:] = 0.0
                continue
            gap = self.incumbent.value - case.bound
            if case.bound - before < 0.02 * gap:
                break
        if case.bound < self.cutoff() and not self.out_of_time():
            if case.free() > 0:
                self._split(case, todo)
                return
            self._close_decided(case)
        self._leaf(case)

    def cutoff(self) -> float:
        """The bound that ends a case."""
        return self.instance.cutoff(self.incumbent.value)

    def _climb(self, case: Case, effort: Effort, scale: float, heading: Numbers) -> float:
        own = self.instance
        cutoff = self.cutoff()
        aim = self.incumbent.value + 0.0005 * abs(self.incumbent.value)
        _, scale, _ = climb(
            case.arcs.start, case.arcs.site, case.arcs.cost, case.arcs.floor, case.arcs.ceiling,
            case.state, own.p, case.group, own.most, case.u, heading, case.often,
            cutoff + 0.1 if own.whole else cutoff, aim, scale, effort.patience, effort.rounds,
        )  # fmt: skip
        return scale

    def _decide(self, case: Case, todo: list[Case | int]) -> None:
        """Bound with rounded multipliers, and fix what they decide."""
        own = self.instance
        u = own.rounded(case.u)
        rho = np.empty(case.state.size)
        is_chosen = np.zeros(case.state.size, np.bool_)
        bound = choose_at(
            case.arcs.start, case.arcs.site, case.arcs.cost, u,
            case.state, own.p, case.group, own.most, rho, is_chosen,
        )  # fmt: skip
        if bound > case.bound:
            case.bound, case.vector = bound, -1
            case.u[:] = u
        if bound >= self.cutoff() or case.state.size == 0:
            return
        before = case.state.copy()
        self.loss = np.empty(case.state.size)
        if fixings(
            rho, is_chosen, case.state, case.group, own.most, bound, self.cutoff(), self.loss
        ):
            leaf = -1 - self.record.keep(u)
            if bound >= case.bound:
                case.vector = -1 - leaf
            for j in np.flatnonzero(case.state != before):
                self.record.tree.append(int(own.number[case.number[j]]))
                if case.state[j] == CLOSED:
                    self.record.tree.append(leaf)
                    self.lowest = min(self.lowest, bound + self.loss[j])
                else:
                    todo.append(leaf)
                    self.lowest = min(self.lowest, bound + self.loss[j])
        self.chosen = case.number[is_chosen]

    def _try_choice(self) -> None:
        """See what the sites chosen by the multipliers cost, once exchanged."""
        if self.chosen.size != self.instance.p:
            return
        sites = self.chosen.copy()
        value = self.swaps.value(sites)
        if value < 1.01 * self.incumbent.value:
            value = self.swaps.descend(sites)
        self.incumbent.offer(sites, value)

    def _narrow(self, case: Case) -> None:
        """Forget the closed sites, and the arcs dearer than a site sure to open."""
        keep = case.state != CLOSED
        sure = self.instance.cost[:, case.number[case.state == OPEN]]
        nearest = sure.min(axis=1, initial=np.inf)
        case.arcs = narrowed(case.arcs, keep, nearest)
        case.number = case.number[keep]
        case.group = case.group[keep]
        case.state = case.state[keep]
        case.often = case.often[keep]
        np.clip(case.u, case.arcs.floor, case.arcs.ceiling, out=case.u)

    def _split(self, case: Case, todo: list[Case | int]) -> None:
        """Two cases: a site open, the same closed."""
        self._narrow(case)
        free = np.flatnonzero(case.state == FREE)
        j = int(free[np.argmax(0.5 - np.abs(case.often[free] - 0.5))])
        self.record.tree.append(int(self.instance.number[case.number[j]]))
        for state in (CLOSED, OPEN):
            other = replace(case, state=case.state.copy(), u=case.u.copy(), often=case.often.copy())
            other.state[j] = state
            todo.append(other)

    def _close_decided(self, case: Case) -> None:
        """All sites are decided: the costs to the nearest are multipliers that prove the case."""
        sites = case.number[case.state == OPEN]
        if sites.size != self.instance.p:
            case.bound = np.inf
            return
        value = self.swaps.value(sites)
        self.incumbent.offer(sites, value)
        case.u = self.swaps.first.copy()
        case.bound, case.vector = value, -1

    def _leaf(self, case: Case) -> None:
        self.lowest = min(self.lowest, case.bound)
        if case.vector < 0:
            case.vector = self.record.keep(case.u)
        self.record.tree.append(-1 - case.vector)
