"""What a person takes away of her payments, and what is forgotten with her."""

from datetime import datetime

from maillage.apps.collecting.models import Mandate, Receipt, Reminder
from maillage.apps.people import erase, export
from maillage.apps.people.models import Person

FORGOTTEN = "XX"


def declare() -> None:
    """Told once the models are ready."""
    export.also("encaissements", _receipts)
    export.also("mandats-de-prelevement", _mandates)
    export.also("relances", _reminders)
    erase.also(forget)


def forget(person: Person, at: datetime) -> None:
    """Her mandates end and lose her account; receipts stay, for the accounts."""
    mine = Mandate.objects.filter(payer_person=person)
    mine.filter(revoked_at=None).update(revoked_at=at)
    # what the bank was given stays in the files sent, as long as a debit may be contested
    mine.update(iban=FORGOTTEN, bic="", holder=FORGOTTEN, evidence={})
    Reminder.objects.filter(document__payer_person=person).update(to="")


def _receipts(person: Person) -> export.Lines:
    rows = Receipt.objects.filter(payer_person=person).order_by("pk")
    return list(
        rows.values("received_on", "amount_cents", "means__label", "reference", "reason", "at")
    )


def _mandates(person: Person) -> export.Lines:
    rows = Mandate.objects.filter(payer_person=person).order_by("pk")
    return list(
        rows.values(
            "reference", "holder", "iban", "bic", "signed_on", "signed_how", "last_used_on",
            "revoked_at",
        )
    )  # fmt: skip


def _reminders(person: Person) -> export.Lines:
    rows = Reminder.objects.filter(document__payer_person=person).order_by("pk")
    return list(
        rows.values("document__number", "step", "owed_cents", "to", "subject", "text", "sent_at")
    )
