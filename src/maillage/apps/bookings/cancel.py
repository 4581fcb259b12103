"""Cancel a booking: in time nothing is kept, later what its space keeps, told beforehand."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import price, seats, waited
from maillage.apps.bookings.held import held, refuse_unless
from maillage.apps.bookings.models import (
    Booking,
    Occurrence,
    OccurrenceState,
    State,
)
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled
from maillage.report import moments

KEPT_ALL = 100


class TooLateToCancel(Refusal):
    """Nothing would be given back: the place is kept for her."""

    sentence = _(
        "Cette réservation s’annulait sans frais jusqu’au {deadline}. Il est trop tard : "
        "prévenez le lieu si vous ne venez pas."
    )


class AlreadyBegun(Refusal):
    """Her time has begun."""

    sentence = _("Cette réservation a commencé {moment} : elle ne s’annule plus.")


@dataclass(frozen=True)
class Cancelling:
    """On whose behalf it is cancelled.

    is_manager  the site itself cancels: at any time, and keeps nothing
    reason      told to the person
    is_told     by its own message; not when another one tells of several at once
    """

    is_manager: bool = False
    reason: str = ""
    is_told: bool = True


def cancel(
    booking: Booking, *, by: int | None, at: datetime, how: Cancelling | None = None
) -> Booking:
    """Free its seats, give back what its deadline gives back.

    Raises TooLateToCancel, AlreadyBegun, AlreadyOver.
    """
    return settled(lambda: cancel_once(booking, how or Cancelling(), by, at))


@transaction.atomic
def cancel_once(booking: Booking, how: Cancelling, by: int | None, at: datetime) -> Booking:
    """The same, once, in the caller's transaction if there is one."""
    row = held(booking)
    refuse_unless(row, State.HOLD, State.REQUESTED, State.CONFIRMED)
    kept = 0 if how.is_manager else kept_percent(row, at)
    if row.state == State.CONFIRMED and not how.is_manager:
        _refuse_late(row, kept, at)
    given_back = 0
    if row.state == State.CONFIRMED:
        given_back = price.unsettle(row, kept_percent=kept, at=at)
    seats.leave(row)
    end(row, State.CANCELLED, at, note=how.reason)
    Occurrence.objects.filter(booking=row).update(state=OccurrenceState.CANCELLED)
    record(
        "booking.cancel",
        ("booking", row.pk),
        by=by,
        at=at,
        scope=row.scopes[0],
        reason=how.reason,
        kept_percent=kept,
        given_back_cents=given_back,
    )
    if how.is_told:
        notify(row, "cancelled")
    return row


def kept_percent(booking: Booking, at: datetime) -> int:
    """What is kept of its price when it is cancelled now."""
    return 0 if at <= booking.free_until else booking.late_kept_percent


def end(booking: Booking, state: State, at: datetime, *, note: str = "") -> None:
    """Write that a booking is over."""
    booking.state, booking.hold_until = state, None
    booking.ended_at = booking.changed_at = at
    booking.decision_note = note
    booking.version += 1
    booking.save()
    waited.offer_over(booking)


def _refuse_late(booking: Booking, kept: int, at: datetime) -> None:
    zone = ZoneInfo(booking.site.zone)
    if booking.period.lower <= at:
        begun = booking.period.lower.astimezone(zone)
        raise AlreadyBegun(moment=moments.moment(begun))
    if kept >= KEPT_ALL:
        deadline = booking.free_until.astimezone(zone)
        raise TooLateToCancel(deadline=moments.moment(deadline))
