"""Branch and bound, writing the proof as it goes.

The root is bounded by subgradient steps, then by the linear relaxation; the other cases by the
relaxation alone, from where it stood. Whatever gave the multipliers, a bound is L(u) computed
afresh from the multipliers that the proof keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.median.cuts import Relaxation
from maillage.core.siting.median.dual import CLOSED, FREE, OPEN, choose_at, climb, fixings
from maillage.core.siting.median.instance import Arcs, Indices, Instance, Numbers, narrowed
from maillage.core.siting.median.promising import promising, search_among
from maillage.core.siting.median.search import Incumbent, Swaps, any_choice
from maillage.core.siting.solution import Proof

States = NDArray[np.int8]

# subgradient steps: rounds in a block, blocks at most, first length, rounds without gain
ROUNDS, BLOCKS, SCALE, PATIENCE = 150, 30, 1.0, 12
# a block, or a solution of the relaxation, that closes less of the gap than this is the last
LEAST_PROGRESS = 0.02
# narrow the arrays when this share of the sites is left
NARROWED_SHARE = 0.8
# relaxations solved for one case
ROOT_SOLUTIONS, CASE_SOLUTIONS = 100, 8
# a search that gains nothing makes the next one shorter, down to this share of the usual kicks
LEAST_EFFORT = 0.2
# search again after so many cases, then each time that they double; kicks, against the usual number
FIRST_AGAIN, EFFORT_AGAIN = 128, 10.0
# numbers kept in the vectors of a proof: half a gigabyte
MOST_KEPT = 2**26
# choices this much dearer than the best known are not worth exchanging
WORTH_EXCHANGING = 1.01


@dataclass
class Case:
    """What is left to examine: some sites open, some closed, the others free.

    state   [j] of the sites of the instance as it is now
    u       [i] the best multipliers so far
    bound   of these multipliers, rounded
    vector  their number in the record, -1 before they are kept
    """

    state: States
    u: Numbers
    bound: float = -np.inf
    vector: int = -1

    def free(self) -> int:
        """The sites still to decide."""
        return int((self.state == FREE).sum())

    def left(self) -> int:
        """The sites that are not closed."""
        return int((self.state != CLOSED).sum())


@dataclass
class Record:
    """The proof under construction: vectors, and the cases in preorder.

    Past `MOST_KEPT` numbers only the root's vector is kept, and the proof alone then gives the
    bound of that vector.

    root    the best vector of the root
    lowest  the lowest bound of the cases closed so far
    method  of the proof
    """

    vectors: list[Numbers] = field(default_factory=list)
    tree: list[int] = field(default_factory=list)
    lowest: float = np.inf
    method: str = "multipliers"
    root: Numbers | None = None
    is_cut: bool = False

    def keep(self, u: Numbers) -> int:
        """Store a vector; its number."""
        if (len(self.vectors) + 1) * u.size > MOST_KEPT:
            self.is_cut = True
            return 0
        self.vectors.append(u.copy())
        return len(self.vectors) - 1

    def proof(self, origins: int) -> Proof:
        """What the record lets anybody check."""
        if self.is_cut and self.root is not None:
            return Proof(self.method, self.root[None], np.array([-1], dtype=np.int32))
        vectors = np.array(self.vectors).reshape(len(self.vectors), origins)
        return Proof(self.method, vectors, np.array(self.tree, dtype=np.int32))


class Branching:
    """Depth-first search over the cases of one instance."""

    def __init__(
        self,
        instance: Instance,
        arcs: Arcs,
        incumbent: Incumbent,
        seconds_left: Callable[[], float],
    ) -> None:
        self.instance = instance
        self.arcs = arcs
        self.incumbent = incumbent
        self.seconds_left = seconds_left
        self.swaps = Swaps(instance, self.out_of_time)
        self.record = Record()
        self.root: Case
        self.relaxation: Relaxation | None = None
        self.todo: list[Case | int] = []
        self.tried: set[bytes] = set()
        self.wish = np.zeros(instance.number.size)
        self.chance = np.random.default_rng(0)

    def out_of_time(self) -> bool:
        """Whether to stop now, with what is known."""
        return self.seconds_left() <= 0

    def cutoff(self) -> float:
        """The bound that ends a case."""
        return self.instance.cutoff(self.incumbent.value)

    def bound(self, root: Case) -> None:
        """Bound the whole problem; what is left becomes two cases."""
        self._climb(root)
        self._relax_root(root)
        self.root = root
        self.record.root = root.u
        self._finish(root)

    def branch(self) -> None:
        """Examine the cases left, or until time is out; search again as they grow in number."""
        examined, again = 0, FIRST_AGAIN
        while self.todo:
            item = self.todo.pop()
            if isinstance(item, int):
                self.record.tree.append(item)
                continue
            examined += 1
            if examined == again and not self.out_of_time():
                again *= 2
                self._search(self.root, None, EFFORT_AGAIN)
            if not self.out_of_time():
                self._relax(item, CASE_SOLUTIONS)
            self._finish(item)

    def _climb(self, case: Case) -> None:
        """Subgradient steps, in blocks, while they close the gap."""
        own = self.instance
        scale = SCALE
        effort = 1.0
        heading = np.zeros_like(case.u)
        for _ in range(BLOCKS):
            if self.out_of_time() or self._is_done(case):
                return
            before, known = case.bound, self.incumbent.value
            cutoff = self.cutoff()
            _, scale, _ = climb(
                self.arcs.start, self.arcs.site, self.arcs.cost, self.arcs.floor,
                self.arcs.ceiling, case.state, own.p, own.group, own.most, case.u, heading,
                self.wish, cutoff + 0.1 if own.whole else cutoff, 1.0005 * known, scale,
                PATIENCE, ROUNDS,
            )  # fmt: skip
            chosen = self._decide(case, case.u)
            if effort > LEAST_EFFORT and not self._is_done(case):
                effort = 1.0 if self._search(case, chosen, effort) else effort / 3
            if self._narrow(case):
                heading[:] = 0.0
                own = self.instance
            elif case.bound - before < LEAST_PROGRESS * (self.incumbent.value - case.bound):
                return

    def _search(self, case: Case, chosen: Indices | None, effort: float) -> bool:
        """Search closely among the sites that the multipliers find promising; whether it gains."""
        own = self.instance
        known = np.isin(own.number, self.incumbent.sites)
        orders = [self.wish, self.wish + 2.0 * known]
        wished = [any_choice(own, np.argsort(-order, kind="stable")) for order in orders]
        starts = [sites for sites in (*wished, chosen) if sites is not None]
        among = promising(own, self.arcs, case.state, case.u)
        for sites in starts:
            among[sites] = True
        sites = search_among(own, among, starts, self.chance, effort, self.out_of_time)
        value = self.swaps.descend(sites)
        return self.incumbent.offer(own.number[sites], value)

    def _is_done(self, case: Case) -> bool:
        return case.bound >= self.cutoff() or case.free() == 0

    def _relax_root(self, case: Case) -> None:
        """The relaxation, written anew each time that the multipliers decide many sites."""
        while not self._is_done(case) and not self.out_of_time():
            self._narrow(case, share=1.0)
            own = self.instance
            self.relaxation = Relaxation(self.arcs, own, case.u)
            sites = own.number.size
            self._relax(case, ROOT_SOLUTIONS)
            if case.left() > NARROWED_SHARE * sites:
                return

    def _relax(self, case: Case, solutions: int) -> None:
        """Solve the relaxation of a case until it is closed or gains no more."""
        if self.relaxation is None or self._is_done(case):
            return
        sites = self.instance.number.size
        for _ in range(solutions):
            self.relaxation.restrict(case.state)
            found = self.relaxation.solve_once(self.seconds_left())
            if found is None:
                return
            before = case.bound
            u, self.wish, violated = found
            self._decide(case, u)
            self._try(self._wished())
            if self._is_done(case) or violated == 0 or self.out_of_time():
                return
            if solutions == ROOT_SOLUTIONS and case.left() < 0.5 * sites:
                return
            gain = case.bound - before
            if solutions < ROOT_SOLUTIONS and gain < LEAST_PROGRESS * (self.cutoff() - before):
                return

    def _wished(self) -> Indices | None:
        """The sites that the relaxation opens most."""
        return any_choice(self.instance, np.argsort(-self.wish))

    def _decide(self, case: Case, u: Numbers) -> Indices | None:
        """Bound a case with multipliers, fix what they decide; the sites that they choose."""
        own = self.instance
        u = own.rounded(np.clip(u, self.arcs.floor, self.arcs.ceiling))
        rho = np.empty(case.state.size)
        loss = np.empty(case.state.size)
        is_chosen = np.zeros(case.state.size, np.bool_)
        bound = choose_at(
            self.arcs.start, self.arcs.site, self.arcs.cost, u, case.state, own.p, own.group,
            own.most, rho, is_chosen,
        )  # fmt: skip
        if bound > case.bound:
            case.bound, case.vector, case.u = bound, -1, u
        if bound >= self.cutoff():
            return None
        before = case.state.copy()
        if fixings(rho, is_chosen, case.state, own.group, own.most, bound, self.cutoff(), loss):
            vector = self.record.keep(u)
            if u is case.u:
                case.vector = vector
            for j in np.flatnonzero(case.state != before):
                self._write_fixed(int(own.number[j]), case.state[j] == OPEN, vector)
                self.record.lowest = min(self.record.lowest, bound + loss[j])
        return np.flatnonzero(is_chosen) if is_chosen.sum() == own.p else None

    def _write_fixed(self, site: int, is_open: np.bool_, vector: int) -> None:
        """A split whose other case is closed by a vector."""
        self.record.tree.append(site)
        if is_open:
            self.todo.append(-1 - vector)
        else:
            self.record.tree.append(-1 - vector)

    def _try(self, sites: Indices | None) -> None:
        """See what these sites cost, once exchanged; each choice once."""
        if sites is None:
            return
        sites = np.sort(sites)
        key = self.instance.number[sites].tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        value = self.swaps.value(sites)
        if value < WORTH_EXCHANGING * self.incumbent.value:
            value = self.swaps.descend(sites)
        self.incumbent.offer(self.instance.number[sites], value)

    def _narrow(self, case: Case, share: float = NARROWED_SHARE) -> bool:
        """Forget the closed sites and the arcs dearer than a site sure to open, if many."""
        keep = case.state != CLOSED
        if keep.sum() > share * keep.size or keep.all():
            return False
        own = self.instance
        sure = own.cost[:, case.state == OPEN].min(axis=1, initial=np.inf)
        self.arcs = narrowed(self.arcs, keep, sure)
        self.instance = replace(own.restricted(keep), must=case.state[keep] == OPEN)
        self.swaps = Swaps(self.instance, self.out_of_time)
        self.wish = self.wish[keep]
        case.state = case.state[keep]
        case.u = np.clip(case.u, self.arcs.floor, self.arcs.ceiling)
        case.vector = -1
        return True

    def _finish(self, case: Case) -> None:
        """Close a case, or split it in two: a site open, the same closed."""
        if case.bound >= self.cutoff() or self.out_of_time():
            self._leaf(case)
        elif case.free() == 0:
            self._close_decided(case)
            self._leaf(case)
        else:
            self._split(case)

    def _split(self, case: Case) -> None:
        free = np.flatnonzero(case.state == FREE)
        j = int(free[np.argmin(np.abs(self.wish[free] - 0.5))])
        self.record.tree.append(int(self.instance.number[j]))
        for state in (CLOSED, OPEN):
            other = replace(case, state=case.state.copy())
            other.state[j] = state
            self.todo.append(other)

    def _close_decided(self, case: Case) -> None:
        """All sites are decided: the costs to the nearest are multipliers that prove the case."""
        sites = np.flatnonzero(case.state == OPEN)
        if sites.size != self.instance.p:
            case.bound = np.inf
            return
        value = self.swaps.value(sites)
        self.incumbent.offer(self.instance.number[sites], value)
        case.u = self.swaps.first.copy()
        case.bound, case.vector = value, -1

    def _leaf(self, case: Case) -> None:
        self.record.lowest = min(self.record.lowest, case.bound)
        if case.vector < 0:
            case.vector = self.record.keep(case.u)
        self.record.tree.append(-1 - case.vector)
