"""Holds that nobody confirmed, requests that nobody answered: their time is over."""

from datetime import datetime
from functools import partial

from django.db import transaction

from maillage.apps.bookings import seats
from maillage.apps.bookings.cancel import end
from maillage.apps.bookings.held import held
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.kit.retry import settled

AT_A_TIME = 200


def expire(*, at: datetime) -> int:
    """End them, each in its own transaction; how many."""
    over = Booking.objects.filter(state=State.HOLD, hold_until__lte=at) | Booking.objects.filter(
        state=State.REQUESTED, period__startswith__lte=at
    )
    return sum(settled(partial(_expire, booking, at)) for booking in over[:AT_A_TIME])


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
