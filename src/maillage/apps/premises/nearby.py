"""How far premises are from what is around them: France services, a station, a motorway exit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.apps.premises.models import Premises
from maillage.apps.territories import streets
from maillage.apps.territories.landmarks import Landmarks
from maillage.apps.territories.landmarks import Points as Named
from maillage.apps.territories.models import Portrait
from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.money import Range
from maillage.core.travel import CASES, Minutes, Points, Travel, minutes

Times = Mapping[int, Range]


@dataclass(frozen=True)
class Nearby:
    """Minutes by car to the nearest of each, by premises; absent where nobody knows.

    exits  the name of the exit beside: "A6 sortie 30"; by road only
    """

    services: Times
    stations: Times
    exits: Mapping[int, tuple[str, Range]]


def nearby(
    premises: Sequence[Premises],
    known: tuple[Portrait, Landmarks] | None,
    assumed: Assumptions,
) -> Nearby:
    """What is around premises that have a position; by road where the portrait keeps streets."""
    placed = [(row.pk, row.lon, row.lat) for row in premises if row.lon is not None]
    if known is None or not placed:
        return Nearby({}, {}, {})
    portrait, near = known
    folder = streets.folder_of(portrait)
    travels = streets.travels(folder, assumed)
    rows = [pk for pk, _, _ in placed]
    at = geo.project(np.array([[lon, lat] for _, lon, lat in placed], dtype=np.float64))
    return Nearby(
        services=_nearest(rows, at, near.services, travels),
        stations=_nearest(rows, at, near.stations, travels),
        exits=_exits(rows, at, folder, assumed),
    )


def _nearest(
    rows: Sequence[int], at: Points, points: Named | None, travels: Mapping[str, Travel]
) -> Times:
    if not points:
        return {}
    sites = geo.project(np.array([[lon, lat] for _, lon, lat in points], dtype=np.float64))
    by_case = {case: minutes(at, sites, travels[case]).min(axis=1) for case in CASES}
    return {row: _range(by_case, n) for n, row in enumerate(rows) if _is_reached(by_case, n)}


def _exits(
    rows: Sequence[int], at: Points, folder: str | None, assumed: Assumptions
) -> dict[int, tuple[str, Range]]:
    found = streets.from_exits(folder, at, assumed)
    if found is None:
        return {}
    names, times = found
    nearest: NDArray[np.int64] = times["central"].argmin(axis=0)
    by_case = {case: times[case][nearest, np.arange(len(rows))] for case in CASES}
    return {
        row: (names[nearest[n]], _range(by_case, n))
        for n, row in enumerate(rows)
        if _is_reached(by_case, n)
    }


def _is_reached(by_case: Mapping[str, Minutes], n: int) -> bool:
    return bool(np.isfinite(by_case["central"][n]))


def _range(by_case: Mapping[str, Minutes], n: int) -> Range:
    """Shortest first; "low" is the slow travel: it gives the most minutes."""
    return Range(*(float(by_case[case][n]) for case in ("high", "central", "low")))
