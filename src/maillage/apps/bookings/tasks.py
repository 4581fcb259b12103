"""Late work of bookings: tell what became of them, free what is over, offer what is free."""

from procrastinate.contrib.django import app

from maillage.apps.bookings import (
    blocks,
    close_out,
    forget_grr,
    forget_people,
    tell,
    waiting,
)
from maillage.apps.bookings.expire import expire
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK


@app.task(name="bookings.tell", retry=WHEN_THE_DATABASE_IS_BACK)
def tell_booking(*, booking_id: int, event: str) -> None:
    """Tell people and programs what became of one."""
    tell.tell(booking_id, event, at=now())


@app.task(name="bookings.tell_series", retry=WHEN_THE_DATABASE_IS_BACK)
def tell_series(*, series_id: int, event: str, booking_ids: list[int]) -> None:
    """The same for several dates of a series, in one message."""
    tell.tell_series(series_id, event, booking_ids, at=now())


@app.task(name="bookings.offer", retry=WHEN_THE_DATABASE_IS_BACK)
def offer(*, space_ids: list[int]) -> None:
    """Seats became free in these spaces: those who wait are thought of, in their order."""
    waiting.offer(space_ids, at=now())


@app.periodic(cron="* * * * *")
@app.task(name="bookings.expire", queueing_lock="bookings.expire")
def end_what_is_over(timestamp: int) -> None:  # noqa: ARG001
    """Holds that nobody confirmed, requests that nobody answered, waits that nothing can serve."""
    expire(at=now())
    waiting.pass_over(at=now())


@app.periodic(cron="* * * * *")
@app.task(name="bookings.offer_again", queueing_lock="bookings.offer_again")
def offer_again(timestamp: int) -> None:  # noqa: ARG001
    """What became free without an act: hours that open, a limit that no longer holds."""
    waiting.offer_all(at=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="bookings.release_unused", queueing_lock="bookings.release_unused")
def release_unused(timestamp: int) -> None:  # noqa: ARG001
    """Days that employers keep and do not use."""
    blocks.release_unused(at=now())


@app.periodic(cron="* * * * *")
@app.task(name="bookings.follow_closures", queueing_lock="bookings.follow_closures")
def follow_closures(timestamp: int) -> None:  # noqa: ARG001
    """Those who booked when a place closes, or opens again, are told."""
    close_out.follow(at=now())


@app.periodic(cron="47 3 * * *")
@app.task(name="bookings.forget_grr", queueing_lock="bookings.forget_grr")
def forget_exports(timestamp: int) -> None:  # noqa: ARG001
    """Exports of GRR that were never confirmed, imports past undoing."""
    forget_grr.forget(at=now())


@app.periodic(cron="51 3 * * *")
@app.task(name="bookings.forget_guests", queueing_lock="bookings.forget_guests")
def forget_guests(timestamp: int) -> None:  # noqa: ARG001
    """Guests of long ago."""
    forget_people.forget_guests(at=now())
