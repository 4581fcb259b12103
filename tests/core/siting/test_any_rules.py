"""Tiny problems under any rules at once: equal to enumeration, and their certificates hold."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.siting.naive import choices
from maillage.core.siting import (
    Budget,
    Question,
    Quotas,
    certify,
    max_benefit,
    max_cover,
    p_center,
    p_median,
    set_cover,
)
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.errors import ContradictorySites, TooManySites, Unreachable
from maillage.core.siting.solution import Solution
from maillage.core.verification import verify

WITHIN = 4.0
PROBLEMS: dict[str, Callable[..., Solution]] = {
    "p_median": p_median,
    "max_benefit": max_benefit,
    "p_center": p_center,
    "max_cover": max_cover,
    "set_cover": set_cover,
}
WEIGHTED, MOST = ("p_median", "max_benefit", "max_cover"), ("max_benefit", "max_cover")

Numbers = NDArray[np.float64]


def drawn(kind: str, chance: np.random.Generator) -> tuple[Numbers, Numbers, dict[str, Any]]:
    """Costs, weights and what the function is asked besides, rules drawn or not."""
    n, m = (int(k) for k in chance.integers(1, (8, 7)))
    cost = chance.integers(0, 7, (n, m)) / chance.choice([1, 3])
    if kind != "max_benefit" and chance.random() < 0.5:
        cost[chance.random((n, m)) < 0.3] = np.inf
    weights = chance.integers(0, 4, n) / chance.choice([1, 7])
    p = int(chance.integers(1, m + 1))
    order = chance.permutation(m)
    asked: dict[str, Any] = {"fixed": order[:1].tolist()} if chance.random() < 0.3 else {}
    if chance.random() < 0.3:
        asked["forbidden"] = order[1 : 1 + min(2, m - p)].tolist()
    if chance.random() < 0.4:
        asked["quotas"] = Quotas(chance.integers(0, 2, m), chance.integers(0, 4, 2))
    if kind in WEIGHTED:
        asked["weights"] = weights
        if chance.random() < 0.3:
            price = chance.integers(0, 6, m).astype(float)
            asked["budget"] = Budget(price, float(p * price.mean()))
    asked |= {"times": int(chance.integers(1, 3))} if kind == "set_cover" else {"p": p}
    return cost, weights, asked | ({"within": WITHIN} if kind.endswith("cover") else {})


def value_of(kind: str, cost: Numbers, weights: Numbers, sites: list[int], times: int) -> float:
    """What these open sites are worth; infinite where they leave out somebody who must not be."""
    least, count = cost[:, sites].min(axis=1), (cost[:, sites] <= WITHIN).sum(axis=1)
    if kind == "p_median":
        return float((weights * np.where(weights > 0, least, 0)).sum())
    if kind == "max_benefit":
        return float(weights @ cost[:, sites].max(axis=1))
    if kind == "p_center":
        return float(least.max())
    if kind == "max_cover":
        return float(weights[count > 0].sum())
    return len(sites) if (count >= times).all() else np.inf


@pytest.mark.parametrize("kind", PROBLEMS)
@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_rules_no_choice_is_better_and_the_certificate_holds(kind, seed):
    cost, weights, asked = drawn(kind, np.random.default_rng(seed))
    m = cost.shape[1]
    rules = {k: asked[k] for k in ("fixed", "forbidden", "quotas", "budget") if k in asked}
    counts = range(1, m + 1) if kind == "set_cover" else (asked["p"],)
    times = asked.get("times", 1)
    values = [
        value_of(kind, cost, weights, sites, times)
        for p in counts
        for sites in choices(m, p, **rules)
    ]
    best = max(values, default=np.inf) if kind in MOST else min(values, default=np.inf)
    try:
        found = PROBLEMS[kind](cost, **asked)
    except (ContradictorySites, TooManySites, Unreachable):
        # an origin without weight must be reached too, to be sure that it was meant
        is_out = (
            kind == "p_median"
            and np.isinf(cost[:, ~np.isin(range(m), asked.get("forbidden", ()))]).all(axis=1).any()
        )
        assert np.isinf(best) or is_out
        return
    if np.isinf(best):
        assert found.status == "infeasible"
        return
    assert found.status == "proved"
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-9)
    given = Question(kind, cost, **asked)
    made = certify(given, found)
    checked = verify(io.BytesIO(made[CERTIFICATE]), io.BytesIO(made[INSTANCE]))
    expected = "solver" if found.proof is not None and found.proof.method == "solver" else "proved"
    assert checked.reason == ""
    assert checked.status in {expected, "proved"}
