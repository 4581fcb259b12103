"""Minutes over a road network: many to many, and from one place to everywhere.

method  docs/method/travel.md
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.core.assumptions import Assumptions
from maillage.core.travel.distance import MEAN_DISTANCE_TO_CENTRE, Minutes, Points, TravelModel
from maillage.core.travel.distance import model as by_distance
from maillage.core.travel.roads import hierarchy, speeds
from maillage.core.travel.roads.hierarchy import Customised, Ends, Hierarchy, Near
from maillage.core.travel.roads.network import Network
from maillage.core.travel.roads.snap import Snapped, Snapper

Real = NDArray[np.float64]
Milliseconds = NDArray[np.float32]

_MINUTE = 60_000.0

# A cell is tied to a street of its own square: its centre may stand that far
_OFF_STREET_M = 1000.0

# Origins climbed at once: their rows of ancestors stay in a few tens of megabytes
_AT_ONCE = 8192


def part_of(share: Real, ms: NDArray[np.floating[Any]]) -> Real:
    """Milliseconds of a share of stretches; nothing of one takes none, even against its way."""
    return np.asarray(np.multiply(share, ms, out=np.zeros(len(share)), where=share > 0))


# Customised speeds kept by a process: three cases of some networks
_KEPT = 18


@dataclass(frozen=True, eq=False)
class Roads:
    """A network with its hierarchy: everything that does not depend on speeds."""

    network: Network

    @cached_property
    def shape(self) -> Hierarchy:
        """The contraction hierarchy."""
        return hierarchy.contract(self.network.xy, self.network.tail, self.network.head)

    @cached_property
    def snapper(self) -> Snapper:
        """The index of streets by place."""
        return Snapper(self.network)

    @cached_property
    def exit_snapper(self) -> Snapper:
        """The same with motorways and their slip roads."""
        return Snapper(self.network, doors_only=False)

    def travel(self, assumptions: Assumptions, case: str) -> "RoadTravel":
        """Travel under the speeds of a case of CASES ("low" is the slow one).

        The same speeds are customised once.
        """
        values = tuple(
            (a.value, a.low, a.high)
            for section in ("roads", "travel")
            for a in assumptions.section(section).values()
        )
        return _travel(_Wanted(self, case, values, assumptions))


@dataclass(frozen=True)
class RoadTravel:
    """Travel along the roads of a network; answers as `TravelModel` does."""

    roads: Roads
    assumptions: Assumptions
    case: str
    kind: str = field(default="roads", init=False)

    @property
    def mode(self) -> str:
        """Of rules.MODES."""
        return self.roads.network.mode

    @cached_property
    def stretch_ms(self) -> Milliseconds:
        """Milliseconds [e, 2] of each stretch, to its head and to its tail."""
        return speeds.milliseconds(self.roads.network, self.assumptions, self.case)

    @cached_property
    def _customised(self) -> Customised:
        network = self.roads.network
        return hierarchy.customise(
            self.roads.shape,
            np.concatenate([network.tail, network.head]),
            np.concatenate([network.head, network.tail]),
            np.concatenate([self.stretch_ms[:, 0], self.stretch_ms[:, 1]]),
        )

    @cached_property
    def _distance(self) -> TravelModel:
        return by_distance(self.assumptions, self.case)

    def minutes(
        self,
        origins: Points,
        sites: Points,
        *,
        origin_size_km: float = 0.0,
        within_min: float = np.inf,
    ) -> Minutes:
        """Minutes [i, j] between Lambert-93 points; infinite where no road leads.

        origin_size_km  side of the square each origin stands for: its inhabitants live along the
                        street nearest to its centre, at no less than the mean distance in a square
        within_min      pairs farther than that are infinite, and mostly not computed
        """
        origins = np.asarray(origins, dtype=np.float64).reshape(-1, 2)
        inside_m = origin_size_km * 1000 / np.sqrt(2)
        begin = self.roads.snapper.snap(origins)
        sites = np.asarray(sites, dtype=np.float64).reshape(-1, 2)
        reach_m = self._reach_m(within_min) if np.isfinite(within_min) else np.inf
        near = hierarchy.near(origins, sites, reach_m)
        found = self._between(begin, sites, near, inside_m=inside_m)
        floor = np.float32(self._floor(origin_size_km))
        found = np.maximum(found, floor, out=found)
        if np.isfinite(within_min):
            found[found > within_min] = np.inf
        return found

    def minutes_from_exits(self, exits: Points, sites: Points) -> Minutes:
        """Minutes [i, j] from motorway exits to places; infinite where no road leads."""
        exits, sites = (np.asarray(p, dtype=np.float64).reshape(-1, 2) for p in (exits, sites))
        begin = self.roads.exit_snapper.snap(exits)
        return self._between(begin, sites, hierarchy.near(exits, sites, np.inf))

    def _reach_m(self, minutes: float) -> float:
        """Metres as the crow flies that nobody exceeds in some minutes."""
        drawn_m = self.roads.network.drawn_m
        with np.errstate(divide="ignore"):
            fastest = float((drawn_m / self.stretch_ms.min(axis=1)).max())
        # what stands off the streets moves no faster
        return fastest * minutes * _MINUTE + 2 * _OFF_STREET_M

    def _between(
        self, begin: Snapped, sites: Points, near: Near, *, inside_m: float = 0.0
    ) -> Minutes:
        """Minutes [i, j] of the pairs near enough, infinite beyond."""
        here, there, reach = near
        out = np.empty((len(here), len(there)), dtype=np.float32)
        end = self.roads.snapper.snap(sites)
        falls = self._line(self._arriving(end), self._customised.downward)
        for at in range(0, len(out), _AT_ONCE):
            part = slice(at, at + _AT_ONCE)
            some = Snapped(begin.stretch[part], begin.along[part], begin.off_m[part])
            climbs = self._line(self._leaving(some), self._customised.upward)
            hierarchy.meet(*climbs, *falls, (here[part], there, reach), out[part])
        self._along_one_stretch(begin, end, out)
        out += self._off_road(begin.off_m, inside_m)[:, None]
        out += self._off_road(end.off_m, 0.0)[None, :]
        out /= np.float32(_MINUTE)
        return out

    def off_road_m(self, points: Points) -> Real:
        """Metres [p] from points to the street each is tied to."""
        return self.roads.snapper.snap(points).off_m

    def road_km_within(self, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kilometres by road driven in some minutes, at the speeds of the distance model."""
        return self._distance.road_km_within(minutes)

    def to_everywhere(self, site: Points) -> Milliseconds:
        """Milliseconds [n] from every crossing to a point [1, 2]."""
        end = self.roads.snapper.snap(np.asarray(site, dtype=np.float64).reshape(1, 2))
        reached, line, _ = self._line(self._arriving(end), self._customised.downward)
        shape = self.roads.shape
        by_rank = np.full(len(shape), np.inf, dtype=np.float32)
        known = line[0] >= 0
        by_rank[line[0][known]] = reached[0][known]
        hierarchy.descend(shape.first, shape.up, self._customised.upward, by_rank)
        return np.asarray(by_rank[shape.rank] + self._off_road(end.off_m, 0.0)[0])

    def _leaving(self, points: Snapped) -> Ends:
        ahead, back = self.stretch_ms[points.stretch].T
        return self._ends(points, part_of(points.along, back), part_of(1 - points.along, ahead))

    def _arriving(self, points: Snapped) -> Ends:
        ahead, back = self.stretch_ms[points.stretch].T
        return self._ends(points, part_of(points.along, ahead), part_of(1 - points.along, back))

    def _ends(self, points: Snapped, tail_ms: Real, head_ms: Real) -> Ends:
        network, rank = self.roads.network, self.roads.shape.rank
        tail, head = rank[network.tail[points.stretch]], rank[network.head[points.stretch]]
        tail_is_low = tail <= head
        return Ends(
            low=np.where(tail_is_low, tail, head),
            low_ms=np.where(tail_is_low, tail_ms, head_ms).astype(np.float32),
            high=np.where(tail_is_low, head, tail),
            high_ms=np.where(tail_is_low, head_ms, tail_ms).astype(np.float32),
        )

    def _line(
        self, ends: Ends, ms: Milliseconds
    ) -> tuple[Milliseconds, NDArray[np.int32], NDArray[np.int32]]:
        shape = self.roads.shape
        deepest = int(shape.depth[ends.low].max(initial=0)) + 1
        reached = np.empty((len(ends.low), deepest), dtype=np.float32)
        line = np.full((len(ends.low), deepest), -1, dtype=np.int32)
        hierarchy.climb(shape, ms, ends, reached, line)
        return reached, line, shape.depth[ends.low]

    def _along_one_stretch(self, begin: Snapped, end: Snapped, out: Milliseconds) -> None:
        """Two points of one stretch need no crossing."""
        order = np.argsort(end.stretch, kind="stable")
        sorted_ends = end.stretch[order]
        left = np.searchsorted(sorted_ends, begin.stretch, "left")
        right = np.searchsorted(sorted_ends, begin.stretch, "right")
        for i in np.flatnonzero(right > left):
            for j in order[left[i] : right[i]]:
                ahead = end.along[j] - begin.along[i]
                whole = self.stretch_ms[begin.stretch[i], 0 if ahead >= 0 else 1]
                if np.isfinite(whole):
                    out[i, j] = min(out[i, j], np.float32(abs(ahead) * whole))

    def _off_road(self, off_m: Real, inside_m: float) -> Milliseconds:
        """Milliseconds from a point to its street; infinite beyond the longest accepted."""
        left = np.maximum(off_m - inside_m, 0.0)
        speed = self.assumptions.value("roads.access_speed")
        if self.mode == "walk":
            speed = self.assumptions.value("roads.walk_speed")
        ms = left / (speed / 3.6) * 1000
        return np.where(left > self.assumptions.value("roads.snap_most_m"), np.inf, ms).astype(
            np.float32
        )

    def _floor(self, origin_size_km: float) -> float:
        """Minutes of the mean distance from the points of a square to its centre."""
        if origin_size_km == 0:
            return 0.0
        floor_km = origin_size_km * MEAN_DISTANCE_TO_CENTRE
        if self.mode == "car":
            return float(self._distance.of_distance(np.array([floor_km]))[0])
        name = "walk_speed" if self.mode == "walk" else "bike_paved"
        pace = self.assumptions[f"roads.{self.mode}_pace"].at(self.case)
        kmh = self.assumptions.value(f"roads.{name}") * pace
        return floor_km * self.assumptions.value("travel.detour") / kmh * 60


@dataclass(frozen=True)
class _Wanted:
    """What decides of the speeds of a network: one and the same, a case, every value."""

    roads: Roads
    case: str
    values: tuple[tuple[float, float, float], ...]
    assumptions: Assumptions = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _travel(wanted: _Wanted) -> RoadTravel:
    return RoadTravel(wanted.roads, wanted.assumptions, wanted.case)
