"""A document as its parties read it: what the XML and the PDF both say."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from maillage.core.invoicing import Totals


class Kind(StrEnum):
    """Which document it is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Means(StrEnum):
    """How it is to be paid, or was."""

    TRANSFER = "transfer"
    DEBIT = "debit"
    CARD = "card"
    CHEQUE = "cheque"
    CASH = "cash"


@dataclass(frozen=True)
class Party:
    """Who sells or who pays, as that day.

    electronic_address  of a business: its SIREN, or SIREN_SIRET…; "" means its SIREN
    is_business         may not be invoiced without SIREN
    legal_mention       legal form, capital, register: printed at the foot
    """

    name: str
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    electronic_address: str = ""
    email: str = ""
    is_business: bool = False
    legal_mention: str = ""


@dataclass(frozen=True)
class Reference:
    """Another document: the invoice that a credit note corrects."""

    number: str
    issued_on: date


@dataclass(frozen=True)
class Mandate:
    """A SEPA direct debit mandate: its own reference, and who collects (ICS)."""

    reference: str
    creditor_id: str
    debited_iban: str = ""


@dataclass(frozen=True)
class Terms:
    """What the law makes an invoice say of its payment, in French."""

    penalties: str = "Pénalités de retard : trois fois le taux d’intérêt légal."
    recovery: str = (
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard, entre professionnels : "
        "40 €."
    )
    discount: str = "Pas d’escompte pour paiement anticipé."


@dataclass(frozen=True)
class Document:
    """An invoice or a credit note, complete.

    totals            amounts above 0, of a credit note too
    paid_cents        paid before it is issued
    corrects, reason  of a credit note: the invoice, and why
    exemption         why lines bear no tax, in words; needed by a line exempt without a code
    vat_on_debits     tax is due when invoiced, not when paid
    buyer_reference   service of a public buyer; `order_reference` its engagement
    notes             other sentences to print
    is_self_billed    written by the buyer in the name of the seller, under a mandate
    people            (name, cents with tax): what an employer pays for each, and no more
    """

    kind: Kind
    number: str
    issued_on: date
    due_on: date
    seller: Party
    buyer: Party
    totals: Totals
    paid_cents: int = 0
    corrects: Reference | None = None
    reason: str = ""
    means: Means = Means.TRANSFER
    iban: str = ""
    bic: str = ""
    mandate: Mandate | None = None
    terms: Terms = Terms()
    exemption: str = ""
    period: tuple[date, date] | None = None
    buyer_reference: str = ""
    order_reference: str = ""
    vat_on_debits: bool = False
    notes: tuple[str, ...] = ()
    people: tuple[tuple[str, int], ...] = ()
    is_self_billed: bool = False

    @property
    def due_cents(self) -> int:
        """What is left to pay, or to give back."""
        return self.totals.gross_cents - self.paid_cents
