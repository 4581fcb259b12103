"""The journal of sales as a table: one line a document and rate, credit notes below 0."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.apps.billing.models import Document, DocumentKind, DocumentTax
from maillage.apps.people.models import Organisation
from maillage.report import french
from maillage.report.shown import Cell, Column, Grid

CENTS = 100
PERCENT = 100
WORDS = {DocumentKind.INVOICE: "facture", DocumentKind.CREDIT_NOTE: "avoir"}


def issued(body: Organisation, first: date, last: date) -> QuerySet[Document]:
    """The documents of a body dated from one day to another, both included, in order."""
    return (
        Document.objects.filter(operator=body, issued_on__gte=first, issued_on__lte=last)
        .select_related("corrects")
        .prefetch_related("taxes")
        .order_by("issued_on", "kind", "n")
    )


def sales(documents: Iterable[Document]) -> Grid:
    """The journal of sales."""
    rows = tuple(_row(one, tax) for one in documents for tax in _taxes(one))
    columns = (
        Column("issued_on", _("Date")),
        Column("number", _("Numéro")),
        Column("kind", _("Type")),
        Column("payer", _("Payeur")),
        Column("siren", _("SIREN")),
        Column("rate_percent", _("Taux de TVA (%)"), is_numeric=True),
        Column("net_eur", _("Hors taxes (€)"), is_numeric=True),
        Column("tax_eur", _("TVA (€)"), is_numeric=True),
        Column("gross_eur", _("TTC (€)"), is_numeric=True),
        Column("due_on", _("Échéance")),
        Column("corrects", _("Facture corrigée")),
        Column("reason", _("Motif de l’avoir")),
    )
    return Grid(_("Journal des ventes"), columns, rows)


def euros(cents: int) -> Cell:
    """An amount, as a number of euros."""
    return Cell(french.euros(cents / CENTS), cents / CENTS)


def text(value: object) -> Cell:
    """Anything else."""
    return Cell(str(value), str(value))


def sign(document: Document) -> int:
    """-1 of a credit note, whose amounts are kept above 0."""
    return -1 if document.kind == DocumentKind.CREDIT_NOTE else 1


def _taxes(document: Document) -> list[DocumentTax]:
    return sorted(document.taxes.all(), key=lambda tax: (tax.vat_rate_bp, tax.category))


def _row(one: Document, tax: DocumentTax) -> tuple[Cell, ...]:
    base, due = sign(one) * tax.base_cents, sign(one) * tax.tax_cents
    rate = tax.vat_rate_bp / PERCENT
    return (
        text(one.issued_on.isoformat()),
        text(one.number),
        text(WORDS[DocumentKind(one.kind)]),
        text(one.buyer.get("name", "")),
        text(one.buyer.get("siren", "")),
        Cell(french.number(rate, 1), rate),
        euros(base),
        euros(due),
        euros(base + due),
        text(one.due_on.isoformat()),
        text(one.corrects.number if one.corrects else ""),
        text(one.reason),
    )
