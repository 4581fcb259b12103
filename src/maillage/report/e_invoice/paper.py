"""The words of a printed invoice: those of its XML, in French, ready for the template."""

from datetime import date
from decimal import Decimal

from maillage.core.invoicing import Line
from maillage.report import french, prices
from maillage.report.e_invoice.cii import plain, reason_of
from maillage.report.e_invoice.document import Document, Kind, Means, Party

HEADINGS = {Kind.INVOICE: "Facture", Kind.CREDIT_NOTE: "Avoir"}
UNITS = {
    **prices.UNITS,
    "quarter": ("trimestre", "trimestres"),
    "year": ("an", "ans"),
    "page": ("page", "pages"),
}
BY = {
    Means.TRANSFER: "par virement",
    Means.DEBIT: "par prélèvement",
    Means.CARD: "par carte",
    Means.CHEQUE: "par chèque",
    Means.CASH: "en espèces",
}
WITHOUT_TAX = {"E": "Sans TVA", "O": "Hors champ", "Z": "0 %"}


def words(document: Document) -> dict[str, object]:
    """What `invoice.typ` prints, nothing left to compute."""
    heading = HEADINGS[document.kind]
    seller, buyer = document.seller, document.buyer
    return {
        "title": f"{heading} {document.number} · {seller.name}",
        "description": (
            f"{heading} de {seller.name} à {buyer.name}, {french.cents(document.due_cents)}"
        ),
        "heading": heading,
        "number": document.number,
        "stamp": "Facture acquittée" if is_paid(document) else "",
        "seller": {"name": seller.name, "lines": _lines_of(seller)},
        "buyer": {"label": "Client", "name": buyer.name, "lines": _lines_of(buyer)},
        "facts": _facts(document),
        "columns": ["Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT"],
        "lines": [_line(line, document) for line in document.totals.lines],
        "taxes": _taxes(document),
        "sums": _sums(document),
        "due": _due(document),
        "people": [[name, french.cents(cents)] for name, cents in document.people],
        "payment": {"title": _payment_title(document), "said": _payment(document)},
        "mentions": _mentions(document),
        "footer": " · ".join(filter(None, [seller.name, seller.legal_mention])),
    }


def is_paid(document: Document) -> bool:
    """Whether nothing is left of something that was to be paid."""
    is_invoice = document.kind is Kind.INVOICE
    return is_invoice and document.paid_cents > 0 and document.due_cents == 0


def decimal(number: Decimal, least: int = 0) -> str:
    """A number as written in French, with all its decimals and at least so many."""
    whole, _, rest = plain(abs(number)).partition(".")
    sign = french.MINUS if number < 0 else ""
    decimals = rest.ljust(least, "0")
    return f"{sign}{french.number(int(whole))}{',' if decimals else ''}{decimals}"


def _lines_of(party: Party) -> list[str]:
    lines = [party.address, f"{party.postcode} {party.city}".strip()]
    if party.country != "FR":
        lines.append(party.country)
    if party.siret or party.siren:
        lines.append(f"SIRET {_siret(party.siret)}" if party.siret else f"SIREN {_siren(party)}")
    if party.vat_number:
        lines.append(f"TVA {party.vat_number}")
    lines.append(party.email)
    return [line for line in lines if line]


def _siren(party: Party) -> str:
    return french.NBSP.join((party.siren[:3], party.siren[3:6], party.siren[6:]))


def _siret(siret: str) -> str:
    return french.NBSP.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _facts(document: Document) -> list[list[str]]:
    facts = [["Date d’émission", french.day(document.issued_on)]]
    if document.kind is Kind.INVOICE and document.due_cents:
        facts.append(["À payer au plus tard", french.day(document.due_on)])
    if document.period:
        facts.append(["Période", between(*document.period)])
    if document.corrects:
        of = document.corrects
        facts.append(["Facture corrigée", f"{of.number} du {french.day(of.issued_on)}"])
    if document.reason:
        facts.append(["Motif", document.reason])
    if document.buyer_reference:
        facts.append(["Service destinataire", document.buyer_reference])
    if document.order_reference:
        facts.append(["Engagement", document.order_reference])
    facts.append(["Nature", "Prestation de services"])
    return facts


def between(first: date, last: date) -> str:
    """« le 3 mars 2027 », « du 1er mars 2027 au 31 mars 2027 »."""
    if first == last:
        return f"le {french.day(first)}"
    return f"du {french.day(first)} au {french.day(last)}"


