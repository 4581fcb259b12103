"""Scenarios of a study: each version is one computation, kept with who made it and why."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from maillage.apps.studies.models import Run, RunState, Study


class ScenarioState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PROPOSED = "proposed", "Proposé"
    RETAINED = "retained", "Retenu"


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def kept(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed_at=None)


class Scenario(models.Model):
    """One idea of the network, by its letter in the study.

    version     the number of its latest version: an editor who read another one is told
    removed_at  when somebody removed it; it can be taken back
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="scenarios")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=ScenarioState, default=ScenarioState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("study", "number"), name="scenarios_are_numbered"),
            models.UniqueConstraint(
                fields=("study",),
                condition=Q(state="retained", removed_at=None),
                name="one_retained_scenario_a_study",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(decided_at__isnull=False),
                name="a_decision_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(state="draft"),
                name="only_a_draft_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def letter(self) -> str:
        """A, B, … Z, AA."""
        letters, n = "", self.number
        while n:
            n, rest = divmod(n - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return letters

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.study.scopes

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("scenario", args=(self.study_id, self.study.slug, self.number))


class VersionKind(models.TextChoices):
    SEARCHED = "searched", "Cherché par le calcul"
    DRAWN = "drawn", "Modifié à la main"
    RESTORED = "restored", "Repris d’une version passée"


class Version(models.Model):
    """What a scenario was at a moment: never changed, a new one takes its place.

    run           the computation that gives its figures
    moves         the moves from the version before, as an address writes them
    is_amendment  made once the scenario was proposed: traced for those who vote
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    run = models.ForeignKey(Run, models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=10, choices=VersionKind)
    moves = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True)
    is_amendment = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("scenario", "number"), name="versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(is_amendment=False) | ~Q(reason=""),
                name="an_amendment_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}.{self.number}"

    @property
    def is_computed(self) -> bool:
        """Whether its figures are there."""
        return self.run.state == RunState.DONE


class VillagePrice(models.Model):
    """What a place in a commune would cost the network of a run: computed once, kept with it.

    step    name of the step under way, of core.scenario.VILLAGE_STEPS
    answer  of `villages.to_json`, once done
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="villages")
    commune_code = models.CharField(max_length=5)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    step = models.CharField(max_length=30, blank=True)
    answer = models.JSONField(default=dict)
    refusal = models.TextField(blank=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("run", "commune_code"), name="one_price_of_a_village_a_run"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(answer={}),
                name="a_price_that_is_done_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.commune_code


class ChangedAssumption(models.Model):
    """An assumption that a version fixes, with the reason; the value itself is in its run."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="changed")
    key = models.CharField(max_length=80)
    value = models.FloatField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("version", "key"), name="one_value_an_assumption"),
            models.CheckConstraint(condition=~Q(why=""), name="a_changed_assumption_says_why"),
        ]

    def __str__(self) -> str:
        return self.key


class Share(models.Model):
    """A link that lets whoever holds it read one version, until a day.

    secret_hash  sha256 of the secret: the link itself is shown once
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="shares")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="a_share_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.label
