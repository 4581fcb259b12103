"""Tell people and programs what became of a booking: queued in the transaction of the act."""

from collections.abc import Sequence

from procrastinate.contrib.django import app

from maillage.apps.bookings.models import Booking, Series

TASK = "bookings.tell"
SERIES_TASK = "bookings.tell_series"


def notify(booking: Booking, event: str) -> None:
    """Queue one telling; the job exists if and only if the act does.

    event  reserved, confirmed, changed, cancelled, refused, offered, expired
    """
    app.configure_task(TASK).defer(booking_id=booking.pk, event=event)


def notify_series(series: Series, event: str, booking_ids: Sequence[int]) -> None:
    """Queue one telling of several dates of a series.

    event  reserved, cancelled
    """
    app.configure_task(SERIES_TASK).defer(
        series_id=series.pk, event=event, booking_ids=list(booking_ids)
    )
