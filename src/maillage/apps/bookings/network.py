"""Where one starts from, and how long it takes to each place of the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from maillage.apps.sites.models import Site
from maillage.apps.territories import landmarks, streets
from maillage.apps.territories.models import Territory
from maillage.core import assumptions, geo
from maillage.core.assumptions import Assumptions
from maillage.core.money import Range
from maillage.core.travel import CASES, Points, minutes
from maillage.report.travel_words import BY_DISTANCE, BY_ROAD, Times

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Start:
    """A commune from which one goes; `lonlat` of its town, None when nobody knows."""

    code: str
    name: str
    lonlat: LonLat | None = None


@dataclass(frozen=True)
class Reach:
    """Minutes by car from a start to each site, shortest first; absent where nobody knows.

    times  by which kind of measure
    """

    minutes: Mapping[int, Range]
    times: Times


@dataclass(frozen=True)
class Network:
    """The communes of a territory and what measures a trip there.

    folder  of the streets that its portrait keeps, None without
    """

    territory: Territory
    starts: tuple[Start, ...]
    folder: str | None

    def start(self, code: str) -> Start | None:
        """The commune of a code."""
        return next((one for one in self.starts if one.code == code), None)

    def reach(self, start: Start | None, sites: Sequence[Site]) -> Reach:
        """How long it takes from a commune to each site."""
        times = Times(BY_ROAD if self.folder else BY_DISTANCE)
        placed = [(s.pk, s.lon, s.lat) for s in sites if s.lon is not None and s.lat is not None]
        if start is None or start.lonlat is None or not placed:
            return Reach({}, times)
        travels = streets.travels(self.folder, _assumed())
        origin = _points([start.lonlat])
        ends = _points([(lon, lat) for _, lon, lat in placed])
        found = {case: minutes(origin, ends, travels[case])[0] for case in CASES}
        # "low" is the slow travel: it gives the most minutes
        return Reach(
            {
                pk: Range(*(float(found[case][n]) for case in ("high", "central", "low")))
                for n, (pk, _, _) in enumerate(placed)
                if np.isfinite(found["central"][n])
            },
            times,
        )


def network(territory: Territory) -> Network:
    """The communes of a territory, at their town where its tables are loaded. One query."""
    known = landmarks.latest(territory)
    towns = known[1].towns if known else {}
    starts = sorted(
        (
            Start(member["code"], member["name"], towns.get(member["code"]))
            for member in territory.members
        ),
        key=lambda one: one.name,
    )
    return Network(territory, tuple(starts), streets.folder_of(known[0]) if known else None)


def _points(lonlats: Sequence[LonLat]) -> Points:
    return geo.project(np.array(lonlats, dtype=np.float64).reshape(-1, 2))


@cache
def _assumed() -> Assumptions:
    return assumptions.load()
