"""Give money back: what a credit note left too much on a paid invoice."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from maillage.apps.billing.closed import refuse_closed
from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance, means_kept, receipt_chain, till
from maillage.apps.collecting.models import Allocation, MeansKind, Receipt
from maillage.apps.collecting.receive import NotReceivedYet
from maillage.apps.collecting.reverse import NoReason
from maillage.apps.collecting.use_credit import NothingTooMuch
from maillage.apps.journal.record import record
from maillage.report import french


@dataclass(frozen=True)
class Refund:
    """How and when money is given back, and why."""

    means: str
    on: date
    reason: str
    reference: str = ""


def refund(document: Document, given: Refund, *, by: int, at: datetime) -> Receipt:
    """Everything paid too much on an invoice goes back; a receipt below 0 says so."""
    if not given.reason.strip():
        raise NoReason
    if given.on > at.date():
        raise NotReceivedYet(day=french.day(given.on))
    operator = document.operator
    with transaction.atomic():
        refuse_closed(operator, given.on)
        owed = balance.owed_cents([document])[document.pk]
        if owed >= 0:
            raise NothingTooMuch(number=document.number)
        means = means_kept.named(operator, given.means)
        if means.kind == MeansKind.CASH:
            till.refuse_till(operator, owed, given.on)
        made = receipt_chain.append(
            Receipt(
                operator=operator,
                payer_person_id=document.payer_person_id,
                payer_organisation_id=document.payer_organisation_id,
                means=means,
                amount_cents=owed,
                received_on=given.on,
                reference=given.reference,
                reason=given.reason,
                by=by,
                at=at,
            )
        )
        Allocation.objects.create(document=document, receipt=made, amount_cents=owed, by=by, at=at)
        record(
            "collecting.refund", ("receipt", made.pk), by=by, at=at, scope=operator.scopes[0],
            document=document.pk, amount_cents=-owed,
        )  # fmt: skip
    return made
