"""Bookings as an iCalendar file (RFC 5545): one component each, kept a while once cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from maillage.apps.bookings.models import Booking, State
from maillage.kit.calendars import MEDIA_TYPE, one_line

__all__ = ["MEDIA_TYPE", "Calendars", "calendar"]

# how often a program that follows the calendar should read it again
READ_AGAIN = timedelta(hours=1)
# a calendar program must meet a cancellation to forget the event
CANCELLED_KEPT = timedelta(days=30)
PAST_KEPT = timedelta(days=90)
STATUS = {
    State.CONFIRMED: "CONFIRMED",
    State.REQUESTED: "TENTATIVE",
    State.CANCELLED: "CANCELLED",
    State.REFUSED: "CANCELLED",
    State.EXPIRED: "CANCELLED",
}
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


@dataclass(frozen=True)
class Calendars:
    """Where a calendar is read, and by whom.

    host       of this server: two servers never give two events one name
    base_url   of the pages that its events lead to
    is_named   whether events say who comes
    """

    host: str
    base_url: str
    is_named: bool = True


def calendar(
    title: str,
    bookings: Iterable[Booking],
    where: Calendars,
    *,
    at: datetime,
    method: str = PUBLISH,
    of_person: bool = True,
) -> bytes:
    """Bookings with their space and site loaded; a stable name each, a sequence that grows.

    of_person  her own: the event says where she goes; else who comes, when that may be said
    """
    made = Calendar()
    made.add("prodid", "-//Maillage//FR")
    made.add("version", "2.0")
    made.add("method", method)
    if title:
        made.add("x-wr-calname", one_line(title))
        made.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for booking in bookings:
        made.add_component(_event(booking, where, at, of_person=of_person))
    return bytes(made.to_ical())


def _event(booking: Booking, where: Calendars, at: datetime, *, of_person: bool) -> Event:
    event = Event()
    site, space = booking.site, booking.space
    event.add("uid", f"booking-{booking.reference}@{where.host}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", booking.version)
    event.add("dtstart", booking.period.lower.astimezone(UTC))
    event.add("dtend", booking.period.upper.astimezone(UTC))
    event.add("status", STATUS[State(booking.state)])
    event.add("last-modified", booking.changed_at.astimezone(UTC))
    event.add("location", one_line(", ".join(_lines(site.name, site.address, site.commune_name))))
    if of_person:
        event.add("summary", one_line(f"{space.name}, {site.name}"))
        event.add("url", f"{where.base_url}/mes-reservations/{booking.reference}/")
        event.add("description", _("Référence {reference}").format(reference=booking.reference))
    else:
        event.add("summary", one_line(_summary(booking, where)))
    return event


def _summary(booking: Booking, where: Calendars) -> str:
    if not where.is_named:
        return _("Réservé : {space}").format(space=booking.space.name)
    who = booking.person.name if booking.person else booking.guest_name
    return ", ".join(_lines(booking.space.name, who or _("Sans nom"), booking.purpose))


def _lines(*words: str) -> Sequence[str]:
    return [word for word in words if word]
