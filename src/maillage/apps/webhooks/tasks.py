"""Late work of webhooks: deliver, forget."""

from datetime import timedelta

from procrastinate.contrib.django import app

from maillage.apps.webhooks import deliver
from maillage.apps.webhooks.models import Delivery
from maillage.kit.clock import now

KEPT = timedelta(days=30)


@app.task(name="webhooks.deliver")
def deliver_one(*, delivery_id: int) -> None:
    """One try of one telling."""
    deliver.deliver(delivery_id, at=now())


@app.periodic(cron="41 3 * * *")
@app.task(name="webhooks.forget", queueing_lock="webhooks.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001
    """What was told a month ago."""
    Delivery.objects.filter(created_at__lt=now() - KEPT).delete()
