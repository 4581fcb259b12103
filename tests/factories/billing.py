"""Operators that invoice, payers, what is sold to them, what is issued: all invented."""

import itertools
import secrets
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from factories import members, network_sites, people
from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import (
    BillingProfile,
    Channel,
    Document,
    DocumentKind,
    PayerDetails,
    ReceivedInvoice,
    Run,
    RunState,
    Series,
    VatStatus,
)
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation, OrganisationKind, Person
from maillage.kit import files
from maillage.kit.clock import now

PARIS = ZoneInfo("Europe/Paris")
# the day on which the services of the tests are given, the first of the month after, their instant
SERVED_ON = date(2027, 3, 17)
UNTIL = date(2027, 4, 1)
AT = datetime(2027, 4, 1, 8, tzinfo=UTC)
IBAN = "FR7630006000011234567890189"
BIC = "AGRIFRPP"
CREDITOR_ID = "FR72ZZZ123456"
_numbers = itertools.count(1)


def siren(seed: int) -> str:
    """A number of nine digits whose sum is right, of nobody we know of."""
    start = f"{80_000_000 + seed:08d}"
    return next(start + str(d) for d in range(10) if _luhn(start + str(d)) % 10 == 0)


def _luhn(digits: str) -> int:
    doubled = [int(d) * (2 if rank % 2 else 1) for rank, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled)


def profile(operator: Organisation | None = None, **columns) -> BillingProfile:
    """How a body invoices: an association liable to VAT unless told."""
    body = operator or network_sites.operator()
    known = BillingProfile.objects.filter(operator=body).first()
    if known is not None:
        return known
    number = siren(body.pk)
    made = {
        "channel": Channel.PRIVATE,
        "legal_name": body.name,
        "address": "1 rue du Pressoir (fictif)",
        "postcode": "01000",
        "city": "Ambre-sur-Loue",
        "siren": number,
        "vat_number": f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}",
        "electronic_address": number,
        "email": "factures@exemple.invalid",
        "vat_status": VatStatus.LIABLE,
        "legal_mention": "Association loi 1901 (fictif)",
        "late_penalty": "trois fois le taux d’intérêt légal",
        "discount": "Pas d’escompte pour paiement anticipé",
        "iban": IBAN,
        "bic": BIC,
        "creditor_id": CREDITOR_ID,
    } | columns
    row = BillingProfile.objects.create(operator=body, **made)
    for kind in DocumentKind.values:
        Series.objects.get_or_create(operator=body, kind=kind)
    return row


def franchise(operator: Organisation | None = None, **columns) -> BillingProfile:
    """A small body that bears no VAT."""
    words = {"vat_status": VatStatus.FRANCHISE, "vat_number": ""} | columns
    return profile(operator, **words)


def public(operator: Organisation, **columns) -> BillingProfile:
    """A community: its accountant collects."""
    words = {"channel": Channel.PUBLIC, "creditor_id": "", "regie_ceiling_cents": 120_000} | columns
    return profile(operator, **words)


def person_payer(name: str = "Élise Garonval (fictif)", **fields) -> Payer:
    """Somebody who pays for herself."""
    return Payer(person_id=people.person(name=name, **fields).pk)


def details(payer: Payer, operator: Organisation | None = None, **columns) -> PayerDetails:
    """What the invoices of a body say of a payer: everything an e-invoice asks for."""
    body = operator or network_sites.operator()
    rank = next(_numbers)
    made = {"address": f"{rank} chemin des Fictifs", "postcode": "01000", "city": "Ambre-sur-Loue"}
    if payer.person_id is not None:
        who = Person.objects.get(pk=payer.person_id)
        made |= {"legal_name": who.name, "email": who.email}
    else:
        firm = Organisation.objects.get(pk=payer.organisation_id)
        number = firm.siren or siren(100_000 + firm.pk)
        made |= {
            "legal_name": firm.name,
            "is_business": True,
            "siren": number,
            "electronic_address": number,
            "email": f"compta{firm.pk}@exemple.invalid",
        }
    return PayerDetails.objects.create(
        operator=body,
        payer_person_id=payer.person_id,
        payer_organisation_id=payer.organisation_id,
        **(made | columns),
    )


def firm_payer(operator: Organisation | None = None, name="Scierie Corvallin (fictif)", **columns):
    """A firm that can be invoiced electronically."""
    return _firm_payer(operator, name, OrganisationKind.COMPANY, columns)


def employer_payer(operator: Organisation | None = None, **columns) -> Payer:
    """A firm that pays for its people: lines say for whom, never when nor where."""
    words = {"names_users": True} | columns
    return _firm_payer(operator, "Atelier Corvallin (fictif)", OrganisationKind.EMPLOYER, words)


def _firm_payer(operator: Organisation | None, name: str, kind: str, columns) -> Payer:
    firm = Organisation.objects.filter(name=name).first() or members.firm(name, kind=kind)
    payer = Payer(organisation_id=firm.pk)
    details(payer, operator, **columns)
    return payer


