"""Invoices and credit notes: append-only, numbered without gap, each bound to the one before."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import ONE_PAYER, Charge
from maillage.apps.people.models import Organisation, Person


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", "Facture"
    CREDIT_NOTE = "credit_note", "Avoir"


class Series(models.Model):
    """The numbers of one operator for one kind of documents: locked, then read, then used.

    last_number, last_on  of the last document: the next one is never dated before
    last_hash             of the last document, which the next one binds
    starts_after          numbers known outside when it was restored or taken over
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="series")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    last_number = models.PositiveBigIntegerField(default=0)
    last_on = models.DateField(null=True)
    last_hash = models.BinaryField(max_length=32, default=b"")
    starts_after = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "kind"), name="one_series_a_kind"),
            models.CheckConstraint(
                condition=Q(last_number__gte=F("starts_after")), name="a_series_goes_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.kind}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def invoices(self) -> Self:
        """Without the credit notes."""
        return self.filter(kind=DocumentKind.INVOICE)


class Document(models.Model):
    """An invoice or a credit note as it was issued: never changed, never removed.

    n, number         rank in its series, and as printed
    month             first day of the month it was made for
    seller, buyer     the parties as they were that day
    *_cents           of a credit note too, above 0: what it gives back
    paid_cents        paid before it was issued
    corrects          the invoice that a credit note corrects; `reason` says why
    folder, files     stored whole before the row: the PDF and its XML
    previous_hash     of the document before in the series, so that a change shows
    """

    kind = models.CharField(max_length=12, choices=DocumentKind)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="documents")
    n = models.PositiveBigIntegerField()
    number = models.CharField(max_length=35)
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="documents")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="documents_to_pay"
    )
    month = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    seller = models.JSONField()
    buyer = models.JSONField()
    vat_status = models.CharField(max_length=12)
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    gross_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField(default=0)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    reason = models.CharField(max_length=300, blank=True)
    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField()
    hash = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("operator", "kind", "n"), name="a_rank_is_given_once"),
            models.UniqueConstraint(fields=("operator", "number"), name="a_number_is_given_once"),
            models.CheckConstraint(condition=ONE_PAYER, name="a_document_has_one_payer"),
            models.CheckConstraint(
                condition=Q(gross_cents=F("net_cents") + F("tax_cents")),
                name="a_document_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    gross_cents__gte=0, paid_cents__gte=0, paid_cents__lte=F("gross_cents")
                ),
                name="a_document_is_not_below_0",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None)
                | Q(kind="credit_note", corrects__isnull=False),
                name="a_credit_note_corrects_an_invoice",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on")), name="a_document_is_due_after_it_is_issued"
            ),
        ]
        indexes = [
            models.Index(fields=("operator", "month"), name="documents_by_month"),
            models.Index(fields=("payer_person", "issued_on"), name="documents_by_person"),
            models.Index(fields=("payer_organisation", "issued_on"), name="documents_by_body"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.operator.scopes


class DocumentLine(models.Model):
    """A line as printed; of a credit note, above 0 is given back.

    unit_price_micro  euros before tax, in millionths
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="lines")
    rank = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=20)
    unit_price_micro = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    category = models.CharField(max_length=2)
    vat_rate_bp = models.PositiveIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("document", "rank"), name="lines_are_in_order"),
        ]

    def __str__(self) -> str:
        return self.label


class DocumentTax(models.Model):
    """The base and the tax of a document at one rate."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="taxes")
    category = models.CharField(max_length=2)
    vat_rate_bp = models.PositiveIntegerField()
    base_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    exemption = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("document", "category", "vat_rate_bp"), name="one_base_a_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.vat_rate_bp}"


class InvoicedCharge(models.Model):
    """A charge of the ledger and the line that invoices it: once, whoever runs twice."""

    charge = models.OneToOneField(Charge, models.PROTECT, related_name="invoiced")
    line = models.ForeignKey(DocumentLine, models.PROTECT, related_name="charges")

    def __str__(self) -> str:
        return f"{self.charge_id} {self.line_id}"
