"""What a contract is charged, period by period, and what was deposited: never income."""

from django.db import models
from django.db.models import F, Q, Sum

from maillage.apps.contracts.models.agreed import Contract


class ChargedPeriod(models.Model):
    """A month or a quarter of a contract, charged once in the ledger.

    first_on, end_on  the days charged, the last one excluded
    whole_first_on    first day of the calendar period: one charge each
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="periods")
    whole_first_on = models.DateField()
    first_on = models.DateField()
    end_on = models.DateField()
    amount_cents = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "whole_first_on"), name="a_period_is_charged_once"
            ),
            models.CheckConstraint(
                condition=Q(end_on__gt=F("first_on"), first_on__gte=F("whole_first_on")),
                name="a_charged_period_has_days",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0), name="a_period_costs_something_or_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.whole_first_on}"


class Movement(models.TextChoices):
    RECEIVED = "received", "Reçu"
    KEPT = "kept", "Gardé"
    RETURNED = "returned", "Rendu"


class Deposit(models.Model):
    """Money lodged as a guarantee: out of the scope of VAT, no income, owed back.

    due_cents  as the contract says
    """

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="deposit")
    due_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_cents__gt=0), name="a_deposit_is_above_0")
        ]

    def __str__(self) -> str:
        return f"dépôt {self.contract_id}"

    def cents(self, kind: str) -> int:
        """The sum of its movements of a kind."""
        found = self.movements.filter(kind=kind).aggregate(total=Sum("amount_cents"))
        return int(found["total"] or 0)

    def held_cents(self) -> int:
        """What the operator still holds."""
        gone = self.cents(Movement.KEPT) + self.cents(Movement.RETURNED)
        return self.cents(Movement.RECEIVED) - gone


class DepositMovement(models.Model):
    """Money received, kept with its reason, or returned: never changed; an error is reversed.

    amount_cents  negative when it takes back `reverses`
    """

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Movement)
    amount_cents = models.BigIntegerField()
    on = models.DateField()
    means = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, reverses=None)
                | Q(amount_cents__lt=0, reverses__isnull=False),
                name="a_deposit_moves_by_something",
            ),
            models.CheckConstraint(
                condition=~Q(kind="kept") | ~Q(reason=""), name="what_is_kept_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"
