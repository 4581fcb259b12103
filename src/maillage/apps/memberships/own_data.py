"""What a person takes away of her memberships, and what is forgotten with her."""

from datetime import datetime

from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import (
    Carnet,
    EmployerSeat,
    Member,
    Subscription,
    Use,
)
from maillage.apps.people import erase, export
from maillage.apps.people.models import Person
from maillage.apps.tariffs.models import Category


def declare() -> None:
    """Told once the models are ready."""
    export.also("adhesions", _memberships)
    export.also("abonnements", _subscriptions)
    export.also("carnets", _carnets)
    export.also("employeurs", _employers)
    export.also("usages", _uses)
    export.also("achats", _charges)
    erase.also(forget)


def forget(person: Person, at: datetime) -> None:
    """Her situation goes, her memberships end; what was sold stays, for the accounts."""
    today = at.date()
    Member.objects.filter(person=person).update(
        category=Category.STANDARD,
        category_checked_on=None,
        category_checked_by=None,
        category_until=None,
    )
    for member in Member.objects.filter(person=person, ends_on=None):
        member.ends_on = max(today, member.starts_on)
        member.save(update_fields=["ends_on"])
    for seat in EmployerSeat.objects.filter(person=person, ends_on=None):
        seat.ends_on = max(today, seat.starts_on)
        seat.save(update_fields=["ends_on"])
    Subscription.objects.filter(user=person, renews=True).update(renews=False, stopped_at=at)


def _memberships(person: Person) -> export.Lines:
    rows = Member.objects.filter(person=person).order_by("pk")
    return list(
        rows.values(
            "territory", "site__name", "audience", "organisation__name", "category",
            "category_checked_on", "category_until", "starts_on", "ends_on",
        )
    )  # fmt: skip


def _subscriptions(person: Person) -> export.Lines:
    rows = Subscription.objects.filter(user=person).order_by("pk")
    return list(rows.values("plan__name", "starts_on", "ends_on", "renews", "stopped_at"))


def _carnets(person: Person) -> export.Lines:
    rows = Carnet.objects.filter(user=person).order_by("pk")
    return list(rows.values("plan__name", "tickets", "begins_on", "expires_on", "bought_at"))


def _employers(person: Person) -> export.Lines:
    rows = EmployerSeat.objects.filter(person=person).order_by("pk")
    return list(rows.values("organisation__name", "half_days_a_month", "starts_on", "ends_on"))


def _uses(person: Person) -> export.Lines:
    own = (
        Use.objects.filter(carnet__user=person)
        | Use.objects.filter(subscription__user=person)
        | Use.objects.filter(employer_seat__person=person)
    )
    return list(own.order_by("pk").values("on", "site__name", "unit", "units", "taken", "at"))


def _charges(person: Person) -> export.Lines:
    own = Charge.objects.filter(user=person) | Charge.objects.filter(payer_person=person)
    return [
        {
            "label": one.label,
            "begins": one.service.lower,
            "ends": one.service.upper,
            "amount_cents": one.amount_cents,
            "vat_rate_bp": one.vat_rate_bp,
            "at": one.at,
        }
        for one in own.order_by("pk")
    ]
