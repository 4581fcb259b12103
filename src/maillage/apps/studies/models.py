"""Studies and their runs: what was computed, from what, and the files it gave."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from maillage.apps.territories.models import Territory


class Study(models.Model):
    """A question put to a territory; public once one of its results is published.

    published_run  the number of the result that everybody reads: a newer one waits to be read over
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="studies")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=160)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_run = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("territory", "slug"), name="one_study_per_address"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_run=None)
                | Q(published_at__isnull=False, published_run__isnull=False),
                name="what_is_published_is_one_run",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return (("territory", self.territory_id),)

    def get_absolute_url(self) -> str:
        """Its public page, which answers once it is published."""
        return reverse("published_study", args=(self.pk, self.slug))


class RunState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    STOPPED = "stopped", "Arrêté"
    REFUSED = "refused", "Refusé"
    FAILED = "failed", "Interrompu"


class RunQuerySet(models.QuerySet["Run"]):
    def published(self) -> Self:
        """The results that everybody reads, with their study and territory."""
        public = self.filter(state=RunState.DONE, number=F("study__published_run"))
        return public.select_related("study__territory")

    def found(self) -> Self:
        """The results of the search: a network drawn by hand is read with its scenario."""
        drawn = Q(summary__has_key="is_drawn", summary__is_drawn=True)
        return self.filter(~drawn, state=RunState.DONE)


class Run(models.Model):
    """One computation of a study.

    question     sha256 of its request: one is computed once at a time
    fingerprint  sha256 of its request, tables, assumptions and code version
    folder       prefix of its files in the store
    files        [{name, size_bytes, sha256}], written before the row says DONE
    step         name of the step under way, of core.scenario.STEPS
    summary      the few figures that lists show, copied from plan.json
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    step = models.CharField(max_length=30, blank=True)
    request = models.JSONField()
    question = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=120, blank=True)
    files = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    refusal = models.TextField(blank=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("study", "number"), name="runs_are_numbered"),
            models.UniqueConstraint(
                fields=("study", "question"),
                condition=Q(state__in=("queued", "running")),
                name="one_computation_of_a_question_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(folder="") & Q(finished_at__isnull=False)),
                name="a_run_that_is_done_has_its_files",
            ),
        ]

    @property
    def is_found(self) -> bool:
        """Whether it is a result of the search."""
        return self.state == RunState.DONE and not self.summary.get("is_drawn")
