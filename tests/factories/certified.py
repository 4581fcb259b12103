"""Small location problems solved by enumeration, with a proof of one case per choice of sites.

The multipliers of a case whose sites are all known are read from what its origins pay, so that no
solver is needed.
"""

from itertools import combinations

import numpy as np

from maillage.core.siting.certificate import Question
from maillage.core.siting.solution import Proof, Solution

# dearer than any plan of these small problems
FAR = 1e6
KINDS = ("p_median", "max_benefit", "max_cover", "set_cover", "p_center")


def question(kind: str, seed: int, *, origins: int = 7, sites: int = 5, **more) -> Question:
    """A problem at random in whole numbers, which may have no answer."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 20, (origins, sites)).astype(float)
    given = {"p": 2, "weights": rng.integers(1, 5, origins).astype(float)}
    if kind in ("max_cover", "set_cover"):
        given["within"] = 8.0
    if kind == "set_cover":
        given = {"within": 12.0, "prices": rng.integers(1, 6, sites).astype(float)}
    if kind == "p_center":
        del given["weights"]
    return Question(kind, cost, **given | more)


def solved(asked: Question) -> Solution | None:
    """The best choice of sites and its proof; None when no choice is allowed."""
    sites = np.shape(asked.cost)[1]
    free = [j for j in range(sites) if j not in asked.forbidden]
    counts = range(1, sites + 1) if asked.p is None else [asked.p]
    choices = [c for k in counts for c in combinations(free, k) if is_allowed(asked, c)]
    values = {c: value_of(asked, c) for c in choices}
    lawful = {c: v for c, v in values.items() if np.isfinite(v)}
    if not lawful:
        return None
    best = (max if asked.kind in ("max_benefit", "max_cover") else min)(lawful, key=lawful.get)
    proof = proof_of(asked, lawful[best])
    opened = np.array(best)
    return Solution(opened, assigned(asked, opened), lawful[best], lawful[best], 0.0, "proved", {},
                    proof=proof)  # fmt: skip


def is_allowed(asked: Question, choice) -> bool:
    opened = np.array(choice)
    if not set(asked.fixed) <= set(choice):
        return False
    if asked.budget is not None and asked.budget.price[opened].sum() > asked.budget.most:
        return False
    if asked.quotas is None:
        return True
    most = asked.quotas.most
    return bool((np.bincount(asked.quotas.group[opened], minlength=len(most)) <= most).all())


def value_of(asked: Question, choice) -> float:
    """What a choice is worth; not finite where it does not serve everybody who must be."""
    paid = weighted(asked)[:, np.array(choice)]
    near = np.asarray(asked.cost)[:, np.array(choice)] <= (asked.within or 0.0)
    weight = weights(asked)
    match asked.kind:
        case "p_median":
            return float(paid.min(axis=1).sum())
        case "max_benefit":
            return float(np.maximum(paid, 0.0).max(axis=1).sum())
        case "max_cover":
            return float(weight[near.any(axis=1)].sum())
        case "p_center":
            return float(paid.min(axis=1).max())
    enough = (near.sum(axis=1) >= asked.times).all()
    return float(prices(asked)[np.array(choice)].sum()) if enough else np.inf


def weights(asked: Question):
    return np.ones(len(asked.cost)) if asked.weights is None else np.asarray(asked.weights)


def prices(asked: Question):
    return np.ones(np.shape(asked.cost)[1]) if asked.prices is None else np.asarray(asked.prices)


def weighted(asked: Question):
    return np.asarray(asked.cost) * weights(asked)[:, None]


def assigned(asked: Question, opened):
    """The best open site of each origin, -1 where a covering leaves it out."""
    cost = np.asarray(asked.cost)[:, opened]
    best = cost.argmax(axis=1) if asked.kind == "max_benefit" else cost.argmin(axis=1)
    found = opened[best]
    if asked.within is not None:
        found = np.where(cost.min(axis=1) <= asked.within, found, -1)
    return found


def proof_of(asked: Question, best: float) -> Proof:
    """Every choice of sites as a case of its own."""
    vectors, tree = [], []

    def examine(opened: list[int], free: list[int]) -> None:
        if not free or len(opened) == asked.p:
            tree.append(-1 - len(vectors))
            vectors.append(multipliers(asked, opened, best))
            return
        tree.append(free[0])
        examine([*opened, free[0]], free[1:])
        examine(opened, free[1:])

    sites = np.shape(asked.cost)[1]
    undecided = [j for j in range(sites) if j not in (*asked.fixed, *asked.forbidden)]
    examine(sorted(asked.fixed), undecided)
    return Proof("multipliers", np.array(vectors), np.array(tree, dtype=np.int32))


def multipliers(asked: Question, opened: list[int], best: float):
    cost = np.asarray(asked.cost)[:, opened]
    paid = weighted(asked)[:, opened]
    if asked.kind == "p_median":
        return paid.min(axis=1, initial=FAR)
    if asked.kind == "max_benefit":
        return paid.max(axis=1, initial=0.0)
    if asked.kind == "max_cover":
        return np.where((cost <= asked.within).any(axis=1), 0.0, weights(asked))
    near = cost < best if asked.kind == "p_center" else cost <= asked.within
    return np.where(near.sum(axis=1) < asked.times, FAR, 0.0)
