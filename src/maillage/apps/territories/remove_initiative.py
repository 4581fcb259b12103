"""Take an initiative off the lists, put it back."""

from datetime import datetime

from django.db import transaction

from maillage.apps.territories.declare_initiative import note
from maillage.apps.territories.models import Initiative
from maillage.kit.refusal import Refusal


class AlreadyRemoved(Refusal):
    """Somebody did it before."""

    sentence = "Cette initiative est déjà retirée. Rétablissez-la depuis la liste si besoin."


class NotRemoved(Refusal):
    """Somebody put it back before."""

    sentence = "Cette initiative est déjà dans la liste. Ouvrez sa fiche."


def remove(initiative: Initiative, *, by: int | None, at: datetime) -> Initiative:
    """Nobody reads it any more; what was said of it is kept."""
    with transaction.atomic():
        held = Initiative.objects.select_for_update().get(pk=initiative.pk)
        if held.removed_at is not None:
            raise AlreadyRemoved
        return _write(held, "initiative.remove", removed_at=at, by=by, at=at)


def put_back(initiative: Initiative, *, by: int | None, at: datetime) -> Initiative:
    """It is again where it was, as it was."""
    with transaction.atomic():
        held = Initiative.objects.select_for_update().get(pk=initiative.pk)
        if held.removed_at is None:
            raise NotRemoved
        return _write(held, "initiative.put_back", removed_at=None, by=by, at=at)


def _write(
    held: Initiative, act: str, *, removed_at: datetime | None, by: int | None, at: datetime
) -> Initiative:
    held.removed_at = removed_at
    held.version += 1
    held.edited_at = at
    held.save(update_fields=["removed_at", "version", "edited_at"])
    note(act, held, by=by, at=at)
    return held
