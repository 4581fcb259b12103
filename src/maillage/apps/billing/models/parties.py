"""How a body invoices, and what an invoice says of who pays."""

from django.db import models
from django.db.models import Q

from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.people.models import Organisation, Person


class Channel(models.TextChoices):
    """Which way money comes in: it follows from who collects."""

    PUBLIC = "public", "Collectivité : titres et régie"
    PRIVATE = "private", "Association ou entreprise : ses propres factures"
    SHOP = "shop", "Commerce hôte : relevé"


class VatStatus(models.TextChoices):
    LIABLE = "liable", "Redevable de la TVA"
    FRANCHISE = "franchise", "Franchise en base (art. 293 B du CGI)"
    OUT_OF_SCOPE = "out_of_scope", "Hors du champ de la TVA"


class Address(models.Model):
    """Where a party is, as its invoices print it."""

    legal_name = models.CharField(max_length=120)
    address = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="FR")
    siren = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    vat_number = models.CharField(max_length=14, blank=True)
    electronic_address = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254, blank=True)

    class Meta:
        abstract = True


class BillingProfile(Address):
    """How an operator invoices and is paid.

    legal_mention       legal form, capital, register: printed at the foot
    vat_on_debits       tax is due when invoiced, not when paid
    exemption_reason    why a line bears no tax although the operator is liable
    invoice_prefix      first letters of its numbers; another for credit notes
    payment_days        from the date of issue; to the end of that month when asked
    late_penalty        yearly rate of penalties, in words; `discount` likewise
    creditor_id         SEPA creditor identifier (ICS); "" cannot debit
    regie_ceiling_cents cash that a public till may hold, None without a till
    accounts            account numbers that differ from the usual ones
    """

    operator = models.OneToOneField(Organisation, models.PROTECT, related_name="billing_profile")
    channel = models.CharField(max_length=10, choices=Channel)
    legal_mention = models.CharField(max_length=200, blank=True)
    vat_status = models.CharField(max_length=12, choices=VatStatus)
    vat_on_debits = models.BooleanField(default=False)
    exemption_reason = models.CharField(max_length=200, blank=True)
    invoice_prefix = models.CharField(max_length=6, default="FA")
    credit_prefix = models.CharField(max_length=6, default="AV")
    payment_days = models.PositiveSmallIntegerField(default=30)
    pays_at_month_end = models.BooleanField(default=False)
    late_penalty = models.CharField(max_length=200, blank=True)
    discount = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    creditor_id = models.CharField(max_length=35, blank=True)
    regie_ceiling_cents = models.BigIntegerField(null=True)
    accounts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(invoice_prefix=models.F("credit_prefix")),
                name="invoices_and_credit_notes_have_their_own_letters",
            ),
            models.CheckConstraint(
                condition=Q(invoice_prefix__regex=r"^[A-Z0-9]{1,6}$")
                & Q(credit_prefix__regex=r"^[A-Z0-9]{1,6}$"),
                name="a_prefix_is_capitals_and_digits",
            ),
            models.CheckConstraint(condition=~Q(legal_name=""), name="a_profile_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.legal_name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class PayerDetails(Address):
    """What the invoices of one operator say of a payer.

    is_business        needs a SIREN on an e-invoice
    service_code       of a public buyer (Chorus Pro); `engagement` its order number
    names_users        lines say for whom, never when nor where: for an employer
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="payers_described")
    payer_person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="billing_details"
    )
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="billing_details"
    )
    is_business = models.BooleanField(default=False)
    service_code = models.CharField(max_length=100, blank=True)
    engagement = models.CharField(max_length=50, blank=True)
    names_users = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PAYER, name="details_are_of_one_payer"),
            models.UniqueConstraint(
                fields=("operator", "payer_person"), name="a_person_is_described_once"
            ),
            models.UniqueConstraint(
                fields=("operator", "payer_organisation"), name="a_body_is_described_once"
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name
