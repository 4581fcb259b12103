"""How far the distance model is from real roads, by kind of terrain and by distance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.compiled import compiled
from maillage.core.travel import CASES, distance
from maillage.core.travel.roads import Roads, rules
from travel_places import Place

POINTS = 1000
SEED = 1
SHORTEST_KM, LONGEST_KM = 1, 30
BANDS_KM = ((0.3, 2), (2, 5), (5, 10), (10, 30))
SUMMIT_KM, SUMMITS = 2.5, 2
TERRAINS = ("bourgs", "montagne", "pays ouvert")
# Along which streets points are drawn, a metre being worth another; None: all that have doors
HOMES = ("tertiary", "unclassified", "residential", "living_street")
ALONG = {"toutes les rues": None, "les rues habitées": HOMES}


@dataclass(frozen=True)
class Pairs:
    """Every pair of random points of one extract, [i, j].

    detour   kilometres along the quickest way over straight ones, NaN at one crossing
    terrain  number in TERRAINS
    """

    name: str
    straight_km: NDArray[np.float64]
    by_road: NDArray[np.float64]
    by_distance: dict[str, NDArray[np.float64]]
    detour: NDArray[np.float64]
    terrain: NDArray[np.int64]

    def row(self, title: str, there: NDArray[np.bool_]) -> str:
        """The line of a table: pairs of some terrain, all together, then by distance."""
        inside = there & self._between(SHORTEST_KM, LONGEST_KM)
        road, slow, fast = self.by_road[inside], *self._cases(inside)
        held = ((fast <= road) & (road <= slow)).mean()
        cells = (
            *(self.name, title, f"{inside.sum() / 1000:.0f}", self._ratio(inside)),
            *(f"{held * 100:.0f} %", f"{np.nanmedian(self.detour[inside]):.2f}"),
            *(self._ratio(there & self._between(*band)) for band in BANDS_KM),
        )
        return f"| {' | '.join(cells)} |"

    def _between(self, low: float, high: float) -> NDArray[np.bool_]:
        near = (self.straight_km >= low) & (self.straight_km < high)
        return near & np.isfinite(self.by_road)

    def _cases(self, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.float64], ...]:
        return self.by_distance["low"][chosen], self.by_distance["high"][chosen]

    def _ratio(self, chosen: NDArray[np.bool_]) -> str:
        if not chosen.any():
            return "–"
        ratio = self.by_road[chosen] / self.by_distance["central"][chosen]
        low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9])
        return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def pairs(place: Place, along: tuple[str, ...] | None, assumed: Assumptions) -> Pairs:
    """Random points along some streets of an extract, each with every other."""
    roads = place.roads("car", assumed)
    chance = np.random.default_rng(SEED)
    origins, sites = _points(roads, along, chance)
    straight = geo.distances_km(origins, sites)
    road = roads.travel(assumed, "central").minutes(origins, sites).astype(np.float64)
    return Pairs(
        name=place.name,
        straight_km=straight,
        by_road=road,
        by_distance={c: distance.model(assumed, c).of_distance(straight) for c in CASES},
        detour=_detours(roads, assumed, origins, sites),
        terrain=_terrain(place, roads, origins, sites),
    )


def _points(
    roads: Roads, along: tuple[str, ...] | None, chance: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lambert-93 points [POINTS, 2] to leave from and to reach."""
    network = roads.network
    ranks = [rules.CLASSES.index(name) for name in along or rules.CLASSES[2:]]
    metres = np.where(np.isin(network.rank, ranks) & ~network.is_link, network.metres, 0.0)
    drawn = [chance.choice(len(metres), POINTS, p=metres / metres.sum()) for _ in range(2)]
    begin, end = (network.points(stretch, chance.random(POINTS)) for stretch in drawn)
    return begin, end


def _terrain(
    place: Place, roads: Roads, origins: NDArray[np.float64], sites: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Number in TERRAINS [i, j]: summits near an end, else houses at both, else open country."""
    town, high = [], []
    summits = geo.project(place.streets.summits)
    for points in (origins, sites):
        town.append(roads.network.in_town[roads.snapper.snap(points).stretch])
        high.append((geo.distances_km(points, summits) < SUMMIT_KM).sum(axis=1) >= SUMMITS)
    both_in_town = town[0][:, None] & town[1][None, :]
    one_is_high = high[0][:, None] | high[1][None, :]
    return np.where(one_is_high, 1, np.where(both_in_town, 0, 2))


def _detours(
    roads: Roads,
    assumed: Assumptions,
    origins: NDArray[np.float64],
    sites: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Kilometres along the quickest way over straight ones [i, j], crossing to crossing."""
    network, ms = roads.network, roads.travel(assumed, "central").stretch_ms
    begin, end = (network.tail[roads.snapper.snap(p).stretch] for p in (origins, sites))
    count = len(network)
    tail = np.concatenate([network.tail, network.head])
    head = np.concatenate([network.head, network.tail])
    both, metres = np.concatenate([ms[:, 0], ms[:, 1]]), np.tile(network.metres, 2)
    order = np.lexsort((both, head, tail))
    order = order[np.isfinite(both[order])]
    pair = tail[order] * count + head[order]
    order, pair = order[np.unique(pair, return_index=True)[1]], np.unique(pair)
    graph = coo_array((both[order], (tail[order], head[order])), shape=(count, count)).tocsr()
    reached, before = dijkstra(graph, indices=begin, return_predecessors=True)
    road_km = np.empty((len(begin), len(end)))
    for i in range(len(begin)):
        follow = np.argsort(reached[i])
        step = before[i].astype(np.int64) * count + np.arange(count)
        step_m = metres[order[np.minimum(np.searchsorted(pair, step), len(pair) - 1)]]
        road_km[i] = _along(follow, before[i], step_m)[end] / 1000
    straight = geo.distances_km(network.xy[begin], network.xy[end])
    return np.divide(road_km, straight, out=np.full(road_km.shape, np.nan), where=straight > 0)


@compiled
def _along(
    follow: NDArray[np.int64], before: NDArray[np.int32], step_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Metres from a root to every crossing of its tree, nearest first."""
    total = np.full(len(follow), np.nan)
    for v in follow:
        total[v] = 0.0 if before[v] < 0 else total[before[v]] + step_m[v]
    return total


def report(places: list[Place], assumed: Assumptions) -> None:
    """A table for each choice of streets: a line for each extract and terrain."""
    bands = " | ".join(f"{low} à {high} km" for low, high in BANDS_KM)
    for words, along in ALONG.items():
        print("\n## Minutes par la route sur minutes d'après la distance (cas central)")
        print(f"\nPoints au hasard le long de : {words}. Médiane (10e–90e centile).\n")
        print(
            f"| extrait | terrain | milliers de paires | {SHORTEST_KM} à {LONGEST_KM} km "
            f"| tenues par la fourchette | détour médian | {bands} |"
        )
        print("|---|---|" + "---:|" * (4 + len(BANDS_KM)))
        for place in places:
            found = pairs(place, along, assumed)
            print(found.row("tous", np.ones_like(found.terrain, dtype=np.bool_)))
            for n, name in enumerate(TERRAINS):
                if (found.terrain == n).any():
                    print(found.row(name, found.terrain == n))
