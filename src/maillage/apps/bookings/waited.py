"""Seats that become free are thought of for those who wait: what every path tells the list."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app

from maillage.apps.bookings.models import Booking, Wait, WaitState
from maillage.apps.sites.models import LONGEST_BUFFER_MIN
from maillage.core.periods import Period

TASK = "bookings.offer"
_WIDEST = timedelta(minutes=LONGEST_BUFFER_MIN)

# the spaces, above one of these seats, that somebody waits for at that time
_WANTED = """
SELECT DISTINCT wait.space_id
FROM bookings_wait wait
JOIN sites_seat seat ON seat.id = ANY(%s)
JOIN sites_space leaf ON leaf.id = seat.space_id
WHERE wait.state = 'waiting' AND wait.space_id = ANY(leaf.path)
  AND wait.period && tstzrange(%s, %s)
ORDER BY wait.space_id
"""


def tell(freed: Sequence[tuple[int, Period]]) -> None:
    """Queue an offer for those who wait for seats freed at these times, if anybody does."""
    if not freed:
        return
    first = min(p.begins for _, p in freed) - _WIDEST
    last = max(p.ends for _, p in freed) + _WIDEST
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [sorted({seat for seat, _ in freed}), first, last])
        spaces = [space for (space,) in cursor.fetchall()]
    if spaces:
        app.configure_task(TASK).defer(space_ids=spaces)


def offer_over(booking: Booking) -> None:
    """The hold made for somebody who waited is over, unanswered."""
    Wait.objects.filter(offer=booking, state=WaitState.OFFERED).update(
        state=WaitState.PASSED, changed_at=booking.changed_at
    )


def offer_taken(booking: Booking) -> None:
    """She confirmed it."""
    Wait.objects.filter(offer=booking, state=WaitState.OFFERED).update(
        state=WaitState.TAKEN, changed_at=booking.changed_at
    )
