"""Late work of accounts: archives, which read every document of a year."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.apps.accounts.archive_year import AlreadyArchived, archive_year
from maillage.apps.accounts.ask_archive import TASK
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK, is_given_up


@app.task(name=TASK, retry=WHEN_THE_DATABASE_IS_BACK, pass_context=True)
def archive(context: JobContext, *, organisation_id: int, year: int, by: int) -> None:
    """Archive one year; made meanwhile, there is nothing left to do."""
    if is_given_up(context):
        return
    body = Organisation.objects.get(pk=organisation_id)
    try:
        archive_year(body, year, by=by, at=now())
    except AlreadyArchived:
        return
