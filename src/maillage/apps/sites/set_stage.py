"""Date the stages of a site: planned, in works, open, closed."""

from datetime import date

from django.db import transaction

from maillage.apps.sites.models import Site, SiteStage, Stage
from maillage.apps.sites.versions import Author, held, note
from maillage.kit.refusal import Refusal


class DayTaken(Refusal):
    """One stage a day."""

    sentence = (
        "Une étape commence déjà ce jour-là : « {stage} ». Changez de jour, ou retirez-la d'abord."
    )


class SameStage(Refusal):
    """It would say nothing new."""

    sentence = "Le lieu est déjà « {stage} » à cette date. Choisissez une autre étape."


class NoSuchStage(Refusal):
    """Somebody was faster."""

    sentence = "Cette étape n'existe plus. Actualisez la page."


def set_stage(
    site: Site, stage: str, starts_on: date, author: Author, *, words: str = ""
) -> SiteStage:
    """A stage from a day on; one to come is a forecast.

    words  why, or on which decision
    """
    with transaction.atomic():
        row = held(site)
        stages = list(row.stages.order_by("starts_on"))
        same_day = next((s for s in stages if s.starts_on == starts_on), None)
        if same_day:
            raise DayTaken(stage=Stage(same_day.stage).label)
        before = [s for s in stages if s.starts_on < starts_on]
        if before and before[-1].stage == stage:
            raise SameStage(stage=Stage(stage).label)
        made = SiteStage.objects.create(site=row, stage=stage, starts_on=starts_on, note=words)
        note("sites.set_stage", row, author, stage=stage, day=starts_on.isoformat())
    return made


def withdraw_stage(site: Site, pk: int, author: Author) -> tuple[str, date]:
    """A stage that did not happen, or will not; returns what it was, to put it back."""
    with transaction.atomic():
        row = held(site)
        stage = row.stages.filter(pk=pk).first()
        if stage is None:
            raise NoSuchStage
        was = (stage.stage, stage.starts_on)
        stage.delete()
        note("sites.withdraw_stage", row, author, stage=was[0], day=was[1].isoformat())
    return was
