"""An export of GRR that somebody sent: what was read of it, what it becomes, what it made."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from maillage.apps.territories.models import Territory


class GrrState(models.TextChoices):
    WAITING = "waiting", "À confirmer"
    DONE = "done", "Importé"
    UNDONE = "undone", "Annulé"


class GrrImport(models.Model):
    """An export of GRR: previewed, imported whole or not at all, undone.

    The file itself is not kept: it holds the passwords of a whole town hall.
    read     sites, areas, rooms and bookings of the file (see `grr_kept`); {} once it is over
    choices  what places and rooms become, as somebody chose (see `grr_choices`)
    report   one line a booking of the file and where it went (see `grr_plan.Line`)
    made     {sites, spaces, bookings}: the keys that undoing takes away
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="grr_imports")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=GrrState, default=GrrState.WAITING)
    read: Any = models.JSONField(default=dict)
    choices: Any = models.JSONField(default=dict)
    report: Any = models.JSONField(default=list)
    made: Any = models.JSONField(default=dict)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", done_at=None)
                | (~Q(state="waiting") & Q(done_at__isnull=False, read={})),
                name="a_grr_import_that_is_over_keeps_nothing_read",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("asked_at")),
                name="a_grr_import_is_done_after_it_is_asked",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.territory.scopes
