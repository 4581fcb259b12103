"""The cheapest units of time that cover what is charged: exact, by dynamic programming.

A unit covers time from the first instant that is not covered yet: an hour, sixty elapsed minutes;
a half-day, the minutes of its list in a row; a day, until the next local midnight; a week, seven
local days; a month, until the same day of the next month. Covering a line with such units, left
to right, is a shortest path among instants.
"""

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from maillage.core import periods, programme
from maillage.core.periods import MIDNIGHT, Period
from maillage.core.tariffs.prices import UNITS

_HOUR = timedelta(hours=1)
_DAYS_COVERED = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Reach:
    """How far units go in a zone, under one price list."""

    zone: tzinfo
    half_day_minutes: int

    def of(self, unit: str, at: datetime) -> datetime:
        """The first instant, in UTC, that a unit begun at an instant does not cover."""
        if unit == "hour":
            return at + _HOUR
        if unit == "half_day":
            return at + timedelta(minutes=self.half_day_minutes)
        return _midnight_after(unit, at.astimezone(self.zone).date(), self.zone)


@lru_cache(maxsize=8192)
def _midnight_after(unit: str, on: date, zone: tzinfo) -> datetime:
    after = programme.after(on, 1) if unit == "month" else on + timedelta(days=_DAYS_COVERED[unit])
    return periods.instant(after, MIDNIGHT, zone)


@dataclass(frozen=True)
class Charged:
    """The time to cover: periods apart from each other, in order."""

    periods: tuple[Period, ...]

    def next(self, at: datetime) -> datetime | None:
        """The first instant to cover from one on; None when there is none left."""
        n = bisect_right(self.periods, at, key=lambda period: period.ends)
        return max(at, self.periods[n].begins) if n < len(self.periods) else None


@dataclass(frozen=True)
class Cover:
    """Units that cover some time, longest first: (unit, how many)."""

    exact: int
    units: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Way:
    """How an instant is best reached: by cost, then few units, then short ones."""

    rank: tuple[int, int, int]
    before: datetime | None
    unit: str


def cheapest(charged: Charged, exact: Mapping[str, int], reach: Reach) -> Cover:
    """The units of least cost that cover all; of several, the fewest and shortest.

    charged  not empty
    exact    unit -> its cost, in any whole money; not empty
    """
    first, end = charged.periods[0].begins, charged.periods[-1].ends
    best = {first: _Way((0, 0, 0), None, "")}
    waiting = [first]
    while (at := heapq.heappop(waiting)) != end:
        for unit, cost in exact.items():
            to = charged.next(reach.of(unit, at)) or end
            spent, pieces, lengths = best[at].rank
            rank = (spent + cost, pieces + 1, lengths + UNITS.index(unit))
            if to not in best:
                heapq.heappush(waiting, to)
            if to not in best or rank < best[to].rank:
                best[to] = _Way(rank, at, unit)
    return Cover(best[end].rank[0], _counted(best, end))


def _counted(best: Mapping[datetime, _Way], end: datetime) -> tuple[tuple[str, int], ...]:
    used: Counter[str] = Counter()
    way = best[end]
    while way.before is not None:
        used[way.unit] += 1
        way = best[way.before]
    return tuple((unit, used[unit]) for unit in reversed(UNITS) if used[unit])


def alone(charged: Charged, unit: str, reach: Reach) -> int:
    """How many of one unit cover all."""
    count, at = 0, charged.next(charged.periods[0].begins)
    while at is not None:
        count, at = count + 1, charged.next(reach.of(unit, at))
    return count
