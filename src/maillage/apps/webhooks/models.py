"""Addresses that are told what happens, and each telling."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Person
from maillage.apps.territories.models import Territory

# after each failure, how long to wait: the last one ends about three days after the first try
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 720, 720, 720, 720))


class Event(models.TextChoices):
    RESERVED = "booking.reserved", "Réservation faite ou demandée"
    CONFIRMED = "booking.confirmed", "Réservation confirmée"
    CHANGED = "booking.changed", "Réservation modifiée"
    CANCELLED = "booking.cancelled", "Réservation annulée, refusée ou expirée"
    ARRIVED = "booking.arrived", "Arrivée notée"
    ISSUED = "invoice.issued", "Facture ou avoir émis"


class Endpoint(models.Model):
    """An address of a program that follows a territory.

    epoch        of its secret, which is derived and never stored: a new epoch, a new secret
    disabled_at  since when nothing is sent, with `disabled_why`
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="endpoints")
    url = models.URLField(max_length=300)
    label = models.CharField(max_length=80)
    events = ArrayField(models.CharField(max_length=30, choices=Event))
    epoch = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.label

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.territory.scopes


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "À remettre"
    DONE = "done", "Remis"
    FAILED = "failed", "Abandonné"


class Delivery(models.Model):
    """One event told to one address; `status` is the last answer, 0 when there was none."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=30)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(attempts__gte=1), name="what_is_told_was_tried"
            ),
        ]
        indexes = [models.Index(fields=("endpoint", "-created_at"), name="deliveries_in_order")]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
