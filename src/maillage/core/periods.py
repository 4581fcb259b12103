"""Half-open periods of time, local days, bank holidays and the dates of a series.

Instants are kept in UTC, so that lengths are elapsed ones and order is never that of wall clocks.
One rule turns a wall clock into an instant (`instant`): a time that the clock skips is the instant
of the jump, a time that it shows twice is the first one. It keeps order, hence days and hours
that follow each other on the clock follow each other in time, without gap nor overlap.

A day is a local day: 23 h or 25 h when the clock changes.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dateutil import rrule
from jours_feries_france import JoursFeries

from maillage.core.bad_input import BadInput

PARIS = ZoneInfo("Europe/Paris")
"""The legal time of metropolitan France: of invoices, months and bank files."""

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
# the shortest difference between two instants
_INSTANT = timedelta.resolution

MOST_DATES = 400
"""The dates of one series, at most: more than a year of days."""


@dataclass(frozen=True, order=True)
class Period:
    """From an instant, included, to another, excluded; both aware, kept in UTC.

    ValueError when an instant has no zone, or when the end does not come after the beginning
    """

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Two instants, in order, in UTC."""
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a period has aware instants")
        object.__setattr__(self, "begins", self.begins.astimezone(UTC))
        object.__setattr__(self, "ends", self.ends.astimezone(UTC))
        if self.begins >= self.ends:
            raise ValueError("a period begins before it ends")

    @property
    def minutes(self) -> float:
        """Elapsed minutes."""
        return (self.ends - self.begins) / _MINUTE

    @property
    def hours(self) -> float:
        """Elapsed hours."""
        return (self.ends - self.begins) / _HOUR

    def overlaps(self, other: "Period") -> bool:
        """Whether they share an instant; one that ends when the other begins does not."""
        return self.begins < other.ends and other.begins < self.ends

    def contains(self, other: "Period | datetime") -> bool:
        """Whether all of a period, or an instant, is inside."""
        if isinstance(other, Period):
            return self.begins <= other.begins and other.ends <= self.ends
        return self.begins <= other.astimezone(UTC) < self.ends

    def shared(self, other: "Period") -> "Period | None":
        """What both have; None when they do not overlap."""
        begins, ends = max(self.begins, other.begins), min(self.ends, other.ends)
        return Period(begins, ends) if begins < ends else None

    def widened(self, before: timedelta, after: timedelta) -> "Period":
        """From earlier and until later: the time to prepare and to tidy up."""
        return Period(self.begins - before, self.ends + after)

    def local(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Both ends as the clock shows them there."""
        return self.begins.astimezone(zone), self.ends.astimezone(zone)


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same time in order, in the fewest periods: those that touch become one."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and period.begins <= found[-1].ends:
            found[-1] = Period(found[-1].begins, max(found[-1].ends, period.ends))
        else:
            found.append(period)
    return tuple(found)


def without(periods: Iterable[Period], taken: Iterable[Period]) -> tuple[Period, ...]:
    """The time of the first that is in none of the second, in order."""
    gone = merged(taken)
    return tuple(part for period in merged(periods) for part in _left(period, gone))


def _left(period: Period, gone: tuple[Period, ...]) -> Iterator[Period]:
    """What is left of one period; `gone` is in order and apart."""
    begins = period.begins
    n = bisect_right(gone, begins, key=lambda cut: cut.ends)
    while n < len(gone) and gone[n].begins < period.ends:
        if begins < gone[n].begins:
            yield Period(begins, gone[n].begins)
        begins = gone[n].ends
        n += 1
    if begins < period.ends:
        yield Period(begins, period.ends)


def instant(on: date, at: time, zone: tzinfo) -> datetime:
    """The instant, in UTC, when the clock of a zone shows a time on a day.

    Skipped by the clock: the instant of the jump. Shown twice: the first. Never earlier for a
    later wall clock.
    """
    wall = datetime.combine(on, at.replace(fold=0), zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    return _jump(wall, zone)


def _jump(wall: datetime, zone: tzinfo) -> datetime:
    """When the clock skips over a wall time, to the second.

    The offset of after the jump gives an instant before it, and the other way round.
    """
    before, after = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def day(on: date, zone: tzinfo) -> Period:
    """A local day, from its first instant to the first of the next: 23, 24 or 25 hours."""
    return Period(instant(on, MIDNIGHT, zone), instant(on + ONE_DAY, MIDNIGHT, zone))


def days(first: date, last: date, zone: tzinfo) -> Period:
    """The local days from the first to the last, both included."""
    return Period(instant(first, MIDNIGHT, zone), instant(last + ONE_DAY, MIDNIGHT, zone))


def hours(on: date, from_: time, to: time, zone: tzinfo) -> Period:
    """From a wall clock to another of the same local day; `to` midnight is the end of the day.

    BadInput  `period_ends_first` when `to` is not later; `period_skipped_by_clock` when the clock
              jumps over all of it
    """
    if to != MIDNIGHT and to <= from_:
        raise BadInput("period_ends_first", on=on, begins=from_, ends=to)
    begins = instant(on, from_, zone)
    ends = instant(on + ONE_DAY if to == MIDNIGHT else on, to, zone)
    if begins >= ends:
        raise BadInput("period_skipped_by_clock", on=on, begins=from_, ends=to)
    return Period(begins, ends)


@dataclass(frozen=True)
class HalfDays:
    """The morning and the afternoon of a place, as its clock shows them: (from, to)."""

    morning: tuple[time, time]
    afternoon: tuple[time, time]


def half_day(on: date, half: str, zone: tzinfo, halves: HalfDays) -> Period:
    """The `morning` or the `afternoon` of a local day; errors as for `hours`."""
    if half not in ("morning", "afternoon"):
        raise ValueError(half)
    from_, to = halves.morning if half == "morning" else halves.afternoon
    return hours(on, from_, to, zone)


def local_days(period: Period, zone: tzinfo) -> tuple[date, ...]:
    """The local days that a period touches, in order."""
    first = period.begins.astimezone(zone).date()
    last = (period.ends - _INSTANT).astimezone(zone).date()
    return tuple(first + n * ONE_DAY for n in range((last - first).days + 1))


def _plain(name: str) -> str:
    """A name of the library as a code: without accents nor article."""
    letters = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"\w+", letters)).removeprefix("la-")


AREAS: Mapping[str, str] = MappingProxyType({_plain(name): name for name in JoursFeries.ZONES})
"""Where bank holidays are the same, as `metropole` -> the name in the library that knows them."""

_HOLIDAYS = MappingProxyType(
    {
        "1er-janvier": "new_year",
        "1er-mai": "labour_day",
        "8-mai": "victory_1945",
        "14-juillet": "national_day",
        "assomption": "assumption",
        "toussaint": "all_saints",
        "11-novembre": "armistice_1918",
        "jour-de-noel": "christmas",
        "lundi-de-paques": "easter_monday",
        "ascension": "ascension",
        "lundi-de-pentecote": "whit_monday",
        "vendredi-saint": "good_friday",
        "2eme-jour-de-noel": "second_christmas_day",
        "abolition-de-l-esclavage": "abolition_of_slavery",
    }
)
HOLIDAYS = tuple(_HOLIDAYS.values())


@lru_cache(maxsize=512)
def holidays(year: int, area: str) -> Mapping[date, str]:
    """The bank holidays of a year: date -> code, one of `HOLIDAYS`; in order of date.

    In Alsace-Moselle, Good Friday is one wherever, though the local law says it of communes that
    have a Protestant church.

    source  Code du travail L.3133-1, L.3134-13, L.3422-2
    """
    found: dict[date, str] = {}
    for name, on in JoursFeries.for_year(year, AREAS[area]).items():
        # Ascension Day falls on another holiday at times
        found.setdefault(on, _HOLIDAYS[_plain(name)])
    return MappingProxyType(found)


_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])")


def month(text: str) -> date:
    """The first day of « 2027-03 »; ValueError for any other text."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), 1)


def next_month(on: date) -> date:
    """The first day of the month after that of a day."""
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)


