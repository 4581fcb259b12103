"""The yearly archives of a body's money: written once, each bound to the one before."""

from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Organisation


class Archive(models.Model):
    """What a body issued and received in a year, in one file that never changes.

    folder, files  one zip, stored whole before the row
    seal           SHA-256 of the seal before and of the archive's manifest
    previous_seal  of the archive of the year before, empty for the first
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="archives")
    year = models.PositiveSmallIntegerField()
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    seal = models.BinaryField(max_length=32)
    previous_seal = models.BinaryField(max_length=32)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "year"), name="a_year_is_archived_once"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2999), name="a_year_has_four_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.year}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes
