"""What a location problem is given, checked once and brought to one form.

Axes: i origins (where people are), j candidate sites.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from maillage.core.siting.errors import (
    ContradictorySites,
    ImpossibleNumber,
    NoOrigins,
    NotNumbers,
    TooLarge,
    TooManySites,
    UnclearArcs,
    UnknownSite,
    WrongShape,
)

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


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

# beyond this sum, a float and the solvers no longer tell neighbouring choices apart
LARGEST = 1e18
# sparse formats that hold zeros nobody wrote: a cost of zero would not be told from none
_FILLED = ("bsr", "dia")


def costs_of(cost: Costs) -> Numbers:
    """Costs [i, j] as floats, inf where a site is out of reach; a new array.

    Raises ImpossibleNumber for a cost that is "not a number" or below zero, NotNumbers for a text
    or an object, UnclearArcs, NoOrigins, and WrongShape when it is no matrix.
    """
    if isinstance(cost, Points):
        origins, sites = plane_of(cost.origins, "origins"), plane_of(cost.sites, "sites")
        found = np.hypot(
            origins[:, None, 0] - sites[None, :, 0], origins[:, None, 1] - sites[None, :, 1]
        )
    elif sparse.issparse(cost):
        arcs = sparse.coo_array(given_arcs(cost))
        found = np.full(arcs.shape, np.inf)
        found[arcs.row, arcs.col] = arcs.data
    else:
        found = numbers_of(cost, "cost").copy()
    if found.ndim != 2:
        raise WrongShape("cost", expected="[i, j]", given=found.shape)
    if len(found) == 0:
        raise NoOrigins
    _refuse_impossible("cost", found)
    return found


def given_arcs(cost: sparse.sparray) -> sparse.csr_array:
    """The arcs of a sparse matrix by row, each there once, as floats; its zeros are costs.

    Raises WrongShape, NotNumbers or UnclearArcs.
    """
    if cost.ndim != 2:
        raise WrongShape("cost", expected="[i, j]", given=cost.shape)
    if cost.format in _FILLED:
        raise UnclearArcs("zeros", layout=cost.format)
    arcs = sparse.csr_array(cost)
    if not arcs.has_canonical_format or arcs.nnz != cost.nnz:
        listed = sparse.coo_array(cost)
        pairs = np.stack([listed.row, listed.col])
        found, count = np.unique(pairs, axis=1, return_counts=True)
        if (count > 1).any():
            row, column = (int(n) for n in found[:, np.argmax(count > 1)])
            raise UnclearArcs("twice", row=row, column=column, layout=cost.format)
        # the caller's own matrix is left as it is
        arcs = arcs.sorted_indices()
    values = numbers_of(arcs.data, "cost")
    return sparse.csr_array((values, arcs.indices, arcs.indptr), shape=arcs.shape)


def plane_of(places: ArrayLike, what: str) -> Numbers:
    """Places [n, 2] as floats. Raises WrongShape, ImpossibleNumber, NotNumbers or TooLarge."""
    found = np.ascontiguousarray(numbers_of(places, what))
    if found.ndim != 2 or found.shape[1] != 2:
        raise WrongShape(what, expected="[n, 2]", given=found.shape)
    wrong = ~np.isfinite(found)
    if wrong.any():
        row, column = (int(n) for n in np.argwhere(wrong)[0])
        raise ImpossibleNumber(what, float(found[row, column]), row=row, column=column)
    refuse_too_large(what, float(np.abs(found).max(initial=0.0)))
    return found


def numbers_of(values: ArrayLike, what: str) -> Numbers:
    """Numbers of any shape as floats. Raises NotNumbers for anything else."""
    try:
        found = np.asarray(values)
        if np.ma.isMaskedArray(values) or found.dtype.kind not in "buifO":
            raise NotNumbers(what)
        # whole numbers too long for a machine word come as objects, and so do texts and None
        if found.dtype.kind == "O" and not all(isinstance(n, Real) for n in found.flat):
            raise NotNumbers(what)
        return found.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotNumbers(what) from error


def number_of(value: float, what: str) -> float:
    """One number, zero or more, inf too. Raises NotNumbers or ImpossibleNumber."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise NotNumbers(what)
    found = float(numbers_of(value, what))
    if not found >= 0:
        raise ImpossibleNumber(what, found)
    return found


def time_limit_of(time_limit_s: float | None) -> float | None:
    """The time limit, None without one. Raises NotNumbers or ImpossibleNumber."""
    return None if time_limit_s is None else number_of(time_limit_s, "time_limit_s")


def refuse_too_large(what: str, total: float) -> None:
    """Refuse numbers that add up to more than can be told apart. Raises TooLarge."""
    if not total <= LARGEST:
        raise TooLarge(what, most=LARGEST)


