"""Shops that host seats: what is agreed, what each quarter gives, when it is paid."""

from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import ALL_BP, Site


class HostAgreement(models.Model):
    """What a shop receives of what is sold in it: a share of receipts, or so much a half-day.

    share_bp        hundredths of a percent of receipts before tax; else `half_day_cents`
    half_day_cents  before tax, for each half-day used
    minimum_cents   of a whole quarter, before tax
    is_self_billed  the collector writes the invoice in the shop's name, under the mandate of
                    `mandated_on` (CGI art. 289, I-2)
    vat_rate_bp     that the shop adds; 0 in the exemption of small firms
    ends_on         first day without it
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="host_agreements")
    collector = models.ForeignKey(Organisation, models.PROTECT, related_name="shares_to_pay")
    shop = models.ForeignKey(Organisation, models.PROTECT, related_name="shares_received")
    share_bp = models.PositiveIntegerField(null=True)
    half_day_cents = models.PositiveIntegerField(null=True)
    minimum_cents = models.PositiveIntegerField(default=0)
    is_self_billed = models.BooleanField(default=False)
    mandated_on = models.DateField(null=True)
    vat_rate_bp = models.PositiveIntegerField(default=0)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    reference = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=ALL_BP, half_day_cents=None)
                | Q(share_bp=None, half_day_cents__gt=0),
                name="a_host_has_one_rule",
            ),
            models.CheckConstraint(
                condition=Q(is_self_billed=False) | Q(mandated_on__isnull=False),
                name="self_billing_has_a_mandate",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="a_host_agreement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(collector=F("shop")), name="a_shop_does_not_share_with_itself"
            ),
            models.UniqueConstraint(
                fields=("site",), condition=Q(ends_on=None), name="a_site_has_one_host_agreement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.shop_id}"


class HostStatement(models.Model):
    """The share of a shop for a quarter, as issued: never changed; the next one corrects.

    quarter                first day of the quarter; `first`, `last` the days it covers
    receipts_cents         before tax, reversals taken away; `receipts_gross_cents` with tax
    computed_cents         by the rule, before `carried_in_cents`, what earlier reversals left
    minimum_cents          of the days covered
    due_cents, tax_cents   before tax; the tax that the shop adds
    carried_out_cents      0 or below: what the next statement takes back
    charge                 of the shop to the collector, when the collector invoices for it
    """

    agreement = models.ForeignKey(HostAgreement, models.PROTECT, related_name="statements")
    collector = models.ForeignKey(Organisation, models.PROTECT, related_name="host_statements")
    n = models.PositiveIntegerField()
    number = models.CharField(max_length=35)
    quarter = models.DateField()
    first = models.DateField()
    last = models.DateField()
    receipts_cents = models.BigIntegerField()
    receipts_gross_cents = models.BigIntegerField()
    days = models.PositiveIntegerField()
    half_days = models.PositiveIntegerField()
    computed_cents = models.BigIntegerField()
    carried_in_cents = models.BigIntegerField(default=0)
    minimum_cents = models.BigIntegerField(default=0)
    due_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    carried_out_cents = models.BigIntegerField(default=0)
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, related_name="host_statement")
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("agreement", "quarter"), name="one_statement_a_quarter"
            ),
            models.UniqueConstraint(fields=("collector", "n"), name="host_statements_are_numbered"),
            models.CheckConstraint(
                condition=Q(due_cents__gte=0, tax_cents__gte=0, carried_out_cents__lte=0),
                name="a_share_is_not_below_0",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def to_pay_cents(self) -> int:
        """Tax included."""
        return self.due_cents + self.tax_cents


class HostCharge(models.Model):
    """A charge of the ledger and the statement that shares it: once."""

    statement = models.ForeignKey(HostStatement, models.PROTECT, related_name="shared")
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="host_share")

    def __str__(self) -> str:
        return f"{self.statement_id} {self.charge_id}"


class HostPayment(models.Model):
    """The day on which a statement was paid, as the collector says."""

    statement = models.ForeignKey(HostStatement, models.PROTECT, related_name="payments")
    paid_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("statement",),
                condition=Q(removed_at=None),
                name="a_statement_is_paid_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.paid_on}"
