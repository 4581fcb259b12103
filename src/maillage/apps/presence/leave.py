"""Note that somebody left, or think better of it."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.presence.models import Arrival
from maillage.kit.refusal import Refusal


class AlreadyLeft(Refusal):
    """Noted once."""

    sentence = "Ce départ est déjà noté. Annulez-le si la personne est revenue."


class StillHere(Refusal):
    """Nothing to undo."""

    sentence = "Aucun départ n’est noté. La personne est toujours sur place."


def leave(arrival: Arrival, *, by: int | None, at: datetime) -> Arrival:
    """She left; before the moment noted for her arrival, at that moment."""
    with transaction.atomic():
        held = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        if held.left_at:
            raise AlreadyLeft
        return _write(held, max(at, held.at), by, at)


def undo_leave(arrival: Arrival, *, by: int | None, at: datetime) -> Arrival:
    """She is still there."""
    with transaction.atomic():
        held = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        if held.left_at is None:
            raise StillHere
        return _write(held, None, by, at)


def _write(held: Arrival, left_at: datetime | None, by: int | None, at: datetime) -> Arrival:
    held.left_at = left_at
    held.save(update_fields=["left_at"])
    scope = held.site.scopes[0]
    record("arrival.leave", ("arrival", held.pk), by=by, at=at, scope=scope, left=bool(left_at))
    return held
