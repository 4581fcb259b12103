"""Say how an operator invoices and is paid: its identity, its VAT, its terms, its account."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import identity, numbers
from maillage.apps.billing.models import BillingProfile, Channel, Document, VatStatus
from maillage.apps.journal.record import record
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.tariffs.models import ListState, Price
from maillage.kit.refusal import Refusal

PUBLIC = frozenset(
    {
        OrganisationKind.EPCI, OrganisationKind.COMMUNE, OrganisationKind.DEPARTEMENT,
        OrganisationKind.REGION, OrganisationKind.PNR, OrganisationKind.PAYS,
        OrganisationKind.METROPOLE, OrganisationKind.STATE,
    }
)  # fmt: skip


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = _("Ce profil a changé pendant votre saisie. Relisez-le, puis enregistrez.")


class PrefixInUse(Refusal):
    """The letters of numbers already given stay."""

    sentence = _(
        "Des documents portent déjà le préfixe {prefix} : gardez-le jusqu’au 31 décembre. "
        "Une série de numéros ne change pas en cours d’année."
    )


class VatNumberMissing(Refusal):
    """Whoever owes VAT prints its number."""

    sentence = _("Un redevable de la TVA indique son numéro de TVA. Ajoutez-le.")


class SamePrefixes(Refusal):
    """Invoices and credit notes are told apart."""

    sentence = _("Les factures et les avoirs portent des préfixes différents. Changez l’un.")


@dataclass(frozen=True)
class Described:
    """A profile as typed: columns of `BillingProfile`, except its operator and its version."""

    columns: dict[str, Any]


def channel_of(operator: Organisation) -> str:
    """Which way money comes in, from who collects."""
    if operator.kind in PUBLIC:
        return Channel.PUBLIC
    return Channel.SHOP if operator.kind == OrganisationKind.SHOP else Channel.PRIVATE


def begun(operator: Organisation) -> BillingProfile:
    """A profile not saved yet, from what the register knows."""
    return BillingProfile(
        operator=operator,
        channel=channel_of(operator),
        legal_name=operator.name[:120],
        siren=operator.siren,
        siret=operator.siret,
        electronic_address=operator.siren,
        vat_status=VatStatus.LIABLE,
        version=0,
    )


def set_profile(
    operator: Organisation, described: Described, *, version: int, by: int | None, at: datetime
) -> BillingProfile:
    """Keep a profile; its documents already issued stay as they were.

    version  of the profile that was read, 0 for the first one
    """
    said = identity.all_read(described.columns)
    _refuse_incoherent(said)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=operator.pk)
        held = BillingProfile.objects.select_for_update().filter(operator=operator).first()
        row = held or begun(operator)
        if row.version != version:
            raise SomebodyElseEdited
        if held is not None:
            _refuse_new_letters(held, said, at.date())
        for name, value in said.items():
            setattr(row, name, value)
        row.version = version + 1
        row.save()
        numbers.opened(operator)
        record(
            "billing.set_profile",
            ("organisation", operator.pk),
            by=by,
            at=at,
            scope=operator.scopes[0],
            version=row.version,
        )
    return row


def vat_warning(profile: BillingProfile) -> str:
    """What the prices of an operator say against its VAT, in a sentence; "" without anything."""
    prices = Price.objects.filter(
        price_list__operator=profile.operator_id, price_list__state=ListState.VOTED, cents__gt=0
    )
    charges = Charge.objects.filter(operator=profile.operator_id, invoiced=None)
    if profile.vat_status == VatStatus.LIABLE:
        if prices.exists() and not prices.filter(vat_rate_bp__gt=0).exists():
            return str(
                _("Vos tarifs votés n’ont pas de taux, alors que vous êtes redevable de la TVA.")
            )
        return ""
    if prices.filter(vat_rate_bp__gt=0).exists() or charges.filter(vat_rate_bp__gt=0).exists():
        return str(
            _(
                "Vous ne facturez pas de TVA, mais des tarifs ou des ventes portent un taux : "
                "ces factures seront refusées. Corrigez le régime, ou votez des tarifs sans taux."
            )
        )
    return ""


def _refuse_incoherent(said: dict[str, Any]) -> None:
    identity.refuse_strangers(said["siren"], said["siret"], said["vat_number"])
    if said["vat_status"] == VatStatus.LIABLE and not said["vat_number"]:
        raise VatNumberMissing
    if said["invoice_prefix"] == said["credit_prefix"]:
        raise SamePrefixes


def _refuse_new_letters(held: BillingProfile, said: dict[str, Any], today: date) -> None:
    for name in ("invoice_prefix", "credit_prefix"):
        if getattr(held, name) == said[name]:
            continue
        is_used = Document.objects.filter(
            operator=held.operator_id,
            number__startswith=f"{getattr(held, name)}-",
            issued_on__year=today.year,
        )
        if is_used.exists():
            raise PrefixInUse(prefix=getattr(held, name))
