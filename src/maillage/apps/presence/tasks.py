"""Late work of the day: the sheet of tomorrow, codes to draw, logs to forget."""

from procrastinate.contrib.django import app

from maillage.apps.presence import access_codes, connection_log, forget_names, next_sheet
from maillage.kit.clock import now


@app.periodic(cron="*/10 * * * *")
@app.task(name="presence.send_sheets", queueing_lock="presence.send_sheets")
def send_sheets(timestamp: int) -> None:  # noqa: ARG001
    """Tomorrow's sheet, once each site's evening has come."""
    next_sheet.send_due(at=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="presence.draw_codes", queueing_lock="presence.draw_codes")
def draw_codes(timestamp: int) -> None:  # noqa: ARG001
    """Wi-Fi codes of the bookings that come."""
    access_codes.draw_due(at=now())


@app.periodic(cron="53 3 * * *")
@app.task(name="presence.forget", queueing_lock="presence.forget")
def forget_overdue(timestamp: int) -> None:  # noqa: ARG001
    """Connection logs past their time, first names of visitors."""
    connection_log.forget_connections(at=now())
    forget_names.forget_visitors(at=now())
