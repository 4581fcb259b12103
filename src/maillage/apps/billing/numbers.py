"""The next number of a series and its date: known only by who holds the lock of the series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from maillage.apps.billing.models import BillingProfile, DocumentKind, Series
from maillage.apps.journal.record import OutsideTransactionError
from maillage.apps.people.models import Organisation
from maillage.core import invoicing


@dataclass(frozen=True)
class Place:
    """A place in a series: rank, number as printed, date of issue."""

    n: int
    number: str
    issued_on: date


def locked(operator: Organisation, kinds: Iterable[str]) -> dict[str, Series]:
    """The series of these kinds, held until the transaction ends; always in the same order."""
    if not connection.in_atomic_block:
        raise OutsideTransactionError("billing.numbers")
    rows = Series.objects.filter(operator=operator, kind__in=list(kinds))
    return {row.kind: row for row in rows.select_for_update().order_by("pk")}


def opened(operator: Organisation) -> None:
    """The series of an operator exist from its profile on."""
    for kind in DocumentKind.values:
        Series.objects.get_or_create(operator=operator, kind=kind)


def place(series: Series, profile: BillingProfile, *, today: date, ahead: int = 0) -> Place:
    """The next place of a series: CGI art. 289, numbers without gap, dates that never decrease.

    ahead  how many documents come before it
    """
    n = max(series.last_number, series.starts_after) + 1 + ahead
    issued_on = max(today, series.last_on) if series.last_on else today
    return Place(n, invoicing.number(prefix(profile, series.kind), issued_on.year, n), issued_on)


def prefix(profile: BillingProfile, kind: str) -> str:
    """The first letters of a kind of documents."""
    is_invoice = kind == DocumentKind.INVOICE
    return profile.invoice_prefix if is_invoice else profile.credit_prefix
