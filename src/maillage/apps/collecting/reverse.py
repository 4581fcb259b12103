"""Undo a receipt: a second one of the opposite sum says why, what it paid is owed again."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import refuse_closed
from maillage.apps.collecting import receipt_chain, till
from maillage.apps.collecting.allocate import refuse_undone, take_back
from maillage.apps.collecting.models import BankLine, LineState, MeansKind, Receipt
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal


class NoReason(Refusal):
    """Who reads the journal later asks why."""

    sentence = _("Dites pourquoi : le journal le garde.")
    status = 422


@dataclass(frozen=True)
class Undoing:
    """Why a receipt is undone, and the day on which it counts."""

    reason: str
    on: date


def reverse(receipt: Receipt, undoing: Undoing, *, by: int | None, at: datetime) -> Receipt:
    """The receipt that undoes it; its bank line waits again, its avoir is taken back."""
    if not undoing.reason.strip():
        raise NoReason
    with transaction.atomic():
        refuse_closed(receipt.operator, undoing.on)
        refuse_undone(receipt)
        if receipt.means.kind == MeansKind.CASH:
            till.refuse_till(receipt.operator, -receipt.amount_cents, undoing.on)
        take_back(receipt, by=by, at=at)
        made = receipt_chain.append(
            Receipt(
                operator_id=receipt.operator_id,
                payer_person_id=receipt.payer_person_id,
                payer_organisation_id=receipt.payer_organisation_id,
                means=receipt.means,
                amount_cents=-receipt.amount_cents,
                received_on=undoing.on,
                reference=receipt.reference,
                reverses=receipt,
                reason=undoing.reason,
                by=by,
                at=at,
            )
        )
        BankLine.objects.filter(receipt=receipt).update(receipt=None, state=LineState.WAITING)
        record(
            "collecting.reverse", ("receipt", receipt.pk), by=by, at=at,
            scope=receipt.scopes[0], reason=undoing.reason, n=made.n,
        )  # fmt: skip
    return made
