"""Intercommunalities, and the portrait computed from one vintage of their tables."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery


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
