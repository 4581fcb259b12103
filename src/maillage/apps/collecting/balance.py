"""What is still owed on documents, what is kept for who pays: in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from maillage.apps.billing.models import Document, DocumentKind
from maillage.apps.collecting.models import Allocation
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Credit
from maillage.apps.people.models import Organisation


@dataclass(frozen=True)
class Owed:
    """An invoice with what is owed on it, in cents; below 0: owed to who paid."""

    document: Document
    cents: int


def owed_cents(documents: Iterable[Document]) -> dict[int, int]:
    """What is owed on each: its total less what was paid, allocated and credited; one query.

    A credit note owes nothing of its own: it lowers what its invoice owes, below 0 when that
    one was paid.
    """
    keys = [one.pk for one in documents]
    rows = with_owed(Document.objects.filter(pk__in=keys))
    return dict(rows.values_list("pk", "owed"))


def with_owed(rows: QuerySet[Document]) -> QuerySet[Any]:
    """Documents annotated with `owed`, in cents."""
    notes = (
        Document.objects.filter(corrects=OuterRef("pk"))
        .order_by()
        .values("corrects")
        .annotate(total=Sum("gross_cents"))
        .values("total")
    )
    paid = (
        Allocation.objects.filter(document=OuterRef("pk"))
        .order_by()
        .values("document")
        .annotate(total=Sum("amount_cents"))
        .values("total")
    )
    still = (
        F("gross_cents")
        - F("paid_cents")
        - Coalesce(Subquery(notes, output_field=BigIntegerField()), 0)
        - Coalesce(Subquery(paid, output_field=BigIntegerField()), 0)
    )
    return rows.annotate(
        owed=Case(
            When(kind=DocumentKind.INVOICE, then=still),
            # counted on the invoice that it corrects
            default=Value(0),
            output_field=BigIntegerField(),
        )
    )


def open_documents(operator: Organisation, payer: Payer | None = None) -> list[Owed]:
    """Invoices on which something is owed, the oldest due first; one query."""
    rows = with_owed(Document.objects.filter(operator=operator, kind=DocumentKind.INVOICE))
    if payer is not None:
        rows = rows.filter(of_payer(payer))
    rows = rows.filter(owed__gt=0).select_related("payer_person", "payer_organisation", "operator")
    return [Owed(one, one.owed) for one in rows.order_by("due_on", "n")]


def of_payer(payer: Payer) -> Q:
    """Rows of one payer."""
    return Q(payer_person=payer.person_id, payer_organisation=payer.organisation_id)


def payer_of(row: object) -> Payer:
    """Who pays a document, a receipt or a mandate."""
    return Payer(row.payer_person_id, row.payer_organisation_id)  # type: ignore[attr-defined]


def credit_cents(operator: Organisation, payer: Payer) -> int:
    """What an operator keeps for a payer: avoirs not yet used."""
    rows = Credit.objects.filter(of_payer(payer), operator=operator)
    return int(rows.aggregate(total=Sum("amount_cents"))["total"] or 0)


def credits_cents(operator: Organisation) -> dict[Payer, int]:
    """The same for all its payers; one query."""
    rows = (
        Credit.objects.filter(operator=operator)
        .order_by()
        .values_list("payer_person", "payer_organisation")
        .annotate(total=Sum("amount_cents"))
    )
    return {Payer(person, body): int(total) for person, body, total in rows if total}
