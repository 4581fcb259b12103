"""E-invoices received from suppliers."""

from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Organisation


class ReceivedInvoice(models.Model):
    """An invoice that a supplier sent, as it came and as it reads.

    read  supplier, totals, taxes and lines found in it
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="invoices_received")
    supplier = models.CharField(max_length=120)
    supplier_siren = models.CharField(max_length=14, blank=True)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    gross_cents = models.BigIntegerField()
    read = models.JSONField()
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator", "supplier_siren", "supplier", "number"),
                condition=Q(removed_at=None),
                name="a_supplier_s_number_is_received_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.number}"
