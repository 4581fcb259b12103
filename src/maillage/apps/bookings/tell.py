"""What becomes of bookings, told to people by mail and to programs: one message for what was done
at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import ical, space_words
from maillage.apps.bookings.ical import CANCEL, PUBLISH, Calendars
from maillage.apps.bookings.models import Booking, Closed, Series, State
from maillage.apps.webhooks import tell as programs
from maillage.kit import mail
from maillage.kit.mail import Attachment
from maillage.report import french, moments

CALENDAR = "text/calendar"
OVER = (State.CANCELLED, State.REFUSED, State.EXPIRED)
# event -> the state in which it is still worth telling, and when it happened
WORTH: dict[str, tuple[State, ...]] = {
    "reserved": (State.CONFIRMED, State.REQUESTED),
    "confirmed": (State.CONFIRMED,),
    "changed": (State.CONFIRMED,),
    "cancelled": (State.CANCELLED,),
    "refused": (State.REFUSED,),
    "offered": (State.HOLD,),
    "expired": (State.EXPIRED,),
    "closed": (State.CONFIRMED,),
    "reopened": (State.CONFIRMED,),
    "payment_credited": tuple(State),
}
WHEN = {"reserved": "created_at", "cancelled": "ended_at", "expired": "ended_at"}


# what programs are told, see webhooks.models.Event
TOLD = {
    "reserved": "booking.reserved",
    "confirmed": "booking.confirmed",
    "changed": "booking.changed",
    "cancelled": "booking.cancelled",
    "refused": "booking.cancelled",
    "expired": "booking.cancelled",
}
_SEARCH = _("Vous pouvez chercher une autre place.")
_DONE = (_("C’est réservé : {place}"), _("Votre place est réservée."), "")
# event -> subject, what happened, what to do next
SAID = {
    "reserved": _DONE,
    "confirmed": _DONE,
    "asked": (
        _("Demande reçue : {place}"),
        _("Votre demande est transmise au lieu, qui vous répondra."),
        "",
    ),
    "changed": (
        _("Réservation déplacée : {place}"),
        _("Votre réservation a changé. La voici maintenant."),
        "",
    ),
    "cancelled": (_("Réservation annulée : {place}"), _("Cette réservation est annulée."), ""),
    "refused": (_("Demande refusée : {place}"), _("Votre demande n’a pas été retenue."), _SEARCH),
    "offered": (
        _("Une place se libère : {place}"),
        _("Une place que vous attendiez est libre. Elle vous est gardée."),
        "",
    ),
    "expired": (
        _("Délai passé : {place}"),
        _("Cette demande, ou cette place gardée pour vous, a dépassé son délai."),
        _SEARCH,
    ),
    "closed": (
        _("Le lieu ferme : {place}"),
        _("Le lieu sera fermé pendant votre réservation. Rien n’est annulé sans vous."),
        "",
    ),
    "reopened": (
        _("Le lieu reste ouvert : {place}"),
        _("La fermeture est levée : votre réservation tient."),
        "",
    ),
    "payment_credited": (
        _("Votre paiement devient un avoir : {place}"),
        _("Votre paiement est arrivé trop tard ou en double. La somme est gardée en avoir."),
        "",
    ),
}


@dataclass(frozen=True)
class Mail:
    """The words around the list of bookings.

    subject, says  what happened
    then           what to do next
    """

    subject: str
    says: str
    then: str = ""


def tell(booking_id: int, event: str, *, at: datetime) -> int:
    """Tell of one booking, and of those of the same act; how many mails were sent."""
    first = _read([booking_id])
    if not first or first[0].state not in WORTH[event]:
        return 0
    rows = _together(first[0], event)
    with transaction.atomic():
        _tell_programs(first[0], event, at)
        if rows[0].pk != booking_id:
            # the first of them tells for all
            return 0
        return _tell_person(rows, event, at) + _tell_site(rows, event)


def tell_series(series_id: int, event: str, booking_ids: Sequence[int], *, at: datetime) -> int:
    """Tell of several dates of a series in one message."""
    rows = [row for row in _read(booking_ids) if row.state in WORTH[event]]
    series = Series.objects.select_related("space__site").get(pk=series_id)
    with transaction.atomic():
        for row in rows:
            _tell_programs(row, event, at)
        skipped = series.occurrences.filter(state="skipped").order_by("on")
        then = ""
        if event == "reserved" and skipped:
            days = french.listed([french.day(one.on) for one in skipped])
            then = text("Dates sautées, à ajouter plus tard si vous voulez : {days}.").format(
                days=days
            )
        return _tell_person(rows, event, at, then) if rows else 0


def _read(booking_ids: Sequence[int]) -> list[Booking]:
    rows = Booking.objects.filter(pk__in=booking_ids).select_related(
        "space__site__territory", "site", "person"
    )
    return list(rows.order_by("period", "pk"))


def _together(booking: Booking, event: str) -> list[Booking]:
    """The bookings of the same person that the same act touched, in order of time."""
    column = WHEN.get(event)
    if column is None or booking.series_id is not None:
        return [booking]
    same = Booking.objects.filter(
        **{column: getattr(booking, column)},
        person=booking.person_id,
        guest_email=booking.guest_email,
        state__in=WORTH[event],
        series=None,
    )
    return _read(list(same.values_list("pk", flat=True)))


def _tell_person(rows: Sequence[Booking], event: str, at: datetime, then: str = "") -> int:
    to = _address(rows[0])
    if not to:
        return 0
    words = _words(rows, event)
    mail.send(
        "bookings/emails/told.txt",
        to,
        {
            "subject": words.subject,
            "says": words.says,
            "lines": [_line(row) for row in rows],
            "then": [said for said in (words.then, then, _note(rows, event)) if said],
            "path": f"/mes-reservations/{rows[0].reference}/"
            if len(rows) == 1
            else "/mes-reservations/",
            "has_account": rows[0].person_id is not None,
        },
        _attachment(rows, event, at),
    )
    return 1


def _address(row: Booking) -> str:
    """Whose address is known to be hers: an account, or somebody for whom a manager booked."""
    if row.person is not None:
        return row.person.email if row.person.is_active else ""
    return row.guest_email if row.created_by is not None else ""


def _words(rows: Sequence[Booking], event: str) -> Mail:
    first = rows[0]
    key = "asked" if event == "reserved" and first.state == State.REQUESTED else event
    subject, says, then = SAID[key]
    place = f"{first.site.name}, {_day(first)}"
    after = _closure(first) if event == "closed" else str(then)
    return Mail(str(subject).format(place=place), str(says), after)


def _closure(row: Booking) -> str:
    known = Closed.objects.filter(booking=row, answered_at=None).select_related(
        "closure", "alternative__site"
    )
    found = known.order_by("-pk").first()
    if found is None:
        return ""
    reason = text("Raison : {reason}.").format(reason=found.closure.reason)
    if found.alternative is None:
        return reason + " " + text("Choisissez un autre jour, ou annulez sans frais.")
    other = f"{found.alternative.name}, {found.alternative.site.name}"
    return (
        reason + " " + text("À la même heure, nous vous proposons : {other}.").format(other=other)
    )


def _note(rows: Sequence[Booking], event: str) -> str:
    """Until when, or why."""
    first = rows[0]
    if event in ("cancelled", "refused") and first.decision_note:
        return text("Motif : {reason}").format(reason=first.decision_note)
    if event == "offered" and first.hold_until:
        until = moments.moment(first.hold_until.astimezone(ZoneInfo(first.site.zone)))
        return text(
            "Répondez avant le {until} : ensuite, elle sera proposée à une autre personne."
        ).format(until=until)
    if first.state == State.CONFIRMED and event in ("reserved", "confirmed", "changed"):
        if len(rows) == 1:
            return text("Annulation gratuite jusqu’au {until}.").format(
                until=space_words.cancellable_until(first)
            )
        return text("Chaque date se déplace ou s’annule à part.")
    return ""


def _attachment(rows: Sequence[Booking], event: str, at: datetime) -> Attachment | None:
    if rows[0].state in (State.HOLD, State.REFUSED, State.EXPIRED) or event == "payment_credited":
        return None
    is_over = rows[0].state in OVER
    host = urlsplit(settings.BASE_URL).hostname or "maillage"
    where = Calendars(host, settings.BASE_URL)
    made = ical.calendar("", rows, where, at=at, method=CANCEL if is_over else PUBLISH)
    return Attachment("reservation.ics", made.decode(), CALENDAR)


def _tell_site(rows: Sequence[Booking], event: str) -> int:
    """A request waits for the people of the site."""
    first = rows[0]
    if event != "reserved" or first.state != State.REQUESTED or not first.site.email:
        return 0
    context = {
        "lines": [_line(row) for row in rows],
        "place": first.site.name,
        "path": f"/gerer/lieux/{first.site_id}/demandes/",
    }
    mail.send("bookings/emails/asked.txt", first.site.email, context)
    return 1


def _tell_programs(row: Booking, event: str, at: datetime) -> None:
    if event not in TOLD:
        return
    payload: dict[str, Any] = {
        "reference": row.reference,
        "state": row.state,
        "site": row.site_id,
        "space": row.space_id,
        "begins": row.period.lower.isoformat(),
        "ends": row.period.upper.isoformat(),
        "party": row.party,
        "whole": row.is_whole,
    }
    programs.tell(TOLD[event], row.site.territory_id, payload, at=at)


def _line(row: Booking) -> str:
    zone = ZoneInfo(row.site.zone)
    slot = moments.slot(row.period.lower.astimezone(zone), row.period.upper.astimezone(zone))
    cents = row.price_cents
    paid = f", {french.cents(cents)}" if cents and row.state == State.CONFIRMED else ""
    return f"{row.space.name}, {row.site.name} ({row.site.commune_name}) : {slot}{paid}"


def _day(row: Booking) -> str:
    return moments.day(row.period.lower.astimezone(ZoneInfo(row.site.zone)).date())
