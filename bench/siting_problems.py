"""The problems of `./run bench siting`, part by part, and what a choice of sites is worth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

import siting_instances
from factories import instances

MEDIAN, CENTER, COVER, SET_COVER, BENEFIT = "median", "center", "cover", "set_cover", "benefit"
PROVED, GAP, NO_BOUND, FAILED = "proved", "gap", "no_bound", "failed"
PMED = range(1, 21)
RADII = (5.5, 6.25)
# proved by Cordeau, Furini and Ljubić (2019), and by the prototype of this project
COVERED = {5.5: 441_545}
LARGE_P, FRANCE_P = 60, 5_000
CLUSTERED_P = (30, 100, 300)
ORNE_P = range(2, 16)


@dataclass(frozen=True)
class Problem:
    """One problem with whole numbers, in the form that every solver is given.

    matrix  [i, j] costs (median, center), benefits (benefit), or arcs within reach (coverings)
    weight  [i]
    p       sites that open, 0 where their number is what is sought
    known   the published value, None where nobody published it
    """

    kind: str
    matrix: NDArray[np.float64] | csr_array
    weight: NDArray[np.float64]
    p: int
    known: float | None = None

    @property
    def is_maximised(self) -> bool:
        """Whether more is better."""
        return self.kind in (COVER, BENEFIT)

    def value(self, sites: NDArray[np.int64]) -> float:
        """What some open sites are worth: computed here, whatever their solver says."""
        if self.kind == SET_COVER:
            return float(len(sites)) if self._is_reached(sites).all() else np.inf
        if self.kind == COVER:
            return float(self.weight[self._is_reached(sites)].sum())
        if self.kind == BENEFIT:
            return float(self.weight @ self.matrix[:, sites].max(axis=1))
        nearest = self.matrix[:, sites].min(axis=1)
        return float(nearest.max() if self.kind == CENTER else self.weight @ nearest)

    def _is_reached(self, sites: NDArray[np.int64]) -> NDArray[np.bool_]:
        is_open = np.zeros(self.matrix.shape[1])
        is_open[sites] = 1
        return np.asarray(self.matrix @ is_open > 0)


@dataclass(frozen=True)
class Answer:
    """What a solver says.

    sites   [k] open sites; empty where it has none
    bound   None where it gives none
    status  PROVED, GAP, NO_BOUND or FAILED
    """

    sites: NDArray[np.int64]
    bound: float | None
    status: str


@dataclass(frozen=True)
class Case:
    """A problem by its name, read or drawn only where it is solved.

    published_s  seconds that somebody published for it, with a commercial solver
    is_large     too many pairs for a model of one Python object each
    """

    name: str
    load: Callable[[], Problem]
    published_s: float | None = None
    is_large: bool = False


def _pmed(kind: str) -> list[Case]:
    def load(number: int) -> Problem:
        read = instances.pmed(number)
        known = read.center if kind == CENTER else read.median
        return Problem(kind, read.cost, np.ones(len(read.cost)), read.p, known)

    return [Case(f"pmed{k}", lambda k=k: load(k)) for k in PMED]


def _tsplib(name: str) -> list[Case]:
    def load(k: int) -> Problem:
        read = instances.tsplib(name)[k]
        return Problem(MEDIAN, read.cost, np.ones(len(read.cost)), read.p, read.median)

    return [
        Case(read.name, lambda k=k: load(k), read.published_s)
        for k, read in enumerate(instances.tsplib(name))
    ]


def _clustered(p: int) -> Problem:
    cost = siting_instances.clustered(3_000)
    return Problem(MEDIAN, cost, np.ones(len(cost)), p)


def _demand(kind: str, radius: float, p: int) -> Problem:
    read = instances.covering()
    arcs = cKDTree(read.origins).sparse_distance_matrix(
        cKDTree(read.sites), radius, output_type="coo_matrix"
    )
    reach = csr_array((np.ones(arcs.nnz, dtype=np.float32), (arcs.row, arcs.col)), arcs.shape)
    reach.sort_indices()
    return Problem(kind, reach, read.weight, p, COVERED.get(radius) if kind == COVER else None)


def _countryside(sites: int, p: int, side_km: float, radius_km: float) -> Problem:
    drawn = siting_instances.places(1_000_000, sites, side_km=side_km, radius_km=radius_km)
    return Problem(COVER, drawn.reach, drawn.weight, p)


def _orne(p: int) -> Problem:
    flows = siting_instances.orne()
    return Problem(BENEFIT, flows.saved, flows.workers, p)


def parts() -> dict[str, list[Case]]:
    """The cases of each part, in the order in which they are measured."""
    covers = [Case(f"BDS10000A r={r}", lambda r=r: _demand(COVER, r, 10)) for r in RADII]
    return {
        "pmed": _pmed(MEDIAN),
        "tsplib": [case for name in ("rl1304", "fl1400") for case in _tsplib(name)],
        "clustered": [Case(f"3 000 points, p={p}", lambda p=p: _clustered(p)) for p in CLUSTERED_P],
        "center": _pmed(CENTER),
        "cover": [
            *covers,
            Case("1 M × 500, p=60", lambda: _countryside(500, LARGE_P, 200, 10), is_large=True),
            Case(
                "1 M × 35 000, p=5 000",
                lambda: _countryside(35_000, FRANCE_P, 740, 7.6),
                is_large=True,
            ),
        ],
        "set_cover": [
            Case(f"BDS10000A r={r}", lambda r=r: _demand(SET_COVER, r, 0)) for r in RADII
        ],
        "benefit": [Case(f"Orne, n={p}", lambda p=p: _orne(p)) for p in ORNE_P],
    }
