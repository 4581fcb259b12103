"""Write what one must know of a machine."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.machines.models import MOST_MONTHS, Sheet
from maillage.apps.sites.models import Space
from maillage.kit.refusal import Refusal


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "Cette fiche a changé pendant votre saisie. Relisez-la, puis enregistrez."


class WrongDuration(Refusal):
    """A certification lasts some months."""

    sentence = "Une habilitation dure de 1 à {most} mois. Corrigez la durée."


def keep_sheet(
    space: Space,
    *,
    description: str,
    safety: str,
    valid_months: int,
    version: int,
    by: int | None,
    at: datetime,
) -> Sheet:
    """What is said of a machine; `version` is the one that the person read, 0 for none."""
    if not 1 <= valid_months <= MOST_MONTHS:
        raise WrongDuration(most=MOST_MONTHS)
    with transaction.atomic():
        Space.objects.select_for_update().get(pk=space.pk)
        held = Sheet.objects.filter(space=space).first()
        if (held.version if held else 0) != version:
            raise SomebodyElseEdited
        held = held or Sheet(space=space, version=0)
        held.description, held.safety, held.valid_months = description, safety, valid_months
        held.version += 1
        held.save()
        record(
            "machine.describe",
            ("space", space.pk),
            by=by,
            at=at,
            scope=space.scopes[0],
            version=held.version,
        )
    return held
