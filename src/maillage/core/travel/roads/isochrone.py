"""Who reaches a place within some minutes, as polygons.

Minutes are known along the streets; between them they come from the nearest street, at the speed
of the last hundred metres. The polygon is the contour of these minutes on a fine grid.

method  docs/method/travel.md
"""

from dataclasses import dataclass
from itertools import pairwise

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.travel.distance import Points
from maillage.core.travel.roads.times import RoadTravel, part_of

Real = NDArray[np.float64]

_MINUTE_MS = 60_000.0

# Side of the grid's squares, and how far from a street a place still counts, metres
_SQUARE_M = {"car": 125.0, "bike": 60.0, "walk": 30.0}
_OFF_STREET_M = {"car": 300.0, "bike": 150.0, "walk": 90.0}
# Most squares along one side: an hour of motorway is drawn more coarsely
_MOST_SQUARES = 700


@dataclass(frozen=True)
class _Samples:
    """Points along the streets [s, 2], with the minutes from each to the place [s]."""

    xy: Real
    minutes: Real


def polygon(travel: RoadTravel, site: Points, minutes: float) -> shapely.MultiPolygon:
    """The land from which a Lambert-93 point [1, 2] is within some minutes.

    Lambert-93 metres; empty where no street leads to the point.
    """
    found = _samples(travel, site, minutes)
    if not len(found.minutes):
        return shapely.MultiPolygon()
    mode = travel.mode
    span = float((found.xy.max(axis=0) - found.xy.min(axis=0)).max())
    side = max(_SQUARE_M[mode], span / _MOST_SQUARES)
    east, north, field = _field(found, side, minutes, _OFF_STREET_M[mode])
    return _contour(east, north, field, minutes)


def _samples(travel: RoadTravel, site: Points, minutes: float) -> _Samples:
    """Points of the streets from which the place is near enough."""
    network = travel.roads.network
    end = travel.to_everywhere(site).astype(np.float64)
    most = minutes * _MINUTE_MS
    # driven towards the place: by the tail against the street, by the head along it
    to_head, to_tail = travel.stretch_ms.astype(np.float64).T
    own = travel.roads.snapper.snap(np.asarray(site, dtype=np.float64).reshape(1, 2))
    is_near = np.minimum(end[network.tail], end[network.head]) <= most
    # of the place's own stretch both ends may be too far, never its middle
    is_near[own.stretch[0]] = True
    near = np.flatnonzero(is_near)
    count = np.maximum(
        np.ceil(network.metres[near] / (_SQUARE_M[travel.mode] * 0.7)).astype(np.int64), 1
    )
    which = np.repeat(np.arange(len(near)), count + 1)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count + 1) - (count + 1), count + 1)
    share = step / np.repeat(count, count + 1)
    stretch = near[which]
    by_tail = end[network.tail[stretch]] + part_of(share, to_tail[stretch])
    by_head = end[network.head[stretch]] + part_of(1.0 - share, to_head[stretch])
    reached = np.minimum(by_tail, by_head)
    ahead = own.along[0] - share
    whole = np.where(ahead >= 0, to_head[stretch], to_tail[stretch])
    on_it = (stretch == own.stretch[0]) & np.isfinite(whole) & np.isfinite(end).any()
    reached[on_it] = np.minimum(reached[on_it], np.abs(ahead[on_it]) * whole[on_it])
    inside = reached <= most
    return _Samples(network.points(stretch[inside], share[inside]), reached[inside] / _MINUTE_MS)


def _field(
    found: _Samples, side: float, minutes: float, off_street_m: float
) -> tuple[Real, Real, Real]:
    """Minutes at the squares' centres, and the coordinates of the axes."""
    steps = max(1, round(off_street_m / side))
    low = found.xy.min(axis=0) - (steps + 2) * side
    at = np.floor((found.xy - low) / side).astype(np.int64)
    wide, high = at.max(axis=0) + steps + 3
    field = np.full(wide * high, np.inf)
    np.minimum.at(field, at[:, 0] * high + at[:, 1], found.minutes)
    field = field.reshape(wide, high)
    # beyond the street: what is left of the minutes fades over the last metres
    fade = minutes * 0.02
    for _ in range(steps):
        field = _spread(field, fade)
    east = low[0] + (np.arange(wide) + 0.5) * side
    north = low[1] + (np.arange(high) + 0.5) * side
    return east, north, field


def _spread(field: Real, fade: float) -> Real:
    """Each square takes the minutes of its eight neighbours, a little later."""
    padded = np.pad(field, 1, constant_values=np.inf)
    straight = [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
    slanting = [padded[:-2, :-2], padded[:-2, 2:], padded[2:, :-2], padded[2:, 2:]]
    beside = np.minimum.reduce(straight) + fade
    across = np.minimum.reduce(slanting) + fade * np.sqrt(2)
    return np.asarray(np.minimum.reduce([field, beside, across]))


def _contour(east: Real, north: Real, field: Real, minutes: float) -> shapely.MultiPolygon:
    # a wall just above the limit, so that the contour runs between two squares
    walled = np.where(np.isfinite(field), field, minutes * 1.2).T
    drawn = contourpy.contour_generator(
        x=east, y=north, z=np.minimum(walled, minutes * 1.2), fill_type="OuterOffset"
    ).filled(-1.0, minutes)
    parts = []
    for points, offsets in zip(*drawn, strict=True):
        rings = [points[a:b] for a, b in pairwise(offsets)]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    whole = shapely.make_valid(shapely.MultiPolygon(parts))
    kept = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(kept)
