"""After the third reminder somebody decides on access, and says why; money that comes opens it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance, pause
from maillage.apps.collecting.models import STEPS, Decision, Outcome, PauseKind, Reminder
from maillage.apps.collecting.reverse import NoReason
from maillage.apps.journal.record import record
from maillage.apps.memberships.models import Suspension
from maillage.kit.refusal import Refusal


class TooEarly(Refusal):
    """Access is not touched before three reminders."""

    sentence = _(
        "Trois relances d’abord : cette facture en a reçu {sent}. En attendant, suspendez les "
        "relances ou appelez."
    )


class PaidSince(Refusal):
    """Nothing is owed."""

    sentence = _("La facture {number} est réglée : il n’y a plus rien à décider.")


@dataclass(frozen=True)
class Decided:
    """What becomes of access, why, and until when for a schedule."""

    outcome: str
    why: str
    until: date | None = None


def decide(document: Document, decided: Decided, *, by: int, at: datetime) -> Decision:
    """Keep access, suspend it, or agree a schedule; the last decision holds."""
    if not decided.why.strip():
        raise NoReason
    with transaction.atomic():
        hold(document.operator)
        sent = Reminder.objects.filter(document=document).count()
        if sent < STEPS:
            raise TooEarly(sent=sent)
        if balance.owed_cents([document])[document.pk] <= 0:
            raise PaidSince(number=document.number)
        _lift(document, at)
        pause.resume(document, by=by, at=at)
        if decided.outcome == Outcome.SUSPENDED:
            Suspension.objects.create(
                operator=document.operator,
                person_id=document.payer_person_id,
                organisation_id=document.payer_organisation_id,
                origin_kind="document",
                origin_key=str(document.pk),
                begun_at=at,
            )
        if decided.outcome == Outcome.SCHEDULE:
            asked = pause.Asked(PauseKind.SCHEDULE, decided.why, decided.until)
            pause.pause(document, asked, by=by, at=at)
        made = Decision.objects.create(
            document=document,
            outcome=decided.outcome,
            why=decided.why,
            until=decided.until,
            by=by,
            at=at,
        )
        record(
            "collecting.decide", ("document", document.pk), by=by, at=at,
            scope=document.operator.scopes[0], outcome=decided.outcome, reason=decided.why,
        )  # fmt: skip
    return made


def _lift(document: Document, at: datetime) -> None:
    Suspension.objects.filter(
        origin_kind="document", origin_key=str(document.pk), ended_at=None
    ).update(ended_at=at)
