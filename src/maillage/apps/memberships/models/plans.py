"""What is sold in advance: plans, what each gives, abonnements and carnets."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.people.models import Organisation, Person
from maillage.apps.people.models.roles import DateRange
from maillage.apps.sites.models import Site, SpaceKind
from maillage.apps.tariffs.models import WHOLE_BP, Unit


class PlanKind(models.TextChoices):
    SUBSCRIPTION = "subscription", "Abonnement"
    CARNET = "carnet", "Carnet de tickets"
    DAY_PASS = "day_pass", "Pass journée"


class Every(models.TextChoices):
    MONTH = "month", "Mois"
    QUARTER = "quarter", "Trimestre"
    YEAR = "year", "Année"


class Plan(models.Model):
    """Something an operator sells in advance; what was sold keeps the plan it was sold under.

    every            how long a subscription's price lasts, "" for what is sold once
    notice_days      a renewal is announced this long before, with its price
    tickets          of a carnet or a day pass
    validity_months  a carnet is good this long; a day pass, its day
    sites            where it may be used; none: every site that its operator sells for
    sold_until       first day it is no longer sold, nor renewed
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="formulas")
    kind = models.CharField(max_length=20, choices=PlanKind)
    name = models.CharField(max_length=120)
    price_cents = models.BigIntegerField()
    includes_tax = models.BooleanField(default=True)
    vat_rate_bp = models.PositiveIntegerField()
    every = models.CharField(max_length=10, choices=Every, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=15)
    tickets = models.PositiveIntegerField(null=True)
    validity_months = models.PositiveSmallIntegerField(null=True)
    sites = models.ManyToManyField(Site, related_name="plans_usable")
    deliberation_ref = models.CharField(max_length=80)
    sold_from = models.DateField()
    sold_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator", "name"),
                condition=Q(sold_until=None),
                name="one_plan_of_a_name_is_sold",
            ),
            models.CheckConstraint(
                condition=Q(price_cents__gte=0, vat_rate_bp__lte=WHOLE_BP),
                name="a_plan_has_a_price",
            ),
            models.CheckConstraint(
                condition=(Q(kind="subscription", tickets=None) & ~Q(every=""))
                | (Q(kind="carnet", every="", tickets__gt=0, validity_months__gt=0))
                | Q(kind="day_pass", every="", tickets__gt=0),
                name="a_plan_has_what_its_kind_needs",
            ),
            models.CheckConstraint(condition=~Q(deliberation_ref=""), name="a_plan_was_voted"),
            models.CheckConstraint(
                condition=Q(sold_until=None) | Q(sold_until__gte=F("sold_from")),
                name="a_plan_is_not_withdrawn_before_it_is_sold",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class PlanQuota(models.Model):
    """What a subscription gives each month of these kinds of spaces; None: as much as wanted."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="quotas")
    space_kinds = ArrayField(models.CharField(max_length=20, choices=SpaceKind))
    unit = models.CharField(max_length=10, choices=Unit)
    units = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.units} {self.unit}"


class TicketRate(models.Model):
    """How many tickets of a carnet one unit of a kind of spaces takes."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="rates")
    space_kind = models.CharField(max_length=20, choices=SpaceKind)
    unit = models.CharField(max_length=10, choices=Unit)
    tickets = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("plan", "space_kind"), name="one_rate_a_kind_of_spaces"
            ),
            models.CheckConstraint(condition=Q(tickets__gt=0), name="a_rate_takes_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.space_kind} {self.unit}"


class Subscription(models.Model):
    """A plan that somebody uses and that a person or a body pays for, period after period.

    ends_on          first day that is not paid
    renews           only when the payer asked for it
    announced_for    the `ends_on` whose renewal was announced, at `announced_cents`
    stopped_at       when the renewal was given up
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscriptions")
    user = models.ForeignKey(Person, models.PROTECT, related_name="subscriptions")
    payer_person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="subscriptions_paid"
    )
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="subscriptions_paid"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="subscriptions")
    starts_on = models.DateField()
    ends_on = models.DateField()
    renews = models.BooleanField(default=False)
    announced_for = models.DateField(null=True)
    announced_cents = models.BigIntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PAYER, name="a_subscription_has_one_payer"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="a_subscription_lasts_a_day"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(renews=False),
                name="what_was_stopped_is_not_renewed",
            ),
            ExclusionConstraint(
                name="one_uses_a_plan_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("plan", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"abonnement {self.pk}"


class Carnet(models.Model):
    """Tickets bought in advance; `expires_on` is the last day they may be used for."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="carnets")
    user = models.ForeignKey(Person, models.PROTECT, related_name="carnets")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="carnets_paid")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="carnets_paid"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="carnets")
    tickets = models.PositiveIntegerField()
    begins_on = models.DateField()
    expires_on = models.DateField()
    bought_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PAYER, name="a_carnet_has_one_payer"),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("begins_on")), name="a_carnet_is_good_for_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"carnet {self.pk}"
