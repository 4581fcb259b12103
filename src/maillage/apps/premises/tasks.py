"""Late work of premises: what is kept no longer."""

from procrastinate.contrib.django import app

from maillage.apps.premises import forget
from maillage.kit.clock import now


@app.periodic(cron="41 3 * * *")
@app.task(name="premises.forget", queueing_lock="premises.forget")
def forget_overdue(timestamp: int) -> None:  # noqa: ARG001
    """Lists that were never confirmed, imports past undoing."""
    forget.forget(at=now())
