"""Invoices of the demonstration: who issues, who pays, last month issued, one credit note."""

from collections.abc import Mapping
from datetime import datetime, time

from maillage.apps.billing import credit, set_payer, set_profile, to_invoice
from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import BillingProfile, Channel, Document, VatStatus
from maillage.apps.billing.set_profile import Described
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.people.public_numbers import is_siren
from maillage.apps.sites.models import Site
from maillage.core.periods import PARIS

# invented, with a right key: an account that no bank has given
IBAN, BIC, CREDITOR_ID = "FR7630006000011234567890189", "AGRIFRPP", "FR72ZZZ123456"
TILL_CENTS = 120_000
# of nobody: no body's number begins so high
FIRST_SIREN = 99_900_000
# enough to show a month, few enough to start quickly
MOST_INVOICES = 8
WHY = "Salle indisponible une matinée (fictif)"


def lay(sites: Mapping[str, int], *, at: datetime) -> None:
    """What is missing of it; sites by key, as `demonstration_sites.lay` gives them."""
    rows = Site.objects.filter(pk__in=sites.values(), collector__isnull=False)
    operators = Organisation.objects.filter(pk__in=rows.values("collector")).order_by("pk")
    for operator in operators:
        if BillingProfile.objects.filter(operator=operator).exists():
            continue
        _lay_profile(operator, at)
        _lay_month(operator, at)


def _lay_profile(operator: Organisation, at: datetime) -> None:
    held = set_profile.begun(operator)
    siren = operator.siren or _invented_siren(operator.pk)
    is_public = held.channel == Channel.PUBLIC
    columns = {
        "channel": held.channel,
        "legal_name": operator.name,
        "address": "1 place du Marché (fictif)",
        "postcode": "69430",
        "city": "Beaujeu",
        "country": "FR",
        "siren": siren,
        "siret": "",
        "vat_number": _vat_number(siren),
        "electronic_address": siren,
        "email": f"factures{operator.pk}@exemple.invalid",
        "legal_mention": "Exemple de démonstration (fictif)",
        "vat_status": VatStatus.LIABLE,
        "vat_on_debits": False,
        "exemption_reason": "",
        "invoice_prefix": "FA",
        "credit_prefix": "AV",
        "payment_days": 30,
        "pays_at_month_end": False,
        "late_penalty": "",
        "discount": "",
        "iban": IBAN,
        "bic": BIC,
        "creditor_id": "" if is_public else CREDITOR_ID,
        "regie_ceiling_cents": TILL_CENTS if is_public else None,
    }
    set_profile.set_profile(operator, Described(columns), version=0, by=None, at=at)


def _lay_month(operator: Organisation, at: datetime) -> None:
    """Invoices of last month, dated the first of this one; the first of them credited in part."""
    first = at.astimezone(PARIS).date().replace(day=1)
    issued_at = min(at, datetime.combine(first, time(8), PARIS))
    made: list[Document] = []
    for waiting in to_invoice.waiting(operator, until=first)[:MOST_INVOICES]:
        if waiting.payer.organisation_id is not None:
            _lay_payer(operator, waiting.payer, at)
        made += issue(operator, waiting.payer, until=first, by=None, at=issued_at)
    owed = [one for one in made if one.gross_cents > 0]
    if owed:
        (rank, cents), *_others = sorted(credit.left_by_line(owed[0]).items())
        credit.credit(owed[0], {rank: cents // 4}, WHY, by=None, at=at)


def _lay_payer(operator: Organisation, payer: Payer, at: datetime) -> None:
    firm = Organisation.objects.get(pk=payer.organisation_id or 0)
    siren = firm.siren or _invented_siren(firm.pk)
    columns = {
        "legal_name": firm.name,
        "address": f"{firm.pk} rue des Vignes (fictif)",
        "postcode": "69430",
        "city": "Beaujeu",
        "country": "FR",
        "siren": siren,
        "siret": "",
        "vat_number": "",
        "electronic_address": siren,
        "email": f"compta{firm.pk}@exemple.invalid",
        "is_business": True,
        "service_code": "",
        "engagement": "",
        "names_users": firm.kind == OrganisationKind.EMPLOYER,
    }
    version = set_payer.begun(operator, payer).version
    set_payer.set_payer(operator, payer, columns, version=version, by=None, at=at)


def _invented_siren(seed: int) -> str:
    start = f"{FIRST_SIREN + seed:08d}"
    return next(start + str(d) for d in range(10) if is_siren(start + str(d)))


def _vat_number(siren: str) -> str:
    """The key of a French VAT number follows from the SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
