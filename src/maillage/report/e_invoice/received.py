"""An invoice received from a supplier: Factur-X, CII or UBL, as values."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from maillage.core import money
from maillage.core.bad_input import BadInput
from maillage.report.e_invoice.document import Kind, Party
from maillage.report.e_invoice.opening import tree_of
from maillage.report.e_invoice.shapes import BY_ROOT, PartyShape, Shape

# UNTDID 1001: the codes that give back
CREDITS = frozenset({"381", "396", "261", "262", "502", "503"})
MOST_LETTERS = 255
MOST_IN_IDENTIFIER = 14
# digits enough for any invoice, and no exponent
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,20})?")


@dataclass(frozen=True)
class ReceivedTax:
    """One rate of a received invoice; None when it says none."""

    category: str
    vat_rate_bp: int | None
    base_cents: int
    tax_cents: int


@dataclass(frozen=True)
class ReceivedLine:
    """A line of a received invoice; None for what it does not say."""

    label: str
    quantity: Decimal | None
    net_cents: int
    vat_rate_bp: int | None


@dataclass(frozen=True)
class Received:
    """What a received invoice says; nothing in it is trusted but its shape.

    format    "CII" (also inside a Factur-X PDF) or "UBL"
    means     code of UNTDID 4461, "" when it says none
    corrects  number of the invoice that a credit note corrects
    """

    format: str
    kind: Kind
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    seller: Party
    buyer: Party
    net_cents: int
    tax_cents: int
    gross_cents: int
    due_cents: int
    means: str
    iban: str
    corrects: str
    taxes: tuple[ReceivedTax, ...]
    lines: tuple[ReceivedLine, ...]


def read(content: bytes) -> Received:
    """The invoice in a PDF or XML file; BadInput `received_…` says what to ask the supplier."""
    root = tree_of(content)
    shape = BY_ROOT.get(str(root.tag))
    if shape is None:
        raise BadInput("received_unknown_format", root=etree.QName(root).localname[:40])
    at = _Reader(root, shape)
    currency = at.needed(shape.currency, "currency")
    net = at.cents(at.needed(shape.net, "net"))
    gross = at.cents(at.needed(shape.gross, "gross"))
    due = at.text(shape.due)
    is_credit = (
        shape.type_code.endswith("CreditNoteTypeCode") or at.text(shape.type_code) in CREDITS
    )
    return Received(
        format=shape.name,
        kind=Kind.CREDIT_NOTE if is_credit else Kind.INVOICE,
        number=at.needed(shape.number, "number"),
        issued_on=at.day(at.needed(shape.issued_on, "issued_on")),
        due_on=at.day(at.text(shape.due_on)) if at.text(shape.due_on) else None,
        currency=currency,
        seller=at.party(shape.seller, "seller"),
        buyer=at.party(shape.buyer, "buyer"),
        net_cents=net,
        tax_cents=_tax_of(at, currency),
        gross_cents=gross,
        due_cents=at.cents(due) if due else gross,
        means=at.text(shape.means),
        iban=at.text(shape.iban).replace(" ", ""),
        corrects=at.text(shape.corrects),
        taxes=tuple(_tax(_Reader(node, shape)) for node in at.every(shape.taxes)),
        lines=tuple(_line(_Reader(node, shape)) for node in at.every(shape.lines)),
    )


class _Reader:
    """Texts under an element, by the paths of a shape."""

    def __init__(self, node: etree._Element, shape: Shape) -> None:
        self._node = node
        self.shape = shape
        self._spaces = dict(shape.spaces)

    def text(self, *paths: str) -> str:
        """The first text found, on one line and cut to what we keep; "" for none."""
        for path in paths:
            said = " ".join((self._node.findtext(path, "", self._spaces) or "").split())
            if said:
                return said[:MOST_LETTERS]
        return ""

    def every(self, path: str) -> list[etree._Element]:
        """The elements at a path."""
        return list(self._node.iterfind(path, self._spaces))

    def needed(self, path: str, what: str) -> str:
        """A text that an invoice has, or BadInput `received_lacks`."""
        said = self.text(path)
        if not said:
            raise BadInput("received_lacks", what=what)
        return said

    def cents(self, text: str) -> int:
        """An amount, to whole cents; BadInput `received_unreadable`."""
        return money.cents_of(_decimal(text, "amount"))

    def day(self, text: str) -> date:
        """A date as the format writes it."""
        try:
            return datetime.strptime(text, self.shape.date_format).date()  # noqa: DTZ007 (a day)
        except ValueError as error:
            raise BadInput("received_unreadable", what="date", text=text[:40]) from error

    def party(self, path: str, whose: str) -> Party:
        """A party with its name, at least."""
        found = self._node.find(path, self._spaces)
        at = _Reader(found, self.shape) if found is not None else None
        paths: PartyShape = self.shape.party
        if at is None or not at.text(*paths.name):
            raise BadInput("received_lacks", what=whose)
        return Party(
            name=at.text(*paths.name),
            address=at.text(*paths.address),
            postcode=at.text(*paths.postcode),
            city=at.text(*paths.city),
            country=at.text(*paths.country),
            siren=at.text(*paths.siren)[:MOST_IN_IDENTIFIER],
            siret=at.text(*paths.siret)[:MOST_IN_IDENTIFIER],
            vat_number=at.text(*paths.vat_number),
            electronic_address=at.text(*paths.electronic_address),
            email=at.text(*paths.email),
        )


def _decimal(text: str, what: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadInput("received_unreadable", what=what, text=text[:40])
    return Decimal(text)


def _tax_of(at: _Reader, currency: str) -> int:
    """The total of the tax in the currency of the invoice: it may be said in another one too."""
    said = at.every(at.shape.tax)
    same = [node for node in said if node.get("currencyID", currency) == currency] or said
    return at.cents("".join(same[0].itertext()).strip()) if same else 0


def _tax(at: _Reader) -> ReceivedTax:
    shape = at.shape
    return ReceivedTax(
        category=at.text(shape.tax_category),
        vat_rate_bp=_rate(at.text(shape.tax_rate)),
        base_cents=at.cents(at.text(shape.tax_base) or "0"),
        tax_cents=at.cents(at.text(shape.tax_amount) or "0"),
    )


def _line(at: _Reader) -> ReceivedLine:
    shape = at.shape
    quantity = at.text(shape.line_quantity)
    return ReceivedLine(
        label=at.text(shape.line_label),
        quantity=_decimal(quantity, "number") if quantity else None,
        net_cents=at.cents(at.text(shape.line_net) or "0"),
        vat_rate_bp=_rate(at.text(shape.line_rate)),
    )


def _rate(text: str) -> int | None:
    """Hundredths of a percent."""
    return money.cents_of(_decimal(text, "number")) if text else None
