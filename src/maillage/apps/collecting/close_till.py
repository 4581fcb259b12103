"""The public till: a day counted and closed, cash handed to the accountant."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold, refuse_closed
from maillage.apps.collecting import till
from maillage.apps.collecting.models import TillClosing, TillDeposit
from maillage.apps.collecting.receive import NotReceivedYet
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal
from maillage.report import french


class DifferenceUnsaid(Refusal):
    """What was counted is not what the journal says."""

    sentence = _(
        "Le journal attend {expected} en caisse, vous comptez {counted}. Recomptez, ou expliquez "
        "l’écart."
    )
    status = 422


class MoreThanTill(Refusal):
    """The till holds less."""

    sentence = _("La caisse ne tient que {held} : vous ne pouvez pas en verser {asked}.")
    status = 422


class DepositUndone(Refusal):
    """It was undone already."""

    sentence = _("Ce versement est déjà annulé.")


@dataclass(frozen=True)
class Counted:
    """The cash counted on the evening of a day; `why` explains a difference."""

    on: date
    cents: int
    why: str = ""


def close_till(operator: Organisation, counted: Counted, *, by: int, at: datetime) -> TillClosing:
    """Close a day: nothing more is dated in it."""
    if counted.on > at.date():
        raise NotReceivedYet(day=french.day(counted.on))
    with transaction.atomic():
        hold(operator)
        last = till.last_closed(operator)
        if last is not None and counted.on <= last:
            raise till.TillDayClosed(day=french.day(last))
        expected = till.cash_cents(operator, until=counted.on)
        if expected != counted.cents and not counted.why.strip():
            raise DifferenceUnsaid(
                expected=french.cents(expected),
                counted=french.cents(counted.cents),
            )
        made = TillClosing.objects.create(
            operator=operator,
            on=counted.on,
            expected_cents=expected,
            counted_cents=counted.cents,
            totals=till.received_cents(operator, counted.on),
            why=counted.why,
            by=by,
            at=at,
        )
        record(
            "collecting.close_till", ("till", made.pk), by=by, at=at, scope=operator.scopes[0],
            day=counted.on.isoformat(), expected_cents=expected, counted_cents=counted.cents,
        )  # fmt: skip
    return made


@dataclass(frozen=True)
class Handed:
    """Cash handed to the accountant, and the number of her receipt."""

    on: date
    cents: int
    reference: str


def deposit(operator: Organisation, handed: Handed, *, by: int, at: datetime) -> TillDeposit:
    """Cash leaves the till for the accountant."""
    if handed.on > at.date():
        raise NotReceivedYet(day=french.day(handed.on))
    with transaction.atomic():
        refuse_closed(operator, handed.on)
        till.refuse_till(operator, -handed.cents, handed.on)
        held = till.cash_cents(operator)
        if handed.cents > held:
            raise MoreThanTill(held=french.cents(held), asked=french.cents(handed.cents))
        made = TillDeposit.objects.create(
            operator=operator,
            on=handed.on,
            amount_cents=handed.cents,
            reference=handed.reference,
            by=by,
            at=at,
        )
        _told(operator, made, by, at)
    return made


def undo_deposit(given: TillDeposit, *, by: int, at: datetime) -> TillDeposit:
    """The cash is in the till again, from today."""
    with transaction.atomic():
        refuse_closed(given.operator, at.date())
        till.refuse_till(given.operator, 0, at.date())
        if given.amount_cents < 0 or TillDeposit.objects.filter(reverses=given).exists():
            raise DepositUndone
        made = TillDeposit.objects.create(
            operator=given.operator,
            on=at.date(),
            amount_cents=-given.amount_cents,
            reference=given.reference,
            reverses=given,
            by=by,
            at=at,
        )
        _told(given.operator, made, by, at)
    return made


def _told(operator: Organisation, made: TillDeposit, by: int, at: datetime) -> None:
    record(
        "collecting.deposit", ("till", made.pk), by=by, at=at, scope=operator.scopes[0],
        amount_cents=made.amount_cents,
    )  # fmt: skip
