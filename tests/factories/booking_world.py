"""One booking of each kind, written as rows: what the addresses of bookings name."""

from datetime import date, time, timedelta
from typing import Any

from maillage.apps.bookings.asked import range_of
from maillage.apps.bookings.models import (
    Block,
    Booking,
    Occurrence,
    OccurrenceState,
    Series,
    State,
    Wait,
)
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space
from maillage.core.periods import Period
from maillage.kit.clock import now


def whole(mark: str, space: Space, person: Person) -> dict[str, Any]:
    """A request, a series with a date to add, a slot that is waited for, a seat kept."""
    at = now()
    begins = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    period = range_of(Period(begins, begins + timedelta(hours=2)))
    booking = Booking.objects.create(
        reference=f"AB{Booking.objects.count():08d}",
        site=space.site,
        space=space,
        is_whole=False,
        period=period,
        state=State.REQUESTED,
        person=person,
        purpose=f"Objet {mark}",
        free_until=begins,
        late_kept_percent=100,
        created_at=at,
        changed_at=at,
    )
    series = Series.objects.create(
        space=space,
        person=person,
        is_whole=False,
        from_time=time(9),
        to_time=time(11),
        first_on=at.date(),
        last_on=at.date() + timedelta(days=60),
        recurrence={"frequency": "weekly"},
        purpose=f"Série {mark}",
        created_at=at,
    )
    return {
        "booking": booking,
        "series": series,
        "occurrence": _skipped(series, at.date() + timedelta(days=7)),
        "block": Block.objects.create(
            seat=space.seats.first(),
            person=person,
            weekdays=[0, 1, 2, 3, 4],
            first_on=at.date(),
            last_on=at.date() + timedelta(days=90),
            created_at=at,
        ),
        "wait": Wait.objects.create(
            space=space,
            person=person,
            is_whole=False,
            period=period,
            asked_at=at,
            changed_at=at,
        ),
    }


def _skipped(series: Series, on: date) -> Occurrence:
    return Occurrence.objects.create(
        series=series, on=on, state=OccurrenceState.SKIPPED, why="taken"
    )
