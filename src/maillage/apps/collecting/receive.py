"""Record money that came in: on the oldest invoices first, what is too much becomes an avoir."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import refuse_closed
from maillage.apps.billing.models import Document
from maillage.apps.collecting import access, balance, means_kept, receipt_chain, till
from maillage.apps.collecting.models import Allocation, MeansKind, Receipt
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Credit
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal
from maillage.report import french

LONGEST_REFERENCE = 140


class NothingReceived(Refusal):
    """A receipt is above 0."""

    sentence = _("Le montant reçu doit dépasser 0 €. Pour rendre de l’argent, remboursez.")
    status = 422


class NotReceivedYet(Refusal):
    """A day to come."""

    sentence = _("Le {day} n’est pas encore passé. Donnez le jour où l’argent est arrivé.")
    status = 422


class OtherPayer(Refusal):
    """A receipt pays the documents of who paid it, at the same operator."""

    sentence = _("La facture {number} n’est pas de cet organisme et de ce payeur. Choisissez-en "
                 "une autre, ou changez de payeur.")  # fmt: skip


@dataclass(frozen=True)
class Money:
    """A sum that came in.

    means      code of the means
    documents  to pay first, in this order; then the oldest of the payer
    """

    payer: Payer
    means: str
    amount_cents: int
    received_on: date
    reference: str = ""
    deposit_slip: str = ""
    documents: Sequence[Document] = ()


def receive(operator: Organisation, money: Money, *, by: int | None, at: datetime) -> Receipt:
    """One receipt, what it pays, and an avoir of the rest; raises what it refuses."""
    if money.amount_cents <= 0:
        raise NothingReceived
    if money.received_on > at.date():
        raise NotReceivedYet(day=french.day(money.received_on))
    with transaction.atomic():
        # the lock of the operator: ranks follow each other, nothing is paid twice
        refuse_closed(operator, money.received_on)
        means = means_kept.named(operator, money.means)
        if means.kind == MeansKind.CASH:
            till.refuse_till(operator, money.amount_cents, money.received_on)
        receipt = receipt_chain.append(
            Receipt(
                operator=operator,
                payer_person_id=money.payer.person_id,
                payer_organisation_id=money.payer.organisation_id,
                means=means,
                amount_cents=money.amount_cents,
                received_on=money.received_on,
                reference=money.reference[:LONGEST_REFERENCE],
                deposit_slip=money.deposit_slip,
                by=by,
                at=at,
            )
        )
        spread(receipt, oldest(operator, money.payer, money.documents), by=by, at=at)
        record(
            "collecting.receive", ("receipt", receipt.pk), by=by, at=at, scope=operator.scopes[0],
            amount_cents=receipt.amount_cents, means=means.code, n=receipt.n,
        )  # fmt: skip
    return receipt


def oldest(
    operator: Organisation, payer: Payer, first: Sequence[Document] = ()
) -> list[tuple[Document, int]]:
    """What a payer owes: the documents asked for, then the oldest due; (document, cents)."""
    for one in first:
        if one.operator_id != operator.pk or balance.payer_of(one) != payer:
            raise OtherPayer(number=one.number)
    owed = {one.document.pk: one for one in balance.open_documents(operator, payer)}
    asked = [owed.pop(one.pk) for one in first if one.pk in owed]
    return [(one.document, one.cents) for one in (*asked, *owed.values())]


def spread(
    receipt: Receipt, wanted: Sequence[tuple[Document, int]], *, by: int | None, at: datetime
) -> list[Allocation]:
    """Allocate a receipt in this order until it is used up; the rest becomes an avoir."""
    left, made = receipt.amount_cents, []
    for document, cents in wanted:
        part = min(left, cents)
        if part > 0:
            made.append(
                Allocation(document=document, receipt=receipt, amount_cents=part, by=by, at=at)
            )
            left -= part
    Allocation.objects.bulk_create(made)
    if left:
        keep(receipt, left, at=at)
    access.give_back([one.document_id for one in made], at=at)
    return made


def keep(receipt: Receipt, cents: int, *, at: datetime) -> Credit:
    """An avoir of what a receipt leaves; below 0 takes it back."""
    count = Credit.objects.filter(
        origin_kind="receipt", origin_key__startswith=f"{receipt.pk}."
    ).count()
    return Credit.objects.create(
        operator_id=receipt.operator_id,
        payer_person_id=receipt.payer_person_id,
        payer_organisation_id=receipt.payer_organisation_id,
        origin_kind="receipt",
        origin_key=f"{receipt.pk}.{count + 1}",
        amount_cents=cents,
        label=text("Trop-perçu") if cents > 0 else text("Trop-perçu repris"),
        at=at,
    )


def kept_cents(receipt: Receipt) -> int:
    """What was made an avoir of a receipt and not taken back."""
    rows = Credit.objects.filter(origin_kind="receipt", origin_key__startswith=f"{receipt.pk}.")
    return sum(rows.values_list("amount_cents", flat=True))
