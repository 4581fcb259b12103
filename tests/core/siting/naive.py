"""All the choices of a tiny problem, and the bounds of proofs as their formulas are written."""

from collections.abc import Callable, Collection, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.inputs import Budget, Quotas
from maillage.core.siting.solution import Proof

Numbers = NDArray[np.float64]
Bound = Callable[[Numbers, set[int], set[int]], float]


def choices(
    candidates: int,
    p: int,
    *,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    quotas: Quotas | None = None,
    budget: Budget | None = None,
) -> Iterator[list[int]]:
    """Every p sites that the rules allow."""
    for sites in map(list, combinations(range(candidates), p)):
        if not set(fixed) <= set(sites) or set(forbidden) & set(sites):
            continue
        if quotas is not None:
            count = np.bincount(quotas.group[sites], minlength=len(quotas.most))
            if (count > quotas.most).any():
                continue
        if budget is None or budget.price[sites].sum() <= budget.most:
            yield sites


def cases(proof: Proof) -> Iterator[tuple[Numbers, set[int], set[int]]]:
    """Each case of a proof: its multipliers, the sites open, the sites closed."""
    nodes = iter(proof.tree.tolist())

    def below(opened: set[int], closed: set[int]) -> Iterator[tuple[Numbers, set[int], set[int]]]:
        node = next(nodes)
        if node < 0:
            yield proof.multipliers[-1 - node], opened, closed
            return
        yield from below(opened | {node}, closed)
        yield from below(opened, closed | {node})

    yield from below(set(), set())
    assert next(nodes, None) is None


def covering_bound(
    near: NDArray[np.bool_], weight: Numbers, p: int, group: list[int], most: list[int]
) -> Bound:
    """sum (w - u) + the greatest rewards up to p, open sites first, quotas respected."""

    def bound(u: Numbers, opened: set[int], closed: set[int]) -> float:
        assert (u >= 0).all()
        assert (u <= weight).all()
        room = list(most)
        for j in opened:
            room[group[j]] -= 1
        if min(room) < 0 or len(opened) > p:
            return -np.inf
        rho = (near * u[:, None]).sum(axis=0)
        total = float((weight - u).sum() + sum(rho[j] for j in opened))
        left = p - len(opened)
        for j in np.argsort(-rho).tolist():
            if left and j not in opened | closed and room[group[j]]:
                room[group[j]] -= 1
                left -= 1
                total += rho[j]
        return total

    return bound


def sites_needed(near: NDArray[np.bool_], price: Numbers, times: int = 1) -> Bound:
    """sum (times u) + sum of min(0, price - rewards), whole for the open sites."""

    def bound(u: Numbers, opened: set[int], closed: set[int]) -> float:
        assert (u >= 0).all()
        worth = price - (near * u[:, None]).sum(axis=0)
        left = set(range(near.shape[1])) - opened - closed
        least = sum(min(0.0, worth[j]) for j in left)
        return float(times * u.sum() + sum(worth[j] for j in opened) + least)

    return bound
