"""The path of a firm in a territory: nomad, resident, own premises, and what became of it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.memberships.models import FirmStage
from maillage.apps.people.models import Organisation
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Step:
    """A step of the path; "" and None are not known."""

    stage: str
    starts_on: date
    site_id: int | None = None
    outcome: str = ""
    jobs: int | None = None
    note: str = ""


class BeforeTheLast(Refusal):
    """Steps follow each other."""

    sentence = _("La dernière étape date du {day}. Indiquez un jour plus tardif.")


class SameStage(Refusal):
    """A step changes something."""

    sentence = _("Cette entreprise est déjà à cette étape. Choisissez-en une autre.")


class NothingToRemove(Refusal):
    """The path is empty."""

    sentence = _("Ce parcours n’a pas encore d’étape. Notez la première.")


def record_stage(
    firm: Organisation, territory: Territory, step: Step, *, by: int | None, at: datetime
) -> FirmStage:
    """Write the next step of a path."""
    with transaction.atomic():
        last = _last(firm, territory)
        if last is not None and last.starts_on >= step.starts_on:
            raise BeforeTheLast(day=f"{last.starts_on:%d/%m/%Y}")
        if last is not None and last.stage == step.stage:
            raise SameStage
        made = FirmStage.objects.create(organisation=firm, territory=territory, **asdict(step))
        _record("firm.stage", made, by, at)
    return made


def remove_last(firm: Organisation, territory: Territory, *, by: int, at: datetime) -> None:
    """Undo the last step."""
    with transaction.atomic():
        last = _last(firm, territory)
        if last is None:
            raise NothingToRemove
        _record("firm.remove_stage", last, by, at)
        last.delete()


def _last(firm: Organisation, territory: Territory) -> FirmStage | None:
    Organisation.objects.select_for_update().get(pk=firm.pk)
    steps = FirmStage.objects.filter(organisation=firm, territory=territory)
    return steps.order_by("-starts_on").first()


def _record(act: str, step: FirmStage, by: int | None, at: datetime) -> None:
    record(
        act,
        ("organisation", step.organisation_id),
        by=by,
        at=at,
        scope=("territory", step.territory_id),
        stage=step.stage,
        starts_on=str(step.starts_on),
    )
