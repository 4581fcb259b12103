"""Money that came in and where it went: written once, reversed, never changed."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from maillage.apps.billing.models import Document
from maillage.apps.collecting.models.means import Means
from maillage.apps.ledger.models import ONE_PAYER, Credit
from maillage.apps.people.models import Organisation, Person


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def standing(self) -> Self:
        """Money that came in and was not reversed."""
        return self.filter(reverses=None, reversal=None, amount_cents__gt=0)


class Receipt(models.Model):
    """A sum received; below 0, one given back: the reversal of another, or a refund.

    n              rank in the journal of its operator, without gap
    reference      of the cheque, the transfer, the slip of a mandat administratif
    reverses       the receipt that this one undoes; `reason` says why
    hash           binds it to the one before, so that a change shows
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="receipts")
    n = models.PositiveBigIntegerField()
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="receipts")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="receipts_paid"
    )
    means = models.ForeignKey(Means, models.PROTECT, related_name="receipts")
    amount_cents = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    deposit_slip = models.CharField(max_length=40, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    reason = models.CharField(max_length=300, blank=True)
    hash = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "n"), name="a_receipt_has_its_rank"),
            models.CheckConstraint(condition=ONE_PAYER, name="a_receipt_has_one_payer"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="a_receipt_has_an_amount"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, reverses=None)
                | (Q(amount_cents__lt=0) & ~Q(reason="")),
                name="money_given_back_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=("operator", "received_on"), name="receipts_by_day"),
            models.Index(fields=("payer_person", "received_on"), name="receipts_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.n}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class Allocation(models.Model):
    """Cents that pay a document, of a receipt or of an avoir; below 0 takes them back.

    credit    the avoir used, of the opposite sign
    reverses  the allocation that this one undoes, whole
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="allocations")
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="allocations")
    credit = models.ForeignKey(Credit, models.PROTECT, null=True, related_name="allocations")
    amount_cents = models.BigIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt__isnull=False, credit=None)
                | Q(receipt=None, credit__isnull=False),
                name="an_allocation_comes_from_one_sum",
            ),
            models.CheckConstraint(
                condition=~Q(amount_cents=0), name="an_allocation_has_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | ~Q(reverses=F("pk")),
                name="an_allocation_does_not_undo_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.amount_cents}"
