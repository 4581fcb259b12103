"""Avoirs: used on invoices that are owed, made of what was paid too much, taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance
from maillage.apps.collecting.models import Allocation
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Credit
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal


class NothingTooMuch(Refusal):
    """It was not paid more than it is worth."""

    sentence = _("La facture {number} n’a pas été payée de trop : il n’y a rien à rendre.")


def use_credits(
    operator: Organisation, payer: Payer, *, by: int | None, at: datetime
) -> list[Allocation]:
    """What is kept for a payer pays the oldest invoices that she owes."""
    with transaction.atomic():
        hold(operator)
        left = balance.credit_cents(operator, payer)
        made = []
        for one in balance.open_documents(operator, payer) if left > 0 else ():
            part = min(left, one.cents)
            if part:
                made.append(_moved(one.document, part, by, at))
                left -= part
        if made:
            _told("collecting.use_credit", operator, made, by, at)
    return made


def keep_as_credit(document: Document, *, by: int | None, at: datetime) -> Allocation:
    """What was paid too much on an invoice, a credit note having lowered it, becomes an avoir."""
    with transaction.atomic():
        hold(document.operator)
        owed = balance.owed_cents([document])[document.pk]
        if owed >= 0:
            raise NothingTooMuch(number=document.number)
        made = _moved(document, owed, by, at)
        _told("collecting.keep_as_credit", document.operator, [made], by, at)
    return made


def use_all(*, at: datetime) -> int:
    """Each night, use every avoir on what is owed; how many invoices it touched."""
    used = 0
    for pk in Credit.objects.order_by().values_list("operator", flat=True).distinct():
        operator = Organisation.objects.get(pk=pk)
        owing = {balance.payer_of(one.document) for one in balance.open_documents(operator)}
        for payer, cents in balance.credits_cents(operator).items():
            if cents > 0 and payer in owing:
                used += len(use_credits(operator, payer, by=None, at=at))
    return used


def _moved(document: Document, cents: int, by: int | None, at: datetime) -> Allocation:
    """Cents of avoirs onto a document; below 0, from the document to an avoir."""
    rank = Allocation.objects.filter(document=document, credit__isnull=False).count() + 1
    credit = Credit.objects.create(
        operator_id=document.operator_id,
        payer_person_id=document.payer_person_id,
        payer_organisation_id=document.payer_organisation_id,
        origin_kind="document",
        origin_key=f"{document.pk}.{rank}",
        amount_cents=-cents,
        label=text("Avoir utilisé sur {number}").format(number=document.number)
        if cents > 0
        else text("Trop payé sur {number}").format(number=document.number),
        at=at,
    )
    return Allocation.objects.create(
        document=document, credit=credit, amount_cents=cents, by=by, at=at
    )


def _told(
    act: str, operator: Organisation, made: list[Allocation], by: int | None, at: datetime
) -> None:
    record(
        act, ("allocation", made[0].pk), by=by, at=at, scope=operator.scopes[0],
        documents=[one.document_id for one in made],
        amount_cents=sum(one.amount_cents for one in made),
    )  # fmt: skip
