"""Say on which day a statement of a shop was paid; think better of it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.settlement.models import HostPayment, HostStatement
from maillage.kit.refusal import Refusal


class AlreadyPaid(Refusal):
    """Once is enough."""

    sentence = _("Ce relevé est déjà noté comme payé le {day}.")


class NothingToPay(Refusal):
    """Nothing was due."""

    sentence = _("Rien n’était dû pour ce relevé.")


class NotPaid(Refusal):
    """There is nothing to undo."""

    sentence = _("Ce relevé n’est pas noté comme payé.")


def pay(
    statement: HostStatement, paid_on: date, reference: str, *, by: int | None, at: datetime
) -> HostPayment:
    """The shop reads the day on its page."""
    with transaction.atomic():
        held = _locked(statement)
        if not held.to_pay_cents:
            raise NothingToPay
        known = held.payments.filter(removed_at=None).first()
        if known is not None:
            raise AlreadyPaid(day=f"{known.paid_on:%d/%m/%Y}")
        made = HostPayment.objects.create(
            statement=held, paid_on=paid_on, reference=reference, by=by, at=at
        )
        record(
            "host.pay", ("host_statement", held.pk), by=by, at=at,
            scope=held.agreement.site.scopes[0], paid_on=paid_on.isoformat(),
        )  # fmt: skip
    return made


def unpay(statement: HostStatement, *, by: int | None, at: datetime) -> None:
    """The day was wrong, or the transfer came back."""
    with transaction.atomic():
        held = _locked(statement)
        if not held.payments.filter(removed_at=None).update(removed_at=at):
            raise NotPaid
        record(
            "host.unpay", ("host_statement", held.pk), by=by, at=at,
            scope=held.agreement.site.scopes[0],
        )  # fmt: skip


def _locked(statement: HostStatement) -> HostStatement:
    rows = HostStatement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("agreement__site").get(pk=statement.pk)
