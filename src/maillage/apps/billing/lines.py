"""From charges of the ledger to the lines of a document, and back to their charges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.ledger.models import Charge
from maillage.apps.tariffs.models import Unit
from maillage.core import programme
from maillage.core.invoicing import Item
from maillage.core.periods import PARIS
from maillage.report import french

AN_INSTANT = timedelta(microseconds=1)
LABEL_MOST = 200
ONE = Decimal(1)
UNITS: dict[str, tuple[str, str]] = {
    Unit.HOUR: ("heure", "heures"),
    Unit.HALF_DAY: ("demi-journée", "demi-journées"),
    Unit.DAY: ("journée", "journées"),
    Unit.WEEK: ("semaine", "semaines"),
    Unit.MONTH: ("mois", "mois"),
    "quarter": ("trimestre", "trimestres"),
    "year": ("année", "années"),
    "ticket": ("ticket", "tickets"),
    "carnet": ("carnet", "carnets"),
    "day_pass": ("entrée à la journée", "entrées à la journée"),
    "page": ("copie", "copies"),
}
OTHER_UNIT = ("unité", "unités")
NOBODY = gettext_lazy("Sans personne désignée")


@dataclass(frozen=True)
class Grouped:
    """An item of a document, and the charges that it invoices."""

    item: Item
    charges: tuple[Charge, ...]


def of_charges(charges: Sequence[Charge], *, names_users: bool) -> list[Grouped]:
    """One line a charge; for an employer one a person, unit and rate, without date nor site."""
    if not names_users:
        return [Grouped(_detailed(one), (one,)) for one in charges]
    groups: dict[tuple[object, ...], list[Charge]] = {}
    for one in charges:
        gives_back = one.reverses_id is not None
        key = (gives_back, one.user_id, one.unit, one.vat_rate_bp, one.includes_tax)
        groups.setdefault(key, []).append(one)
    months = _whole_months(charges)
    ordered = sorted(groups.values(), key=_by_name)
    return [Grouped(_summed(group, months), tuple(group)) for group in ordered]


def given_back(grouped: Sequence[Grouped]) -> list[Grouped]:
    """The same, of a credit note, whose items are above 0."""
    return [Grouped(_turned(one.item), one.charges) for one in grouped]


def units(quantity: Decimal, unit: str) -> str:
    """« 6 demi-journées »."""
    one, many = UNITS.get(unit, OTHER_UNIT)
    said = french.number(float(quantity), 0 if quantity == int(quantity) else 2)
    return f"{said} {one if abs(quantity) < 2 else many}"


def days(charge: Charge) -> tuple[date, date]:
    """First and last day of a service, in Paris."""
    first = charge.service.lower.astimezone(PARIS).date()
    last = (charge.service.upper - AN_INSTANT).astimezone(PARIS).date()
    return first, max(first, last)


def _detailed(charge: Charge) -> Item:
    first, last = days(charge)
    return Item(
        label=charge.label[:LABEL_MOST],
        detail=_service(first, last),
        quantity=charge.quantity or ONE,
        unit=charge.unit,
        amount_cents=charge.amount_cents,
        includes_tax=charge.includes_tax,
        vat_rate_bp=charge.vat_rate_bp,
        begins=first,
        ends=last,
    )


def _service(first: date, last: date) -> str:
    if first == last:
        return french.day(first)
    return _("du {first} au {last}").format(first=french.day(first), last=french.day(last))


def _summed(group: Sequence[Charge], months: tuple[date, date]) -> Item:
    one = group[0]
    quantity = sum((c.quantity for c in group), Decimal(0)) or ONE
    who = one.user.name if one.user is not None else str(NOBODY)
    label = f"{who} · {units(abs(quantity), one.unit)}"
    if one.reverses_id is not None:
        label = _("Annulation : {label}").format(label=label)
    return Item(
        label=label[:LABEL_MOST],
        quantity=quantity,
        unit=one.unit,
        amount_cents=sum(c.amount_cents for c in group),
        includes_tax=one.includes_tax,
        vat_rate_bp=one.vat_rate_bp,
        begins=months[0],
        ends=months[1],
    )


def _by_name(group: Sequence[Charge]) -> tuple[bool, str, int, str, int]:
    one = group[0]
    name = french.sort_key(one.user.name) if one.user is not None else ""
    return (one.reverses_id is not None, name, one.user_id or 0, one.unit, one.vat_rate_bp)


def _whole_months(charges: Sequence[Charge]) -> tuple[date, date]:
    """From these no day can be read: the months that the services are in."""
    found = [days(one) for one in charges]
    first = min(first for first, _last in found).replace(day=1)
    last = max(last for _first, last in found).replace(day=1)
    return first, programme.after(last, 1) - timedelta(days=1)


def _turned(item: Item) -> Item:
    return Item(
        label=item.label,
        detail=item.detail,
        quantity=abs(item.quantity),
        unit=item.unit,
        amount_cents=abs(item.amount_cents),
        includes_tax=item.includes_tax,
        vat_rate_bp=item.vat_rate_bp,
        begins=item.begins,
        ends=item.ends,
    )
