"""Reminders in three steps, what suspends them, what a human decided after the third."""

from django.db import models
from django.db.models import Q

from maillage.apps.billing.models import Document
from maillage.apps.people.models import Organisation

STEPS = 3


class ReminderText(models.Model):
    """How an operator writes one step; without a row, the usual words.

    days  after the due day
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="reminder_texts")
    step = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120)
    text = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "step"), name="a_step_is_written_once"),
            models.CheckConstraint(
                condition=Q(step__gte=1, step__lte=STEPS), name="there_are_three_steps"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.step}"


class Reminder(models.Model):
    """A step sent: the words and the address it went to are kept, and its letter.

    to  "" when no address was known: the letter is to be posted
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    owed_cents = models.BigIntegerField()
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=120)
    text = models.TextField()
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("document", "step"), name="a_step_is_sent_once"),
            models.CheckConstraint(
                condition=Q(step__gte=1, step__lte=STEPS), name="a_reminder_is_a_step"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.step}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.document.operator.scopes


class PauseKind(models.TextChoices):
    DISPUTE = "dispute", "Contestée"
    SCHEDULE = "schedule", "Échéancier accordé"


class Pause(models.Model):
    """A document that is not reminded for now: contested, or paid by instalments.

    until  last day of a schedule; a dispute has none and ends by an act
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=10, choices=PauseKind)
    why = models.CharField(max_length=300)
    until = models.DateField(null=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("document",), condition=Q(ended_at=None), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(kind="schedule") | Q(until__isnull=False), name="a_schedule_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"


class Outcome(models.TextChoices):
    KEPT = "kept", "Accès gardé"
    SUSPENDED = "suspended", "Accès suspendu"
    SCHEDULE = "schedule", "Échéancier accordé"


class Decision(models.Model):
    """What somebody decided after the third reminder, and why."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    why = models.CharField(max_length=300)
    until = models.DateField(null=True)
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="a_decision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.outcome}"
