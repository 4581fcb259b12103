"""Machines that one may use once trained: who trains, the sessions, who is certified until when."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q

from maillage.apps.people.models import Person
from maillage.apps.people.models.roles import DateRange
from maillage.apps.sites.models import Space

VALID_MONTHS = 24
MOST_MONTHS = 120


class Sheet(models.Model):
    """What one must know of a machine.

    safety        what protects whoever uses it: clothes, glasses, air
    valid_months  how long a certification is proposed for
    """

    space = models.OneToOneField(Space, models.CASCADE, related_name="sheet")
    description = models.TextField(max_length=2_000, blank=True)
    safety = models.TextField(max_length=2_000, blank=True)
    valid_months = models.PositiveSmallIntegerField(default=VALID_MONTHS)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_months__range=(1, MOST_MONTHS)),
                name="a_certification_lasts_a_month_at_least",
            ),
        ]

    def __str__(self) -> str:
        return f"fiche {self.space_id}"


class TrainerQuerySet(models.QuerySet["Trainer"]):
    def current(self, on: date) -> Self:
        """Those who train that day; `ends_on` is the first day without."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


class Trainer(models.Model):
    """Somebody who trains on one machine, from a day (included) to a day (excluded)."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="trainers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="trains_on")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    named_by = models.BigIntegerField(null=True)

    objects = TrainerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_trainer_does_not_end_before_starting",
            ),
            ExclusionConstraint(
                name="a_person_trains_on_a_machine_once_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"formateur {self.pk}"


class TrainingSession(models.Model):
    """A training on one machine, with its places."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="training_sessions")
    trainer = models.ForeignKey(Trainer, models.PROTECT, related_name="sessions")
    period = DateTimeRangeField()
    places = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
                name="a_training_begins_and_ends",
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="a_training_has_a_place"),
        ]
        indexes = [models.Index(fields=("space", "cancelled_at"), name="trainings_by_machine")]

    def __str__(self) -> str:
        return f"séance {self.pk}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.space.scopes


class Attendee(models.Model):
    """Somebody enrolled in a training; whether she came, whether she is able, None: not said.

    decided_by  the trainer who said it
    """

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings")
    enrolled_at = models.DateTimeField()
    was_present = models.BooleanField(null=True)
    is_able = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("session", "person"), name="one_enrols_once"),
            models.CheckConstraint(
                condition=Q(is_able=None) | Q(was_present=True),
                name="only_who_was_present_is_judged",
            ),
        ]

    def __str__(self) -> str:
        return f"inscription {self.pk}"


class CertificationQuerySet(models.QuerySet["Certification"]):
    def valid(self, on: date) -> Self:
        """Those that open a machine that day; `expires_on` is the first day without."""
        return self.filter(revoked_at=None, given_on__lte=on, expires_on__gt=on)


class Certification(models.Model):
    """Somebody may use a machine, from a day (included) to a day (excluded).

    attendee  the training at which the trainer saw her at work
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="certifications")
    person = models.ForeignKey(Person, models.PROTECT, related_name="certifications")
    attendee = models.OneToOneField(Attendee, models.PROTECT, related_name="certification")
    given_by = models.ForeignKey(Trainer, models.PROTECT, related_name="given")
    given_on = models.DateField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("given_on")), name="a_certification_lasts"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, reason="")
                | (Q(revoked_at__isnull=False) & ~Q(reason="")),
                name="what_is_revoked_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=("space", "person", "expires_on"), name="certifications_of_one"),
        ]

    def __str__(self) -> str:
        return f"habilitation {self.pk}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.space.scopes
