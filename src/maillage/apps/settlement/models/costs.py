"""What a site costs, who paid it, by which key it is shared; what else brings it money."""

from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Site


class CostKind(models.TextChoices):
    INVESTMENT = "investment", "Investissement"
    OPERATION = "operation", "Fonctionnement"


class CostItem(models.Model):
    """A cost of a site, who paid it, by which document; first and last day included."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=12, choices=CostKind)
    label = models.CharField(max_length=120)
    amount_cents = models.BigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    document = models.CharField(max_length=120)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="costs_paid")
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="a_cost_is_above_0"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="a_cost_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=("site", "first_on"), name="costs_by_site")]

    def __str__(self) -> str:
        return self.label


class Basis(models.TextChoices):
    FIXED = "fixed", "Parts fixes"
    SEATS = "seats", "Places engagées"
    DAYS = "days", "Demi-journées utilisées"


class CostKey(models.Model):
    """By what the costs of a kind are shared from a day on: a new vote is a new version."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="cost_keys")
    kind = models.CharField(max_length=12, choices=CostKind)
    version = models.PositiveIntegerField()
    basis = models.CharField(max_length=10, choices=Basis)
    starts_on = models.DateField()
    voted_on = models.DateField()
    reference = models.CharField(max_length=80)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("site", "kind", "version"), name="versions_of_a_key_are_numbered"
            ),
            models.UniqueConstraint(
                fields=("site", "kind", "starts_on"), name="one_key_a_day_of_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class CostWeight(models.Model):
    """What a partner weighs in a key.

    weight  hundredths of a percent of fixed parts, seats, 0 where days are counted
    """

    key = models.ForeignKey(CostKey, models.PROTECT, related_name="weights")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key", "organisation"), name="a_partner_weighs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.weight}"


class CostStatement(models.Model):
    """The costs of a site over a time, shared, as issued: never changed."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="cost_statements")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="cost_statements")
    n = models.PositiveIntegerField()
    number = models.CharField(max_length=35)
    first = models.DateField()
    last = models.DateField()
    total_cents = models.BigIntegerField()
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("body", "n"), name="cost_statements_are_numbered"),
        ]

    def __str__(self) -> str:
        return self.number


class CostLine(models.Model):
    """A cost as a statement shares it: in one statement only."""

    statement = models.ForeignKey(CostStatement, models.PROTECT, related_name="lines")
    item = models.OneToOneField(CostItem, models.PROTECT, related_name="shared")
    key = models.ForeignKey(CostKey, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=12, choices=CostKind)
    label = models.CharField(max_length=120)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()

    def __str__(self) -> str:
        return self.label


class CostPart(models.Model):
    """The part of a partner in a line; those of a line make its amount, to the cent."""

    line = models.ForeignKey(CostLine, models.PROTECT, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cost_parts")
    weight = models.PositiveIntegerField()
    part_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("line", "organisation"), name="one_part_a_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.organisation_id}"


class CostTransfer(models.Model):
    """What one body gives to another so that each has paid its part."""

    statement = models.ForeignKey(CostStatement, models.PROTECT, related_name="transfers")
    debtor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("statement", "debtor", "creditor"), name="one_transfer_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(cents__gt=0) & ~Q(debtor=F("creditor")),
                name="a_transfer_goes_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} {self.creditor_id}"


class ChargedTransfer(models.Model):
    """A transfer that the creditor asked to be invoiced: its charge in the ledger, once."""

    transfer = models.OneToOneField(CostTransfer, models.PROTECT, related_name="charged")
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="cost_transfer")

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.charge_id}"


class ResourceKind(models.TextChoices):
    CROWDFUNDING = "crowdfunding", "Financement participatif"
    LOCAL_CURRENCY = "local_currency", "Monnaie locale"
    GIFT = "gift", "Don ou mécénat"
    OTHER = "other", "Autre ressource"


class ResourceState(models.TextChoices):
    ANNOUNCED = "announced", "Annoncée"
    RECEIVED = "received", "Reçue"


class SiteResource(models.Model):
    """Money that a site has from elsewhere: written down, never collected here."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=16, choices=ResourceKind)
    label = models.CharField(max_length=120)
    amount_cents = models.BigIntegerField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ResourceState)
    on = models.DateField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="a_resource_is_above_0"),
        ]

    def __str__(self) -> str:
        return self.label