def is_holiday(on: date, area: str) -> bool:
    """Whether a day is a bank holiday there."""
    return on in holidays(on.year, area)


_FREQUENCIES = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY, "monthly": rrule.MONTHLY}
LAST = -1
_WEEKDAYS_OF_A_MONTH = range(1, 6)


@dataclass(frozen=True)
class Recurrence:
    """Every so many days, weeks or months.

    weekdays  0 for Monday; of a weekly series; none: that of its first date
    nth       of a monthly series: 1 to 5 or `LAST`, as in « the second Tuesday »; None: as the
              first date. A month without a fifth one is skipped.
    """

    frequency: str
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    nth: int | None = None

    def __post_init__(self) -> None:
        """ValueError for what no form can send."""
        if self.frequency not in _FREQUENCIES or self.every < 1:
            raise ValueError("a series is daily, weekly or monthly, every one or more")
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("a weekday is 0 to 6")
        if self.nth is not None and self.nth not in (*_WEEKDAYS_OF_A_MONTH, LAST):
            raise ValueError("a weekday of a month is the first to the fifth, or the last")


def occurrences(rule: Recurrence, first: date, last: date) -> tuple[date, ...]:
    """The dates of a series from the first day to the last, both included, in order.

    They are local days: give each to `hours`, and 09:00 stays 09:00 when the clock changes. Weeks
    are counted from that of `first`, Monday first; months from that of `first`, whose weekday is
    kept.

    BadInput  `series_ends_first`; `series_without_date`; `series_too_long` above MOST_DATES
    """
    if last < first:
        raise BadInput("series_ends_first", first=first, last=last)
    found: list[date] = []
    for moment in _rule(rule, first, last):
        if len(found) == MOST_DATES:
            raise BadInput("series_too_long", most=MOST_DATES, first=first, reached=found[-1])
        found.append(moment.date())
    if not found:
        raise BadInput("series_without_date", first=first, last=last)
    return tuple(found)


def _rule(rule: Recurrence, first: date, last: date) -> rrule.rrule:
    days_of_week: object = None
    if rule.frequency == "weekly":
        days_of_week = sorted(rule.weekdays) or [first.weekday()]
    if rule.frequency == "monthly":
        nth = rule.nth or (first.day - 1) // 7 + 1
        days_of_week = rrule.weekday(first.weekday(), nth)
    return rrule.rrule(
        _FREQUENCIES[rule.frequency],
        dtstart=datetime.combine(first, MIDNIGHT),
        until=datetime.combine(last, MIDNIGHT),
        interval=rule.every,
        byweekday=days_of_week,
        wkst=rrule.MO,
    )
