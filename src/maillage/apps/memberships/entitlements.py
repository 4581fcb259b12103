"""What pays before money does: plans and carnets of a person, as they are left on days of use."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, Sum

from maillage.apps.memberships.models import Carnet, Plan, PlanQuota, Subscription, Use
from maillage.apps.sites.models import Site
from maillage.core import programme, tariffs

A_DAY = timedelta(days=1)
# a plan that is over is spoken of this long, so that its holder knows why she pays
SPOKEN_OF = timedelta(days=92)


@dataclass(frozen=True)
class Holdings:
    """Subscriptions and carnets that somebody may use, with what was taken of each.

    usable      plan -> sites where it may be used; none: those its operator sells for
    taken       (subscription, quota, first day of the window) -> units
    tickets     carnet -> tickets taken
    """

    subscriptions: tuple[Subscription, ...]
    carnets: tuple[Carnet, ...]
    first: date
    last: date
    taken: Mapping[tuple[int, int, date], int]
    tickets: Mapping[int, int]

    def at(self, site: Site, operator_id: int) -> tariffs.Entitlements:
        """Those that may pay at a site."""
        return tariffs.Entitlements(
            quotas=tuple(
                quota
                for held in self.subscriptions
                if is_usable(held.plan, site, operator_id)
                for quota in self.quotas_of(held)
            ),
            passes=tuple(
                self.book_of(held)
                for held in self.carnets
                if is_usable(held.plan, site, operator_id)
            ),
        )

    def quotas_of(self, held: Subscription) -> list[tariffs.Quota]:
        """One for each month that the days touch; a plan that is over keeps its last one."""
        windows = windows_of(held, self.first, self.last)
        return [
            tariffs.Quota(
                id=f"{held.pk}:{quota.pk}:{window.first.isoformat()}",
                plan=held.plan.name,
                space_kinds=frozenset(quota.space_kinds),
                unit=quota.unit,
                left=None
                if quota.units is None
                else max(quota.units - self.taken.get((held.pk, quota.pk, window.first), 0), 0),
                window=window,
                ends_on=held.ends_on - A_DAY,
            )
            for quota in held.plan.quotas.all()
            for window in windows
        ]

    def book_of(self, held: Carnet) -> tariffs.PassBook:
        """What is left of a carnet."""
        return tariffs.PassBook(
            id=str(held.pk),
            left=max(held.tickets - self.tickets.get(held.pk, 0), 0),
            rates=tuple(
                tariffs.TicketRate(rate.space_kind, rate.unit, rate.tickets)
                for rate in held.plan.rates.all()
            ),
            begins_on=held.begins_on,
            expires_on=held.expires_on,
        )


def is_usable(plan: Plan, site: Site, operator_id: int) -> bool:
    """Where a plan may be used: the sites it names, else all those its operator sells for."""
    named = [one.pk for one in plan.sites.all()]
    return site.pk in named if named else plan.operator_id == operator_id


def windows_of(held: Subscription, first: date, last: date) -> list[tariffs.Validity]:
    """The months of a subscription that some days touch; its last month when none does.

    Months are counted from the day it begins, so that a month never has two first days.
    """
    found: list[tariffs.Validity] = []
    n, begins = 0, held.starts_on
    while begins < held.ends_on:
        n += 1
        follows = programme.after(held.starts_on, n)
        window = tariffs.Validity(begins, min(follows, held.ends_on) - A_DAY)
        if window.first <= last and first < follows:
            found.append(window)
        before, begins = window, follows
    return found or [before]


def held_by(
    person_id: int, organisation_id: int | None, first: date, last: date, *, lock: bool = False
) -> Holdings:
    """What a person may use on some days, of what she or this body pays for.

    lock  the rows, in order: nobody else spends them before the end of the transaction
    """
    payer = (
        Q(payer_organisation=None)
        if organisation_id is None
        else Q(payer_organisation_id=organisation_id)
    )
    subscriptions = Subscription.objects.filter(
        payer, user_id=person_id, starts_on__lte=last, ends_on__gt=first - SPOKEN_OF
    ).order_by("pk")
    carnets = Carnet.objects.filter(
        payer, user_id=person_id, begins_on__lte=last, expires_on__gte=first - SPOKEN_OF
    ).order_by("pk")
    if lock:
        subscriptions = subscriptions.select_for_update(no_key=True)
        carnets = carnets.select_for_update(no_key=True)
    return read(
        subscriptions.prefetch_related(_plan()), carnets.prefetch_related(_plan()), first, last
    )


def held_for_sheet(person_id: int, on: date) -> Holdings:
    """All that a person uses, whoever pays: what is current or was over lately."""
    subscriptions = Subscription.objects.filter(user_id=person_id, ends_on__gt=on - SPOKEN_OF)
    carnets = Carnet.objects.filter(user_id=person_id, expires_on__gte=on - SPOKEN_OF)
    return read(
        subscriptions.order_by("-ends_on", "pk").prefetch_related(_plan()),
        carnets.order_by("expires_on", "pk").prefetch_related(_plan()),
        on,
        on,
    )


def read(
    subscriptions: Iterable[Subscription], carnets: Iterable[Carnet], first: date, last: date
) -> Holdings:
    """What is left of subscriptions and carnets on some days."""
    subs, books = tuple(subscriptions), tuple(carnets)
    uses = Use.objects.filter(carnet__in=books).values_list("carnet").annotate(total=Sum("taken"))
    return Holdings(
        subs,
        books,
        first,
        last,
        _taken(subs),
        {int(pk): int(total) for pk, total in uses.order_by()} if books else {},
    )


def _taken(subscriptions: tuple[Subscription, ...]) -> Mapping[tuple[int, int, date], int]:
    found: Counter[tuple[int, int, date]] = Counter()
    if not subscriptions:
        return found
    by_pk = {held.pk: held for held in subscriptions}
    uses = Use.objects.filter(subscription__in=subscriptions).values_list(
        "subscription", "quota", "on"
    )
    for pk, quota, on, total in uses.annotate(total=Sum("taken")).order_by():
        window = windows_of(by_pk[pk], on, on)[0]
        found[pk, quota, window.first] += total
    return found


def _plan() -> "Prefetch[str]":
    plans = Plan.objects.prefetch_related(
        Prefetch("quotas", PlanQuota.objects.order_by("pk")), "rates", "sites"
    )
    return Prefetch("plan", plans)
