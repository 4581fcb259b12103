"""Pairs of a matrix per second: ours, SciPy, igraph and Valhalla in turn, on one core."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from factories.oracle import Oracle
from maillage.core.assumptions import Assumptions
from maillage.core.travel.roads import Roads, hierarchy
from maillage.core.travel.roads.times import RoadTravel
from travel_places import Place

ORIGINS, SITES = 5000, 500
VALHALLA_ORIGINS, VALHALLA_SITES = 200, 100
CUTOFF_MIN = 10
MINUTE_MS = 60_000
ROUNDS = 3
SEED = 2
SCIPY, CUT, IGRAPH, VALHALLA = "SciPy", "SciPy, 10 min", "igraph", "Valhalla"
CALL, KERNEL, CALL_CUT = "appel entier", "noyau", "appel entier, 10 min"


@dataclass(frozen=True)
class Asked:
    """Crossings to leave from and to reach, on one network under one set of speeds."""

    roads: Roads
    travel: RoadTravel
    origins: NDArray[np.int64]
    sites: NDArray[np.int64]

    @cached_property
    def arcs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Tails, heads and milliseconds of the streets, both ways."""
        net, ms = self.roads.network, self.travel.stretch_ms
        tail, head = np.concatenate([net.tail, net.head]), np.concatenate([net.head, net.tail])
        both = np.concatenate([ms[:, 0], ms[:, 1]])
        return tail[np.isfinite(both)], head[np.isfinite(both)], both[np.isfinite(both)]

    @cached_property
    def backwards(self) -> csr_array:
        """The graph against its ways, the quickest of parallel arcs: one tree for each site."""
        tail, head, ms = self.arcs
        order = np.lexsort((ms, tail, head))
        tail, head, ms = tail[order], head[order], ms[order].astype(np.float64)
        is_first = np.ones(len(ms), dtype=np.bool_)
        is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        count = len(self.roads.network)
        parts = (ms[is_first], (head[is_first], tail[is_first]))
        return csr_array(coo_array(parts, shape=(count, count)))

    @cached_property
    def graph(self) -> igraph.Graph:
        """The same for igraph."""
        tail, head, ms = self.arcs
        found = igraph.Graph(len(self.roads.network), np.column_stack([tail, head]), directed=True)
        found.es["ms"] = ms.astype(np.float64)
        return found

    def by_call(self, within_min: float = np.inf) -> NDArray[np.float32]:
        """Our whole answer: points tied to streets, then minutes."""
        xy = self.roads.network.xy
        return self.travel.minutes(xy[self.origins], xy[self.sites], within_min=within_min)

    def by_scipy(self, limit_ms: float = np.inf) -> NDArray[np.float64]:
        """Milliseconds [i, j] of SciPy's trees from the sites."""
        reached = dijkstra(self.backwards, indices=self.sites, limit=limit_ms)
        return np.asarray(reached[:, self.origins].T)

    def by_igraph(self) -> object:
        """The same trees by igraph."""
        return self.graph.distances(self.sites, self.origins, weights="ms", mode="in")


class Kernel:
    """Our climbs and meetings alone, from crossings to crossings."""

    def __init__(self, asked: Asked) -> None:
        """Under the speeds of a travel."""
        tail, head, ms = asked.arcs
        shape = asked.roads.shape
        self._customised = hierarchy.customise(shape, tail, head, ms)
        self._ends = shape.rank[asked.origins], shape.rank[asked.sites]
        xy = asked.roads.network.xy
        self._near = hierarchy.near(xy[asked.origins], xy[asked.sites], np.inf)

    def __call__(self) -> NDArray[np.float32]:
        """Milliseconds [i, j]."""
        origins, sites = self._ends
        out = np.empty((len(origins), len(sites)), dtype=np.float32)
        climbs = self._climb(origins, self._customised.upward)
        falls = self._climb(sites, self._customised.downward)
        hierarchy.meet(*climbs, *falls, self._near, out)
        return out

    def _climb(
        self, at: NDArray[np.int32], ms: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]:
        shape = self._customised.hierarchy
        deepest = int(shape.depth[at].max()) + 1
        reached = np.empty((len(at), deepest), dtype=np.float32)
        line = np.full((len(at), deepest), -1, dtype=np.int32)
        nothing = np.zeros(len(at), dtype=np.float32)
        ends = hierarchy.Ends(low=at, low_ms=nothing, high=at, high_ms=nothing)
        hierarchy.climb(shape, ms, ends, reached, line)
        return reached, line, shape.depth[at]


