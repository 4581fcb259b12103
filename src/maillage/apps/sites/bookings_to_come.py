"""What is booked of a place and still to come, without knowing the app that books."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from maillage.apps.sites.models import Closure, Seat, Site, Space

# of a booking: those that somebody counts on
COUNTED_ON = ("hold", "requested", "confirmed")


@dataclass(frozen=True)
class ToCome:
    """How many, and when the last one ends."""

    count: int
    until: datetime | None


def of_site(site: Site, at: datetime) -> ToCome:
    """Bookings of a site whose end is to come; a hold only until it expires."""
    # in one filter: several would each speak of another booking
    rows = Site.objects.filter(
        Q(bookings__hold_until=None) | Q(bookings__hold_until__gt=at),
        pk=site.pk,
        bookings__state__in=COUNTED_ON,
        bookings__period__endswith__gt=at,
    )
    found = rows.aggregate(count=Count("bookings"), until=Max("bookings__period__endswith"))
    return ToCome(found["count"], found["until"])


def during(closure: Closure, at: datetime) -> int:
    """Confirmed bookings that a closure meets, from now on."""
    spaces = Space.objects.filter(site=closure.site_id)
    if closure.space is not None:
        # its parts, and the whole that cannot be had without it
        inside = Q(path__contains=[closure.space_id])
        spaces = spaces.filter(inside | Q(pk__in=closure.space.path))
    met = spaces.filter(
        bookings__state="confirmed",
        bookings__period__overlap=closure.period,
        bookings__period__endswith__gt=at,
    )
    return int(met.aggregate(n=Count("bookings"))["n"])


def of_seats(seats: list[int], at: datetime) -> dict[int, ToCome]:
    """By seat, those that something takes from now on: a booking, a block, a hold that lasts."""
    taken = Seat.objects.filter(pk__in=seats).filter(
        Q(occupied__hold_until=None) | Q(occupied__hold_until__gt=at),
        occupied__period__endswith__gt=at,
    )
    found = taken.values("pk").annotate(
        count=Count("occupied"), until=Max("occupied__period__endswith")
    )
    return {row["pk"]: ToCome(row["count"], row["until"]) for row in found}