def weights_of(weights: ArrayLike | None, count: int, *, what: str = "weight") -> Numbers:
    """One number per origin (or per site), 1 each when none is given."""
    if weights is None:
        return np.ones(count)
    found = numbers_of(weights, what)
    if found.shape != (count,):
        raise WrongShape(what, expected=(count,), given=found.shape)
    # only what a site holds may have no limit
    is_finite = what != "capacity"
    _refuse_impossible(what, found, is_finite=is_finite)
    if is_finite:
        refuse_too_large(what, float(found.sum()))
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
    p: float, candidates: int, *, fixed: Collection[int] = (), forbidden: Collection[int] = ()
) -> Allowed:
    """The choice left, or the reason why there is none.

    Raises UnknownSite, TooManySites (p no whole number, below 1 or above
    what may open), ContradictorySites or NotNumbers.
    """
    most = any_allowed_of(candidates, fixed=fixed, forbidden=forbidden)
    count = whole_of(p, "p", most=most.p)
    if most.fixed.sum() > count:
        raise ContradictorySites("more_than_asked", np.flatnonzero(most.fixed).tolist())
    return replace(most, p=count)


def any_allowed_of(
    candidates: int, *, fixed: Collection[int] = (), forbidden: Collection[int] = ()
) -> Allowed:
    """The choice left where any number of sites may open: p is all of them.

    Raises UnknownSite, TooManySites (none may open), ContradictorySites or NotNumbers.
    """
    must = _sites_of(fixed, "fixed", candidates)
    must_not = _sites_of(forbidden, "forbidden", candidates)
    if must & must_not:
        raise ContradictorySites("both", sorted(must & must_not))
    free = candidates - len(must_not)
    if not free:
        raise TooManySites(1, candidates=0)
    return Allowed(free, _flags(must, candidates), _flags(must_not, candidates))


def whole_of(count: float, what: str, *, most: int) -> int:
    """A number of sites. Raises NotNumbers, or TooManySites when not whole or not in 1..most."""
    if not isinstance(count, Real) or isinstance(count, bool):
        raise NotNumbers(what)
    if not 1 <= count <= most or count != int(count):
        raise TooManySites(count, candidates=most)
    return int(count)


def _sites_of(sites: Collection[int], what: str, candidates: int) -> set[int]:
    """Numbers of sites, each once. Raises NotNumbers or UnknownSite."""
    try:
        listed = list(sites)
    except TypeError as error:
        raise NotNumbers(what) from error
    for site in listed:
        # a list of yes and no is no list of sites
        if not isinstance(site, Real) or isinstance(site, bool):
            raise NotNumbers(what)
        if not 0 <= site < candidates or site != int(site):
            raise UnknownSite(site, candidates=candidates)
    return {int(site) for site in listed}


def groups_of(quotas: Quotas | None, allowed: Allowed) -> tuple[Indices, Indices]:
    """The group of each site and the most of each group; one large group without quotas.

    Raises WrongShape, NotNumbers, ImpossibleNumber, or ContradictorySites where the fixed sites
    alone pass a quota.
    """
    m = allowed.fixed.size
    if quotas is None:
        return np.zeros(m, np.int64), np.array([m])
    group, most = _wholes(quotas.group, "group"), _wholes(quotas.most, "most")
    if group.shape != (m,):
        raise WrongShape("group", expected=(m,), given=group.shape)
    if most.ndim != 1 or group.max(initial=-1) >= most.size:
        raise WrongShape("most", expected=(int(group.max(initial=-1)) + 1,), given=most.shape)
    over = allowed.fixed & (np.bincount(group[allowed.fixed], minlength=most.size) > most)[group]
    if over.any():
        raise ContradictorySites("over_quota", np.flatnonzero(over).tolist())
    return group, most


def _wholes(values: ArrayLike, what: str) -> Indices:
    found = numbers_of(values, what)
    wrong = ~(found >= 0) | (found != np.floor(found)) | (found > LARGEST)
    if wrong.any():
        raise ImpossibleNumber(what, float(found[wrong][0]), row=int(np.argwhere(wrong)[0][0]))
    return found.astype(np.int64)


def budget_of(budget: Budget | None, allowed: Allowed) -> Budget | None:
    """The budget, its prices checked; None without one.

    Raises WrongShape, NotNumbers, ImpossibleNumber, TooLarge, or ContradictorySites where the
    fixed sites alone pass it.
    """
    if budget is None:
        return None
    price = weights_of(budget.price, allowed.fixed.size, what="price")
    most = number_of(budget.most, "budget")
    if price[allowed.fixed].sum() > most:
        raise ContradictorySites("over_budget", np.flatnonzero(allowed.fixed).tolist())
    # the solver wants a number: more than all of them cost
    return Budget(price, min(most, 1.0 + 2.0 * float(price.sum())))


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