@dataclass(frozen=True)
class Throughput:
    """Pairs per second by engine, our largest errors in milliseconds, pairs within the cutoff.

    call_ms  the whole call answers in minutes of 32 bits: it rounds
    """

    name: str
    crossings: int
    arcs: int
    origins: int
    pairs_per_s: dict[str, float]
    kernel_ms: float
    call_ms: float
    near: float


def measure(place: Place, assumed: Assumptions) -> Throughput:
    """Every engine in turn, some rounds, once ours and SciPy's have been compared."""
    asked = _asked(place, assumed)
    kernel = Kernel(asked)
    pairs = len(asked.origins) * len(asked.sites)
    engines: dict[str, tuple[int, Callable[[], object]]] = {
        CALL: (pairs, asked.by_call),
        KERNEL: (pairs, kernel),
        CALL_CUT: (pairs, lambda: asked.by_call(CUTOFF_MIN)),
        SCIPY: (pairs, asked.by_scipy),
        CUT: (pairs, lambda: asked.by_scipy(CUTOFF_MIN * MINUTE_MS)),
        IGRAPH: (pairs, asked.by_igraph),
    }
    exact = asked.by_scipy()
    gaps = _gap(kernel(), exact), _gap(asked.by_call() * MINUTE_MS, exact)
    near = float((exact <= CUTOFF_MIN * MINUTE_MS).mean())
    with tempfile.TemporaryDirectory() as folder:
        if place.extract:
            oracle = Oracle(place.extract, Path(folder))
            xy = asked.roads.network.xy
            ends = xy[asked.origins[:VALHALLA_ORIGINS]], xy[asked.sites[:VALHALLA_SITES]]
            count = VALHALLA_ORIGINS * VALHALLA_SITES
            engines[VALHALLA] = (count, lambda: oracle.minutes(*ends, "car"))
        spent: dict[str, list[float]] = {name: [] for name in engines}
        for _ in range(ROUNDS):
            for name, (_, run) in engines.items():
                begun = time.process_time()
                run()
                spent[name].append(time.process_time() - begun)
    speeds = {name: engines[name][0] / median(times) for name, times in spent.items()}
    size = len(asked.roads.network), len(asked.arcs[0]), len(asked.origins)
    return Throughput(place.name, *size, speeds, *gaps, near)


def _asked(place: Place, assumed: Assumptions) -> Asked:
    """Random crossings that lie on streets with doors, so that both answers are of the same."""
    roads = place.roads("car", assumed)
    on_street = np.flatnonzero(roads.snapper.snap(roads.network.xy).off_m == 0)
    chance = np.random.default_rng(SEED)
    return Asked(
        roads,
        roads.travel(assumed, "central"),
        chance.choice(on_street, min(ORIGINS, len(on_street)), replace=False),
        chance.choice(on_street, SITES, replace=False),
    )


def _gap(ours: NDArray[np.float32], exact: NDArray[np.float64]) -> float:
    """Largest difference, milliseconds; infinite where only one of both finds a way."""
    known = np.isfinite(exact)
    if not np.array_equal(known, np.isfinite(ours)):
        return np.inf
    return float(np.abs(ours - exact)[known].max())


def report(places: list[Place], assumed: Assumptions) -> None:
    """One table: a line for each engine, a column for each network."""
    found = [measure(place, assumed) for place in places]
    print(f"\n## Débit d'une matrice vers {SITES} lieux, milliers de paires par seconde\n")
    print("| | " + " | ".join(f.name for f in found) + " |")
    print("|---|" + "---:|" * len(found))
    for title, values in (("carrefours", "crossings"), ("arcs", "arcs"), ("origines", "origins")):
        print(f"| {title} | " + " | ".join(f"{getattr(f, values)}" for f in found) + " |")
    for name in (CALL, CALL_CUT, KERNEL, CUT, SCIPY, IGRAPH, VALHALLA):
        cells = [_cell(f, name) for f in found]
        print(f"| {name} | " + " | ".join(cells) + " |")
    for title, values, form in (
        ("écart du noyau avec SciPy, ms", "kernel_ms", ".2f"),
        ("écart de l'appel entier, ms", "call_ms", ".2f"),
        (f"paires à moins de {CUTOFF_MIN} min", "near", ".1%"),
    ):
        cells = [format(getattr(f, values), form) for f in found]
        print(f"| {title} | " + " | ".join(cells) + " |")


def _cell(found: Throughput, name: str) -> str:
    """Thousands of pairs per second, and how many times slower than our whole call."""
    if name not in found.pairs_per_s:
        return "–"
    speed = found.pairs_per_s[name]
    times = found.pairs_per_s[CALL] / speed
    return f"{speed / 1000:.0f}" + (
        f" (÷ {times:.1f})" if name not in (CALL, CALL_CUT, KERNEL) else ""
    )
