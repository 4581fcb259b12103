"""Plans, what is left of them, months and amounts, in French."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from maillage.apps.memberships.entitlements import Holdings
from maillage.apps.memberships.models import Carnet, Every, Plan, PlanKind, Subscription
from maillage.apps.sites.models import SpaceKind
from maillage.apps.tariffs.models import Unit
from maillage.core.money import with_tax
from maillage.core.tariffs import Quota
from maillage.report import french

A_DAY = timedelta(days=1)
UNITS: dict[str, tuple[str, str]] = {
    Unit.HOUR: ("heure", "heures"),
    Unit.HALF_DAY: ("demi-journée", "demi-journées"),
    Unit.DAY: ("journée", "journées"),
    Unit.WEEK: ("semaine", "semaines"),
    Unit.MONTH: ("mois", "mois"),
}


def price_cents(plan: Plan) -> int:
    """Tax included."""
    if plan.includes_tax:
        return plan.price_cents
    return with_tax(plan.price_cents, plan.vat_rate_bp)


def price(plan: Plan) -> str:
    """« 45,00 € par mois »."""
    said = french.cents(price_cents(plan))
    return f"{said} par {Every(plan.every).label.lower()}" if plan.every else said


def offered(plan: Plan) -> str:
    """« Nomade, abonnement, 45,00 € par mois »."""
    return f"{plan.name}, {PlanKind(plan.kind).label.lower()}, {price(plan)}"


def units(count: int, unit: str) -> str:
    """« 3 demi-journées »."""
    one, many = UNITS[unit]
    return french.count(count, one, many)


def gives(plan: Plan) -> list[str]:
    """What a plan gives, a sentence each; its quotas and rates are read already."""
    said = []
    for quota in plan.quotas.all():
        where = kinds(quota.space_kinds)
        if quota.units is None:
            said.append(_("Sans limite : {where}").format(where=where))
        else:
            said.append(
                _("{units} par mois : {where}").format(
                    units=units(quota.units, quota.unit), where=where
                )
            )
    for rate in plan.rates.all():
        said.append(
            _("{tickets} par {unit} : {where}").format(
                tickets=french.count(rate.tickets, "ticket"),
                unit=UNITS[rate.unit][0],
                where=kinds([rate.space_kind]),
            )
        )
    return said


def kinds(codes: Sequence[str]) -> str:
    """« espace ouvert et cabine »."""
    return french.listed([str(SpaceKind(code).label).lower() for code in codes])


def left(holdings: Holdings, held: Subscription, on: date) -> list[str]:
    """What is left of an abonnement in the month of a day."""
    return [_left(quota) for quota in holdings.quotas_of(held) if quota.window.holds(on)] or [
        _("Terminé le {day}").format(day=french.day(held.ends_on - A_DAY))
    ]


def _left(quota: Quota) -> str:
    where = kinds(sorted(quota.space_kinds))
    if quota.left is None:
        return _("Sans limite : {where}").format(where=where)
    until = french.day(quota.window.last) if quota.window.last else ""
    if not quota.left:
        return _("Tout est utilisé jusqu’au {day} : {where}").format(day=until, where=where)
    return _("Il reste {units} jusqu’au {day} : {where}").format(
        units=units(quota.left, quota.unit), day=until, where=where
    )


def renewal(held: Subscription, on: date) -> str:
    """What happens at the end of the period."""
    if held.ends_on <= on:
        return _("Terminé depuis le {day}.").format(day=french.day(held.ends_on))
    if held.renews:
        return _("Se renouvelle le {day} : {price}.").format(
            day=french.day(held.ends_on), price=price(held.plan)
        )
    return _("S’arrête après le {day} : rien ne sera demandé.").format(
        day=french.day(held.ends_on - A_DAY)
    )


def expiry(held: Carnet, on: date) -> str:
    """Until when tickets are good."""
    day = french.day(held.expires_on)
    return (
        _("Périmé depuis le {day}").format(day=day)
        if held.expires_on < on
        else _("Jusqu’au {day}").format(day=day)
    )
