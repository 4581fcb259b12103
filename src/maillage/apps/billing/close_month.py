"""Close a month: its documents are counted, hashed and frozen; months close in order."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import chain, numbers
from maillage.apps.billing.closed import hold, last_closed
from maillage.apps.billing.models import ClosedMonth, Document, DocumentKind, DocumentTax
from maillage.apps.billing.to_invoice import waiting
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.periods import PARIS, next_month
from maillage.kit.refusal import Refusal
from maillage.report import french, moments

Totals = dict[str, Any]


class NotOver(Refusal):
    """A month closes once it is past."""

    sentence = _("{month} n’est pas terminé. Clôturez-le à partir du 1er du mois suivant.")


class AlreadyClosed(Refusal):
    """Nothing closes twice."""

    sentence = _("{month} est déjà clôturé. Clôturez le mois suivant.")


class OutOfOrder(Refusal):
    """The months before close first."""

    sentence = _("Clôturez d’abord {month} : les mois se clôturent dans l’ordre.")


class StillToInvoice(Refusal):
    """What a month sold is invoiced before it closes."""

    sentence = _(
        "{count} encore des ventes à facturer pour {month}. Émettez ces factures, ou dites que "
        "vous clôturez sans elles."
    )


def close(
    operator: Organisation,
    month: date,
    *,
    by: int | None,
    at: datetime,
    even_if_waiting: bool = False,
) -> ClosedMonth:
    """Freeze a month of an operator, with its totals.

    month  its first day
    """
    if at.astimezone(PARIS).date() < next_month(month):
        raise NotOver(month=moments.month(month).capitalize())
    with transaction.atomic():
        # nobody issues nor writes a receipt meanwhile
        numbers.locked(operator, DocumentKind.values)
        hold(operator)
        _refuse_order(operator, month)
        left = waiting(operator, until=next_month(month))
        if left and not even_if_waiting:
            count = french.count(len(left), "payeur a", "payeurs ont")
            raise StillToInvoice(count=count, month=moments.month(month))
        totals = totals_of(operator, month)
        row = ClosedMonth.objects.create(
            operator=operator,
            month=month,
            totals=totals,
            hash=digest(operator, month, totals),
            by=by,
            at=at,
        )
        record(
            "billing.close_month",
            ("closed_month", row.pk),
            by=by,
            at=at,
            scope=operator.scopes[0],
            month=f"{month:%Y-%m}",
        )
    return row


def totals_of(operator: Organisation, month: date) -> Totals:
    """What was issued in a month, by kind and by rate."""
    rows = Document.objects.filter(
        operator=operator, issued_on__gte=month, issued_on__lt=next_month(month)
    )
    by_kind = rows.values("kind").annotate(
        count=Count("pk"), net_cents=Sum("net_cents"), tax_cents=Sum("tax_cents"),
        gross_cents=Sum("gross_cents"), first=Min("n"), last=Max("n"),
    ).order_by("kind")  # fmt: skip
    by_rate = (
        DocumentTax.objects.filter(document__in=rows)
        .values("document__kind", "category", "vat_rate_bp")
        .annotate(base_cents=Sum("base_cents"), tax_cents=Sum("tax_cents"))
        .order_by("document__kind", "category", "vat_rate_bp")
    )
    return {
        "documents": list(by_kind),
        "rates": list(by_rate),
    }


def digest(operator: Organisation, month: date, totals: Totals) -> bytes:
    """SHA-256 of a month: its totals, the hash of each document, the month closed before."""
    documents = Document.objects.filter(
        operator=operator, issued_on__gte=month, issued_on__lt=next_month(month)
    ).order_by("kind", "n")
    before = ClosedMonth.objects.filter(operator=operator, month__lt=month).order_by("-month")
    previous = before.values_list("hash", flat=True).first()
    said = {
        "month": month.isoformat(),
        "totals": totals,
        "documents": [bytes(one).hex() for one in documents.values_list("hash", flat=True)],
        "previous": bytes(previous).hex() if previous else "",
    }
    return hashlib.sha256(chain.canonical(said)).digest()


def _refuse_order(operator: Organisation, month: date) -> None:
    last = last_closed(operator)
    if last is not None and month <= last:
        raise AlreadyClosed(month=moments.month(month).capitalize())
    first = (last and next_month(last)) or _first_month(operator)
    if first is not None and first < month:
        raise OutOfOrder(month=moments.month(first))


def _first_month(operator: Organisation) -> date | None:
    """The month of its first document: those before have nothing to close."""
    found = Document.objects.filter(operator=operator).aggregate(first=Min("issued_on"))["first"]
    return found.replace(day=1) if found else None
