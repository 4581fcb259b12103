"""Whose money it is: the bodies in whose name she acts, one's own documents, one's employer's."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from maillage.apps.billing.models import BillingProfile, Channel, Document
from maillage.apps.collecting.models import (
    BankLine,
    Debit,
    DebitBatch,
    Mandate,
    OnlinePayment,
    Receipt,
    Reminder,
    RevenueBatch,
    TillDeposit,
)
from maillage.apps.memberships.rules import bodies as employers
from maillage.apps.people.models import Organisation
from maillage.apps.sites.bodies import bodies, body_of, may_act_for, may_somewhere

ACT = "collecting.keep"
READ = "billing.read"

may_keep_somewhere = may_somewhere(ACT)
may_read_somewhere = may_somewhere(READ)


def operator_of(person: Any, pk: int) -> Organisation:
    """A body for which she collects."""
    return body_of(person, pk, ACT)


def read_operator_of(person: Any, pk: int) -> Organisation:
    """A body whose accounts she reads."""
    return body_of(person, pk, READ)


def may_keep(person: Any, operator: Organisation) -> bool:
    """Whether she collects in its name."""
    return may_act_for(person, operator, ACT)


def may_read(person: Any, operator: Organisation) -> bool:
    """Whether she reads its accounts."""
    return may_act_for(person, operator, READ)


def may_keep_row(person: Any, row: Any) -> bool:
    """Whether she collects for the operator of a row."""
    return may_act_for(person, row.operator, ACT)


def may_keep_debit(person: Any, debit: Debit) -> bool:
    """Whether she collects for the operator of its batch."""
    return may_act_for(person, debit.batch.operator, ACT)


def may_keep_letter(person: Any, reminder: Reminder) -> bool:
    """Whether she collects for the operator of its document."""
    return may_act_for(person, reminder.document.operator, ACT)


def receipt_of(person: Any, pk: int) -> Receipt:
    """A receipt of one of her operators."""
    rows = Receipt.objects.select_related(
        "operator", "means", "payer_person", "payer_organisation", "reverses"
    )
    return _one(rows.filter(operator__in=_kept(person)), pk)


def document_of(person: Any, pk: int) -> Document:
    """A document of one of her operators."""
    rows = Document.objects.select_related("operator", "payer_person", "payer_organisation")
    return _one(rows.filter(operator__in=_kept(person)), pk)


def line_of(person: Any, pk: int) -> BankLine:
    """A movement of the bank of one of her operators."""
    rows = BankLine.objects.select_related("operator", "receipt", "batch")
    return _one(rows.filter(operator__in=_kept(person)), pk)


def batch_of(person: Any, pk: int) -> DebitBatch:
    """A batch of debits of one of her operators."""
    rows = DebitBatch.objects.select_related("operator")
    return _one(rows.filter(operator__in=_kept(person)), pk)


def debit_of(person: Any, pk: int) -> Debit:
    """A debit of one of her operators."""
    rows = Debit.objects.select_related("batch__operator", "document", "mandate")
    return _one(rows.filter(batch__operator__in=_kept(person)), pk)


def mandate_of(person: Any, pk: int) -> Mandate:
    """A mandate given to one of her operators, or her own."""
    rows = Mandate.objects.select_related("operator", "payer_person", "payer_organisation")
    hers = Q(operator__in=_kept(person)) | Q(payer_person=person.pk or 0)
    return _one(rows.filter(hers), pk)


def may_revoke(person: Any, mandate: Mandate) -> bool:
    """Whoever gave it, or who collects for its creditor."""
    is_own = person.pk is not None and mandate.payer_person_id == person.pk
    return is_own or may_act_for(person, mandate.operator, ACT)


def letter_of(person: Any, pk: int) -> Reminder:
    """A reminder of one of her operators."""
    rows = Reminder.objects.select_related("document__operator")
    return _one(rows.filter(document__operator__in=_kept(person)), pk)


def list_of(person: Any, pk: int) -> RevenueBatch:
    """A list handed over by one of her operators."""
    rows = RevenueBatch.objects.select_related("operator")
    return _one(rows.filter(operator__in=_kept(person)), pk)


def deposit_of(person: Any, pk: int) -> TillDeposit:
    """A deposit of one of her operators."""
    rows = TillDeposit.objects.select_related("operator")
    return _one(rows.filter(operator__in=_kept(person)), pk)


def own_documents(person: Any) -> QuerySet[Document]:
    """What she pays herself, or reads in the name of her employer."""
    firms = [one.pk for one in employers(person)]
    return Document.objects.filter(
        Q(payer_person=person.pk or 0) | Q(payer_organisation__in=firms)
    ).select_related("operator", "payer_person", "payer_organisation")


def own_document_of(person: Any, pk: int) -> Document:
    """One of them."""
    return _one(own_documents(person), pk)


def may_pay(person: Any, _document: Document) -> bool:
    """Loaded among her own."""
    return bool(person.is_authenticated)


def own_payment_of(person: Any, reference: str) -> OnlinePayment:
    """A payment begun on one of her documents."""
    rows = OnlinePayment.objects.select_related("document", "operator")
    found = rows.filter(reference=reference, document__in=own_documents(person)).first()
    if found is None:
        raise Http404(reference)
    return found


def creditor_of(person: Any, pk: int) -> Organisation:
    """An operator that invoiced her and that debits."""
    invoiced = Document.objects.filter(payer_person=person.pk or 0).values("operator")
    found = Organisation.objects.filter(pk=pk, pk__in=invoiced, billing_profile__isnull=False)
    return _one(found, pk)


def is_public(operator: Organisation) -> bool:
    """Whether an accountant of the State keeps its accounts."""
    return BillingProfile.objects.filter(operator=operator, channel=Channel.PUBLIC).exists()


def _kept(person: Any) -> list[Organisation]:
    return bodies(person, ACT)


def _one[Row: Model](rows: QuerySet[Row], pk: int) -> Row:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found
