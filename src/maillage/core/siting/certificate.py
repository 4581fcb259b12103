"""The certificate of a location problem: the question, the answer, and what proves it.

method  docs/method/certificates.md
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from maillage.core.siting import archive
from maillage.core.siting.archive import Arrays, Header
from maillage.core.siting.errors import NothingToCertify
from maillage.core.siting.inputs import Budget, Costs, Points, Quotas
from maillage.core.siting.solution import Proof, Solution


@dataclass(frozen=True)
class Question:
    """What a location problem was given, in the words of the function that solved it.

    kind      name of that function: "p_median", "max_benefit", "max_cover", "set_cover",
              "p_center", "capacitated_p_median" or "capacitated_max_cover"
    cost      as given; the benefits for "max_benefit"
    weights   [i], or the demand of a capacitated problem
    prices    [j] of a set cover
    capacity  [j] of a capacitated problem
    """

    kind: str
    cost: Costs
    p: int | None = None
    weights: ArrayLike | None = None
    within: float | None = None
    times: int = 1
    prices: ArrayLike | None = None
    capacity: ArrayLike | None = None
    fixed: Collection[int] = ()
    forbidden: Collection[int] = ()
    quotas: Quotas | None = None
    budget: Budget | None = None


def certify(question: Question, solution: Solution) -> dict[str, bytes]:
    """The files `certificate.npz` and `instance.npz`, as bytes by name.

    Raises NothingToCertify for a solution without sites, without proof or without any bound.
    """
    is_bounded = np.isfinite(solution.bound)
    if solution.proof is None or len(solution.open_sites) == 0 or not is_bounded:
        raise NothingToCertify(solution.status)
    return archive.files(_asked(question), _answered(question.kind, solution, solution.proof))


def _asked(question: Question) -> tuple[Header, Arrays]:
    arrays = _matrix(question.cost)
    n, m = _shape(question.cost)
    header: dict[str, object] = {"kind": question.kind, "origins": n, "sites": m}
    numbers = {"p": question.p, "within": question.within}
    header |= {name: value for name, value in numbers.items() if value is not None}
    if question.kind == "set_cover":
        header["times"] = question.times
    weights = "weight" if question.capacity is None else "demand"
    given = {weights: question.weights, "price": question.prices, "capacity": question.capacity}
    arrays |= {k: np.asarray(v, dtype=np.float64) for k, v in given.items() if v is not None}
    arrays["fixed"] = _flags(question.fixed, m)
    arrays["forbidden"] = _flags(question.forbidden, m)
    if question.quotas is not None:
        arrays["group"] = question.quotas.group.astype(np.int64)
        arrays["most"] = question.quotas.most.astype(np.int64)
    if question.budget is not None:
        header["budget"] = float(question.budget.most)
        arrays["spent"] = question.budget.price.astype(np.float64)
    return header, arrays


def _flags(sites: Collection[int], count: int) -> NDArray[np.bool_]:
    flags = np.zeros(count, dtype=np.bool_)
    flags[list(sites)] = True
    return flags


def _shape(cost: Costs) -> tuple[int, int]:
    if isinstance(cost, Points):
        return len(cost.origins), len(cost.sites)
    n, m = sparse.coo_array(cost).shape if sparse.issparse(cost) else np.shape(cost)
    return int(n), int(m)


def _matrix(cost: Costs) -> dict[str, NDArray[np.generic]]:
    """The costs as they were given: places, arcs by row, or all of them."""
    if isinstance(cost, Points):
        return {
            "origin_xy": np.asarray(cost.origins, dtype=np.float64),
            "site_xy": np.asarray(cost.sites, dtype=np.float64),
        }
    if not sparse.issparse(cost):
        return {"matrix": np.asarray(cost, dtype=np.float64)}
    rows = sparse.csr_array(cost)
    rows.sort_indices()
    return {
        "row_start": rows.indptr.astype(np.int64),
        "column": rows.indices.astype(np.int32),
        "value": rows.data.astype(np.float64),
    }


def _answered(kind: str, solution: Solution, proof: Proof) -> tuple[Header, Arrays]:
    header: Header = {
        "kind": kind,
        "status": solution.status,
        "objective": float(solution.objective),
        "bound": float(solution.bound),
        "method": proof.method,
    }
    arrays: dict[str, NDArray[np.generic]] = {
        "open_sites": solution.open_sites.astype(np.int64),
        "multipliers": np.atleast_2d(proof.multipliers).astype(np.float64),
        "tree": proof.tree.astype(np.int32),
    }
    if solution.shares is None:
        arrays["assignment"] = solution.assignment.astype(np.int64)
        return header, arrays
    arrays["share_origin"] = solution.shares.origin.astype(np.int64)
    arrays["share_site"] = solution.shares.site.astype(np.int64)
    arrays["share_amount"] = solution.shares.amount.astype(np.float64)
    return header, arrays
