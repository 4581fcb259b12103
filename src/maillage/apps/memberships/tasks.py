"""Late work of memberships: renewals announced, then charged."""

from procrastinate.contrib.django import app

from maillage.apps.memberships import renew
from maillage.kit.clock import now


@app.periodic(cron="12 7 * * *")
@app.task(name="memberships.announce_renewals", queueing_lock="memberships.announce_renewals")
def announce_renewals(timestamp: int) -> None:  # noqa: ARG001
    """Each morning, tell who is renewed soon."""
    renew.announce_renewals(at=now())


@app.periodic(cron="22 0 * * *")
@app.task(name="memberships.renew_due", queueing_lock="memberships.renew_due")
def renew_due(timestamp: int) -> None:  # noqa: ARG001
    """Each night, renew those whose day has come."""
    renew.renew_due(at=now())
