"""When a place is open: OpenStreetMap's `opening_hours` syntax, bank holidays, closures.

The library that reads the syntax works here on wall clocks alone, one local day at a time. It
knows the bank holidays of France as a whole, so ours are told to it: on a day, `PH` is replaced
with the weekdays of the holidays among that day and the one before, which alone can overflow on
it. Wall clocks become instants by the rule of `periods.instant`. In the library the rule of a day
replaces the small hours that come from the evening before: who opens past midnight writes them
apart (« Fr 20:00-24:00; Sa 00:00-02:00 »).

Only what a clock can tell is accepted: sunset, « on request », an open end or school holidays
would leave someone before a closed door.

source  https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import opening_hours as osm

from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import MIDNIGHT, ONE_DAY, Period

MOST_CHARACTERS = 300
"""Of a text; longer ones are not opening hours."""

# how far to look for the next opening, days: a place closed for longer has none
_AHEAD = 400
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAYS_OF_WEEK = len(_WEEKDAYS)
_HOLIDAY = re.compile(r"\bPH\b")
_PLACE_OF_FAULT = re.compile(r"--> \d+:(\d+)")
_NOT_FIXED = re.compile(
    r"""
    "[^"]*"                               # a comment: « by appointment »
    | \b(?: sunrise | sunset | dawn | dusk ) \b
    | \b SH \b                            # school holidays
    | \b PH \s [+-]? \d+ \s days?         # the day after a holiday
    | \b unknown \b
    | \d\d:\d\d \+                        # until whenever
    | \d\d:\d\d / [\d:]+                  # moments, as of a bus
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Day:
    """A local day of a table.

    spans       wall clocks (from, to), in order; `to` midnight is the end of the day
    holiday     the code of a bank holiday (`periods.HOLIDAYS`)
    is_closure  a closure takes away time that the place would have been open
    """

    on: date
    spans: tuple[tuple[time, time], ...]
    holiday: str | None
    is_closure: bool


@dataclass(frozen=True)
class OpeningHours:
    """When a place is open; made by `parse`, which checks the text."""

    text: str
    zone: tzinfo
    area: str
    closures: tuple[Period, ...] = ()

    def closing(self, closures: tuple[Period, ...]) -> "OpeningHours":
        """The same hours, without the time of some closures."""
        return replace(self, closures=periods.merged((*self.closures, *closures)))

    def open_periods(self, first: datetime, last: datetime) -> tuple[Period, ...]:
        """The open time between two instants, in order; periods that touch are one.

        Nothing when the last instant does not come after the first.
        """
        if last.astimezone(UTC) <= first.astimezone(UTC):
            return ()
        asked = Period(first, last)
        shared = [
            part
            for on in periods.local_days(asked, self.zone)
            for period in _open_day(self.text, on, self.zone, self.area)
            if (part := period.shared(asked))
        ]
        return periods.without(shared, self.closures)

    def is_open(self, period: Period) -> bool:
        """Whether the place is open all along."""
        return self.open_periods(period.begins, period.ends) == (period,)

    def next_open(self, at: datetime) -> datetime | None:
        """The first open instant from one on, itself included; None when there is none in a year.

        returns  UTC
        """
        day = at.astimezone(self.zone).date()
        for on in (day + n * ONE_DAY for n in range(_AHEAD)):
            whole = periods.day(on, self.zone)
            found = self.open_periods(max(whole.begins, at.astimezone(UTC)), whole.ends)
            if found:
                return found[0].begins
        return None

    def week(self, monday: date) -> tuple[Day, ...]:
        """Seven local days from one, for a table."""
        return tuple(self._day(monday + n * ONE_DAY) for n in range(_DAYS_OF_WEEK))

    def _day(self, on: date) -> Day:
        before = _open_day(self.text, on, self.zone, self.area)
        after = periods.without(before, self.closures)
        spans = (period.local(self.zone) for period in after)
        return Day(
            on=on,
            spans=tuple((begins.time(), ends.time()) for begins, ends in spans),
            holiday=periods.holidays(on.year, self.area).get(on),
            is_closure=after != before,
        )


def parse(
    text: str, zone: tzinfo, area: str = "metropole", closures: tuple[Period, ...] = ()
) -> OpeningHours:
    """Opening hours from a text such as « Mo-Fr 08:30-18:30; PH off ».

    area  one of `periods.AREAS`
    BadInput  `hours_empty`; `hours_too_long`; `hours_unreadable` with the place (from 1) and the
              word at fault; `hours_not_fixed` with what no clock tells
    """
    if area not in periods.AREAS:
        raise ValueError(area)
    text = " ".join(text.split())
    if not text:
        raise BadInput("hours_empty")
    if len(text) > MOST_CHARACTERS:
        raise BadInput("hours_too_long", most=MOST_CHARACTERS)
    return OpeningHours(_checked(text), zone, area, periods.merged(closures))


@lru_cache(maxsize=1024)
def _checked(text: str) -> str:
    """The text as the library writes it; refused when it is not read, or not fixed."""
    try:
        canonical = str(_read(text))
    except osm.ParserError as error:  # type: ignore[attr-defined]
        found = _PLACE_OF_FAULT.search(str(error))
        place = int(found[1]) if found else 1
        fault = text[place - 1 :].split(maxsplit=1)
        raise BadInput(
            "hours_unreadable", text=text, at=place, fault=fault[0] if fault else text
        ) from None
    loose = _NOT_FIXED.search(text) or _NOT_FIXED.search(canonical)
    if loose:
        raise BadInput("hours_not_fixed", text=text, fault=loose[0].strip('"'))
    return canonical


@lru_cache(maxsize=4096)
def _read(text: str) -> osm.OpeningHours:
    """The library's reading, without any country, place nor zone."""
    return osm.OpeningHours(text, auto_country=False, auto_timezone=False)


@lru_cache(maxsize=32_768)
def _open_day(text: str, on: date, zone: tzinfo, area: str) -> tuple[Period, ...]:
    """The open time of one local day, closures aside."""
    told = _with_holidays(text, on, area)
    midnight = datetime.combine(on, MIDNIGHT)
    found = []
    for begins, ends, state, _ in _read(told).intervals(midnight, midnight + timedelta(days=1)):
        if state != osm.State.OPEN:
            continue
        first = periods.instant(begins.date(), begins.time(), zone)
        last = periods.instant(ends.date(), ends.time(), zone)
        # a span that the clock skips
        if first < last:
            found.append(Period(first, last))
    return periods.merged(found)


def _with_holidays(text: str, on: date, area: str) -> str:
    """`PH` as the weekdays of the holidays that matter on a day; as it is when there is none."""
    weekdays = [
        _WEEKDAYS[day.weekday()] for day in (on - ONE_DAY, on) if periods.is_holiday(day, area)
    ]
    return _HOLIDAY.sub(",".join(weekdays), text) if weekdays else text
