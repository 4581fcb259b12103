"""What a public body does with its money: the till, revenue orders, the portal of the State."""

from django.db import models
from django.db.models import Q

from maillage.apps.billing.models import Document
from maillage.apps.people.models import Organisation


class TillClosing(models.Model):
    """A day of the till, closed: what was counted against what was expected.

    expected_cents  cash in the till that evening by the journal
    totals          received that day by kind of means, in cents
    why             of a difference
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="till_closings")
    on = models.DateField()
    expected_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()
    totals = models.JSONField()
    why = models.CharField(max_length=300, blank=True)
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "on"), name="a_day_is_closed_once"),
            models.CheckConstraint(
                condition=Q(counted_cents=models.F("expected_cents")) | ~Q(why=""),
                name="a_difference_of_till_is_explained",
            ),
            models.CheckConstraint(condition=Q(counted_cents__gte=0), name="a_till_is_not_below_0"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.on}"


class TillDeposit(models.Model):
    """Cash handed to the accountant; below 0 undoes one.

    reference  of the accountant's receipt
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="till_deposits")
    on = models.DateField()
    amount_cents = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, reverses=None)
                | Q(amount_cents__lt=0, reverses__isnull=False),
                name="a_deposit_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.on}"


class RevenueBatch(models.Model):
    """A list of revenue orders handed to the finance software, or invoices to the portal.

    files   as handed over, with their hashes
    """

    class Kind(models.TextChoices):
        TITLES = "titles", "Bordereau de titres"
        PORTAL = "portal", "Dépôt Chorus Pro"

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="revenue_batches")
    kind = models.CharField(max_length=10, choices=Kind)
    n = models.PositiveIntegerField()
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    total_cents = models.BigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "kind", "n"), name="a_list_has_its_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.n}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class PortalState(models.TextChoices):
    """Where the State's portal says an invoice is."""

    SENT = "sent", "Remise"
    DEPOSITED = "deposited", "Déposée"
    AVAILABLE = "available", "Mise à disposition"
    REJECTED = "rejected", "Rejetée"
    PAID = "paid", "Payée"


class Transmission(models.Model):
    """A document handed over in a list: once, unless the portal rejected it."""

    batch = models.ForeignKey(RevenueBatch, models.PROTECT, related_name="transmissions")
    document = models.ForeignKey(Document, models.PROTECT, related_name="transmissions")
    kind = models.CharField(max_length=10, choices=RevenueBatch.Kind)
    state = models.CharField(max_length=10, choices=PortalState, default=PortalState.SENT)
    said_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("document", "kind"),
                condition=~Q(state="rejected"),
                name="a_document_is_handed_over_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"
