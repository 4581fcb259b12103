"""What was sold or given back: charges, credits and payments, never changed, never removed."""

from typing import Any, Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q, Sum

from maillage.apps.people.models import Organisation, Person

ONE_PAYER = Q(payer_person__isnull=False, payer_organisation=None) | Q(
    payer_person=None, payer_organisation__isnull=False
)


class ChargeQuerySet(models.QuerySet["Charge"]):
    def of(self, kind: str, key: object) -> Self:
        """Those that one thing sold gave rise to, in order."""
        return self.filter(origin_kind=kind, origin_key=str(key)).order_by("line")

    def total_cents(self) -> int:
        """Their sum, as priced."""
        found: dict[str, Any] = self.aggregate(total=Sum("amount_cents"))
        return int(found["total"] or 0)


class Charge(models.Model):
    """One line: what an operator sold to a payer, for whom, for which time.

    operator      the body that sells and collects
    user          who uses it, when it is somebody
    scope_*       (kind, key) of the site it belongs to, for rights and statements
    origin_*      the thing sold, ("booking", "12"); `line` numbers the charges of one origin
    service       when the service is given: its date decides the tariff and the VAT rate
    unit_cents    price of one `unit`, as listed: with or without tax, see `includes_tax`
    amount_cents  quantity times price, negative when it gives back; 0 lines are kept
    reverses      the charge given back, whose rate it keeps
    in_kind       given free of charge, at this value: not owed (counted as support in kind)
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="charges")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="charges")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="charges_to_pay"
    )
    user = models.ForeignKey(Person, models.PROTECT, null=True, related_name="uses_charged")
    scope_kind = models.CharField(max_length=20)
    scope_key = models.CharField(max_length=40)
    origin_kind = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    service = DateTimeRangeField()
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit = models.CharField(max_length=20)
    unit_cents = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    includes_tax = models.BooleanField()
    vat_rate_bp = models.PositiveIntegerField()
    in_kind_cents = models.BigIntegerField(default=0)
    why = models.JSONField(default=dict)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField()

    objects = ChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("origin_kind", "origin_key", "line"), name="charges_of_one_origin_in_order"
            ),
            models.CheckConstraint(condition=ONE_PAYER, name="a_charge_has_one_payer"),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__lte=10_000), name="a_vat_rate_is_at_most_100_percent"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(amount_cents__lte=0),
                name="a_reversal_gives_back",
            ),
        ]
        indexes = [
            models.Index(fields=("operator", "at"), name="charges_by_operator"),
            models.Index(fields=("scope_kind", "scope_key", "at"), name="charges_by_scope"),
        ]

    def __str__(self) -> str:
        return self.label


class Credit(models.Model):
    """Money that an operator owes to a payer (> 0), or that the payer used (< 0): an avoir.

    origin_*  what it comes from, ("payment", "pay_12") or ("booking", "34")
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="credits")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="credits")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="credits_held"
    )
    origin_kind = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=80)
    amount_cents = models.BigIntegerField()
    label = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("origin_kind", "origin_key", "amount_cents"), name="one_credit_an_origin"
            ),
            models.CheckConstraint(condition=ONE_PAYER, name="a_credit_has_one_payer"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="a_credit_has_an_amount"),
        ]

    def __str__(self) -> str:
        return self.label


class PaymentOutcome(models.TextChoices):
    SETTLED = "settled", "Affecté"
    CREDITED = "credited", "Mis en avoir"


class Payment(models.Model):
    """Money that a provider says was paid: each of its events counts once.

    event_id  the provider's own identifier: told twice, it has one effect
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    origin_kind = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=PaymentOutcome)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("provider", "event_id"), name="one_effect_an_event"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="a_payment_is_above_0"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
