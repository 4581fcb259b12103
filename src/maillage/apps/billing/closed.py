"""Months that are closed: nothing dated in them is added any more."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile, ClosedMonth
from maillage.apps.people.models import Organisation
from maillage.core.periods import next_month
from maillage.kit.refusal import Refusal
from maillage.report import french, moments


class MonthClosed(Refusal):
    """What was closed is frozen."""

    sentence = _(
        "Le mois de {month} est clôturé pour {name} : rien ne peut plus y être daté. "
        "Choisissez une date à partir du {first}."
    )


def refuse_closed(operator: Organisation, on: date) -> None:
    """Refuse what would be dated in a closed month.

    Within a transaction, no month of the operator closes before it ends.
    """
    if connection.in_atomic_block:
        hold(operator)
    last = last_closed(operator)
    if last is not None and on.replace(day=1) <= last:
        raise MonthClosed(
            month=moments.month(on), name=operator.name, first=french.day(next_month(last))
        )


def last_closed(operator: Organisation) -> date | None:
    """The first day of the last closed month."""
    months = ClosedMonth.objects.filter(operator=operator).order_by("-month")
    return months.values_list("month", flat=True).first()


def is_closed(operator: Organisation, month: date) -> bool:
    """Whether a month is frozen."""
    last = last_closed(operator)
    return last is not None and month <= last


def hold(operator: Organisation) -> None:
    """Who closes a month and who writes in it wait for each other: after the series, always."""
    rows = BillingProfile.objects.filter(operator=operator).select_for_update(no_key=True)
    # read for its lock alone
    list(rows.values_list("pk", flat=True))
