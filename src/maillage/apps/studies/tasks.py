"""Late work of studies: compute what somebody asked for."""

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.apps.studies.compute import carry_out, give_up
from maillage.apps.studies.models import Run
from maillage.apps.territories.sources import Roads
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK, is_given_up


@app.task(name="studies.compute", retry=WHEN_THE_DATABASE_IS_BACK, pass_context=True)
def compute_run(context: JobContext, *, run_id: int) -> None:
    """Carry out one computation."""
    run = Run.objects.select_related("study").get(pk=run_id)
    if is_given_up(context):
        give_up(run, at=now())
        return
    carry_out(run, settings.DATA_FOLDER, now, Roads(settings.ROADS, settings.CACHE_FOLDER))
