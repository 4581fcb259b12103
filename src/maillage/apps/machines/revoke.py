"""Withdraw a certification: an accident, a machine that changed."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.machines.models import Certification
from maillage.kit import mail
from maillage.kit.refusal import Refusal


class AlreadyRevoked(Refusal):
    """Somebody was faster."""

    sentence = "Cette habilitation est déjà retirée. Une nouvelle séance peut en donner une autre."


class NoReason(Refusal):
    """She will ask why."""

    sentence = "Indiquez pourquoi : la personne le lira."


def revoke(certification: Certification, *, reason: str, by: int, at: datetime) -> Certification:
    """She may no longer use the machine; she is told why."""
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        held = Certification.objects.select_for_update().get(pk=certification.pk)
        if held.revoked_at:
            raise AlreadyRevoked
        held.revoked_at, held.revoked_by, held.reason = at, by, reason.strip()
        held.save(update_fields=["revoked_at", "revoked_by", "reason"])
        record(
            "certification.revoke",
            ("certification", held.pk),
            by=by,
            at=at,
            scope=held.scopes[0],
            person=held.person_id,
            space=held.space_id,
        )
        mail.send(
            "machines/emails/revoked.txt",
            held.person.email,
            {
                "name": held.person.name,
                "machine": held.space.name,
                "reason": held.reason,
                "space_id": held.space_id,
            },
        )
    return held
