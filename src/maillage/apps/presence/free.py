"""What is free of each space: now, until when, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maillage.apps.presence.today import Today
from maillage.apps.sites.models import SoldBy, Space
from maillage.core import opening_hours, periods
from maillage.core.periods import Period

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class FreeNow:
    """Of a space, at an instant.

    seats, free  present, and of them those that nothing takes
    until        when this changes; None: not before the end of the day
    is_open      whether the space is open at that instant
    """

    space: Space
    seats: int
    free: int
    until: datetime | None
    is_open: bool

    @property
    def is_whole(self) -> bool:
        """Whether it is one thing to take or leave."""
        return self.space.sold_by == SoldBy.WHOLE or self.seats == 1


@dataclass(frozen=True)
class FreeHour:
    """Seats of a space that are free during a whole hour; None when it is closed."""

    begins: datetime
    free: int | None


def free_now(today: Today, at: datetime) -> list[FreeNow]:
    """For each space that is booked, in the order of the site."""
    return [_now(today, space, at) for space in today.spaces if space.is_bookable]


def free_by_hour(today: Today, space: Space) -> list[FreeHour]:
    """For each hour of the day that the site shows."""
    whole = shown_day(today)
    found, begins = [], whole.begins
    while begins < whole.ends:
        hour = Period(begins, begins + AN_HOUR)
        is_open = any(p.overlaps(hour) for p in open_of(today, space))
        local = begins.astimezone(today.zone)
        found.append(FreeHour(local, _free(today, space, hour) if is_open else None))
        begins += AN_HOUR
    return found


def shown_day(today: Today) -> Period:
    """The whole hours from the first opening, or use, to the last."""
    spans = [*(today.open_periods or ()), *(taken.period for taken in today.taken)]
    day = periods.day(today.on, today.zone)
    inside = [part for span in spans if (part := span.shared(day))]
    if not inside:
        noon = day.begins + 12 * AN_HOUR
        return Period(noon - 4 * AN_HOUR, noon + 6 * AN_HOUR)
    first = min(span.begins for span in inside)
    last = max(span.ends for span in inside)
    begins = first.replace(minute=0, second=0, microsecond=0)
    ends = last.replace(minute=0, second=0, microsecond=0)
    return Period(begins, ends if ends == last else ends + AN_HOUR)


def open_of(today: Today, space: Space) -> tuple[Period, ...]:
    """When a space is open that day: its hours, else its site's, without the closures."""
    hours = today.open_periods or ()
    if space.opening_hours:
        day = periods.day(today.on, today.zone)
        area = today.site.holiday_area
        whole = [Period(c.period.lower, c.period.upper) for c in today.closures if not c.space_id]
        parsed = opening_hours.parse(space.opening_hours, today.zone, area, tuple(whole))
        hours = parsed.open_periods(day.begins, day.ends)
    own = tuple(
        Period(c.period.lower, c.period.upper)
        for c in today.closures
        if c.space_id is not None and c.space_id in space.path
    )
    return periods.without(tuple(hours), own)


def taken_of(today: Today, seats: Sequence[int]) -> list[Period]:
    """When these seats are taken, one period for each use."""
    wanted = set(seats)
    return [taken.period for taken in today.taken if taken.seat_id in wanted]


def _now(today: Today, space: Space, at: datetime) -> FreeNow:
    seats = [seat.pk for seat in today.seats_of(space)]
    busy = {t.seat_id for t in today.taken if t.period.contains(at)}
    free = sum(seat not in busy for seat in seats)
    is_whole = space.sold_by == SoldBy.WHOLE
    edges = [p.begins for p in taken_of(today, seats) if p.begins > at]
    edges += [p.ends for p in taken_of(today, seats) if p.begins <= at < p.ends]
    if free and not is_whole:
        # more seats later changes nothing for who wants one now
        edges = [p.begins for p in taken_of(today, seats) if p.begins > at]
    return FreeNow(
        space=space,
        seats=len(seats),
        free=free,
        until=min(edges, default=None),
        is_open=any(p.contains(at) for p in open_of(today, space)),
    )


def _free(today: Today, space: Space, hour: Period) -> int:
    seats = [seat.pk for seat in today.seats_of(space)]
    busy = {t.seat_id for t in today.taken if t.period.overlaps(hour)}
    return sum(seat not in busy for seat in seats)
