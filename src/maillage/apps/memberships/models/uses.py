"""Employers who pay, and what was used of plans, carnets and their quotas."""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q, Sum

from maillage.apps.memberships.models.plans import Carnet, PlanQuota, Subscription
from maillage.apps.people.models import Organisation, Person
from maillage.apps.people.models.roles import DateRange
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.models import Unit


class EmployerSeat(models.Model):
    """A body pays for what somebody books, at most so many half-days a month.

    ends_on  first day without
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="employees_authorised"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="employers")
    half_days_a_month = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_authorisation_does_not_end_before_it_starts",
            ),
            ExclusionConstraint(
                name="one_is_authorised_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"autorisation {self.pk}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.organisation.scopes


class UseQuerySet(models.QuerySet["Use"]):
    def of(self, kind: str, key: object) -> Self:
        """Those that one booking gave rise to."""
        return self.filter(origin_kind=kind, origin_key=str(key)).order_by("pk")

    def standing(self) -> Self:
        """Spent, and not given back."""
        return self.filter(taken__gt=0, given_back=None)

    def taken_in_all(self) -> int:
        """What is spent once given back is taken away."""
        found: dict[str, Any] = self.aggregate(total=Sum("taken"))
        return int(found["total"] or 0)


class Use(models.Model):
    """Tickets or units spent for a day of a booking, or given back: added, never changed.

    on           the day of use, under which quotas are counted
    taken        tickets, or units of the quota; below 0 when given back
    units, unit  of time that they paid for
    value_cents  what the public would have paid: what bodies settle between them
    site         where it was used, which another body than the plan's may run
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, null=True, related_name="uses")
    quota = models.ForeignKey(PlanQuota, models.PROTECT, null=True, related_name="uses")
    carnet = models.ForeignKey(Carnet, models.PROTECT, null=True, related_name="uses")
    employer_seat = models.ForeignKey(EmployerSeat, models.PROTECT, null=True, related_name="uses")
    origin_kind = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT, related_name="uses")
    on = models.DateField()
    unit = models.CharField(max_length=10, choices=Unit)
    units = models.PositiveIntegerField()
    taken = models.IntegerField()
    value_cents = models.BigIntegerField(default=0)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="given_back")
    at = models.DateTimeField()

    objects = UseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    subscription__isnull=False,
                    quota__isnull=False,
                    carnet=None,
                    employer_seat=None,
                )
                | Q(subscription=None, quota=None, carnet__isnull=False, employer_seat=None)
                | Q(subscription=None, quota=None, carnet=None, employer_seat__isnull=False),
                name="a_use_spends_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, taken__gt=0) | Q(reverses__isnull=False, taken__lt=0),
                name="a_use_spends_or_gives_back",
            ),
        ]
        indexes = [
            models.Index(fields=("origin_kind", "origin_key"), name="uses_by_origin"),
            models.Index(fields=("carnet", "on"), name="uses_by_carnet"),
            models.Index(fields=("subscription", "on"), name="uses_by_subscription"),
            models.Index(fields=("employer_seat", "on"), name="uses_by_employer"),
        ]

    def __str__(self) -> str:
        return f"{self.taken} {self.on}"
