"""Invoices owed, money received on them, mandates of invented accounts."""

import itertools
from datetime import UTC, date, datetime, timedelta

from factories import billing, network_sites
from maillage.apps.billing.models import Document, DocumentKind
from maillage.apps.collecting import receive as received
from maillage.apps.collecting import sign_mandate
from maillage.apps.collecting.balance import payer_of
from maillage.apps.collecting.models import Mandate, Receipt
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation

ISSUED_ON = date(2027, 4, 1)
ON = date(2027, 4, 20)
AT = datetime(2027, 4, 20, 9, tzinfo=UTC)
# of the examples of the banks' own documents: accounts of nobody
IBAN = "FR1420041010050500013M02606"
_ranks = itertools.count(1)


def owed(
    payer: Payer | None = None,
    cents: int = 1_200,
    operator: Organisation | None = None,
    **columns,
) -> Document:
    """An invoice as the database holds it, without its files: collecting reads its amounts."""
    body = operator or network_sites.operator()
    billing.profile(body)
    who = payer or billing.person_payer()
    return _document(body, who, cents, DocumentKind.INVOICE, columns)


def credited(document: Document, cents: int, **columns) -> Document:
    """A credit note that lowers an invoice."""
    words = {"corrects": document, "reason": "Séance annulée (fictif)"} | columns
    return _document(document.operator, payer_of(document), cents, DocumentKind.CREDIT_NOTE, words)


def _document(body, who, cents, kind, columns) -> Document:
    n = next(_ranks)
    issued_on = columns.pop("issued_on", ISSUED_ON)
    words = {
        "due_on": issued_on + timedelta(days=30),
        "number": f"{'FA' if kind == DocumentKind.INVOICE else 'AV'}-2027-{n:06d}",
        "seller": {"name": body.name},
        "buyer": {"name": "Élise Garonval (fictif)", "email": "elise@exemple.invalid"},
    } | columns
    return Document.objects.create(
        kind=kind,
        operator=body,
        n=n,
        payer_person_id=who.person_id,
        payer_organisation_id=who.organisation_id,
        month=issued_on.replace(day=1),
        issued_on=issued_on,
        vat_status="out_of_scope",
        net_cents=cents,
        tax_cents=0,
        gross_cents=cents,
        folder=f"documents/{kind}-{n}",
        files=[],
        hash=n.to_bytes(32),
        previous_hash=b"",
        at=datetime(issued_on.year, issued_on.month, issued_on.day, 8, tzinfo=UTC),
        **words,
    )


def receipt(document: Document, cents: int | None = None, **columns) -> Receipt:
    """What pays an invoice, by transfer unless told."""
    words = {"means": "transfer", "received_on": ON, "documents": (document,)} | columns
    at = words.pop("at", AT)
    payer = words.pop("payer", None) or payer_of(document)
    money = received.Money(payer, amount_cents=cents or document.gross_cents, **words)
    return received.receive(document.operator, money, by=None, at=at)


def mandate(payer: Payer, operator: Organisation | None = None, **columns) -> Mandate:
    """A mandate signed on paper."""
    body = operator or network_sites.operator()
    billing.profile(body)
    at = columns.pop("at", AT)
    words = {"iban": IBAN, "holder": "Élise Garonval (fictif)", "signed_how": "paper"} | columns
    return sign_mandate.sign(body, payer, sign_mandate.Account(**words), by=None, at=at)
