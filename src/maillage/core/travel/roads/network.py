"""The road network of one mode: crossings, and what lies between two of them.

method  docs/method/travel.md
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from maillage.core import geo
from maillage.core.bad_input import BadInput
from maillage.core.sources.osm import MARKS, Streets
from maillage.core.travel.roads import rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

# what slows down at the end of a stretch, or where it begins; seconds in roads.toml
DELAYS = ("signals", "stop", "give_way", "turn_off")

# Side of the squares in which streets with houses are counted, metres
_TOWN_SQUARE_M = 250.0
_TOWN_STREETS_M = 1500.0


@dataclass(frozen=True)
class Network:
    """Stretches of street between crossings; no speed yet.

    mode       of rules.MODES
    xy         [n, 2] Lambert-93 metres of the crossings
    tail, head [e] crossings at both ends of each stretch
    metres     [e] along the street
    forward, backward  [e] whether it may be followed from tail to head, from head to tail
    rank       [e] number in rules.CLASSES
    limit_kmh  [e] posted limit, NaN where none is
    ground     [e] number in rules.GROUNDS
    is_roundabout, is_link, in_town  [e]
    delays     name of DELAYS -> [e, 2] how many on the way to the head, to the tail
    path_xy    [p, 2] Lambert-93 metres of every bend, one stretch after the other
    path_start [e + 1] where the bends of each stretch begin, both ends included
    left_out   lengths in km of the pieces that no other piece reaches, longest first
    """

    mode: str
    xy: Real
    tail: Whole
    head: Whole
    metres: Real
    forward: Flags
    backward: Flags
    rank: NDArray[np.int8]
    limit_kmh: Real
    ground: NDArray[np.int8]
    is_roundabout: Flags
    is_link: Flags
    in_town: Flags
    delays: dict[str, NDArray[np.uint8]]
    path_xy: Real
    path_start: Whole
    left_out: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """Geometry [e] of the stretches, Lambert-93 metres."""
        counts = np.diff(self.path_start)
        return np.asarray(
            shapely.linestrings(self.path_xy, indices=np.repeat(np.arange(len(counts)), counts))
        )

    @cached_property
    def _along(self) -> Real:
        """Metres [p] of drawing from the first bend of all to each bend."""
        step = np.zeros(len(self.path_xy))
        step[1:] = np.hypot(*np.diff(self.path_xy, axis=0).T)
        step[self.path_start[:-1]] = 0.0
        return np.cumsum(step)

    @property
    def drawn_m(self) -> Real:
        """Metres [e] of each stretch as it is drawn in Lambert-93."""
        return np.asarray(self._along[self.path_start[1:] - 1] - self._along[self.path_start[:-1]])

    def points(self, stretch: Whole, share: Real) -> Real:
        """Lambert-93 metres [s, 2] of the points that leave a share of their stretch behind."""
        begin, end = self.path_start[stretch], self.path_start[stretch + 1] - 1
        along = self._along
        wanted = along[begin] + share * (along[end] - along[begin])
        after = np.clip(np.searchsorted(along, wanted), begin + 1, end)
        before = after - 1
        length = along[after] - along[before]
        part = np.divide(
            wanted - along[before], length, out=np.zeros(len(wanted)), where=length > 0
        )[:, None]
        return np.asarray(self.path_xy[before] * (1 - part) + self.path_xy[after] * part)

    @property
    def km(self) -> float:
        """Kilometres of street."""
        return float(self.metres.sum() / 1000)


def build(streets: Streets, mode: str, piece_km: float) -> Network:
    """The network that a mode follows.

    Pieces shorter than some kilometres that nothing joins to the rest are left out; islands stay.
    Raises BadInput `roads_without_streets_for` when nothing is left.
    """
    use = rules.use(streets, mode)
    may = use.forward | use.backward
    counts = np.diff(streets.starts)
    way = np.repeat(np.arange(len(counts)), counts)
    kept = may[way]
    way, node = way[kept], streets.nodes[kept]
    if not len(way):
        raise BadInput("roads_without_streets_for", mode=mode)
    shut = _shut(streets, mode)
    is_end = np.ones(len(way), dtype=np.bool_)
    is_end[1:-1] = (way[1:-1] != way[:-2]) | (way[1:-1] != way[2:])
    is_crossing = is_end | (np.bincount(node, minlength=len(streets.lonlat))[node] > 1) | shut[node]
    # nothing passes a closed barrier: each street that meets it ends there, alone
    own = node.copy()
    at_barrier = np.flatnonzero(shut[node])
    own[at_barrier] = len(streets.lonlat) + np.arange(len(at_barrier))
    stretches = _cut(streets, way, node, own, is_crossing)
    return _reachable(_described(streets, use, mode, stretches), piece_km)


@dataclass(frozen=True)
class _Stretches:
    """way [e], first and last position [e] in the kept nodes, own node numbers, bends."""

    way: Whole
    first: Whole
    last: Whole
    node: Whole
    own: Whole
    xy: Real
    along: Real


def _shut(streets: Streets, mode: str) -> Flags:
    if mode != "car":
        return np.zeros(len(streets.lonlat), dtype=np.bool_)
    return np.asarray((streets.marks & MARKS["barrier"]) > 0)


def _cut(streets: Streets, way: Whole, node: Whole, own: Whole, crossing: Flags) -> _Stretches:
    xy = geo.project(streets.lonlat)[node]
    # metres on the ground: the projection stretches lengths by some parts in a thousand
    ground = _ground_metres(streets.lonlat[node])
    ground[1:][way[1:] != way[:-1]] = 0.0
    along = np.cumsum(ground)
    at = np.flatnonzero(crossing)
    same = way[at[:-1]] == way[at[1:]]
    first, last = at[:-1][same], at[1:][same]
    return _Stretches(way[first], first, last, node, own, xy, along)


def _ground_metres(lonlat: Real) -> Real:
    """Metres [n] from each point to the one before it, on the sphere of equal area."""
    lon, lat = np.radians(lonlat).T
    step = np.zeros(len(lonlat))
    east = np.diff(lon) * np.cos((lat[1:] + lat[:-1]) / 2)
    step[1:] = 6_371_007.2 * np.hypot(east, np.diff(lat))
    return step


def _described(streets: Streets, use: rules.Use, mode: str, cut: _Stretches) -> Network:
    numbers, ends = np.unique(
        np.concatenate([cut.own[cut.first], cut.own[cut.last]]), return_inverse=True
    )
    tail, head = ends[: len(cut.first)], ends[len(cut.first) :]
    at = np.zeros((len(numbers), 2))
    at[tail], at[head] = cut.xy[cut.first], cut.xy[cut.last]
    length = cut.last - cut.first + 1
    start = np.concatenate([[0], np.cumsum(length)])
    bends = np.arange(start[-1]) - np.repeat(start[:-1] - cut.first, length)
    rank = use.rank[cut.way]
    metres = cut.along[cut.last] - cut.along[cut.first]
    middle = (cut.xy[cut.first] + cut.xy[cut.last]) / 2
    return Network(
        mode=mode,
        xy=at,
        tail=tail,
        head=head,
        metres=np.maximum(metres, 0.1),
        forward=use.forward[cut.way],
        backward=use.backward[cut.way],
        rank=rank,
        limit_kmh=use.limit_kmh[cut.way],
        ground=use.ground[cut.way],
        is_roundabout=use.is_roundabout[cut.way],
        is_link=use.is_link[cut.way],
        in_town=_in_town(middle, metres, rank) & ~use.is_tunnel[cut.way],
        delays=_delays(streets, use, cut, tail, head, len(numbers)),
        path_xy=cut.xy[bends],
        path_start=start,
        left_out=(),
    )


def _in_town(middle: Real, metres: Real, rank: NDArray[np.int8]) -> Flags:
    """Whether a stretch lies among streets with houses: three squares by three around it."""
    houses = np.isin(rank, [rules.CLASSES.index(n) for n in ("residential", "living_street")])
    square = np.floor((middle - middle.min(axis=0)) / _TOWN_SQUARE_M).astype(np.int64) + 1
    wide, high = square.max(axis=0) + 2
    count = np.bincount(
        square[houses, 0] * high + square[houses, 1], metres[houses], minlength=wide * high
    ).reshape(wide, high)
    around = np.zeros_like(count)
    for east in (-1, 0, 1):
        for north in (-1, 0, 1):
            around += np.roll(count, (east, north), axis=(0, 1))
    # a kilometre and a half of them in 56 hectares: a village, not a farm road
    return np.asarray(around[square[:, 0], square[:, 1]] >= _TOWN_STREETS_M)


def _delays(
    streets: Streets, use: rules.Use, cut: _Stretches, tail: Whole, head: Whole, count: int
) -> dict[str, NDArray[np.uint8]]:
    """Signals and signs met on a stretch, and what it gives way to at its ends."""
    marks = streets.marks[cut.node]
    best = np.full(count, len(rules.CLASSES), dtype=np.int64)
    rank = np.minimum(use.rank[cut.way].astype(np.int64) * 1, len(rules.CLASSES))
    np.minimum.at(best, tail, rank)
    np.minimum.at(best, head, rank)
    degree = np.bincount(tail, minlength=count) + np.bincount(head, minlength=count)
    at = np.zeros((count, 2), dtype=np.bool_)
    for n, name in enumerate(("signals", "stop")):
        has = (marks & MARKS[name]) > 0
        at[tail, n], at[head, n] = has[cut.first], has[cut.last]
    inner = {
        name: np.concatenate([[0], np.cumsum((marks & MARKS[name]) > 0)])
        for name in ("signals", "stop", "give_way")
    }

    def inside(name: str) -> Whole:
        # strictly between both ends
        return np.asarray(inner[name][cut.last] - inner[name][cut.first + 1])

    is_crossing = degree >= 3
    is_round = use.is_roundabout[cut.way]
    found: dict[str, list[NDArray[Any]]] = {name: [] for name in DELAYS}
    for end, begin in ((head, tail), (tail, head)):
        signals = inside("signals") + at[end, 0]
        stops = inside("stop") + at[end, 1]
        minor = (rank > best[end]) & is_crossing[end] & ~at[end, 0] & ~is_round
        yields = np.maximum(inside("give_way"), minor) * (stops == 0)
        found["signals"].append(signals)
        found["stop"].append(stops)
        found["give_way"].append(yields)
        found["turn_off"].append((rank > best[begin]) & is_crossing[begin] & ~is_round)
    return {
        name: np.column_stack(both).clip(0, 255).astype(np.uint8) for name, both in found.items()
    }


def _reachable(network: Network, piece_km: float) -> Network:
    """The network without the pieces that are too short to be a place of their own."""
    ahead, back = network.forward, network.backward
    tail = np.concatenate([network.tail[ahead], network.head[back]])
    head = np.concatenate([network.head[ahead], network.tail[back]])
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(len(network), len(network)))
    _, piece = connected_components(links, directed=True, connection="strong")
    inside = piece[network.tail] == piece[network.head]
    km = np.bincount(piece[network.tail[inside]], network.metres[inside], piece.max() + 1) / 1000
    keeps = km >= piece_km
    if not keeps.any():
        keeps = km == km.max()
    chosen = inside & keeps[piece[network.tail]]
    left = sorted((float(k) for k in km[~keeps] if k > 0), reverse=True)
    return _subset(network, chosen, tuple(left))


def _subset(network: Network, chosen: Flags, left_out: tuple[float, ...]) -> Network:
    numbers, ends = np.unique(
        np.concatenate([network.tail[chosen], network.head[chosen]]), return_inverse=True
    )
    count = int(chosen.sum())
    length = np.diff(network.path_start)[chosen]
    start = np.concatenate([[0], np.cumsum(length)])
    bends = np.arange(start[-1]) - np.repeat(start[:-1] - network.path_start[:-1][chosen], length)
    return Network(
        mode=network.mode,
        xy=network.xy[numbers],
        tail=ends[:count],
        head=ends[count:],
        metres=network.metres[chosen],
        forward=network.forward[chosen],
        backward=network.backward[chosen],
        rank=network.rank[chosen],
        limit_kmh=network.limit_kmh[chosen],
        ground=network.ground[chosen],
        is_roundabout=network.is_roundabout[chosen],
        is_link=network.is_link[chosen],
        in_town=network.in_town[chosen],
        delays={name: values[chosen] for name, values in network.delays.items()},
        path_xy=network.path_xy[bends],
        path_start=start,
        left_out=left_out,
    )
