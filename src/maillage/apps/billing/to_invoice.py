"""What is not invoiced yet, payer by payer: read in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from maillage.apps.billing.models import Document, DocumentTax
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge, Payment, PaymentOutcome
from maillage.apps.people.models import Organisation
from maillage.core.periods import PARIS


@dataclass(frozen=True)
class Correction:
    """An invoice already issued, and the reversals that touch it, with what it bore and gave back.

    invoiced, credited  its bases and taxes by rate; those of its credit notes, `notes` of them
    """

    document: Document
    reversals: tuple[Charge, ...]
    invoiced: tuple[DocumentTax, ...]
    credited: tuple[DocumentTax, ...]
    notes: int


@dataclass(frozen=True)
class Waiting:
    """What one payer is to be invoiced, and given back.

    charges     of one new invoice, reversals of some of them included
    paid_cents  paid when they were sold
    """

    payer: Payer
    charges: tuple[Charge, ...] = ()
    corrections: tuple[Correction, ...] = ()
    paid_cents: int = 0


@dataclass
class _Sorted:
    charges: list[Charge] = field(default_factory=list)
    by_document: dict[int, list[Charge]] = field(default_factory=dict)


def waiting(
    operator: Organisation, *, until: date, payers: Iterable[Payer] | None = None
) -> list[Waiting]:
    """What an operator has sold, for services that begin before a day, and not invoiced.

    until   the first day left out, in Paris
    payers  only these; None: all of them
    """
    rows = _uninvoiced(operator, until)
    if payers is not None:
        rows = rows.filter(_any_of(payers))
    sorted_: dict[Payer, _Sorted] = {}
    for charge in rows:
        mine = sorted_.setdefault(payer_of(charge), _Sorted())
        document_id = _invoiced_by(charge)
        if document_id is None:
            mine.charges.append(charge)
        else:
            mine.by_document.setdefault(document_id, []).append(charge)
    documents = with_notes({pk for mine in sorted_.values() for pk in mine.by_document})
    paid = _paid(operator, [c for mine in sorted_.values() for c in mine.charges])
    return [
        Waiting(
            payer,
            tuple(mine.charges),
            tuple(
                correction(documents[pk], reversals)
                for pk, reversals in sorted(mine.by_document.items())
            ),
            sum(paid.get((c.origin_kind, c.origin_key), 0) for c in mine.charges if c.line == 1),
        )
        for payer, mine in sorted_.items()
    ]


def payer_of(row: Charge | Document) -> Payer:
    """Who pays it."""
    return Payer(row.payer_person_id, row.payer_organisation_id)


def still_uninvoiced(charges: Sequence[Charge]) -> bool:
    """Whether none of them was invoiced since they were read."""
    return not Charge.objects.filter(
        pk__in=[c.pk for c in charges], invoiced__isnull=False
    ).exists()


def _uninvoiced(operator: Organisation, until: date) -> QuerySet[Charge]:
    end = datetime.combine(until, time(), PARIS)
    return (
        Charge.objects.filter(operator=operator, invoiced=None, service__startswith__lt=end)
        .select_related("user", "reverses__invoiced__line")
        .order_by("payer_organisation", "payer_person", "service", "pk")
    )


def _any_of(payers: Iterable[Payer]) -> Q:
    known = list(payers)
    return Q(payer_person__in=[p.person_id for p in known if p.person_id]) | Q(
        payer_organisation__in=[p.organisation_id for p in known if p.organisation_id]
    )


def _invoiced_by(charge: Charge) -> int | None:
    """The document of the charge that this one reverses, None when it is to be invoiced itself."""
    invoiced = getattr(charge.reverses, "invoiced", None) if charge.reverses else None
    return invoiced.line.document_id if invoiced else None


def correction(document: Document, reversals: Sequence[Charge]) -> Correction:
    """What reversals do to an invoice whose taxes and credit notes are read already."""
    notes = document.credit_notes.all()
    return Correction(
        document,
        tuple(reversals),
        tuple(document.taxes.all()),
        tuple(tax for note in notes for tax in note.taxes.all()),
        len(notes),
    )


def with_notes(keys: Iterable[int]) -> dict[int, Document]:
    """Invoices with their taxes and those of their credit notes."""
    rows = Document.objects.filter(pk__in=list(keys))
    return {row.pk: row for row in rows.prefetch_related("taxes", "credit_notes__taxes")}


def _paid(operator: Organisation, charges: Sequence[Charge]) -> dict[tuple[str, str], int]:
    """What was paid for each origin when it was sold."""
    first = {(c.origin_kind, c.origin_key) for c in charges if c.line == 1}
    rows = Payment.objects.filter(
        operator=operator,
        outcome=PaymentOutcome.SETTLED,
        origin_kind__in={kind for kind, _key in first},
        origin_key__in={key for _kind, key in first},
    ).values_list("origin_kind", "origin_key", "amount_cents")
    found: dict[tuple[str, str], int] = {}
    for kind, key, cents in rows:
        if (kind, key) in first:
            found[kind, key] = found.get((kind, key), 0) + cents
    return found
