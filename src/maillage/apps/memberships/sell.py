"""Sell a plan: an abonnement, a carnet or a day pass; what is sold is charged in the same act."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import (
    Carnet,
    Every,
    Plan,
    PlanKind,
    Subscription,
)
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Site
from maillage.core import periods, programme
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal

MONTHS: dict[str, int] = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
A_DAY = timedelta(days=1)


class NotOnSale(Refusal):
    """A plan is sold between two days."""

    sentence = _("« {plan} » n’est pas vendu le {day}. Choisissez une autre formule.")


class AlreadySubscribed(Refusal):
    """The same plan twice at once gives nothing more."""

    sentence = _(
        "{name} a déjà l’abonnement « {plan} » jusqu’au {day}. "
        "Choisissez un premier jour après cette date."
    )


class OfAnotherKind(Refusal):
    """A carnet is not an abonnement."""

    sentence = _("« {plan} » ne se vend pas ainsi. Choisissez une autre formule.")


@dataclass(frozen=True)
class Sold:
    """To whom a plan is sold, and by which desk.

    site  where it is sold; None: by the operator
    by    who sells, None when the buyer herself does
    """

    plan: Plan
    user: Person
    payer: Payer
    site: Site | None
    by: int | None


def subscribe(sold: Sold, *, starts_on: date, renews: bool, at: datetime) -> Subscription:
    """The first period of an abonnement; it renews only when the payer asks for it."""
    _refuse_unsold(sold, (PlanKind.SUBSCRIPTION,), starts_on)
    ends_on = programme.after(starts_on, MONTHS[sold.plan.every])
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=sold.user.pk)
        known = Subscription.objects.filter(
            plan=sold.plan, user=sold.user, starts_on__lt=ends_on, ends_on__gt=starts_on
        ).first()
        if known is not None:
            last = known.ends_on - A_DAY
            raise AlreadySubscribed(
                name=sold.user.name, plan=sold.plan.name, day=f"{last:%d/%m/%Y}"
            )
        made = Subscription.objects.create(
            plan=sold.plan,
            user=sold.user,
            payer_person_id=sold.payer.person_id,
            payer_organisation_id=sold.payer.organisation_id,
            site=sold.site,
            starts_on=starts_on,
            ends_on=ends_on,
            renews=renews,
        )
        charge_period(made, starts_on, at=at)
        _record("subscription.sell", ("subscription", made.pk), sold, at)
    return made


def charge_period(held: Subscription, first: date, *, at: datetime) -> None:
    """Charge the period of an abonnement that begins on a day and ends with it."""
    plan = held.plan
    payer = Payer(held.payer_person_id, held.payer_organisation_id)
    sale = Sale(
        plan.operator_id,
        payer,
        held.user_id,
        _scope(held.site, plan),
        ("subscription", held.pk),
    )
    before = Charge.objects.of("subscription", held.pk).count()
    line = _line(plan, f"Abonnement «\u00a0{plan.name}\u00a0»", (first, held.ends_on), plan.every)
    ledger.charge(sale, [line], at=at, first=before + 1)


def sell_carnet(sold: Sold, *, begins_on: date, at: datetime) -> Carnet:
    """Tickets, good for the months of the plan from a day on."""
    _refuse_unsold(sold, (PlanKind.CARNET,), begins_on)
    months = sold.plan.validity_months or 0
    return _sell_tickets(sold, begins_on, programme.after(begins_on, months) - A_DAY, at)


def sell_day_pass(sold: Sold, *, on: date, at: datetime) -> Carnet:
    """Tickets that are good for one day."""
    _refuse_unsold(sold, (PlanKind.DAY_PASS,), on)
    return _sell_tickets(sold, on, on, at)


def _sell_tickets(sold: Sold, begins_on: date, expires_on: date, at: datetime) -> Carnet:
    plan = sold.plan
    with transaction.atomic():
        made = Carnet.objects.create(
            plan=plan,
            user=sold.user,
            payer_person_id=sold.payer.person_id,
            payer_organisation_id=sold.payer.organisation_id,
            site=sold.site,
            tickets=plan.tickets or 0,
            begins_on=begins_on,
            expires_on=expires_on,
            bought_at=at,
        )
        origin = ("carnet", made.pk)
        sale = Sale(plan.operator_id, sold.payer, sold.user.pk, _scope(sold.site, plan), origin)
        line = _line(plan, plan.name, (begins_on, expires_on + A_DAY), plan.kind)
        ledger.charge(sale, [line], at=at)
        _record("carnet.sell", origin, sold, at)
    return made


def _line(plan: Plan, label: str, days: tuple[date, date], unit: str) -> ledger.Line:
    service = periods.days(days[0], days[1] - A_DAY, PARIS)
    return ledger.Line(
        label=label,
        begins=service.begins,
        ends=service.ends,
        quantity=Decimal(1),
        unit=unit,
        unit_cents=plan.price_cents,
        amount_cents=plan.price_cents,
        includes_tax=plan.includes_tax,
        vat_rate_bp=plan.vat_rate_bp,
        why={"plan": plan.pk, "reference": plan.deliberation_ref},
    )


def _refuse_unsold(sold: Sold, kinds: tuple[str, ...], on: date) -> None:
    plan = sold.plan
    if plan.kind not in kinds:
        raise OfAnotherKind(plan=plan.name)
    if on < plan.sold_from or (plan.sold_until is not None and on >= plan.sold_until):
        raise NotOnSale(plan=plan.name, day=f"{on:%d/%m/%Y}")


def _scope(site: Site | None, plan: Plan) -> tuple[str, str]:
    return ("site", str(site.pk)) if site is not None else plan.operator.scopes[0]


def _record(act: str, on: tuple[str, object], sold: Sold, at: datetime) -> None:
    scope = _scope(sold.site, sold.plan)
    record(act, on, by=sold.by, at=at, scope=scope, plan=sold.plan.pk, user=sold.user.pk)
