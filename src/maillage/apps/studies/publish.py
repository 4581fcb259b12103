"""Show a result of a study to everybody, or take it back."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.studies.models import Run, RunState, Study
from maillage.kit.refusal import Refusal


class NothingToPublish(Refusal):
    """The computation gave nothing to read."""

    sentence = "Ce calcul n'a pas de résultat. Relancez-le, puis publiez-le."


class AlreadyPublished(Refusal):
    """Somebody published it."""

    sentence = "Ce résultat est déjà celui que chacun lit."


class NotPublished(Refusal):
    """There is nothing to take back."""

    sentence = "Cette étude n'est pas publiée."


def publish(run: Run, *, by: int | None, at: datetime) -> None:
    """From now on everybody reads this result; a later one takes its place when published."""
    with transaction.atomic():
        locked = Study.objects.select_for_update().get(pk=run.study_id)
        if not locked.runs.filter(pk=run.pk, state=RunState.DONE).exists():
            raise NothingToPublish
        if locked.published_run == run.number:
            raise AlreadyPublished
        locked.published_at, locked.published_run = at, run.number
        locked.save(update_fields=["published_at", "published_run"])
        record(
            "studies.publish",
            ("study", locked.pk),
            by=by,
            at=at,
            scope=locked.scopes[0],
            run=run.number,
        )


def unpublish(study: Study, *, by: int | None, at: datetime) -> None:
    """Its page is again for those in charge alone."""
    with transaction.atomic():
        locked = Study.objects.select_for_update().get(pk=study.pk)
        if not locked.published_at:
            raise NotPublished
        locked.published_at = locked.published_run = None
        locked.save(update_fields=["published_at", "published_run"])
        record("studies.unpublish", ("study", study.pk), by=by, at=at, scope=study.scopes[0])
