"""The places of a network: what is known of each, its stages, when it is closed."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from maillage.apps.people.models import Organisation
from maillage.apps.territories.models import Territory


class Tier(models.TextChoices):
    HUB = "hub", "Site structurant"
    MINI = "mini", "Mini-cowork"
    CORPO = "corpo", "Corpoworking"


class Governance(models.TextChoices):
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"
    ASSOCIATION = "association", "Association"
    PRIVATE = "private", "Privé"
    SHOP = "shop", "Commerce hôte"
    CO_MANAGED = "co_managed", "Cogestion"


class SiteQuerySet(models.QuerySet["Site"]):
    def listed(self) -> Self:
        """Those of the public directory."""
        return self.filter(is_listed=True, removed_at=None)


class Site(models.Model):
    """A place of the network; "" and None are unknown, never a guess.

    operator, collector    the body that runs it; the one that sells and collects
    zone, holiday_area     its time zone; the calendar of bank holidays it follows
    opening_hours          OpenStreetMap syntax, "" unknown: nothing can be booked
    safety_category        1 to 5, of a public building; `capacity_limit` people at once
    adopted_from           "scenario:version" of the plan it comes from
    arrival_hash           of the secret in its wall QR code
    version                grows with each change of its sheet
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="sites")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    tier = models.CharField(max_length=10, choices=Tier, blank=True)
    governance = models.CharField(max_length=20, choices=Governance, blank=True)
    operator = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="sites_operated"
    )
    collector = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="sites_collected"
    )
    address = models.CharField(max_length=200, blank=True)
    commune_code = models.CharField(max_length=5)
    commune_name = models.CharField(max_length=160)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    zone = models.CharField(max_length=40, default="Europe/Paris")
    holiday_area = models.CharField(max_length=30, default="metropole")
    opening_hours = models.CharField(max_length=300, blank=True)
    description = models.TextField(max_length=2_000, blank=True)
    directions = models.TextField(max_length=1_000, blank=True)
    functions = ArrayField(models.CharField(max_length=30), default=list)
    services = ArrayField(models.CharField(max_length=30), default=list)
    equipment = ArrayField(models.CharField(max_length=30), default=list)
    is_step_free = models.BooleanField(null=True)
    accessibility = models.TextField(max_length=1_000, blank=True)
    has_fibre = models.BooleanField(null=True)
    safety_type = models.CharField(max_length=2, blank=True)
    safety_category = models.PositiveSmallIntegerField(null=True)
    capacity_limit = models.PositiveIntegerField(null=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    is_listed = models.BooleanField(default=False)
    adopted_from = models.CharField(max_length=40, blank=True)
    arrival_hash = models.BinaryField(max_length=32, null=True)
    is_demonstration = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("territory", "slug"), name="one_site_per_address"),
            models.UniqueConstraint(
                fields=("territory", "commune_code", "name"),
                condition=Q(removed_at=None),
                name="one_site_per_name_in_a_commune",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="a_site_is_placed_by_both_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(safety_category=None) | Q(safety_category__range=(1, 5)),
                name="a_safety_category_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(capacity_limit=None) | Q(capacity_limit__gt=0),
                name="a_capacity_limit_is_above_0",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_site_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held: itself, then its territory."""
        return (("site", str(self.pk)), ("territory", self.territory_id))

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("site", args=(self.territory_id, self.slug))


class Stage(models.TextChoices):
    PLANNED = "planned", "Prévu"
    WORKS = "works", "En travaux"
    OPEN = "open", "Ouvert"
    CLOSED = "closed", "Fermé"


class SiteStage(models.Model):
    """A stage of a site from a day on; days to come are forecasts, told as such."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=10, choices=Stage)
    starts_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "starts_on"), name="one_stage_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.starts_on}"


def stage_on(stages: list[SiteStage], on: date) -> SiteStage | None:
    """The stage of a day among those of one site; None before the first."""
    begun = [s for s in stages if s.starts_on <= on]
    return max(begun, key=lambda s: s.starts_on, default=None)


class Closure(models.Model):
    """A site, or one of its spaces, closed for a time."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="closures")
    space = models.ForeignKey("sites.Space", models.CASCADE, null=True, related_name="closures")
    period = DateTimeRangeField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                ),
                name="a_closure_begins_and_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
