"""What the tests of bookings share."""

import pytest


@pytest.fixture
def tells():
    """The tellings that are queued, in order: (event, booking)."""

    def queued(task: str = "bookings.tell") -> list[tuple[str, object]]:
        from procrastinate.contrib.django.models import ProcrastinateJob

        rows = [j.args for j in ProcrastinateJob.objects.filter(task_name=task).order_by("id")]
        return [(a["event"], a.get("booking_id") or a.get("booking_ids")) for a in rows]

    return queued
