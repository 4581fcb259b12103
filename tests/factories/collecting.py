"""Invoices owed, money received on them, mandates of invented accounts."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from factories import billing, network_sites
from maillage.apps.billing.models import Document, DocumentKind
from maillage.apps.collecting import (
    announce_debits,
    close_till,
    hand_over,
    import_statement,
    remind,
    sign_mandate,
)
from maillage.apps.collecting import receive as received
from maillage.apps.collecting.balance import payer_of
from maillage.apps.collecting.models import BankLine, Mandate, OnlinePayment, Receipt
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation, Person
from maillage.kit.clock import now

ISSUED_ON = date(2027, 4, 1)
ON = date(2027, 4, 20)
AT = datetime(2027, 4, 20, 9, tzinfo=UTC)
# of the examples of the banks' own documents: accounts of nobody
IBAN = "FR1420041010050500013M02606"
SATURDAY = 5
# far from those of invoices really issued
_ranks = itertools.count(900_001)


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


def whole(body: Organisation, mark: str, who: Person) -> dict[str, Any]:
    """One thing of each kind of a body, its words marked: for the addresses."""
    at = now()
    known = billing.profile(body)
    known.creditor_id = billing.CREDITOR_ID
    known.save()
    payer = Payer(who.pk)
    issued_on = at.date() - timedelta(days=40)
    words = {"issued_on": issued_on, "buyer": {"name": f"Acheteur {mark} (fictif)"}}
    rank = body.pk * 1_000
    document = owed(payer, 1_200, body, **words, number=f"FA-{mark.upper()}-{rank + 1}")
    paid = owed(payer, 800, body, **words, number=f"FA-{mark.upper()}-{rank + 2}")
    to_debit = owed(payer, 700, body, **words, number=f"FA-{mark.upper()}-{rank + 3}")
    made = receipt(paid, received_on=at.date(), at=at, reference=f"Virement {mark}")
    signed = mandate(payer, body, at=at, holder=f"Titulaire {mark}")
    on = at.date() + timedelta(days=15)
    while on.weekday() >= SATURDAY:
        on += timedelta(days=1)
    batch = announce_debits.announce(body, on, [to_debit.pk], by=None, at=at)
    said = f"Date;Libellé;Montant\n{at:%d/%m/%Y};Ligne {mark};33,00\n".encode()
    import_statement.import_statement(body, f"releve-{mark}.csv", said, by=who.pk, at=at)
    letter = remind.remind(remind.due(body, at=at)[0], at=at)
    cash = receipt(document, 500, means="cash", received_on=at.date(), at=at, reference=mark)
    handed = close_till.Handed(at.date(), 300, f"Reçu {mark}")
    deposit = close_till.deposit(body, handed, by=who.pk, at=at)
    counted = close_till.Counted(at.date(), 200)
    closing = close_till.close_till(body, counted, by=who.pk, at=at)
    titles = hand_over.hand_over(body, "titles", by=who.pk, at=at)
    payment = OnlinePayment.objects.create(
        operator=body, document=document, provider="stripe", reference=f"M{mark}{document.pk}",
        amount_cents=700, begun_at=at,
    )  # fmt: skip
    return {
        "operator": body,
        "document": document,
        "receipt": made,
        "cash": cash,
        "mandate": signed,
        "batch": batch,
        "debit": batch.debits.get(),
        "line": BankLine.objects.get(operator=body),
        "letter": letter,
        "deposit": deposit,
        "closing": closing,
        "titles": titles,
        "payment": payment,
    }


_OF = {
    "receipt": "receipt", "receipt_reverse": "receipt", "bank_line": "line",
    "line_accept": "line", "line_aside": "line", "line_undo": "line", "debit_reject": "debit",
    "debit_batch": "batch", "batch_send": "batch", "batch_drop": "batch", "batch_file": "batch",
    "mandate_revoke": "mandate", "reminder_letter": "letter", "till_deposit_undo": "deposit",
    "list_file": "titles", "document_payments": "document", "refund": "document",
    "credit_keep": "document", "credit_use": "document", "pause": "document",
    "pause_end": "document", "decide": "document", "own_pay": "document",
}  # fmt: skip
NAMES = {
    *_OF, "collecting_body", "receipt_new", "receipts", "statement", "statement_sure", "till",
    "till_deposit", "till_day", "titles", "hand_over", "means", "online", "debits", "mandates",
    "mandate_new", "reminders", "reminder_text", "own_mandate", "payment_back", "stripe_told",
}  # fmt: skip


def parts_of(name: str, collected: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address of collecting: which row it names."""
    return {
        "pk": collected[_OF.get(name, "operator")].pk,
        "on": collected["closing"].on.isoformat(),
        "kind": "titles",
        "step": 1,
        "reference": collected["payment"].reference,
        "siren": collected["operator"].billing_profile.siren,
    }
