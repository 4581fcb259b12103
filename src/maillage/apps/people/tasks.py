"""Late work of people: links, ends of roles, what is kept no longer."""

from procrastinate.contrib.django import app

from maillage.apps.people import end_role, forget, sign_in_link
from maillage.kit.clock import now


@app.task(name="people.send_sign_in_link")
def send_sign_in_link(*, email: str, opens: str) -> None:
    """Look for the account and mail its link."""
    sign_in_link.send(email, at=now(), opens=opens)


@app.periodic(cron="2 * * * *")
@app.task(name="people.apply_ends", queueing_lock="people.apply_ends")
def apply_ends(timestamp: int) -> None:  # noqa: ARG001
    """Ends whose day has come; every hour, so that a server that was off catches up."""
    end_role.apply_due(at=now())


@app.periodic(cron="17 3 * * *")
@app.task(name="people.forget", queueing_lock="people.forget")
def forget_overdue(timestamp: int) -> None:  # noqa: ARG001
    """What the register says is kept no longer."""
    forget.forget(at=now())
