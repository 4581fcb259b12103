"""What a body sold, received, held and owed, as entries in double entry.

method  docs/method/accounts.md
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, Sum

from maillage.apps.accounts import grids
from maillage.apps.billing.models import BillingProfile, Document, DocumentKind, DocumentLine
from maillage.apps.collecting.models import Allocation, Receipt
from maillage.apps.contracts.models import DepositMovement, Movement
from maillage.apps.ledger.models import Charge, Credit, Payment
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import HostPayment, HostStatement
from maillage.core import accounting
from maillage.core.accounting import Entry, Match, Piece, Plan, Received, Sold, Third
from maillage.core.periods import PARIS

# kind of origin -> what its sale is for in the plan of accounts; the others are services
SOLD_AS = {"copies": "incidental", "pair_settlement": "recharged", "cost_transfer": "recharged"}
# of an allocation made together with its receipt
_RECEIVED_AT = F("receipt__at")
NOBODY = Third("DIVERS", "Payeurs sans compte")


def plan_of(profile: BillingProfile) -> Plan:
    """The usual plan with the numbers of a body. Raises BadInput of `accounting`."""
    return accounting.usual().with_numbers(profile.accounts)


def of_body(body: Organisation, first: date, last: date, plan: Plan) -> list[Entry]:
    """Every entry from one day to another, both included, in the order of the days."""
    parts = (
        _sales(body, first, last, plan),
        _paid_before(body, first, last, plan),
        _receipts(body, first, last, plan),
        _applied(body, first, last, plan),
        _deposits(body, first, last, plan),
        _shops(body, first, last, plan),
    )
    found = sorted((entry for part in parts for entry in part), key=lambda entry: entry.on)
    return accounting.lettered(found, _matches(body, first, last), {plan["payers"].number})


def _matches(body: Organisation, first: date, last: date) -> list[Match]:
    """Which documents and receipts settle each other: those that allocations and notes bind."""
    groups: dict[str, set[str]] = {}
    days: dict[str, date] = {}
    thirds: dict[str, str] = {}

    def bind(one: str, other: str) -> None:
        both = groups.setdefault(one, {one}) | groups.setdefault(other, {other})
        for piece in both:
            groups[piece] = both

    for document in grids.issued(body, first, last).prefetch_related(None):
        days[document.number] = document.issued_on
        thirds[document.number] = _code(document)
        bind(document.number, document.corrects.number if document.corrects else document.number)
    paid = Allocation.objects.filter(_within("at", first, last), document__operator=body)
    for one in paid.select_related("document", "receipt"):
        piece = reference(one.receipt) if one.receipt else one.document.number
        on = one.receipt.received_on if one.receipt else _day(one.at)
        days[piece] = max(on, days.get(piece, on))
        bind(one.document.number, piece)
    found: dict[int, Match] = {}
    for piece, third in sorted(thirds.items()):
        group = groups[piece]
        last_on = max(days.get(each, first) for each in group)
        found.setdefault(id(group), Match(third, frozenset(group), last_on))
    return list(found.values())


def _sales(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """Invoices and credit notes; what was paid before them is then applied to them."""
    rows = grids.issued(body, first, last).select_related("payer_person", "payer_organisation")
    for one in rows.prefetch_related("lines__charges__charge"):
        piece = Piece(one.number, one.issued_on, _label(one))
        bases = tuple((_account(line), line.net_cents) for line in one.lines.all())
        taxes = tuple((tax.vat_rate_bp, tax.tax_cents) for tax in one.taxes.all())
        is_note = one.kind == DocumentKind.CREDIT_NOTE
        yield from accounting.sold(Sold(piece, _third(one), bases, taxes, is_note), plan)
        if one.paid_cents:
            yield from accounting.applied(piece, _third(one), one.paid_cents, plan)


def _account(line: DocumentLine) -> str:
    kinds = {one.charge.origin_kind for one in line.charges.all()}
    return SOLD_AS.get(kinds.pop(), "services") if len(kinds) == 1 else "services"


def _label(one: Document) -> str:
    word = grids.WORDS[DocumentKind(one.kind)].capitalize()
    return f"{word} {one.number} {one.buyer.get('name', '')}".strip()


def _paid_before(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """What a provider said was paid when it was sold: money ahead, until the invoice."""
    rows = Payment.objects.filter(_within("at", first, last), operator=body).order_by("at", "pk")
    payers = _payers_of(rows)
    for one in rows:
        reference = f"{one.provider} {one.event_id}"
        piece = Piece(reference, _day(one.at), f"Paiement en ligne {reference}")
        payer = payers.get((one.origin_kind, one.origin_key)) or payers.get(
            ("payment", reference[:80]), NOBODY
        )
        cents = one.amount_cents
        yield from accounting.received(
            Received(piece, payer, cents, "card", ahead_cents=cents), plan
        )


def _payers_of(rows: Iterable[Payment]) -> dict[tuple[str, str], Third]:
    """Who paid: of what was sold, or of the avoir that a payment became."""
    found: dict[tuple[str, str], Third] = {}
    keys = {(one.origin_kind, one.origin_key) for one in rows}
    references = [f"{one.provider} {one.event_id}"[:80] for one in rows]
    sold = Charge.objects.filter(origin_key__in={key for _kind, key in keys}, reverses=None)
    kept = Credit.objects.filter(origin_kind="payment", origin_key__in=references)
    both: tuple[Any, ...] = (sold, kept)
    for table in both:
        for one in table.select_related("payer_person", "payer_organisation").order_by("pk"):
            found.setdefault((one.origin_kind, one.origin_key), _third(one))
    return found


def _receipts(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """Money received: what pays an invoice at once, and what is ahead."""
    rows = (
        Receipt.objects.filter(operator=body, received_on__gte=first, received_on__lte=last)
        .select_related("means", "payer_person", "payer_organisation")
        .order_by("received_on", "n")
    )
    at_once = dict(
        Allocation.objects.filter(receipt__in=rows, at=_RECEIVED_AT)
        .order_by()
        .values_list("receipt")
        .annotate(total=Sum("amount_cents"))
    )
    for one in rows:
        piece = Piece(reference(one), one.received_on, _receipt_label(one))
        ahead = one.amount_cents - at_once.get(one.pk, 0)
        yield from accounting.received(
            Received(
                piece, _third(one), one.amount_cents, one.means.kind, one.means.account, ahead
            ),
            plan,
        )


def _applied(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """What pays an invoice later than it was received, or an avoir that is used."""
    rows = (
        Allocation.objects.filter(_within("at", first, last), document__operator=body)
        .exclude(receipt__isnull=False, at=_RECEIVED_AT)
        .select_related("document__payer_person", "document__payer_organisation")
        .order_by("at", "pk")
    )
    for one in rows:
        piece = Piece(one.document.number, _day(one.at), f"Affectation {one.document.number}")
        yield from accounting.applied(piece, _third(one.document), one.amount_cents, plan)


def _deposits(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """Deposits received and returned; what is kept is invoiced, or written by the accountant."""
    rows = (
        DepositMovement.objects.filter(
            deposit__contract__operator=body, on__gte=first, on__lte=last
        )
        .exclude(kind=Movement.KEPT)
        .select_related("deposit__contract__payer_person", "deposit__contract__payer_organisation")
        .order_by("on", "pk")
    )
    for one in rows:
        contract = one.deposit.contract
        sign = 1 if one.kind == Movement.RECEIVED else -1
        piece = Piece(contract.reference, one.on, f"Dépôt de garantie {contract.reference}")
        means = one.means if one.means in accounting.TREASURY else "other"
        yield from accounting.deposit(
            Received(piece, _third(contract), sign * one.amount_cents, means), plan
        )


def _shops(body: Organisation, first: date, last: date, plan: Plan) -> Iterator[Entry]:
    """The share of shops: owed with each statement, then paid."""
    statements = HostStatement.objects.filter(_within("at", first, last), collector=body)
    for one in statements.select_related("agreement__shop").order_by("at", "pk"):
        piece = Piece(one.number, _day(one.at), f"Part du commerce, {one.number}")
        shop = _body(one.agreement.shop)
        yield from accounting.host_share(piece, shop, one.due_cents, one.tax_cents, plan)
    paid = HostPayment.objects.filter(
        statement__collector=body, paid_on__gte=first, paid_on__lte=last, removed_at=None
    )
    for payment in paid.select_related("statement__agreement__shop").order_by("paid_on", "pk"):
        of = payment.statement
        piece = Piece(of.number, payment.paid_on, f"Part payée, {of.number}")
        shop = _body(of.agreement.shop)
        yield from accounting.host_paid(piece, shop, of.to_pay_cents, plan)


def reference(receipt: Receipt) -> str:
    """A receipt as accounts name it: its rank in the journal of its body."""
    return f"ENC-{receipt.n:06d}"


def _receipt_label(one: Receipt) -> str:
    word = "Encaissement" if one.amount_cents > 0 else "Annulation"
    return f"{word} {one.means.label} {one.reference}".strip()


def _third(row: Any) -> Third:
    """Who pays a document, a receipt or a contract, as the books name her."""
    payer = row.payer_organisation if row.payer_person is None else row.payer_person
    return Third(_code(row), payer.name)


def _code(row: Any) -> str:
    """Of a person or of a body: the same for ever, whatever they are called."""
    if row.payer_person_id is not None:
        return f"P{row.payer_person_id:06d}"
    return f"O{row.payer_organisation_id:06d}"


def _body(body: Organisation) -> Third:
    return Third(f"O{body.pk:06d}", body.name)


def _day(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def _within(column: str, first: date, last: date) -> Q:
    """Instants of some days, in Paris."""
    begins = datetime(first.year, first.month, first.day, tzinfo=PARIS)
    ends = datetime(last.year, last.month, last.day, 23, 59, 59, 999_999, tzinfo=PARIS)
    return Q(**{f"{column}__gte": begins, f"{column}__lte": ends})
