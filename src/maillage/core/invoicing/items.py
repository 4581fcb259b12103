"""What is to be invoiced, and what an invoice says of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class VatStatus(StrEnum):
    """What a body owes of VAT on what it sells."""

    LIABLE = "liable"
    FRANCHISE = "franchise"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Item:
    """What is to be invoiced: one charge of the ledger, or several summed.

    amount_cents  with or without tax, see `includes_tax`; below 0 when it gives back
    begins, ends  days of service, the last included
    detail        for whom or where, when the payer may read it
    """

    label: str
    quantity: Decimal
    unit: str
    amount_cents: int
    includes_tax: bool
    vat_rate_bp: int
    begins: date
    ends: date
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """An item on a document.

    quantity    below 0 when it gives back
    unit_price  euros before tax, at most 6 decimals, never below 0
    net_cents   before tax, with the sign of the quantity
    category    of VAT: S liable, E exempt, O out of scope, Z rate of zero
    """

    label: str
    detail: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net_cents: int
    category: str
    vat_rate_bp: int
    begins: date
    ends: date


@dataclass(frozen=True)
class TaxGroup:
    """The base and the tax of one rate; `exemption` is a VATEX code, "" when none applies."""

    category: str
    vat_rate_bp: int
    base_cents: int
    tax_cents: int
    exemption: str

    @property
    def gross_cents(self) -> int:
        """Base and tax."""
        return self.base_cents + self.tax_cents


@dataclass(frozen=True)
class Totals:
    """The lines of a document in the order of its items, and its sums; groups by falling rate."""

    lines: tuple[Line, ...]
    groups: tuple[TaxGroup, ...]
    net_cents: int
    tax_cents: int
    gross_cents: int
