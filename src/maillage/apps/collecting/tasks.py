"""Late work of collecting: avoirs used, reminders sent, access given back, payments asked for."""

from procrastinate.contrib.django import app

from maillage.apps.collecting import access, pay_online, remind, use_credit
from maillage.kit.clock import now


@app.periodic(cron="32 5 * * *")
@app.task(name="collecting.use_credits", queueing_lock="collecting.use_credits")
def use_credits(timestamp: int) -> None:  # noqa: ARG001
    """Each night, avoirs pay what is owed, and access comes back with the last cent."""
    use_credit.use_all(at=now())
    access.give_back_all(at=now())


@app.periodic(cron="2 7 * * 1-5")
@app.task(name="collecting.remind_due", queueing_lock="collecting.remind_due")
def remind_due(timestamp: int) -> None:  # noqa: ARG001
    """Each working morning, the steps that have come are sent."""
    remind.remind_due(at=now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="collecting.ask_again", queueing_lock="collecting.ask_again")
def ask_again(timestamp: int) -> None:  # noqa: ARG001
    """Four times an hour, ask what became of payments that nobody told about."""
    pay_online.ask_again(at=now())
