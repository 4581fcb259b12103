"""Access that somebody suspended: nothing new is booked at the sites of an operator."""

from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Organisation, Person

ONE_HELD = Q(person__isnull=False, organisation=None) | Q(person=None, organisation__isnull=False)


class Suspension(models.Model):
    """A person, or a body that pays for people, books nothing new at the sites of an operator.

    origin_*  what it was decided for, ("document", "12")
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="suspensions")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="suspensions")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="suspensions_borne"
    )
    origin_kind = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_HELD, name="a_suspension_is_of_one_payer"),
            models.UniqueConstraint(
                fields=("operator", "origin_kind", "origin_key"),
                condition=Q(ended_at=None),
                name="access_is_suspended_once_a_cause",
            ),
        ]
        indexes = [
            models.Index(
                fields=("operator", "person"),
                condition=Q(ended_at=None),
                name="suspensions_of_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.origin_kind} {self.origin_key}"
