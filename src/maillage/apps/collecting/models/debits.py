"""SEPA direct debits: mandates signed, debits announced, sent, settled or rejected."""

from django.db import models
from django.db.models import Q

from maillage.apps.billing.models import Document
from maillage.apps.collecting.models.receipts import Receipt
from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.people.models import Organisation, Person


class SignedHow(models.TextChoices):
    ONLINE = "online", "En ligne, par la personne"
    PAPER = "paper", "Sur papier, gardé par l’organisme"


class Mandate(models.Model):
    """The leave to debit an account: it ends when revoked, or unused for 36 months.

    reference      unique at its creditor (RUM)
    is_recurrent   False: for one debit alone
    notice_days    between the announcement of a debit and its day, as agreed
    trouble        reason code of the last rejection, "" when the last debit went through
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="mandates")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="mandates_given"
    )
    reference = models.CharField(max_length=35)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    is_recurrent = models.BooleanField(default=True)
    notice_days = models.PositiveSmallIntegerField(default=14)
    signed_on = models.DateField()
    signed_how = models.CharField(max_length=10, choices=SignedHow)
    evidence = models.JSONField(default=dict)
    last_used_on = models.DateField(null=True)
    trouble = models.CharField(max_length=10, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "reference"), name="a_mandate_has_its_rum"),
            models.CheckConstraint(condition=ONE_PAYER, name="a_mandate_has_one_payer"),
            models.UniqueConstraint(
                fields=("operator", "payer_person"),
                condition=Q(revoked_at=None),
                name="one_live_mandate_a_person",
            ),
            models.UniqueConstraint(
                fields=("operator", "payer_organisation"),
                condition=Q(revoked_at=None),
                name="one_live_mandate_a_body",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class BatchState(models.TextChoices):
    ANNOUNCED = "announced", "Annoncé"
    SENT = "sent", "Remis à la banque"
    SETTLED = "settled", "Encaissé"
    DROPPED = "dropped", "Abandonné"


class DebitBatch(models.Model):
    """The debits of one day: announced to who pays, then one file for the bank.

    files  the pain.008 as it was made, with its hash; [] before
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="debit_batches")
    collect_on = models.DateField()
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.ANNOUNCED)
    message_id = models.CharField(max_length=35, blank=True)
    folder = models.CharField(max_length=120, blank=True)
    files = models.JSONField(default=list)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator", "message_id"),
                condition=~Q(message_id=""),
                name="a_debit_file_has_its_name",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("announced", "dropped")) | ~Q(folder=""),
                name="what_was_sent_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.collect_on}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class DebitState(models.TextChoices):
    ANNOUNCED = "announced", "Annoncé"
    SENT = "sent", "Remis à la banque"
    SETTLED = "settled", "Encaissé"
    REJECTED = "rejected", "Rejeté"
    LEFT_OUT = "left_out", "Écarté"


class Debit(models.Model):
    """What is taken for one invoice.

    end_to_end  what the bank gives back with its answer
    sequence    FRST, RCUR, OOFF: known when the file is made
    reason      code of a rejection (AM04…), or why it was left out
    receipt     once settled
    """

    batch = models.ForeignKey(DebitBatch, models.PROTECT, related_name="debits")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="debits")
    document = models.ForeignKey(Document, models.PROTECT, related_name="debits")
    amount_cents = models.BigIntegerField()
    end_to_end = models.CharField(max_length=35, unique=True)
    sequence = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=10, choices=DebitState, default=DebitState.ANNOUNCED)
    reason = models.CharField(max_length=20, blank=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="debit")
    announced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("document",),
                condition=Q(state__in=("announced", "sent")),
                name="an_invoice_is_debited_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="a_debit_is_above_0"),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(receipt__isnull=False),
                name="a_settled_debit_has_its_receipt",
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end
