"""Means of payment, as each operator keeps them."""

from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Organisation


class MeansKind(models.TextChoices):
    """What a means is, whatever it is called: it decides the till, the slip, the journal."""

    TRANSFER = "transfer", "Virement"
    CHEQUE = "cheque", "Chèque"
    CASH = "cash", "Espèces"
    CARD = "card", "Carte bancaire"
    DEBIT = "debit", "Prélèvement SEPA"
    MANDATE = "mandate", "Mandat administratif"
    ONLINE = "online", "Paiement en ligne de l’État (PayFIP)"
    LOCAL = "local", "Monnaie locale"
    CROWDFUNDING = "crowdfunding", "Financement participatif"
    OTHER = "other", "Autre"


class Means(models.Model):
    """A means by which an operator is paid; a new currency is a line, not a programme.

    code     short, the same in exports
    account  of the accounts, where this money goes
    is_open  whether the desk may choose it
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="means_of_payment")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=MeansKind)
    account = models.CharField(max_length=12, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "code"), name="a_means_has_its_code"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9_]{1,20}$"), name="a_code_of_means_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.label
