"""Renewals: announced before with their price, stopped in one act, charged when they are due."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.models import Subscription
from maillage.apps.memberships.sell import MONTHS, charge_period
from maillage.apps.people.models import Person
from maillage.core import programme
from maillage.core.money import with_tax
from maillage.kit import mail
from maillage.kit.refusal import Refusal


class NotRenewed(Refusal):
    """A plan that is no longer sold ends."""

    sentence = _(
        "« {plan} » n’est plus vendu : cet abonnement s’arrête le {day}. "
        "Choisissez une autre formule."
    )


class AlreadyOver(Refusal):
    """Nothing is left to renew or to stop."""

    sentence = _("Cet abonnement est terminé depuis le {day}. Prenez-en un nouveau.")


def announce_renewals(*, at: datetime) -> int:
    """Tell each payer the day and the price of a renewal that comes; how many were told."""
    told = 0
    rows = Subscription.objects.filter(renews=True, ends_on__gt=at.date()).order_by("pk")
    for pk in rows.values_list("pk", flat=True):
        with transaction.atomic():
            told += _announce(pk, at)
    return told


def renew_due(*, at: datetime) -> int:
    """Renew those whose day has come and that were announced in time; how many."""
    done = 0
    rows = Subscription.objects.filter(renews=True, ends_on__lte=at.date()).order_by("pk")
    for pk in rows.values_list("pk", flat=True):
        with transaction.atomic():
            done += _renew_due(pk, at)
    return done


def renew(subscription: Subscription, *, by: int | None, at: datetime) -> Subscription:
    """Pay the next period now, at the price of today: its days may be booked at once."""
    with transaction.atomic():
        held = _locked(subscription.pk)
        _refuse_over(held, at.date())
        if not _is_sold_on(held, held.ends_on):
            raise NotRenewed(plan=held.plan.name, day=f"{held.ends_on:%d/%m/%Y}")
        _extend(held, by, at)
    return held


def stop(subscription: Subscription, *, by: int, at: datetime) -> Subscription:
    """Give up the renewal: what is paid stays until its last day."""
    with transaction.atomic():
        held = _locked(subscription.pk)
        _refuse_over(held, at.date())
        held.renews, held.stopped_at = False, at
        held.announced_for = held.announced_cents = None
        _saved("subscription.stop", held, by, at)
    return held


def resume(subscription: Subscription, *, by: int, at: datetime) -> Subscription:
    """Ask for the renewal, again or for the first time."""
    with transaction.atomic():
        held = _locked(subscription.pk)
        _refuse_over(held, at.date())
        if not _is_sold_on(held, held.ends_on):
            raise NotRenewed(plan=held.plan.name, day=f"{held.ends_on:%d/%m/%Y}")
        held.renews, held.stopped_at = True, None
        _saved("subscription.resume", held, by, at)
    return held


def to_pay_cents(subscription: Subscription) -> int:
    """What a renewal costs today, tax included."""
    plan = subscription.plan
    if plan.includes_tax:
        return plan.price_cents
    return with_tax(plan.price_cents, plan.vat_rate_bp)


def _announce(pk: int, at: datetime) -> int:
    held = _locked(pk)
    cents = to_pay_cents(held)
    is_told = held.announced_for == held.ends_on and held.announced_cents == cents
    notice = timedelta(days=held.plan.notice_days)
    if not held.renews or is_told or held.ends_on - notice > at.date():
        return 0
    if not _is_sold_on(held, held.ends_on):
        # nobody is renewed at a price that was withdrawn
        held.renews = False
        _write(held, "memberships/emails/renewal_ends.txt")
        _saved("subscription.end_announced", held, None, at)
        return 1
    # told late, it leaves the whole notice all the same
    held.announced_for, held.announced_cents = held.ends_on, cents
    _write(held, "memberships/emails/renewal.txt")
    _saved("subscription.announce", held, None, at)
    return 1


def _renew_due(pk: int, at: datetime) -> int:
    held = _locked(pk)
    if not held.renews or held.ends_on > at.date():
        return 0
    is_told = held.announced_for == held.ends_on and held.announced_cents == to_pay_cents(held)
    if is_told and _is_sold_on(held, held.ends_on):
        _extend(held, None, at)
        return 1
    held.renews = False
    _write(held, "memberships/emails/renewal_ends.txt")
    _saved("subscription.lapse", held, None, at)
    return 0


def _extend(held: Subscription, by: int | None, at: datetime) -> None:
    first = held.ends_on
    held.ends_on = _next_end(held)
    held.announced_for = held.announced_cents = None
    _saved("subscription.renew", held, by, at)
    charge_period(held, first, at=at)


def _next_end(held: Subscription) -> date:
    """Counted from the first day, so that 31 January does not become the 28th for ever."""
    step = MONTHS[held.plan.every]
    n = step
    while programme.after(held.starts_on, n) <= held.ends_on:
        n += step
    return programme.after(held.starts_on, n)


def _is_sold_on(held: Subscription, on: date) -> bool:
    return held.plan.sold_until is None or on < held.plan.sold_until


def _refuse_over(held: Subscription, on: date) -> None:
    if held.ends_on <= on:
        raise AlreadyOver(day=f"{held.ends_on:%d/%m/%Y}")


def _locked(pk: int) -> Subscription:
    rows = Subscription.objects.select_related("plan__operator", "user", "site", "payer_person")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _write(held: Subscription, template: str) -> None:
    # a body that pays is told by the person who uses it until it has an address of its own
    to: Person = held.payer_person or held.user
    payer = Payer(held.payer_person_id, held.payer_organisation_id)
    context = {
        "name": to.name,
        "plan": held.plan.name,
        "ends_on": held.ends_on,
        "price_euros": to_pay_cents(held) / 100,
        "is_own": payer.person_id is not None,
    }
    mail.send(template, to.email, context)


def _saved(act: str, held: Subscription, by: int | None, at: datetime) -> None:
    held.version += 1
    held.save()
    scope = ("site", str(held.site_id)) if held.site_id else held.plan.scopes[0]
    record(act, ("subscription", held.pk), by=by, at=at, scope=scope, ends_on=str(held.ends_on))
