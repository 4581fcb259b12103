"""Late work of billing: invoice a month, send a document to its payer."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.apps.billing import mail, run
from maillage.apps.billing.models import Document
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK, is_given_up


@app.task(name="billing.run", retry=WHEN_THE_DATABASE_IS_BACK, pass_context=True)
def carry_out(context: JobContext, *, run_id: int) -> None:
    """Carry out one run."""
    if is_given_up(context):
        run.give_up(run_id, at=now())
        return
    run.carry_out(run_id, now)


@app.task(name="billing.send", retry=WHEN_THE_DATABASE_IS_BACK)
def send(*, document_id: int) -> None:
    """Send one document by mail."""
    mail.deliver(Document.objects.select_related("operator").get(pk=document_id))
