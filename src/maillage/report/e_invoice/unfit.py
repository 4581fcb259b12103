"""What no document may carry: refused before anything is written, with the words for it."""

import unicodedata

from maillage.core.bad_input import BadInput
from maillage.core.invoicing import is_number
from maillage.report.e_invoice.document import Document, Kind, Means

MOST_LETTERS = 255
MOST_IN_NOTE = 1_024
# that turn the direction of writing: a name may not read otherwise than it is stored
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# control, surrogate, not assigned: XML refuses some, no reader shows any
_UNSEEN = frozenset({"Cc", "Cs", "Cn", "Co"})


def fit(text: str, most: int = MOST_LETTERS) -> str:
    """The text without spaces around; BadInput `invoice_text_unfit` or `invoice_text_too_long`."""
    said = text.strip(" \u00a0")
    for n, letter in enumerate(said):
        if letter in _TURNS or unicodedata.category(letter) in _UNSEEN:
            raise BadInput("invoice_text_unfit", text=said[:n][-40:], at=n + 1)
    if len(said) > most:
        raise BadInput("invoice_text_too_long", text=said[:40], most=most, letters=len(said))
    return said


def refuse_incomplete(document: Document) -> None:
    """Stop at a document that no platform takes, naming the first thing that lacks."""
    _refuse_parties(document)
    if not is_number(document.number):
        raise BadInput("invoice_number_unfit", number=document.number, most=35)
    if document.due_on < document.issued_on:
        raise BadInput("invoice_due_before_issued", issued=document.issued_on, due=document.due_on)
    if not 0 <= document.paid_cents <= max(document.totals.gross_cents, 0):
        raise BadInput("invoice_paid_above_total")
    if (document.kind is Kind.CREDIT_NOTE) != (document.corrects is not None):
        raise BadInput("invoice_credit_without_invoice")
    if document.means is Means.DEBIT and not (document.mandate and document.mandate.creditor_id):
        raise BadInput("invoice_debit_without_mandate")
    unsaid = any(g.category == "E" and not g.exemption for g in document.totals.groups)
    if unsaid and not document.exemption:
        raise BadInput("invoice_exemption_unsaid")


def _refuse_parties(document: Document) -> None:
    seller, buyer = document.seller, document.buyer
    for party, whose in ((seller, "seller"), (buyer, "buyer")):
        if not party.name.strip():
            raise BadInput("invoice_without_name", whose=whose)
    if not _is_siren(seller.siren):
        raise BadInput("invoice_without_siren", whose="seller", name=seller.name)
    if any(g.category == "S" for g in document.totals.groups) and not seller.vat_number:
        raise BadInput("invoice_without_vat_number", name=seller.name)
    if buyer.is_business and buyer.country == "FR" and not _is_siren(buyer.siren):
        raise BadInput("invoice_without_siren", whose="buyer", name=buyer.name)
    if not (buyer.electronic_address or buyer.siren or buyer.email):
        raise BadInput("invoice_buyer_without_address", name=buyer.name)


def _is_siren(text: str) -> bool:
    return len(text) == len("123456789") and text.isascii() and text.isdigit()
