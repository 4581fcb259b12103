"""Take premises off the list, put them back."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.premises.columns import of_row
from maillage.apps.premises.keep import refuse_double
from maillage.apps.premises.models import Premises
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


class AlreadyRemoved(Refusal):
    """Somebody was faster."""

    sentence = "Ce local est déjà retiré. Retrouvez-le au bas de la liste."


class NotRemoved(Refusal):
    """It is on the list."""

    sentence = "Ce local est déjà dans la liste. Ouvrez sa fiche."


def remove(premises: Premises, *, by: int | None, at: datetime) -> Premises:
    """Off the list: kept whole, ready to be put back."""
    with transaction.atomic():
        held = Premises.objects.select_for_update().get(pk=premises.pk)
        if held.removed_at:
            raise AlreadyRemoved
        return _write("premises.remove", held, at, by, at)


def put_back(premises: Premises, *, by: int | None, at: datetime) -> Premises:
    """On the list again, as it was; refused when its name was given meanwhile."""
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=premises.territory_id)
        held = Premises.objects.select_for_update().get(pk=premises.pk)
        if held.removed_at is None:
            raise NotRemoved
        refuse_double(held.territory_id, of_row(held), besides=held.pk)
        return _write("premises.put_back", held, None, by, at)


def _write(
    act: str, held: Premises, removed_at: datetime | None, by: int | None, at: datetime
) -> Premises:
    held.removed_at = removed_at
    held.version += 1
    held.changed_at = at
    held.save(update_fields=["removed_at", "version", "changed_at"])
    record(act, ("premises", held.pk), by=by, at=at, scope=held.scopes[0], version=held.version)
    return held
