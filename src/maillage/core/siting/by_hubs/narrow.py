"""The same problem with fewer candidates."""

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.problem import TIERS, NetworkProblem, SiteEuros

Flags = NDArray[np.bool_]

_BY_SITE = ("near", "hub_near", "minutes", "passes", "candidate_commune", "income_eur")
_BY_TIER = ("seats_min", "seats_max")
_EUROS = ("investment", "operation", "yearly_cost")


def narrowed(
    problem: NetworkProblem, may_hold: dict[str, Flags]
) -> tuple[NetworkProblem, NDArray[np.int64]]:
    """The problem where only these tiers may open, and its candidates' numbers in the whole.

    may_hold  tier -> [j], forbidden sites left out
    """
    kept = np.flatnonzero(np.any([may_hold[t] for t in TIERS], axis=0))
    changes: dict[str, object] = {name: getattr(problem, name)[..., kept] for name in _BY_SITE}
    for name in _BY_TIER:
        changes[name] = {t: getattr(problem, name)[t][kept] for t in TIERS}
    for name in _EUROS:
        changes[name] = {t: _euros(getattr(problem, name)[t], kept) for t in TIERS}
    changes["links"] = problem.links[np.ix_(kept, kept)]
    changes["may_hold"] = {t: may_hold[t][kept] for t in TIERS}
    number = {int(j): n for n, j in enumerate(kept)}
    required = tuple(
        frozenset(number[j] for j in group if j in number) for group in problem.rules.required
    )
    changes["rules"] = replace(problem.rules, forbidden=frozenset(), required=required)
    return replace(problem, **changes), kept  # type: ignore[arg-type]


def _euros(amounts: SiteEuros, kept: NDArray[np.int64]) -> SiteEuros:
    return SiteEuros(**{f.name: getattr(amounts, f.name)[kept] for f in fields(amounts)})
