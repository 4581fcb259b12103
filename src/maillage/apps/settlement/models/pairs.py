"""Plans of one body used at the sites of another: what is agreed, what each month settles."""

from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import Use
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import ALL_BP, Site


class Rule(models.TextChoices):
    PUBLIC = "public", "Le tarif public"
    SHARE = "share", "Une part du tarif public"
    HALF_DAY = "half_day", "Un montant par demi-journée"


class BodyAgreement(models.Model):
    """What two bodies owe each other for each other's members, both ways alike.

    first_body, second_body  in the order of their numbers, so that a pair is named once
    share_bp                 hundredths of a percent of the public price, with tax
    half_day_cents           with tax
    vat_rate_bp              of the service that the site gives
    ends_on                  first day without it
    """

    first_body = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements_as_first")
    second_body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreements_as_second"
    )
    rule = models.CharField(max_length=10, choices=Rule)
    share_bp = models.PositiveIntegerField(null=True)
    half_day_cents = models.PositiveIntegerField(null=True)
    vat_rate_bp = models.PositiveIntegerField(default=0)
    reference = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_body__lt=F("second_body")), name="a_pair_is_named_in_order"
            ),
            models.CheckConstraint(
                condition=Q(rule="public", share_bp=None, half_day_cents=None)
                | Q(rule="share", share_bp__gt=0, share_bp__lte=ALL_BP, half_day_cents=None)
                | Q(rule="half_day", share_bp=None, half_day_cents__gt=0),
                name="a_pair_has_one_rule",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="a_pair_agreement_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=("first_body", "second_body"),
                condition=Q(ends_on=None),
                name="a_pair_has_one_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_body_id} {self.second_body_id} {self.rule}"


class PairAcceptance(models.Model):
    """One of two bodies accepts what it read of a month; `digest` names what it read."""

    month = models.DateField()
    first_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    second_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="months_accepted")
    digest = models.CharField(max_length=64)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("month", "first_body", "second_body", "body"),
                name="a_body_accepts_a_month_once",
            ),
            models.CheckConstraint(
                condition=Q(body=F("first_body")) | Q(body=F("second_body")),
                name="one_of_the_pair_accepts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.body_id}"


class PairSettlement(models.Model):
    """A month between two bodies, net of both ways, as frozen: never changed.

    month      first day; uses of earlier months that came late are in it too
    net_cents  tax included, what the second owes to the first; below 0 the other way
    charge     of the one who is owed to the other; None when nothing is owed
    is_closed_alone  by the body that is owed, the other having said nothing
    """

    agreement = models.ForeignKey(BodyAgreement, models.PROTECT, related_name="settlements")
    month = models.DateField()
    first_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    second_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    net_cents = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    is_closed_alone = models.BooleanField(default=False)
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, related_name="pair_settlement")
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("month", "first_body", "second_body"), name="a_pair_settles_a_month_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="a_settled_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(net_cents=0, charge=None) | (~Q(net_cents=0) & Q(charge__isnull=False)),
                name="what_is_owed_is_charged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.first_body_id} {self.second_body_id}"


class PairLine(models.Model):
    """Plans of one of the two used at a site of the other.

    days, half_days  of use, below 0 when more was given back than used
    value_cents      what the public would have paid, tax included
    due_cents        by the rule, tax included: what the seller owes to the host
    """

    settlement = models.ForeignKey(PairSettlement, models.PROTECT, related_name="lines")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    days = models.IntegerField()
    half_days = models.IntegerField()
    value_cents = models.BigIntegerField()
    due_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("settlement", "seller", "site"), name="one_line_a_way_and_a_site"
            ),
            models.CheckConstraint(
                condition=~Q(seller=F("host")), name="a_body_owes_nothing_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.seller_id} {self.site_id}"


class SettledUse(models.Model):
    """A use of a plan and the line that settles it: once."""

    use = models.OneToOneField(Use, models.PROTECT, related_name="settled")
    line = models.ForeignKey(PairLine, models.PROTECT, related_name="uses")

    def __str__(self) -> str:
        return f"{self.use_id} {self.line_id}"
