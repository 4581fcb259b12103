"""What a person takes away of her contracts, and what becomes of them when she is erased."""

from datetime import datetime

from django.db.models import Q

from maillage.apps.contracts import withdraw
from maillage.apps.contracts.models import OPEN, Contract, Signature
from maillage.apps.people import erase, export
from maillage.apps.people.models import Person

NOBODY = "Personne effacée"


def declare() -> None:
    """Told once the models are ready."""
    export.also("contrats", _contracts)
    export.also("signatures", _signatures)
    export.also("depots", _deposits)
    erase.also(forget)


def of(person: Person) -> Q:
    """The contracts that concern somebody."""
    return (
        Q(party_person=person)
        | Q(payer_person=person)
        | Q(signatures__person=person, signatures__side="party")
    )


def forget(person: Person, at: datetime) -> None:
    """What is not signed is withdrawn and names her no more.

    What was signed is kept with its evidence for as long as the register says: it proves a debt.
    """
    rows = Contract.objects.filter(of(person), state__in=OPEN).distinct()
    for contract in rows.order_by("pk"):
        withdraw.withdraw(contract, NOBODY, version=None, by=None, at=at)
        nowhere = f"personne-{person.pk}@invalid"
        contract.signatures.filter(side="party").update(name=NOBODY, email=nowhere)
        Contract.objects.filter(pk=contract.pk).update(
            signatory_name=NOBODY, signatory_email=nowhere, party_address=""
        )


def _contracts(person: Person) -> export.Lines:
    rows = Contract.objects.filter(of(person)).distinct().order_by("pk")
    return list(
        rows.values(
            "reference", "kind", "state", "operator__name", "site__name", "place", "starts_on",
            "ends_on", "price_cents", "every", "deposit_cents", "signed_at",
        )
    )  # fmt: skip


def _signatures(person: Person) -> export.Lines:
    rows = Signature.objects.filter(person=person).order_by("pk")
    return list(
        rows.values(
            "contract__reference", "side", "name", "email", "typed_name", "consent", "how",
            "opened_at", "signed_at", "refused_at", "refusal", "user_agent", "rules_version",
        )
    )  # fmt: skip


def _deposits(person: Person) -> export.Lines:
    rows = Contract.objects.filter(of(person), deposit__isnull=False).distinct().order_by("pk")
    return list(
        rows.filter(deposit__movements__isnull=False).values(
            "reference", "deposit__movements__kind", "deposit__movements__amount_cents",
            "deposit__movements__on", "deposit__movements__reason",
        )
    )  # fmt: skip
