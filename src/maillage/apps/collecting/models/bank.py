"""Statements of a bank account, as the bank gave them, and what each line became."""

from django.db import models
from django.db.models import Q

from maillage.apps.collecting.models.debits import DebitBatch
from maillage.apps.collecting.models.receipts import Receipt
from maillage.apps.people.models import Organisation


class BankStatement(models.Model):
    """A file of the bank: the same twice adds nothing.

    sha256  of the file
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_statements")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "sha256"), name="a_statement_is_read_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class LineState(models.TextChoices):
    WAITING = "waiting", "À rapprocher"
    MATCHED = "matched", "Rapprochée"
    SET_ASIDE = "set_aside", "Mise de côté"


class BankLine(models.Model):
    """A movement of the account, once whatever the files that hold it.

    key        from the bank, or made from what the line says
    name       of the other party, `remittance` what it wrote
    return_code  why a debit came back, "" otherwise
    """

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_lines")
    key = models.CharField(max_length=80)
    booked_on = models.DateField()
    amount_cents = models.BigIntegerField()
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    remittance = models.CharField(max_length=400, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    return_code = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.WAITING)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="bank_line")
    batch = models.ForeignKey(DebitBatch, models.PROTECT, null=True, related_name="bank_lines")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "key"), name="a_bank_line_is_read_once"),
            models.CheckConstraint(
                condition=Q(receipt=None) | Q(state="matched"), name="a_line_with_money_is_matched"
            ),
        ]
        indexes = [models.Index(fields=("operator", "state"), name="bank_lines_by_state")]

    def __str__(self) -> str:
        return self.key

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes
