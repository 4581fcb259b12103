"""A day at a site, read at once: who is expected, who is there, what is taken, what is broken."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.presence.models import Arrival, Incident, NoShow
from maillage.apps.sites.models import Closure, Seat, Site, Space
from maillage.core import opening_hours, periods
from maillage.core.periods import Period
from maillage.report import french, moments

NOBODY = "Personne sans nom"
# somebody is late some minutes after the hour
GRACE = timedelta(minutes=10)


@dataclass(frozen=True)
class Expected:
    """Somebody whom a booking, or a kept seat, announces that day.

    key     « booking-12 », « block-3 »: how forms name it
    state   requested, held, expected, late, missed (over, nothing noted), here, left, absent
    begins, ends   of that day, at the clock of the site
    where   the space, and the seats when they are numbered
    """

    key: str
    name: str
    where: str
    begins: datetime
    ends: datetime
    state: str
    people: int = 1
    reference: str = ""
    arrival: Arrival | None = None
    hold_until: datetime | None = None
    is_first: bool = False
    is_kept: bool = False

    @property
    def first_name(self) -> str:
        """All that a host reads."""
        return self.name.split()[0] if self.name.split() else NOBODY


@dataclass(frozen=True)
class Taken:
    """A seat during part of the day; `key` of whom, see `Expected`."""

    seat_id: int
    period: Period
    key: str


@dataclass(frozen=True)
class Today:
    """Everything of a day.

    open_periods  of the site, closures taken away; None: its hours are not known
    spaces        in the order of the site
    seats         present, by space
    """

    site: Site
    on: date
    at: datetime
    expected: Sequence[Expected]
    visitors: Sequence[Arrival]
    taken: Sequence[Taken]
    spaces: Sequence[Space]
    seats: Sequence[Seat]
    closures: Sequence[Closure]
    incidents: Sequence[Incident]
    open_periods: tuple[Period, ...] | None
    arrivals: Sequence[Arrival] = field(default_factory=tuple)

    @property
    def zone(self) -> ZoneInfo:
        """Of the site."""
        return ZoneInfo(self.site.zone)

    @property
    def is_today(self) -> bool:
        """Whether the day is under way."""
        return self.at.astimezone(self.zone).date() == self.on

    @property
    def present(self) -> int:
        """How many people are there now."""
        return sum(a.people for a in self.arrivals if a.left_at is None)

    def seats_of(self, space: Space) -> list[Seat]:
        """The seats of a space and of its parts, those out of order left out."""
        below = {s.pk for s in self.spaces if space.pk in s.path}
        return [s for s in self.seats if s.space_id in below and s.out_of_order_since is None]


def local_day(site: Site, at: datetime) -> date:
    """The day it is at a site."""
    return at.astimezone(ZoneInfo(site.zone)).date()


def read(site: Site, on: date, *, at: datetime) -> Today:
    """The day of a site: as many queries for one booking as for a hundred."""
    zone = ZoneInfo(site.zone)
    day = periods.day(on, zone)
    spaces = list(
        Space.objects.present().filter(site=site).select_related("site").order_by("rank", "pk")
    )
    seats = list(
        Seat.objects.filter(space__site=site, space__removed_at=None, removed_at=None)
        .select_related("space")
        .order_by("space__rank", "space__pk", "number")
    )
    closures = list(
        Closure.objects.filter(
            site=site, withdrawn_at=None, period__overlap=range_of(day)
        ).order_by("period", "pk")
    )
    arrivals = list(Arrival.objects.filter(site=site, on=on).order_by("at", "pk"))
    rows = _occupied(site, day, at)
    return Today(
        site=site,
        on=on,
        at=at,
        expected=_expected(site, on, _Reading(day, zone, at), arrivals, rows),
        visitors=[a for a in arrivals if a.is_visitor],
        taken=[Taken(row.seat_id, period_of(row.period), _key(row)) for row in rows],
        spaces=spaces,
        seats=seats,
        closures=closures,
        incidents=list(
            Incident.objects.filter(site=site, closed_at=None)
            .select_related("space", "seat")
            .order_by("opened_at", "pk")
        ),
        open_periods=_open_periods(site, day, closures),
        arrivals=arrivals,
    )


def bookings_of(site: Site, period: Period, *, at: datetime) -> list[Booking]:
    """Those that somebody counts on during a time: confirmed, asked for, held for now."""
    lives = Q(state__in=(State.CONFIRMED, State.REQUESTED)) | Q(state=State.HOLD, hold_until__gt=at)
    rows = Booking.objects.filter(lives, site=site, period__overlap=range_of(period))
    return list(rows.select_related("person", "space").order_by("period", "pk"))


def closed_words(period: Period, zone: ZoneInfo) -> str:
    """« lundi 2 août 2027 », « du 2 au 22 août » as days when they are whole, else as hours."""
    days = periods.local_days(period, zone)
    if period != periods.days(days[0], days[-1], zone):
        return moments.slot(*period.local(zone))
    if len(days) == 1:
        return moments.day(days[0])
    return f"du {moments.day(days[0])} au {moments.day(days[-1])}"


def name_of(booking: Booking) -> str:
    """Of whoever comes."""
    return booking.person.name if booking.person else booking.guest_name or NOBODY


def _occupied(site: Site, day: Period, at: datetime) -> list[Occupancy]:
    rows = Occupancy.objects.filter(
        Q(hold_until=None) | Q(hold_until__gt=at),
        seat__space__site=site,
        period__overlap=range_of(day),
    )
    names = ("seat__space", "block__person", "block__organisation")
    return list(rows.select_related(*names).order_by("period", "seat__number"))


@dataclass(frozen=True)
class _Reading:
    """What every line of a day is read against."""

    day: Period
    zone: ZoneInfo
    at: datetime

    def part(self, stored: Any) -> Period:
        """What of a period is of the day."""
        return period_of(stored).shared(self.day) or self.day


def _expected(
    site: Site, on: date, reading: _Reading, arrivals: Sequence[Arrival], rows: Sequence[Occupancy]
) -> list[Expected]:
    bookings = bookings_of(site, reading.day, at=reading.at)
    absent = set(
        NoShow.objects.filter(booking__site=site, on=on).values_list("booking_id", flat=True)
    )
    known = _known_before(site, on, bookings)
    came = {a.booking_id: a for a in arrivals if a.booking_id}
    kept = {a.block_id: a for a in arrivals if a.block_id}
    seats: dict[int, list[Seat]] = defaultdict(list)
    for row in rows:
        if row.booking_id:
            seats[row.booking_id].append(row.seat)
    found = []
    for booking in bookings:
        one = _of_booking(booking, seats[booking.pk], came.get(booking.pk), reading)
        is_first = booking.person_id is not None and booking.person_id not in known
        state = "absent" if booking.pk in absent else one.state
        found.append(replace(one, is_first=is_first, state=state))
    found += [_of_block(row, kept.get(row.block_id), reading) for row in rows if row.block_id]
    return sorted(found, key=lambda e: (e.begins, e.name, e.key))


def _known_before(site: Site, on: date, bookings: Sequence[Booking]) -> set[int]:
    """Those who came to this site before that day."""
    people = {b.person_id for b in bookings if b.person_id}
    rows = Arrival.objects.filter(site=site, person__in=people, on__lt=on)
    return {pk for pk in rows.values_list("person_id", flat=True).distinct() if pk}


def _of_booking(
    booking: Booking, seats: Sequence[Seat], arrival: Arrival | None, reading: _Reading
) -> Expected:
    part = reading.part(booking.period)
    begins, ends = part.local(reading.zone)
    state = _state(arrival, part, reading.at)
    if booking.state != State.CONFIRMED:
        state = "requested" if booking.state == State.REQUESTED else "held"
    return Expected(
        key=f"booking-{booking.pk}",
        name=name_of(booking),
        where=_where(booking.space, seats, is_whole=booking.is_whole),
        begins=begins,
        ends=ends,
        state=state,
        people=booking.party,
        reference=booking.reference,
        arrival=arrival,
        hold_until=booking.hold_until,
    )


def _of_block(row: Occupancy, arrival: Arrival | None, reading: _Reading) -> Expected:
    block, part = row.block, reading.part(row.period)
    if block is None:
        raise ValueError("an occupancy of a block has its block")
    holder = block.person or block.organisation
    begins, ends = part.local(reading.zone)
    return Expected(
        key=f"block-{block.pk}",
        name=holder.name if holder else NOBODY,
        where=_where(row.seat.space, [row.seat], is_whole=False),
        begins=begins,
        ends=ends,
        state=_state(arrival, part, reading.at),
        arrival=arrival,
        is_kept=True,
    )


def _state(arrival: Arrival | None, part: Period, at: datetime) -> str:
    if arrival is not None:
        return "left" if arrival.left_at else "here"
    if at >= part.ends:
        return "missed"
    return "late" if at > part.begins + GRACE else "expected"


def _where(space: Space, seats: Sequence[Seat], *, is_whole: bool) -> str:
    if is_whole or not seats:
        return space.name
    numbers = [str(seat.number) for seat in seats if not seat.label]
    words = [seat.label for seat in seats if seat.label]
    if numbers:
        words.append(f"place{'s' if len(numbers) > 1 else ''} {french.listed(numbers)}")
    return ", ".join([space.name, *words])


def _key(row: Occupancy) -> str:
    return f"booking-{row.booking_id}" if row.booking_id else f"block-{row.block_id}"


def _open_periods(
    site: Site, day: Period, closures: Sequence[Closure]
) -> tuple[Period, ...] | None:
    if not site.opening_hours:
        return None
    hours = opening_hours.parse(site.opening_hours, ZoneInfo(site.zone), site.holiday_area)
    closed = tuple(period_of(c.period) for c in closures if c.space_id is None)
    return hours.closing(closed).open_periods(day.begins, day.ends)
