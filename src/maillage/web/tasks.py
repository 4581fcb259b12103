"""Late work that belongs to no noun: deliver mail, take back what a killed worker left."""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.periods import PARIS
from maillage.kit import once, throttle

# 40 tries, each 320 s later than the one before: 73 hours in all
KEEP_TRYING = RetryStrategy(max_attempts=40, linear_wait=320)
SILENT_FOR_S = 30
COUNTERS_KEPT = timedelta(days=1)
ANSWERS_KEPT = timedelta(days=2)


@app.task(name="mail.deliver", retry=KEEP_TRYING)
def deliver(*, subject: str, text: str, to: str, attachment: dict[str, str] | None = None) -> None:
    """Hand one mail to the mail server."""
    made = EmailMessage(subject=subject, body=text, to=[to])
    if attachment:
        made.attach(attachment["name"], attachment["text"], attachment["media_type"])
    made.send()


@app.periodic(cron="* * * * *")
@app.task(name="jobs.take_back", pass_context=True, queueing_lock="jobs.take_back")
async def take_back(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Give the jobs of a dead worker to a living one (it would keep them for ever)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR_S):
        await manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(name="limits.forget", queueing_lock="limits.forget")
def forget_attempts(timestamp: int) -> None:
    """Forget the counters that no limit reads any more."""
    throttle.forget(before=datetime.fromtimestamp(timestamp, PARIS) - COUNTERS_KEPT)


@app.periodic(cron="27 * * * *")
@app.task(name="answers.forget", queueing_lock="answers.forget")
def forget_answers(timestamp: int) -> None:
    """Forget what acts answered, once nobody repeats them any more."""
    once.forget(before=datetime.fromtimestamp(timestamp, PARIS) - ANSWERS_KEPT)
