"""Who sells and who buys, as a document prints them; what an e-invoice still lacks of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile, PayerDetails
from maillage.apps.billing.models.parties import Address
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation, OrganisationKind, Person
from maillage.report.e_invoice import Mandate, Party

# bodies whose purchases are those of a business or of a public body: an e-invoice names their SIREN
BUSINESSES = frozenset(OrganisationKind.values) - {OrganisationKind.ASSOCIATION}


@dataclass(frozen=True)
class Debit:
    """The leave to debit a payer; `until`: the last day it may be used, if it is not before."""

    mandate: Mandate
    until: date


@dataclass(frozen=True)
class Buyer:
    """A payer as invoices describe it; `names_users`: lines say for whom, not when nor where."""

    payer: Payer
    party: Party
    names_users: bool = False
    buyer_reference: str = ""
    order_reference: str = ""
    debit: Debit | None = None


Debits = Callable[[Organisation, Sequence[Payer]], dict[Payer, Debit]]
_debits: list[Debits] = []


def debited_by(read: Debits) -> None:
    """Whoever keeps mandates tells whom an operator may debit."""
    _debits.append(read)


def seller(profile: BillingProfile) -> Party:
    """The operator as its documents print it."""
    return replace(_party(profile), is_business=True)


def buyers(operator: Organisation, payers: Iterable[Payer]) -> dict[Payer, Buyer]:
    """How the documents of an operator describe payers; five queries whatever their number."""
    asked = list(payers)
    people = [p.person_id for p in asked if p.person_id is not None]
    bodies = [p.organisation_id for p in asked if p.organisation_id is not None]
    rows = PayerDetails.objects.filter(operator=operator)
    described = {
        Payer(row.payer_person_id, row.payer_organisation_id): row
        for row in (*rows.filter(payer_person__in=people), *rows.filter(
            payer_organisation__in=bodies))
    }  # fmt: skip
    persons = Person.objects.in_bulk([p for p in people if Payer(p) not in described])
    firms = Organisation.objects.in_bulk(bodies)
    debits = {payer: one for read in _debits for payer, one in read(operator, asked).items()}
    found = {
        payer: _described(payer, described[payer], firms)
        if payer in described
        else _undescribed(payer, persons, firms)
        for payer in asked
    }
    return {payer: replace(one, debit=debits.get(payer)) for payer, one in found.items()}


def lacks_of_seller(profile: BillingProfile) -> list[str | Promise]:
    """The fields without which the operator cannot issue."""
    asked = [
        (profile.address, _("l’adresse")),
        (profile.postcode, _("le code postal")),
        (profile.city, _("la commune")),
        (profile.siren, _("le numéro SIREN")),
        (_electronic_address(profile), _("l’adresse électronique de facturation")),
    ]
    if profile.vat_status == "liable":
        asked.append((profile.vat_number, _("le numéro de TVA")))
    return [name for value, name in asked if not value]


def lacks(buyer: Buyer) -> list[str | Promise]:
    """The fields that an e-invoice to this payer still needs; none when it can be issued."""
    party = buyer.party
    asked: list[tuple[str, str | Promise]] = [(party.name, _("le nom"))]
    if party.is_business:
        asked += [
            (party.address, _("l’adresse")),
            (party.postcode, _("le code postal")),
            (party.city, _("la commune")),
        ]
        if party.country == "FR":
            asked.append((party.siren, _("le numéro SIREN")))
    asked.append((party.electronic_address, _("l’adresse électronique de facturation")))
    return [name for value, name in asked if not value]


def _described(payer: Payer, row: PayerDetails, firms: dict[int, Organisation]) -> Buyer:
    firm = firms.get(payer.organisation_id or 0)
    pays_for_others = firm is not None and firm.kind == OrganisationKind.EMPLOYER
    return Buyer(
        payer,
        _party(row, is_business=row.is_business),
        names_users=row.names_users or pays_for_others,
        buyer_reference=row.service_code,
        order_reference=row.engagement,
    )


def _undescribed(payer: Payer, persons: dict[int, Person], firms: dict[int, Organisation]) -> Buyer:
    if payer.person_id is not None:
        who = persons[payer.person_id]
        email = who.email or ""
        return Buyer(
            payer,
            Party(
                name=who.name, address="", postcode="", city="",
                electronic_address=email, email=email,
            ),
        )  # fmt: skip
    firm = firms[payer.organisation_id or 0]
    return Buyer(
        payer,
        Party(
            name=firm.name,
            address="",
            postcode="",
            city="",
            siren=firm.siren,
            siret=firm.siret,
            electronic_address=firm.siren,
            is_business=firm.kind in BUSINESSES,
        ),
        names_users=firm.kind == OrganisationKind.EMPLOYER,
    )


def _party(row: Address, *, is_business: bool = False) -> Party:
    return Party(
        name=row.legal_name,
        address=row.address,
        postcode=row.postcode,
        city=row.city,
        country=row.country,
        siren=row.siren,
        siret=row.siret,
        vat_number=row.vat_number,
        electronic_address=_electronic_address(row),
        email=row.email,
        is_business=is_business,
    )


def _electronic_address(row: Address) -> str:
    """As given, else the SIREN, under which a body is found in the directory; else the e-mail."""
    return row.electronic_address or row.siren or row.email


def as_json(party: Party) -> dict[str, Any]:
    """A party as the row of a document keeps it: without what is empty."""
    return {key: value for key, value in vars(party).items() if value not in ("", False)}
