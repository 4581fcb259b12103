"""Holds that nobody confirmed, requests that nobody answered: their time is over."""

from datetime import datetime
from functools import partial

from django.db import transaction

from maillage.apps.bookings import seats
from maillage.apps.bookings.cancel import end
from maillage.apps.bookings.held import held
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.kit.retry import settled

AT_A_TIME = 200


def expire(*, at: datetime) -> int:
    """End them, each in its own transaction; how many."""
    over = Booking.objects.filter(state=State.HOLD, hold_until__lte=at) | Booking.objects.filter(
        state=State.REQUESTED, period__startswith__lte=at
    )
    ended = sum(settled(partial(_expire, booking, at)) for booking in over[:AT_A_TIME])
    settled(partial(_sweep_rest, at))
    return ended


@transaction.atomic
def _sweep_rest(at: datetime) -> None:
    """Seats of holds that another demand ended, and did not want: nobody is waiting for them."""
    rest = Occupancy.objects.filter(hold_until__lte=at).exclude(booking__state=State.HOLD)
    of = list(Booking.objects.filter(occupied__in=rest).distinct().order_by("pk")[:AT_A_TIME])
    if of:
        seats.lock_taken(of)
        seats.sweep(list(rest.filter(booking__in=of).values_list("seat_id", flat=True)), at=at)


@transaction.atomic
def _expire(booking: Booking, at: datetime) -> int:
    row = held(booking)
    is_over = row.hold_until is not None and row.hold_until <= at
    if not (is_over or row.state == State.REQUESTED):
        return 0
    seats.leave(row)
    end(row, State.EXPIRED, at)
    record("booking.expire", ("booking", row.pk), by=None, at=at, scope=row.scopes[0])
    notify(row, "expired")
    return 1
