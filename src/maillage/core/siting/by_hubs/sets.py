"""Every set of structuring sites that the rules allow."""

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.problem import NetworkProblem

# beyond this many sets they are not examined one by one
MOST_SETS = 50_000

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class HubSets:
    """Sets s of structuring sites, at most one a commune.

    sites   [h] candidates that may be a structuring site
    holds   [s, h] the set has this site
    linked  [s, j] a mini-cowork there would hang on a site of the set
    """

    sites: NDArray[np.int64]
    holds: Flags
    linked: Flags

    def only(self, chosen: Flags) -> "HubSets":
        """Some of the sets [s]."""
        return HubSets(self.sites, self.holds[chosen], self.linked[chosen])


def hub_sets(problem: NetworkProblem) -> HubSets | None:
    """All the sets, None where they are too many."""
    may_hold = problem.may_hold["hub"].copy()
    may_hold[list(problem.rules.forbidden)] = False
    sites = np.flatnonzero(may_hold)
    communes = problem.candidate_commune[sites]
    rivals = [np.flatnonzero(communes == commune).tolist() for commune in np.unique(communes)]
    fewest, most = problem.rules.hubs
    sizes = range(fewest, min(most, len(rivals)) + 1)
    if sum(_count([len(members) for members in rivals])[size] for size in sizes) > MOST_SETS:
        return None
    found = [
        members
        for size in sizes
        for chosen in combinations(rivals, size)
        for members in product(*chosen)
    ]
    holds = np.zeros((len(found), len(sites)), dtype=np.bool_)
    for s, members in enumerate(found):
        holds[s, list(members)] = True
    return HubSets(sites, holds, _linked(problem, sites, holds))


def _count(rivals: list[int]) -> list[int]:
    """How many sets there are of each size, one of the rivals of a commune at most."""
    counts = [1] + [0] * len(rivals)
    for k, choices in enumerate(rivals, 1):
        for size in range(k, 0, -1):
            counts[size] += choices * counts[size - 1]
    return counts


def _linked(problem: NetworkProblem, sites: NDArray[np.int64], holds: Flags) -> Flags:
    may_hold = problem.may_hold["mini"].copy()
    may_hold[list(problem.rules.forbidden)] = False
    reached = holds.astype(np.float32) @ problem.links[:, sites].T.astype(np.float32)
    return np.asarray((reached > 0) & may_hold)
