"""What a person takes away of her invoices; they are kept when she leaves, as the law asks."""

from datetime import datetime

from maillage.apps.billing.models import Document, PayerDetails
from maillage.apps.people import erase, export
from maillage.apps.people.models import Person


def declare() -> None:
    """Told once the models are ready."""
    export.also("factures", _documents)
    export.also("facturation", _details)
    erase.also(forget)


def forget(person: Person, at: datetime) -> None:
    """Her billing details go; documents already issued stay (code de commerce, art. L.123-22)."""
    del at
    PayerDetails.objects.filter(payer_person=person).delete()


def _documents(person: Person) -> export.Lines:
    rows = Document.objects.filter(payer_person=person).order_by("pk")
    return list(
        rows.values(
            "kind", "number", "operator__name", "issued_on", "due_on", "net_cents", "tax_cents",
            "gross_cents", "paid_cents", "reason",
        )
    )  # fmt: skip


def _details(person: Person) -> export.Lines:
    rows = PayerDetails.objects.filter(payer_person=person).order_by("pk")
    return list(
        rows.values(
            "operator__name", "legal_name", "address", "postcode", "city", "country", "siren",
            "siret", "vat_number", "electronic_address", "email",
        )
    )  # fmt: skip
