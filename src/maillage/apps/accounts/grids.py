"""The journals of sales and of receipts, the list of revenue orders: as tables."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.apps.billing.models import Document, DocumentKind, DocumentTax
from maillage.apps.collecting.models import Receipt
from maillage.apps.people.models import Organisation
from maillage.report import accounts_csv, french, moments
from maillage.report.shown import Cell, Column, Grid, money

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


def received(rows: Iterable[Receipt]) -> Grid:
    """The journal of receipts: one line a sum, below 0 when it went back."""
    columns = (
        Column("received_on", _("Date")),
        Column("number", _("Numéro")),
        Column("payer", _("Payeur")),
        Column("means", _("Moyen")),
        Column("reference", _("Référence")),
        Column("deposit_slip", _("Bordereau de remise")),
        Column("amount_eur", _("Montant (€)"), is_numeric=True),
        Column("reason", _("Motif")),
    )
    lines = tuple(
        (
            text(one.received_on.isoformat()),
            text(one.n),
            text(_payer(one)),
            text(one.means.label),
            text(one.reference),
            text(one.deposit_slip),
            money(one.amount_cents),
            text(one.reason),
        )
        for one in rows
    )
    return Grid(_("Journal des encaissements"), columns, lines)


def _payer(one: Receipt) -> str:
    who = one.payer_person or one.payer_organisation
    return who.name if who else ""


def receipts(body: Organisation, first: date, last: date) -> QuerySet[Receipt]:
    """What a body received from one day to another, both included, in order."""
    return (
        Receipt.objects.filter(operator=body, received_on__gte=first, received_on__lte=last)
        .select_related("means", "payer_person", "payer_organisation")
        .order_by("received_on", "n")
    )


def orders(documents: Iterable[Document]) -> Grid:
    """What a public body asks its accountant to collect: a draft of a « titre » an invoice."""
    return accounts_csv.revenue_orders([_order(one) for one in documents])


def _order(one: Document) -> accounts_csv.RevenueOrder:
    buyer = one.buyer
    debtor = accounts_csv.Address(
        buyer.get("name", ""),
        siren=buyer.get("siren", ""),
        siret=buyer.get("siret", ""),
        street=buyer.get("address", ""),
        postcode=buyer.get("postcode", ""),
        city=buyer.get("city", ""),
        country=buyer.get("country", "FR"),
    )
    word = WORDS[DocumentKind(one.kind)].capitalize()
    subject = f"{word} {one.number}, {moments.month(one.month)}"
    net, tax = sign(one) * one.net_cents, sign(one) * one.tax_cents
    return accounts_csv.RevenueOrder(
        one.number, one.issued_on, one.due_on, debtor, subject, net, tax
    )


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
        money(base),
        money(due),
        money(base + due),
        text(one.due_on.isoformat()),
        text(one.corrects.number if one.corrects else ""),
        text(one.reason),
    )
