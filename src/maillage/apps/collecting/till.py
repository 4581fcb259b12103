"""The public till: what it holds, what a day received, up to which day it is closed."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile
from maillage.apps.collecting.models import MeansKind, Receipt, TillClosing, TillDeposit
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal
from maillage.report import french


class TillFull(Refusal):
    """The till may hold no more cash."""

    sentence = _(
        "Avec cette somme la caisse tiendrait {held} d’espèces, plus que le plafond de {ceiling}. "
        "Versez d’abord au comptable."
    )


class TillDayClosed(Refusal):
    """A day counted is not added to."""

    sentence = _(
        "La caisse est arrêtée jusqu’au {day}. Datez cet encaissement du lendemain au plus tôt."
    )


def cash_cents(operator: Organisation, *, until: date | None = None) -> int:
    """The cash that the till should hold, at the end of a day."""
    taken = Receipt.objects.filter(operator=operator, means__kind=MeansKind.CASH)
    handed = TillDeposit.objects.filter(operator=operator)
    if until is not None:
        taken, handed = taken.filter(received_on__lte=until), handed.filter(on__lte=until)
    return _sum(taken) - _sum(handed)


def received_cents(operator: Organisation, on: date) -> Mapping[str, int]:
    """What a day received, by kind of means, reversals taken off."""
    rows = (
        Receipt.objects.filter(operator=operator, received_on=on)
        .order_by()
        .values_list("means__kind")
        .annotate(total=Sum("amount_cents"))
    )
    return {kind: int(total) for kind, total in rows}


def refuse_till(operator: Organisation, amount_cents: int, on: date) -> None:
    """Refuse cash that the till may not hold, or of a day that was counted."""
    last = last_closed(operator)
    if last is not None and on <= last:
        raise TillDayClosed(day=french.day(last))
    profile = BillingProfile.objects.filter(operator=operator).first()
    ceiling = profile.regie_ceiling_cents if profile else None
    if ceiling is None or amount_cents <= 0:
        return
    held = cash_cents(operator) + amount_cents
    if held > ceiling:
        raise TillFull(held=french.cents(held), ceiling=french.cents(ceiling))


def last_closed(operator: Organisation) -> date | None:
    """The last day that was counted."""
    days = TillClosing.objects.filter(operator=operator).order_by("-on")
    return days.values_list("on", flat=True).first()


def _sum(rows: object) -> int:
    return int(rows.aggregate(total=Sum("amount_cents"))["total"] or 0)  # type: ignore[attr-defined]
