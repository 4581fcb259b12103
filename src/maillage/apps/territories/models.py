"""Intercommunalities, their portrait from one vintage of tables, what their communes prepare."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.models import Organisation

# beyond them a digit is wrong
MOST_SEATS = 500
FIRST_YEAR, LAST_YEAR = 1950, 2100


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def with_portrait(self) -> Self:
        """Each territory with `loaded_at`, the day of its portrait, None without one."""
        latest = Portrait.objects.filter(territory=OuterRef("pk")).order_by("-loaded_at")
        return self.annotate(loaded_at=Subquery(latest.values("loaded_at")[:1]))

    def loaded(self) -> Self:
        """Those which have a portrait."""
        return self.filter(Exists(Portrait.objects.filter(territory=OuterRef("pk"))))


class Territory(models.Model):
    """An intercommunality that may be studied.

    aliases         other names under which people look for it, one a line
    search_name     name and aliases as they are searched, one a line
    members         [{code, name, population}], population null where no table gives it
    search_members  names of its communes as they are searched, one a line, a line end around
    """

    siren = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=160)
    aliases = models.TextField(blank=True)
    search_name = models.TextField()
    communes = models.PositiveIntegerField()
    population = models.PositiveIntegerField(null=True)
    members = models.JSONField(default=list)
    search_members = models.TextField(blank=True)
    is_demonstration = models.BooleanField(default=False)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(siren__regex=r"^\d{9}$"), name="territory_siren_has_nine_digits"
            )
        ]
        indexes = [
            GinIndex(
                fields=("search_name",), name="territories_by_name", opclasses=("gin_trgm_ops",)
            ),
            GinIndex(
                fields=("search_members",),
                name="territories_by_commune",
                opclasses=("gin_trgm_ops",),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return (("territory", self.siren),)


class PortraitQuerySet(models.QuerySet["Portrait"]):
    def shown(self) -> Self:
        """The portrait of each territory: its latest loading."""
        return self.order_by("territory_id", "-loaded_at").distinct("territory_id")


class Portrait(models.Model):
    """One loading of a territory's tables: files in the store, a digest of what they come from.

    folder       prefix of its files in the store
    fingerprint  sha256 of tables, assumptions and code version: the same gives the same portrait
    files        [{name, size_bytes, sha256}]
    loaded_at    its latest loading: the territory shows the latest of its portraits
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="portraits")
    folder = models.CharField(max_length=120, unique=True)
    fingerprint = models.CharField(max_length=64)
    files = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.BigIntegerField(null=True)

    objects = PortraitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("territory", "fingerprint"), name="one_portrait_per_fingerprint"
            )
        ]


class LoadingState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    REFUSED = "refused", "Refusé"
    FAILED = "failed", "Interrompu"


UNDER_WAY = (LoadingState.QUEUED, LoadingState.RUNNING)


class Loading(models.Model):
    """A loading asked from a page: where it stands, and why it was refused.

    steps_done  of load.STEPS
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="loadings")
    state = models.CharField(max_length=10, choices=LoadingState, default=LoadingState.QUEUED)
    steps_done = models.PositiveIntegerField(default=0)
    refusal = models.TextField(blank=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("territory",),
                condition=Q(state__in=("queued", "running")),
                name="one_loading_at_a_time",
            )
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in UNDER_WAY


class InitiativeKind(models.TextChoices):
    COWORKING = "coworking", _("Coworking")
    THIRD_PLACE = "third_place", _("Tiers-lieu")
    FABLAB = "fablab", _("Fablab")
    MINI = "mini", _("Mini-cowork")
    OTHER = "other", _("Autre")


class InitiativeStatus(models.TextChoices):
    PLANNED = "planned", _("Prévue")
    ONGOING = "ongoing", _("En cours")
    DONE = "done", _("Réalisée")


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def present(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed_at=None)

    def public(self) -> Self:
        """Those that everybody reads."""
        return self.present().filter(published_at__isnull=False)


class Initiative(models.Model):
    """What a commune prepares, makes or has made of its own: a place to work.

    carrier       the body that carries it, None when nobody said
    lon, lat      None: its place is the town of its commune, which pages say
    status        of its latest change of status, see StatusChange
    published_at  since when everybody reads it, None: those of the territory alone
    removed_at    None, or when it was taken off the lists; it may be put back
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="initiatives")
    commune_code = models.CharField(max_length=5)
    commune_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=InitiativeKind)
    carrier = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    seats = models.PositiveIntegerField(null=True)
    opening_year = models.PositiveIntegerField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    status = models.CharField(max_length=8, choices=InitiativeStatus)
    published_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=InitiativeKind.values), name="initiative_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=InitiativeStatus.values), name="initiative_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(seats=None) | Q(seats__gte=1, seats__lte=MOST_SEATS),
                name="initiative_seats_are_possible",
            ),
            models.CheckConstraint(
                condition=Q(opening_year=None)
                | Q(opening_year__gte=FIRST_YEAR, opening_year__lte=LAST_YEAR),
                name="initiative_year_is_possible",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None)
                | Q(
                    *(Q(lon__isnull=False), Q(lat__isnull=False)),
                    lon__range=(-180, 180),
                    lat__range=(-90, 90),
                ),
                name="initiative_position_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return (("territory", self.territory_id),)

    @property
    def is_public(self) -> bool:
        """Whether everybody reads it."""
        return self.published_at is not None


class StatusChange(models.Model):
    """From which day an initiative has a status; a day has one status."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="changes")
    status = models.CharField(max_length=8, choices=InitiativeStatus)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=InitiativeStatus.values), name="changed_status_is_known"
            ),
            models.UniqueConstraint(fields=("initiative", "on"), name="one_status_a_day"),
        ]
