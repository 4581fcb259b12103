"""Late work of territories: load the tables that somebody asked for."""

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.apps.territories.ask_loading import carry_out, give_up
from maillage.apps.territories.models import Loading
from maillage.apps.territories.sources import Roads
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK, is_given_up


@app.task(name="territories.load", retry=WHEN_THE_DATABASE_IS_BACK, pass_context=True)
def load_territory(context: JobContext, *, loading_id: int) -> None:
    """Carry out one loading."""
    loading = Loading.objects.get(pk=loading_id)
    if is_given_up(context):
        give_up(loading, at=now())
        return
    roads = Roads(settings.ROADS, settings.CACHE_FOLDER)
    carry_out(loading, settings.DATA_FOLDER, roads, at=now())