def charged(
    payer: Payer,
    operator: Organisation | None = None,
    *,
    cents: int = 1_200,
    on: date = SERVED_ON,
    origin: tuple[str, object] | None = None,
    **line,
) -> Charge:
    """Something sold, in the real ledger: a half-day at 20 %, tax included, unless told.

    cents  of the whole line; `quantity` of them at cents / quantity
    """
    body = operator or network_sites.operator()
    user = line.pop("user", None)
    scope = line.pop("scope", ("site", "1"))
    at = line.pop("at", None) or datetime.combine(on, time(7), PARIS)
    quantity = Decimal(line.pop("quantity", 1))
    begins = datetime.combine(on, time(9), PARIS)
    made = {
        "label": "Espace ouvert, Le Pressoir (fictif), demi-journée",
        "begins": begins,
        "ends": begins + timedelta(hours=4),
        "quantity": quantity,
        "unit": "half_day",
        "unit_cents": int(cents / quantity),
        "amount_cents": cents,
        "includes_tax": True,
        "vat_rate_bp": 2_000,
    } | line
    sale = ledger.Sale(
        body.pk,
        payer,
        user.pk if user else payer.person_id,
        scope,
        origin or ("test", f"n{next(_numbers)}"),
    )
    with transaction.atomic():
        (one,) = ledger.charge(sale, [ledger.Line(**made)], at=at)
    return one


def own_origin() -> tuple[str, str]:
    """Of nothing else, in whatever process."""
    return "test", secrets.token_hex(12)


def given_back(charge: Charge, *, kept_cents: int = 0, at: datetime = AT) -> list[Charge]:
    """The whole origin of a charge is given back, all but what is kept."""
    with transaction.atomic():
        origin = (charge.origin_kind, charge.origin_key)
        return ledger.give_back(origin, kept_cents=kept_cents, label="Annulation", at=at)[1]


def issued(
    operator: Organisation | None = None,
    payer: Payer | None = None,
    *,
    cents: int = 1_200,
    at: datetime = AT,
    until: date | None = None,
    **line,
) -> Document:
    """An invoice of one charge, really issued: number, PDF, XML, chain."""
    body = operator or network_sites.operator()
    profile(body)
    who = payer or person_payer()
    charged(who, body, cents=cents, **line)
    day = until or (at.astimezone(PARIS).date() + timedelta(days=1))
    return issue(body, who, until=day, by=None, at=at)[0]


def whole(site, mark: str, who: Person, body: Organisation, firm: Organisation) -> dict[str, Any]:
    """One of everything that is invoiced, of a body; `mark` in every text field."""
    at = now()
    today = at.astimezone(PARIS).date()
    profile(body, legal_name=f"Facturation {mark}", city=f"Ville {mark}")
    payer, employer = Payer(person_id=who.pk), Payer(organisation_id=firm.pk)
    details(payer, body, legal_name=f"Payeur {mark}", city=f"Ville {mark}")
    details(employer, body, legal_name=f"Employeur {mark}", names_users=True)
    made = []
    for one in (payer, employer):
        charged(one, body, label=f"Vente {mark}", scope=("site", str(site.pk)), on=today, user=who)
        made += issue(body, one, until=today + timedelta(days=1), by=None, at=at)
    charged(payer, body, label=f"Vente {mark}", scope=("site", str(site.pk)), on=today)
    run = Run.objects.create(
        operator=body, month=today.replace(day=1), state=RunState.STOPPED, asked_at=at
    )
    return {
        "body": body, "document": made[0], "run": run, "payer": who,
        "received": _received(body, mark, at),
    }  # fmt: skip


def _received(body: Organisation, mark: str, at: datetime) -> ReceivedInvoice:
    folder = f"received/{body.pk}/{secrets.token_hex(8)}"
    return ReceivedInvoice.objects.create(
        operator=body,
        supplier=f"Fournisseur {mark}",
        supplier_siren=siren(9),
        number="F-2027-1",
        issued_on=at.date(),
        gross_cents=12_000,
        read={
            "net_cents": 10_000, "tax_cents": 2_000, "iban": "",
            "lines": [{"label": f"Ramettes {mark}", "net_cents": 10_000}],
        },
        folder=folder,
        files=files.write_folder(folder, {"facture.xml": f"<!-- {mark} -->".encode()}),
        at=at,
    )  # fmt: skip


def parts_of(name: str, invoiced: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address of invoices: which number it names."""
    kind = {"billing_run": "run", "document": "document", "received": "received"}
    found = next((what for start, what in kind.items() if name.startswith(start)), "body")
    return {
        "pk": invoiced[found].pk,
        "month": f"{now():%Y-%m}",
        "who": "personne",
        "payer": invoiced["payer"].pk,
        "name": "facture.xml" if name == "received_file" else "factur-x.xml",
    }


NAMES = {
    "billing_run", "billing_run_stop", "billing_run_resume", "billing_profile", "billing_series",
    "billing_payer", "billing_month", "billing_issue", "received_invoice",
    "received_remove", "received_file", "document", "document_credit", "document_send",
    "document_file",
}  # fmt: skip
