"""The invoicing of a month: begun, stopped, resumed; months that are closed."""

from django.db import models
from django.db.models import Q

from maillage.apps.billing.models.documents import Document
from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.people.models import Organisation, Person


class RunState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    STOPPED = "stopped", "Arrêtée"
    DONE = "done", "Terminée"


class Run(models.Model):
    """The invoicing of a month for an operator: one at a time, whoever asks twice.

    month          first day
    stop_asked_at  it ends after the invoice it is making
    beat_at        it still works; a run without beat is resumed
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="billing_runs")
    month = models.DateField()
    state = models.CharField(max_length=10, choices=RunState)
    total = models.PositiveIntegerField(default=0)
    by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator",),
                condition=Q(state__in=("queued", "running")),
                name="an_operator_runs_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.month:%Y-%m}"


class Outcome(models.TextChoices):
    ISSUED = "issued", "Émise"
    NOTHING = "nothing", "Rien à facturer"
    FAILED = "failed", "Non émise"


class RunItem(models.Model):
    """What became of one payer in a run; `why` is a sentence when nothing was issued."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    why = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PAYER, name="an_item_is_of_one_payer"),
            models.UniqueConstraint(fields=("run", "payer_person"), name="a_person_runs_once"),
            models.UniqueConstraint(fields=("run", "payer_organisation"), name="a_body_runs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.outcome}"


class ClosedMonth(models.Model):
    """A month whose documents and receipts are frozen; months close in order, never reopen."""

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="closed_months")
    month = models.DateField()
    totals = models.JSONField()
    hash = models.BinaryField(max_length=32)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "month"), name="a_month_closes_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.month:%Y-%m}"
