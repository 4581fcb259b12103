"""Say by hand which invoices a receipt pays; nothing is changed: what was said is undone first."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance
from maillage.apps.collecting.models import Allocation, Receipt
from maillage.apps.collecting.receive import OtherPayer, keep, kept_cents
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal
from maillage.report import french


class ReceiptUndone(Refusal):
    """Money that is no longer there pays nothing."""

    sentence = _("Cet encaissement a été annulé : il ne paie plus rien. Enregistrez-en un autre.")


class MoreThanReceived(Refusal):
    """The parts are more than the sum."""

    sentence = _("Vous répartissez {asked}, l’encaissement est de {received}. Baissez une part.")
    status = 422


class MoreThanOwed(Refusal):
    """A part is more than its invoice owes."""

    sentence = _("La facture {number} n’attend que {owed}. Le reste peut rester en avoir.")
    status = 422


class CreditUsed(Refusal):
    """The avoir that it left was used since."""

    sentence = _("L’avoir né de cet encaissement a déjà servi. Annulez d’abord ce qu’il a payé.")


def allocate(
    receipt: Receipt, parts: Mapping[Document, int], *, by: int, at: datetime
) -> list[Allocation]:
    """The receipt pays these cents of these documents, and no other; the rest is an avoir."""
    with transaction.atomic():
        hold(receipt.operator)
        refuse_undone(receipt)
        take_back(receipt, by=by, at=at)
        owed = balance.owed_cents(parts)
        for document, cents in parts.items():
            _refuse(receipt, document, cents, owed[document.pk])
        left = receipt.amount_cents - sum(parts.values())
        if left < 0:
            raise MoreThanReceived(
                asked=french.cents(sum(parts.values())),
                received=french.cents(receipt.amount_cents),
            )
        made = Allocation.objects.bulk_create(
            Allocation(document=document, receipt=receipt, amount_cents=cents, by=by, at=at)
            for document, cents in parts.items()
            if cents
        )
        if left:
            keep(receipt, left, at=at)
        record(
            "collecting.allocate", ("receipt", receipt.pk), by=by, at=at,
            scope=receipt.scopes[0], documents=[one.document_id for one in made],
        )  # fmt: skip
    return made


def take_back(receipt: Receipt, *, by: int | None, at: datetime) -> None:
    """Undo what a receipt pays and the avoir that it left."""
    kept = kept_cents(receipt)
    if kept > balance.credit_cents(receipt.operator, balance.payer_of(receipt)):
        raise CreditUsed
    if kept:
        keep(receipt, -kept, at=at)
    standing = Allocation.objects.filter(receipt=receipt, reverses=None, reversal=None)
    Allocation.objects.bulk_create(
        Allocation(
            document_id=one.document_id,
            receipt=receipt,
            amount_cents=-one.amount_cents,
            reverses=one,
            by=by,
            at=at,
        )
        for one in standing
    )


def refuse_undone(receipt: Receipt) -> None:
    """Refuse a receipt that was reversed, or that is a reversal or a refund."""
    is_undone = Receipt.objects.filter(reverses=receipt).exists()
    if is_undone or receipt.amount_cents < 0:
        raise ReceiptUndone


def _refuse(receipt: Receipt, document: Document, cents: int, owed: int) -> None:
    is_hers = document.operator_id == receipt.operator_id
    if not is_hers or balance.payer_of(document) != balance.payer_of(receipt):
        raise OtherPayer(number=document.number)
    if cents > max(owed, 0) or cents < 0:
        raise MoreThanOwed(number=document.number, owed=french.cents(max(owed, 0)))