def _line(line: Line, document: Document) -> dict[str, str]:
    when = (line.begins, line.ends)
    said = [line.detail, between(*when) if when != document.period else ""]
    return {
        "label": line.label,
        "said": " · ".join(filter(None, said)),
        "quantity": f"{decimal(line.quantity)}{french.NBSP}{_unit(line)}".strip(french.NBSP),
        "price": f"{decimal(line.unit_price, 2)}{french.NBSP}€",
        "rate": _rate(line.category, line.vat_rate_bp),
        "net": french.cents(line.net_cents),
    }


def _unit(line: Line) -> str:
    one, many = UNITS.get(line.unit, (line.unit, line.unit))
    # French counts as one whatever is below two
    return many if abs(line.quantity) >= 2 else one


def _rate(category: str, rate_bp: int) -> str:
    if category in WITHOUT_TAX:
        return WITHOUT_TAX[category]
    return f"{decimal(Decimal(rate_bp) / 100)}{french.NBSP}%"


def _taxes(document: Document) -> dict[str, object]:
    groups = document.totals.groups
    return {
        "header": ["Taux de TVA", "Base HT", "TVA"],
        "rows": [
            [
                _rate(g.category, g.vat_rate_bp),
                french.cents(g.base_cents),
                french.cents(g.tax_cents),
            ]
            for g in groups
        ],
        "said": list(dict.fromkeys(filter(None, (reason_of(g, document) for g in groups)))),
    }


def _sums(document: Document) -> list[list[str]]:
    totals = document.totals
    rows = [
        ["Total HT", french.cents(totals.net_cents)],
        ["TVA", french.cents(totals.tax_cents)],
        ["Total TTC", french.cents(totals.gross_cents)],
    ]
    if document.paid_cents:
        rows.append([f"Déjà payé{_paid_by(document)}", french.cents(-document.paid_cents)])
    return rows


def _paid_by(document: Document) -> str:
    """How it was paid, when the means is not only that of what is left to pay."""
    is_known = document.means not in (Means.TRANSFER, Means.DEBIT)
    return f" {BY[document.means]}" if is_known else ""


def _due(document: Document) -> list[str]:
    said = "À payer" if document.kind is Kind.INVOICE else "À vous rendre"
    return [said, french.cents(document.due_cents)]


def _payment_title(document: Document) -> str:
    if document.kind is Kind.CREDIT_NOTE:
        return "Remboursement"
    return "Règlement"


def _payment(document: Document) -> list[str]:
    if document.kind is Kind.CREDIT_NOTE:
        return ["Ce montant est déduit de ce que vous devez, ou remboursé si la facture est payée."]
    if is_paid(document):
        paid = french.cents(document.paid_cents)
        return [f"{paid} payés{_paid_by(document)}. Il ne reste rien à payer."]
    if document.due_cents == 0:
        return ["Il n’y a rien à payer."]
    due = french.day(document.due_on)
    if document.means is Means.DEBIT and document.mandate:
        mandate = document.mandate
        account = f" sur le compte finissant par {mandate.debited_iban[-4:]}"
        return [
            f"Prélèvement SEPA{account if mandate.debited_iban else ''}, échéance du {due} ; le "
            "jour du prélèvement vous est annoncé avant. "
            f"Mandat {mandate.reference}, identifiant créancier {mandate.creditor_id}.",
        ]
    said = [f"À régler {BY[document.means]} au plus tard le {due}."]
    if document.means is Means.CHEQUE:
        said = [f"Chèque à l’ordre de {document.seller.name}, au plus tard le {due}."]
    if document.iban:
        bank = f" · BIC {document.bic}" if document.bic else ""
        said.append(
            f"IBAN {_grouped(document.iban)}{bank} · référence à indiquer : {document.number}"
        )
    return said


def _grouped(iban: str) -> str:
    return french.NBSP.join(iban[n : n + 4] for n in range(0, len(iban), 4))


def _mentions(document: Document) -> list[str]:
    terms = document.terms
    said = [*document.notes]
    if document.kind is Kind.CREDIT_NOTE:
        return said
    if document.vat_on_debits:
        said.append("Option pour le paiement de la taxe d’après les débits.")
    return [*said, terms.penalties, terms.recovery, terms.discount]
