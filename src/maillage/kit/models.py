"""What every process must see at once: counters of rate limits, switches, acts already done."""

from django.db import models


class Attempt(models.Model):
    """How many times a key was used in the window that began at `begun_at`."""

    key_hash = models.BinaryField(max_length=32)
    begun_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("key_hash", "begun_at"), name="one_counter_per_key_and_window"
            )
        ]
        indexes = [models.Index(fields=("begun_at",), name="attempts_by_window")]


class Switch(models.Model):
    """A state of the whole platform, on while its row exists."""

    name = models.CharField(max_length=20, primary_key=True)


class Answer(models.Model):
    """What an act answered under a key: a repeat gets the same answer and has no other effect.

    asked_hash  digest of what was asked: the same key for something else is refused
    """

    key_hash = models.BinaryField(max_length=32, unique=True)
    asked_hash = models.BinaryField(max_length=32)
    content = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("answered_at",), name="answers_by_time")]
