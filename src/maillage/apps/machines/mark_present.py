"""Say who came to a training: its machine's trainers alone."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.machines.models import Attendee
from maillage.apps.machines.open_session import trainer_of
from maillage.kit.refusal import Refusal


class NotBegun(Refusal):
    """Nobody came yet."""

    sentence = "La séance n’a pas commencé. Notez les présences à partir de son heure."


class SessionWasCancelled(Refusal):
    """It did not take place."""

    sentence = "Cette séance est annulée : personne n’y était. Ouvrez-en une autre."


class AlreadyCertified(Refusal):
    """What was certified stands until it is revoked."""

    sentence = "Une habilitation a été donnée à cette séance. Retirez-la d’abord."


def mark_present(attendee: Attendee, *, was_present: bool, by: int, at: datetime) -> Attendee:
    """Whether somebody enrolled came; said again, it replaces what was said."""
    with transaction.atomic():
        held = Attendee.objects.select_for_update().get(pk=attendee.pk)
        refuse_unless_under_way(held, by, at)
        held.was_present, held.is_able = was_present, None
        held.decided_at, held.decided_by = at, by
        held.save(update_fields=["was_present", "is_able", "decided_at", "decided_by"])
        record(
            "training.mark",
            ("training", held.session_id),
            by=by,
            at=at,
            scope=held.session.scopes[0],
            person=held.person_id,
            present=was_present,
        )
    return held


def refuse_unless_under_way(held: Attendee, by: int, at: datetime) -> None:
    """Raises NotYourMachine, SessionWasCancelled, NotBegun, AlreadyCertified."""
    trainer_of(held.session.space, by, at=at)
    if held.session.cancelled_at:
        raise SessionWasCancelled
    if held.session.period.lower > at:
        raise NotBegun
    if hasattr(held, "certification") and held.certification.revoked_at is None:
        raise AlreadyCertified
