"""What an operator asks for its spaces: lists voted for a time, their prices."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q

from maillage.apps.people.models import Organisation
from maillage.apps.people.models.roles import DateRange
from maillage.apps.sites.models import Audience, Space, SpaceKind

WHOLE_BP = 10_000


class Unit(models.TextChoices):
    HOUR = "hour", "Heure"
    HALF_DAY = "half_day", "Demi-journée"
    DAY = "day", "Journée"
    WEEK = "week", "Semaine"
    MONTH = "month", "Mois"


class Category(models.TextChoices):
    """What somebody's situation gives her: seen once by the desk, the proof is never kept."""

    STANDARD = "standard", "Tarif ordinaire"
    JOB_SEEKER = "job_seeker", "Personne en recherche d'emploi"
    YOUTH = "youth", "Jeune"
    NEWCOMER = "newcomer", "Nouvelle arrivée sur le territoire"
    DISABLED = "disabled", "Personne en situation de handicap"
    SENIOR = "senior", "Senior"


# whom a price is for: kinds of users, then situations
PRICED: tuple[tuple[str, str], ...] = (
    *((code, label) for code, label in Audience.choices),
    *((code, label) for code, label in Category.choices if code != Category.STANDARD),
)


class ListState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    VOTED = "voted", "Voté"


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def voted(self) -> Self:
        """Those that a council or a board voted."""
        return self.filter(state=ListState.VOTED)


class PriceList(models.Model):
    """Prices of an operator from a day on; once voted, they never change: another list follows.

    starts_on, ends_on  first day, first day without: set when the next list is voted
    deliberation_ref    of the act that voted it, on `voted_on`
    half_day_min        minutes of a half-day; None: as the method says
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=ListState, default=ListState.DRAFT)
    deliberation_ref = models.CharField(max_length=80, blank=True)
    voted_on = models.DateField(null=True)
    half_day_min = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="a_list_lasts_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (~Q(deliberation_ref="") & Q(state="voted", voted_on__isnull=False)),
                name="a_voted_list_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(half_day_min=None) | Q(half_day_min__range=(60, 720)),
                name="a_half_day_is_1_to_12_hours",
            ),
            ExclusionConstraint(
                name="an_operator_has_one_voted_list_a_day",
                expressions=[
                    ("operator", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="voted"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class Price(models.Model):
    """The price of one unit of a kind of spaces, or of one space, for an audience.

    cents         of one unit, with tax or without, see `includes_tax`
    vat_rate_bp   hundredths of a percent
    free_until    nothing is asked up to this day, included, for `free_reason`
    """

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    space_kind = models.CharField(max_length=20, choices=SpaceKind)
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="prices")
    unit = models.CharField(max_length=10, choices=Unit)
    audience = models.CharField(max_length=20, choices=PRICED, default=Audience.PUBLIC)
    cents = models.BigIntegerField()
    includes_tax = models.BooleanField(default=True)
    vat_rate_bp = models.PositiveIntegerField()
    free_until = models.DateField(null=True)
    free_reason = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("price_list", "space_kind", "space", "unit", "audience"),
                nulls_distinct=False,
                name="one_price_a_unit_and_audience",
            ),
            models.CheckConstraint(condition=Q(cents__gte=0), name="a_price_is_not_below_0"),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__lte=WHOLE_BP), name="a_price_s_vat_is_at_most_100_percent"
            ),
            models.CheckConstraint(
                condition=Q(free_until=None, free_reason="")
                | (Q(free_until__isnull=False) & ~Q(free_reason="")),
                name="a_free_time_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space_kind} {self.unit} {self.audience}"
