"""Money arrives for a hold: it is confirmed in time, else the money is kept as a credit."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import price
from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.confirm import confirm_once
from maillage.apps.bookings.held import held
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.apps.ledger.models import Credit, Payment, PaymentOutcome
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

LATE, DOUBLE, OTHER_AMOUNT, REFUSED = "late", "double", "other_amount", "refused"
# told again, an event that had become a credit
CREDITED = "credited"


class NobodySells(Refusal):
    """No body collects there."""

    sentence = _(
        "Le lieu {site} n’a pas d’organisme encaisseur. Renseignez-le, puis présentez à nouveau le "
        "paiement."
    )


@dataclass(frozen=True)
class Paid:
    """What a provider says was paid, its signature checked at the edge.

    event_id  the provider's own: told twice, it has one effect
    """

    provider: str
    event_id: str
    amount_cents: int


@dataclass(frozen=True)
class Settled:
    """What became of a payment; `why` it is a credit, "" when it confirmed the booking."""

    payment: Payment
    why: str = ""


def payment_arrived(paid: Paid, booking: Booking, *, at: datetime) -> Settled:
    """Confirm the hold that it pays; late, double or of another amount, it becomes a credit.

    Never a second booking, and never money forgotten: the same event again changes nothing.
    """
    try:
        return settled(lambda: _arrived(paid, booking, at))
    except IntegrityError:
        known = _known(paid)
        if known is None:
            raise
        return known


def amount_due(booking: Booking, *, at: datetime, lock: bool = False) -> int:
    """What a hold costs once confirmed, in cents, tax included."""
    quote = price.quote(
        booking.space,
        period_of(booking.period),
        booking.party,
        booking.is_whole,
        person_id=booking.person_id,
        payer_organisation_id=booking.payer_organisation_id,
        at=at,
        lock=lock,
    )
    return quote.total_cents


@transaction.atomic
def _arrived(paid: Paid, booking: Booking, at: datetime) -> Settled:
    row = held(booking)
    known = _known(paid)
    if known is not None:
        return known
    operator_id = row.site.collector_id or row.site.operator_id
    if operator_id is None:
        raise NobodySells(site=row.site.name)
    why = _fault(paid, row, at) or _confirmed(row, at)
    payment = Payment.objects.create(
        operator_id=operator_id,
        provider=paid.provider,
        event_id=paid.event_id,
        origin_kind="booking",
        origin_key=str(row.pk),
        amount_cents=paid.amount_cents,
        outcome=PaymentOutcome.CREDITED if why else PaymentOutcome.SETTLED,
        at=at,
    )
    if why:
        _credit(payment, row, at)
    record(
        "payment.arrive",
        ("payment", payment.pk),
        by=None,
        at=at,
        scope=row.scopes[0],
        booking=row.pk,
        amount_cents=paid.amount_cents,
        outcome=why or "settled",
    )
    return Settled(payment, why)


def _known(paid: Paid) -> Settled | None:
    payment = Payment.objects.filter(provider=paid.provider, event_id=paid.event_id).first()
    if payment is None:
        return None
    return Settled(payment, "" if payment.outcome == PaymentOutcome.SETTLED else CREDITED)


def _fault(paid: Paid, row: Booking, at: datetime) -> str:
    if row.state == State.CONFIRMED:
        return DOUBLE
    if row.state != State.HOLD or row.hold_until is None or row.hold_until <= at:
        return LATE
    try:
        due = amount_due(row, at=at, lock=True)
    except Refusal:
        return REFUSED
    return "" if due == paid.amount_cents else OTHER_AMOUNT


def _confirmed(row: Booking, at: datetime) -> str:
    """Confirm it; a rule of who pays may refuse, and the money is then hers again."""
    try:
        with transaction.atomic():
            confirm_once(row, None, row.person_id, at)
    except Refusal:
        return REFUSED
    return ""


def _credit(payment: Payment, row: Booking, at: datetime) -> None:
    """An avoir of the whole sum; of a guest, who has no account, the journal names the payment."""
    if row.person_id is not None or row.payer_organisation_id is not None:
        Credit.objects.create(
            operator_id=payment.operator_id,
            payer_person_id=None if row.payer_organisation_id else row.person_id,
            payer_organisation_id=row.payer_organisation_id,
            origin_kind="payment",
            origin_key=f"{payment.provider} {payment.event_id}"[:80],
            amount_cents=payment.amount_cents,
            label=text("Paiement reçu sans réservation à payer"),
            at=at,
        )
    notify(row, "payment_credited")
