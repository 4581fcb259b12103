"""Payments begun on a page of ours and made at a provider's: what it said, once each."""

from django.db import models
from django.db.models import Q

from maillage.apps.billing.models import Document
from maillage.apps.collecting.models.receipts import Receipt
from maillage.apps.people.models import Organisation


class Provider(models.TextChoices):
    STRIPE = "stripe", "Carte bancaire (Stripe)"
    PAYFIP = "payfip", "PayFIP"


class PaymentState(models.TextChoices):
    BEGUN = "begun", "Commencé"
    UNKNOWN = "unknown", "Issue inconnue"
    PAID = "paid", "Payé"
    FAILED = "failed", "Non abouti"


class OnlinePayment(models.Model):
    """One attempt to pay a document; what came of it is fetched, never believed.

    reference  ours, sent to the provider
    session    the provider's identifier, "" until it answered
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="online_payments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="online_payments")
    provider = models.CharField(max_length=10, choices=Provider)
    reference = models.CharField(max_length=40, unique=True)
    session = models.CharField(max_length=120, blank=True)
    amount_cents = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.BEGUN)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="online")
    begun_by = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("provider", "session"), condition=~Q(session=""), name="a_session_is_one"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="an_online_payment_is_above_0"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(receipt__isnull=False),
                name="what_was_paid_online_has_its_receipt",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class ProviderEvent(models.Model):
    """An event that a provider told: told again, it has no other effect."""

    provider = models.CharField(max_length=10, choices=Provider)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("provider", "event_id"), name="an_event_counts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
