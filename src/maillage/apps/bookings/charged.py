"""The lines that a booking writes in the ledger, and how they are given back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from maillage.apps.bookings import same_day
from maillage.apps.bookings.models import Booking, State
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import Carnet, Subscription
from maillage.apps.sites.models import Audience
from maillage.apps.tariffs.models import PRICED, Price, Unit
from maillage.core import tariffs
from maillage.core.tariffs import Quote, Spend
from maillage.report import french

ORIGIN = "booking"
TICKET = "ticket"
_LONGEST_LABEL = 200


def write(
    booking: Booking, found: Quote, public: Quote, payer: Payer, operator_id: int, *, at: datetime
) -> list[Charge]:
    """The charges of a booking: what money pays, then what tickets and plans pay, at 0.

    public  what anybody would have paid: the value of what an association gets free of charge
    """
    sale = Sale(
        operator_id=operator_id,
        payer=payer,
        user_id=booking.person_id,
        scope=("site", str(booking.site_id)),
        origin=(ORIGIN, booking.pk),
    )
    paid = [_of_price(booking, line) for line in found.lines]
    if paid and not found.total_cents and booking.audience == Audience.ASSOCIATION:
        paid[0] = _in_kind(paid[0], public.total_cents)
    taken = [_of_spend(booking, one) for one in found.spends]
    first = Charge.objects.of(ORIGIN, booking.pk).count() + 1
    return ledger.charge(sale, [*paid, *taken], at=at, first=first)


def give_back(booking: Booking, *, kept_percent: int, at: datetime) -> int:
    """Reverse the charges of a booking, all but what is kept; the cents given back."""
    charges = Charge.objects.of(ORIGIN, booking.pk)
    return _given(_reverse(booking, _kept(charges, kept_percent), at))


def give_back_of_day(
    booking: Booking, others: Sequence[Booking], *, owed_cents: int, at: datetime
) -> int:
    """Reverse what a day costs beyond what is owed for the rest of it; the cents given back.

    others      counted together with the booking, over ones first given back
    owed_cents  for those of them that remain, priced together
    """
    remaining = sorted(others, key=lambda other: other.state == State.CONFIRMED)
    too_much = sum(same_day.standing_cents(b.pk) for b in (booking, *others)) - owed_cents
    back = 0
    for one in (booking, *remaining):
        if back >= too_much:
            break
        standing = Charge.objects.of(ORIGIN, one.pk).total_cents()
        kept = max(standing - (too_much - back), 0)
        back += _given(_reverse(one, kept, at))
    return back


def _given(reversals: Iterable[Charge]) -> int:
    return -sum(same_day.to_pay_cents(c) for c in reversals)


def _kept(charges: Iterable[Charge], kept_percent: int) -> int:
    by_rate: dict[int, int] = {}
    for one in charges:
        by_rate[one.vat_rate_bp] = by_rate.get(one.vat_rate_bp, 0) + one.amount_cents
    shared = tariffs.refunds(by_rate, kept_percent * 100)
    return sum(refund.kept_cents for refund in shared)


def _reverse(booking: Booking, kept_cents: int, at: datetime) -> list[Charge]:
    label = f"Annulation : {_what(booking)}"[:_LONGEST_LABEL]
    return ledger.give_back((ORIGIN, booking.pk), kept_cents=kept_cents, label=label, at=at)[1]


def _of_price(booking: Booking, line: tariffs.Line) -> ledger.Line:
    price = line.price
    has_tax = price.includes_tax
    audience = Price.objects.filter(pk=price.id).values_list("audience", flat=True).first()
    return ledger.Line(
        label=f"{_what(booking)}, {_words(line, audience)}"[:_LONGEST_LABEL],
        begins=booking.period.lower,
        ends=booking.period.upper,
        quantity=Decimal(line.quantity),
        unit=line.unit,
        unit_cents=line.unit_cents,
        amount_cents=line.amount_cents if has_tax else line.amount_cents - line.tax_cents,
        includes_tax=has_tax,
        vat_rate_bp=line.vat_rate_bp,
        why=_why(line, audience),
    )


def _words(line: tariffs.Line, audience: str | None) -> str:
    difference = next((w for w in line.why if w.code == same_day.DIFFERENCE), None)
    if difference is not None:
        whole = french.cents(_cents(difference.facts["whole_cents"]))
        counted = french.cents(_cents(difference.facts["counted_cents"]))
        return f"complément : {whole} pour toute la journée, moins {counted} déjà comptés"
    said = Unit(line.unit).label.lower()
    if audience and audience != Audience.PUBLIC:
        said = f"{said} (tarif : {dict(PRICED)[audience].lower()})"
    return said


def _cents(value: object) -> int:
    return int(str(value))


def _why(line: tariffs.Line, audience: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "list": line.list_id,
        "reference": line.voted_reference,
        "audience": audience or "",
        "reasons": [{"code": w.code, "facts": _plain(w.facts)} for w in line.why],
    }
    for why in line.why:
        if why.code == same_day.DIFFERENCE:
            said[same_day.DIFFERENCE] = _plain(why.facts)
    return said


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()
    }


def _of_spend(booking: Booking, one: Spend) -> ledger.Line:
    """What tickets or a plan paid: a line at 0, so that the whole booking can be read."""
    if one.kind == "pass":
        name = Carnet.objects.values_list("plan__name", flat=True).get(pk=one.id)
        said, unit = f"{french.count(one.taken, 'ticket')} du carnet « {name} »", TICKET
    else:
        pk = one.id.partition(":")[0]
        name = Subscription.objects.values_list("plan__name", flat=True).get(pk=pk)
        said, unit = f"compris dans l’abonnement « {name} »", one.unit
    return ledger.Line(
        label=f"{_what(booking)}, {said}"[:_LONGEST_LABEL],
        begins=booking.period.lower,
        ends=booking.period.upper,
        quantity=Decimal(one.taken),
        unit=unit,
        unit_cents=0,
        amount_cents=0,
        includes_tax=True,
        vat_rate_bp=0,
        why={"spend": {"kind": one.kind, "id": one.id, "on": one.on.isoformat()}},
    )


def _in_kind(line: ledger.Line, value_cents: int) -> ledger.Line:
    return ledger.Line(**{**vars(line), "in_kind_cents": value_cents})


def _what(booking: Booking) -> str:
    return f"{booking.space.name}, {booking.site.name}"
