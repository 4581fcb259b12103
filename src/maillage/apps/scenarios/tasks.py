"""Late work of scenarios: tell what a place in a village would cost."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.apps.scenarios.models import VillagePrice
from maillage.apps.scenarios.villages import carry_out, give_up
from maillage.kit.clock import now
from maillage.kit.jobs import WHEN_THE_DATABASE_IS_BACK, is_given_up


@app.task(name="scenarios.village", retry=WHEN_THE_DATABASE_IS_BACK, pass_context=True)
def price_village(context: JobContext, *, village_id: int) -> None:
    """Carry out one question."""
    row = VillagePrice.objects.select_related("run__study").get(pk=village_id)
    if is_given_up(context):
        give_up(row, at=now())
        return
    carry_out(row, now)
