"""Documents, months and runs as tables and sentences."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing.lines import units
from maillage.apps.billing.models import (
    Channel,
    Document,
    DocumentKind,
    DocumentLine,
    DocumentTax,
    ReceivedInvoice,
    RunItem,
)
from maillage.apps.billing.preview import Preview
from maillage.apps.tariffs.money_fields import shown as rate
from maillage.kit.components import Link
from maillage.kit.tables import Column, Number, Row, Table, money
from maillage.report import french, moments

MICRO = 1_000_000
GOES: dict[str, str] = {
    Channel.PUBLIC: "Titre de recettes",
    Channel.PRIVATE: "Facture",
    Channel.SHOP: "Relevé",
}


def finding(seen: Preview) -> str:
    """« Mars 2027 : 43 factures prêtes, 3 à vérifier, 4 812,60 € TTC »."""
    month = moments.month(seen.month).capitalize()
    blocked = sum(one.payer is not None for one in seen.anomalies)
    if not seen.ready and not seen.anomalies:
        return _("{month} : rien à facturer").format(month=month)
    said = [french.count(seen.count(DocumentKind.INVOICE), "facture prête", "factures prêtes")]
    notes = seen.count(DocumentKind.CREDIT_NOTE)
    if notes:
        said.append(french.count(notes, "avoir prêt", "avoirs prêts"))
    if blocked:
        said.append(_("{count} à vérifier").format(count=blocked))
    total = french.cents(seen.cents("gross"))
    return f"{month} : {', '.join(said)}, {total} TTC"


def ready_table(seen: Preview) -> Table:
    """Payer, lines, HT, TVA, TTC, channel of what is ready."""
    goes = GOES[seen.profile.channel] if seen.profile is not None else ""
    columns = (
        Column("payer", _("Payeur")),
        Column("lines", _("Lignes"), is_numeric=True),
        Column("net", _("HT"), is_numeric=True),
        Column("tax", _("TVA"), is_numeric=True),
        Column("gross", _("TTC"), is_numeric=True),
        Column("paid", _("Déjà payé"), is_numeric=True),
        Column("goes", _("Part comme")),
    )
    rows = [
        Row(
            {
                "payer": one.buyer.party.name,
                "lines": one.lines,
                "net": money(one.cents("net")),
                "tax": money(one.cents("tax")),
                "gross": money(one.cents("gross")),
                "paid": money(sum(draft.paid_cents for draft in one.drafts)),
                "goes": goes,
            },
            key=str(rank),
        )
        for rank, one in enumerate(seen.ready, 1)
    ]
    total = Row(
        {
            "payer": _("Total"),
            "net": money(seen.cents("net")),
            "tax": money(seen.cents("tax")),
            "gross": money(seen.cents("gross")),
        }
    )
    return Table("pretes", _("Documents prêts"), columns, rows, total=total if rows else None)


def documents_table(rows: Iterable[Document], *, with_operator: bool = False) -> Table:
    """Issued documents, each with its page."""
    columns = [
        Column("number", _("Numéro")),
        Column("kind", _("Document")),
        Column("operator" if with_operator else "payer", _("De") if with_operator else _("Payeur")),
        Column("on", _("Date")),
        Column("due", _("Échéance")),
        Column("gross", _("TTC"), is_numeric=True),
    ]
    lines = [
        Row(
            {
                "number": Link(one.number, reverse("document", args=(one.pk,))),
                "kind": DocumentKind(one.kind).label,
                "operator": one.seller.get("name", ""),
                "payer": one.buyer.get("name", ""),
                "on": french.day(one.issued_on),
                "due": french.day(one.due_on),
                "gross": money(signed(one)),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    return Table(
        "documents", _("Factures et avoirs"), columns, lines, empty=_("Aucun document émis.")
    )


def signed(document: Document) -> int:
    """What a document adds to what its payer owes."""
    is_invoice = document.kind == DocumentKind.INVOICE
    return document.gross_cents if is_invoice else -document.gross_cents


def lines_table(rows: Sequence[DocumentLine]) -> Table:
    """The lines as printed."""
    columns = (
        Column("label", _("Désignation")),
        Column("detail", _("Détail")),
        Column("quantity", _("Quantité")),
        Column("price", _("Prix unitaire HT"), is_numeric=True),
        Column("rate", _("TVA"), is_numeric=True),
        Column("net", _("Montant HT"), is_numeric=True),
    )
    lines = [
        Row(
            {
                "label": one.label,
                "detail": one.detail,
                "quantity": units(one.quantity, one.unit),
                "price": Number(one.unit_price_micro, french.euros(one.unit_price_micro / MICRO)),
                "rate": rate_of(one.vat_rate_bp),
                "net": money(one.net_cents),
            },
            key=str(one.rank),
        )
        for one in rows
    ]
    return Table("lignes", _("Lignes"), columns, lines)


def rate_of(rate_bp: int) -> str:
    """« 20 % »."""
    return f"{rate(rate_bp)}\u00a0%"


def taxes_table(rows: Sequence[DocumentTax], document: Document) -> Table:
    """Base and tax by rate, with the totals."""
    columns = (
        Column("rate", _("Taux")),
        Column("base", _("Base HT"), is_numeric=True),
        Column("tax", _("TVA"), is_numeric=True),
    )
    lines = [
        Row(
            {
                "rate": rate_of(one.vat_rate_bp),
                "base": money(one.base_cents),
                "tax": money(one.tax_cents),
            },
            key=f"{one.category}{one.vat_rate_bp}",
        )
        for one in rows
    ]
    total = Row(
        {"rate": _("Total"), "base": money(document.net_cents), "tax": money(document.tax_cents)}
    )
    return Table("taux", _("TVA par taux"), columns, lines, total=total)


def items_table(rows: Iterable[tuple[RunItem, str]]) -> Table:
    """The payers of a run that failed, each with why."""
    columns = (Column("payer", _("Payeur")), Column("why", _("Pourquoi")))
    lines = [Row({"payer": name, "why": item.why}, key=str(item.pk)) for item, name in rows]
    return Table("echecs", _("Factures non émises"), columns, lines)


def received_table(rows: Iterable[ReceivedInvoice]) -> Table:
    """Invoices received, each with its page."""
    columns = (
        Column("number", _("Numéro")),
        Column("supplier", _("Fournisseur")),
        Column("on", _("Date")),
        Column("due", _("Échéance")),
        Column("gross", _("TTC"), is_numeric=True),
    )
    lines = [
        Row(
            {
                "number": Link(one.number, reverse("received_invoice", args=(one.pk,))),
                "supplier": one.supplier,
                "on": french.day(one.issued_on),
                "due": french.day(one.due_on) if one.due_on else _("Non renseigné"),
                "gross": money(one.gross_cents),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    return Table("recues", _("Factures reçues"), columns, lines, empty=_("Aucune facture reçue."))


def months_around(month: date) -> tuple[date, date]:
    """The month before and the month after."""
    index = month.year * 12 + month.month - 1
    return tuple(date((index + n) // 12, (index + n) % 12 + 1, 1) for n in (-1, 1))  # type: ignore[return-value]
