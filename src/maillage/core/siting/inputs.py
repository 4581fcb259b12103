"""What a location problem is given, checked once and brought to one form.

Axes: i origins (where people are), j candidate sites.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    TooManySites,
    UnknownSite,
    WrongShape,
)

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """Places in the plane instead of a matrix; the cost is the distance, in their own unit.

    origins  [i, 2]
    sites    [j, 2]
    """

    origins: Numbers
    sites: Numbers


@dataclass(frozen=True)
class Quotas:
    """At most so many open sites in each group of candidates, a commune for instance.

    group  [j] number of the candidate's group
    most   [c] open sites allowed in each group
    """

    group: NDArray[np.int64]
    most: NDArray[np.int64]


@dataclass(frozen=True)
class Budget:
    """What opening costs, and the most that may be spent.

    price  [j]
    most   in the same unit
    """

    price: Numbers
    most: float


# a matrix [i, j], a sparse one whose absent arcs are out of reach, or places in the plane
type Costs = ArrayLike | sparse.sparray | Points


def costs_of(cost: Costs) -> Numbers:
    """Costs [i, j] as floats, inf where a site is out of reach.

    Raises ImpossibleNumber for a cost that is "not a number" or below zero, WrongShape when it
    is no matrix.
    """
    if isinstance(cost, Points):
        found = np.hypot(
            cost.origins[:, None, 0] - cost.sites[None, :, 0],
            cost.origins[:, None, 1] - cost.sites[None, :, 1],
        )
    elif sparse.issparse(cost):
        arcs = sparse.coo_array(cost)
        found = np.full(arcs.shape, np.inf)
        found[arcs.row, arcs.col] = arcs.data
    else:
        found = np.array(cost, dtype=np.float64)
    if found.ndim != 2:
        raise WrongShape("cost", expected="[i, j]", given=found.shape)
    _refuse_impossible("cost", found)
    return found


def weights_of(weights: ArrayLike | None, count: int, *, what: str = "weight") -> Numbers:
    """One number per origin (or per site), 1 each when none is given."""
    if weights is None:
        return np.ones(count)
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (count,):
        raise WrongShape(what, expected=(count,), given=found.shape)
    # only what a site holds may have no limit
    _refuse_impossible(what, found, is_finite=what != "capacity")
    return found


@dataclass(frozen=True)
class Allowed:
    """How many sites open, which must, which must not.

    p          sites that open in all
    fixed      [j] must open
    forbidden  [j] must not
    """

    p: int
    fixed: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]


def allowed_of(
    p: int, candidates: int, *, fixed: Collection[int] = (), forbidden: Collection[int] = ()
) -> Allowed:
    """The choice left, or the reason why there is none.

    Raises UnknownSite, TooManySites (p no whole number, below 1 or above
    what may open) or ContradictorySites.
    """
    for site in (*fixed, *forbidden):
        if not 0 <= site < candidates:
            raise UnknownSite(site, candidates=candidates)
    both = sorted(set(fixed) & set(forbidden))
    if both:
        raise ContradictorySites("both", both)
    if not 1 <= p <= candidates - len(set(forbidden)) or p != int(p):
        raise TooManySites(p, candidates=candidates - len(set(forbidden)))
    if len(set(fixed)) > p:
        raise ContradictorySites("more_than_asked", sorted(set(fixed)))
    return Allowed(int(p), _flags(fixed, candidates), _flags(forbidden, candidates))


def _flags(sites: Collection[int], candidates: int) -> NDArray[np.bool_]:
    flags = np.zeros(candidates, dtype=np.bool_)
    flags[list(sites)] = True
    return flags


def _refuse_impossible(what: str, numbers: Numbers, *, is_finite: bool = False) -> None:
    wrong = np.isnan(numbers) | (numbers < 0)
    if is_finite:
        wrong |= np.isinf(numbers)
    if wrong.any():
        row, *column = (int(n) for n in np.argwhere(wrong)[0])
        value = float(numbers[(row, *column)])
        raise ImpossibleNumber(what, value, row=row, column=column[0] if column else None)
