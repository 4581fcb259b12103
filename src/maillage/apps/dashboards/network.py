"""Every site of a network over some weeks: what was used, sold, and what waits for somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.ledger.models import Charge
from maillage.apps.presence.models import Arrival, Incident
from maillage.apps.sites.models import Closure, Seat, Site, SiteStage, Stage, stage_on
from maillage.apps.territories.models import Territory
from maillage.core import opening_hours, periods
from maillage.core.periods import PARIS, Period

DAYS = 28
# fewer people than this are not counted out loud: somebody could recognise one
FEWEST_PEOPLE = 5

_SEAT_HOURS = """
SELECT booking.site_id,
       sum(extract(epoch FROM upper(booking.period * %(span)s) - lower(booking.period * %(span)s))
           / 3600.0 * taken.seats)
FROM bookings_booking booking
JOIN (SELECT booking_id, count(*) AS seats FROM bookings_occupancy GROUP BY booking_id) taken
  ON taken.booking_id = booking.id
WHERE booking.state = 'confirmed' AND booking.site_id = ANY(%(sites)s)
  AND booking.period && %(span)s
GROUP BY booking.site_id
"""


@dataclass(frozen=True)
class Line:
    """A site over the weeks.

    offered_h, used_h  seat-hours open, and booked among them; None where no hours are known
    people             who booked; None below FEWEST_PEOPLE, unless nobody did
    sold_cents         charges of the weeks, tax as priced, what was given back taken away
    """

    site: Site
    stage: SiteStage | None
    seats: int
    offered_h: float | None
    used_h: float
    bookings: int
    people: int | None
    arrivals: int
    sold_cents: int
    requests: int
    incidents: int
    closed_from: datetime | None

    @property
    def occupancy(self) -> float | None:
        """Share of the offered seat-hours that were booked, 0-1; None where nothing is offered."""
        return min(1.0, self.used_h / self.offered_h) if self.offered_h else None


@dataclass(frozen=True)
class Network:
    """The sites of a territory, and the days that were counted, both included."""

    first: date
    last: date
    lines: tuple[Line, ...]

    @property
    def occupancy(self) -> float | None:
        """Of all sites whose hours are known."""
        known = [line for line in self.lines if line.offered_h]
        offered = sum(line.offered_h or 0.0 for line in known)
        return sum(line.used_h for line in known) / offered if offered else None


def network(territory: Territory, *, at: datetime) -> Network:
    """The weeks before today. As many queries whatever the sites."""
    last = at.date() - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    rows = list(
        Site.objects.filter(territory=territory, removed_at=None)
        .prefetch_related("stages")
        .order_by("name", "pk")
    )
    span = periods.days(first, last, PARIS)
    counted = _Counted.of([row.pk for row in rows], span, at)
    return Network(first, last, tuple(_line(row, counted, span, at) for row in rows))


@dataclass(frozen=True)
class _Counted:
    """What the database counts, by site."""

    seats: Mapping[int, int]
    used_h: Mapping[int, float]
    bookings: Mapping[int, tuple[int, int]]
    arrivals: Mapping[int, int]
    sold_cents: Mapping[str, int]
    requests: Mapping[int, int]
    incidents: Mapping[int, int]
    closures: Mapping[int, list[Closure]]

    @classmethod
    def of(cls, sites: list[int], span: Period, at: datetime) -> "_Counted":
        during = Booking.objects.filter(
            site__in=sites, state=State.CONFIRMED, period__overlap=range_of(span)
        )
        people = Count(Coalesce("person_id", F("pk") * -1), distinct=True)
        return cls(
            seats=_by_site(
                Seat.objects.filter(space__site__in=sites, removed_at=None, space__removed_at=None)
                .values_list("space__site")
                .annotate(Count("pk"))
                .order_by()
            ),
            used_h=_seat_hours(sites, span),
            bookings={
                site: (count, who)
                for site, count, who in during.values_list("site")
                .annotate(count=Count("pk"), people=people)
                .order_by()
            },
            arrivals=_by_site(
                Arrival.objects.filter(site__in=sites, at__gte=span.begins, at__lt=span.ends)
                .values_list("site")
                .annotate(Count("pk"))
                .order_by()
            ),
            sold_cents=dict(
                Charge.objects.filter(
                    scope_kind="site",
                    scope_key__in=[str(pk) for pk in sites],
                    at__gte=span.begins,
                    at__lt=span.ends,
                )
                .values_list("scope_key")
                .annotate(Sum("amount_cents"))
                .order_by()
            ),
            requests=_by_site(
                Booking.objects.filter(site__in=sites, state=State.REQUESTED)
                .values_list("site")
                .annotate(Count("pk"))
                .order_by()
            ),
            incidents=_by_site(
                Incident.objects.filter(site__in=sites, closed_at=None)
                .values_list("site")
                .annotate(Count("pk"))
                .order_by()
            ),
            closures=_closures(sites, span, at),
        )


def _by_site(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return dict(rows)


def _seat_hours(sites: list[int], span: Period) -> dict[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(_SEAT_HOURS, {"span": range_of(span), "sites": sites})
        return {site: float(hours) for site, hours in cursor.fetchall()}


def _closures(sites: list[int], span: Period, at: datetime) -> dict[int, list[Closure]]:
    found: dict[int, list[Closure]] = {}
    rows = Closure.objects.filter(
        Q(period__overlap=range_of(span)) | Q(period__endswith__gt=at),
        site__in=sites,
        space=None,
        withdrawn_at=None,
    )
    for closure in rows.order_by("period"):
        found.setdefault(closure.site_id, []).append(closure)
    return found


def _line(site: Site, counted: _Counted, span: Period, at: datetime) -> Line:
    stages = list(site.stages.all())
    seats = counted.seats.get(site.pk, 0)
    bookings, people = counted.bookings.get(site.pk, (0, 0))
    closures = counted.closures.get(site.pk, [])
    to_come = [c.period.lower for c in closures if c.period.upper > at]
    return Line(
        site=site,
        stage=stage_on(stages, at.date()),
        seats=seats,
        offered_h=_offered_h(site, stages, closures, seats, span),
        used_h=counted.used_h.get(site.pk, 0.0),
        bookings=bookings,
        people=None if 0 < people < FEWEST_PEOPLE else people,
        arrivals=counted.arrivals.get(site.pk, 0),
        sold_cents=counted.sold_cents.get(str(site.pk), 0),
        requests=counted.requests.get(site.pk, 0),
        incidents=counted.incidents.get(site.pk, 0),
        closed_from=to_come[0] if to_come else None,
    )


def _offered_h(
    site: Site, stages: list[SiteStage], closures: list[Closure], seats: int, span: Period
) -> float | None:
    """Seat-hours of the days on which it was open; None where its hours are unknown."""
    if not site.opening_hours or not seats:
        return None
    zone = ZoneInfo(site.zone)
    hours = opening_hours.parse(site.opening_hours, zone, site.holiday_area).closing(
        tuple(period_of(c.period) for c in closures)
    )
    total = 0.0
    for open_ in hours.open_periods(span.begins, span.ends):
        stage = stage_on(stages, open_.local(zone)[0].date())
        if stage is not None and stage.stage == Stage.OPEN:
            total += open_.hours
    return total * seats
