"""What every location problem answers: the open sites, what they are worth, what proves it.

method  docs/method/location.md
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

PROVED = "proved"
GAP = "gap"
INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class Proof:
    """What lets somebody else check the bound without a solver.

    For p-medians a vector u and a case (sites open, sites closed) are bounded by
    L = sum_i u_i + sum of rho_j over the sites open (fixed ones too) + the smallest rho_j of others
    (neither closed nor forbidden) that make p sites within the quotas, with
    rho_j = sum_i min(0, w_i c_ij - u_i); inf where no p sites are left. An arc out of reach adds
    nothing to rho. A case is proved when L > objective - 1 where all w_i c_ij are whole numbers,
    and when L >= objective - 1e-9 max(1, |objective|) otherwise; the lowest L is the bound (to
    round up where all are whole). Vectors of whole-number problems are multiples of 2^-10.

    A proof of more than 2^26 numbers keeps one vector only, and alone gives its bound.

    For greatest benefits, where an origin may take no site: u_i >= 0,
    rho_j = sum_i max(0, w_i b_ij - u_i), the greatest rho_j, an upper bound.

    method       "multipliers": `multipliers` and `tree` prove it; "solver": the mixed-integer
                 solver's own dual bound, which nobody can recompute
    multipliers  [k, i] vectors of Lagrange multipliers, one per origin; empty for "solver"
    tree         [n] the cases examined, in preorder: a number j >= 0 splits on site j, the case
                 where it is open first, the case where it is closed next; a number -1 - k is a
                 case bounded by vector k
    """

    method: str
    multipliers: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    tree: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))


@dataclass(frozen=True)
class Shares:
    """Who goes where when a site's seats may be shared out: one row per part of an origin.

    origin  [n] number of the origin
    site    [n] number of the open site
    amount  [n] units of the origin's demand served there
    """

    origin: NDArray[np.int64]
    site: NDArray[np.int64]
    amount: NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """The answer to a location problem.

    open_sites  [k] numbers of the open sites, ascending
    assignment  [i] open site of each origin, -1 where it has none; with `shares`, the one that
                serves most of it
    objective   value of these sites, in units of the cost (or weight, or benefit) given
    bound       no allowed choice is better than this
    gap         |bound - objective| / max(1, |objective|), 0 when proved
    status      "proved" (only when it is), "gap" or "infeasible" (no sites then; objective nan)
    seconds     stage of the computation -> seconds
    shares      who goes where, for the capacitated problems
    proof       what an independent checker needs; None when infeasible
    reason      why nothing is possible, for the capacitated problems: "capacity" or "rules"
    """

    open_sites: NDArray[np.int64]
    assignment: NDArray[np.int64]
    objective: float
    bound: float
    gap: float
    status: str
    seconds: dict[str, float]
    shares: Shares | None = None
    proof: Proof | None = None
    reason: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether no better choice exists."""
        return self.status == PROVED


def gap_between(objective: float, bound: float) -> float:
    """The relative distance of a value to its bound: |bound - objective| / max(1, |objective|)."""
    return abs(bound - objective) / max(1.0, abs(objective))
