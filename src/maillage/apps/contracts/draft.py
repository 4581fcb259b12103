"""Prepare a contract from a template, correct it until it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import shipped
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import Contract, Every, Kind, Proration, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.models import Plan
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.sites.bodies import sells_at
from maillage.apps.sites.models import Seat, Site
from maillage.core.contract_terms import Terms
from maillage.kit.refusal import Refusal

BETWEEN_BODIES = (Kind.HOST_SHOP, Kind.CO_MANAGEMENT, Kind.PROVISION)
PUBLIC = (
    OrganisationKind.EPCI,
    OrganisationKind.COMMUNE,
    OrganisationKind.DEPARTEMENT,
    OrganisationKind.REGION,
    OrganisationKind.PNR,
    OrganisationKind.PAYS,
    OrganisationKind.METROPOLE,
    OrganisationKind.STATE,
)


class TermTooShort(Refusal):
    """The law sets a shortest term."""

    sentence = _("Ce contrat dure {least} mois au moins. Indiquez une durée plus longue.")
    status = 422


class MustRenew(Refusal):
    """The law wants tacit renewal."""

    sentence = _("La loi veut que ce contrat se reconduise. Indiquez la durée de reconduction.")
    status = 422


class NeedsBody(Refusal):
    """Some contracts bind two bodies."""

    sentence = _(
        "« {kind} » lie deux structures. Choisissez une structure du registre comme cocontractant."
    )
    status = 422


class NeedsPublicBody(Refusal):
    """A mise à disposition between collectivités binds two of them."""

    sentence = _("{name} n’est pas une collectivité. Choisissez un autre modèle.")
    status = 422


class OfOthers(Refusal):
    """An operator engages the sites it sells for, no other."""

    sentence = _("{operator} ne tient pas {site}. Choisissez un de ses lieux.")
    status = 422


class SeatElsewhere(Refusal):
    """A seat is kept at the site of the contract."""

    sentence = _("La place {seat} n’est pas dans ce lieu. Choisissez une place du lieu.")
    status = 422


class WithOneself(Refusal):
    """Nobody agrees with herself."""

    sentence = _("{name} ne peut pas être des deux côtés. Choisissez un autre cocontractant.")
    status = 422


@dataclass(frozen=True)
class Party:
    """With whom: a person or a body, and who signs for it."""

    is_: Payer
    signatory_name: str
    signatory_email: str
    signatory_title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Price:
    """What is owed for each month or quarter; 0 with a worth when it is given free."""

    cents: int = 0
    every: str = Every.MONTH
    vat_rate_bp: int = 0
    includes_tax: bool = True
    worth_cents: int = 0
    is_charged: bool = True
    proration: str = Proration.DAYS
    plan: Plan | None = None


@dataclass(frozen=True)
class Asked:
    """All that a contract says; seats by identifier."""

    party: Party
    payer: Payer
    terms: Terms
    price: Price
    site: Site | None = None
    place: str = ""
    deposit_cents: int = 0
    particulars: str = ""
    seat_ids: Sequence[int] = field(default_factory=tuple)


def draft(
    operator: Organisation, kind: str, asked: Asked, *, by: int | None, at: datetime
) -> Contract:
    """A contract that nobody has received yet."""
    refuse(operator, kind, asked)
    with transaction.atomic():
        made = Contract(
            operator=operator,
            kind=kind,
            reference=uuid4().hex[:20],
            created_by=by,
            created_at=at,
            **_columns(operator, kind, asked),
        )
        made.save()
        made.reference = f"C-{at.year}-{made.pk:05d}"
        made.save(update_fields=["reference"])
        _keep_seats(made, asked)
        note("draft", made, by=by, at=at, kind=kind)
    return made


def correct(
    contract: Contract, asked: Asked, *, version: int, by: int | None, at: datetime
) -> Contract:
    """Change a draft."""
    refuse(contract.operator, contract.kind, asked)
    with transaction.atomic():
        row = held(contract, State.DRAFT, version=version)
        for name, value in _columns(row.operator, row.kind, asked).items():
            setattr(row, name, value)
        saved(row)
        row.kept_seats.all().delete()
        _keep_seats(row, asked)
        note("correct", row, by=by, at=at)
    return row


def refuse(operator: Organisation, kind: str, asked: Asked) -> None:
    """Raises what stands against it, whoever asks."""
    template = shipped.templates()[kind]
    terms = asked.terms
    if terms.months is not None and terms.months < template.least_months:
        raise TermTooShort(least=template.least_months)
    if template.must_renew and terms.months is not None and not terms.renewal_months:
        raise MustRenew
    body_id = asked.party.is_.organisation_id
    if kind in BETWEEN_BODIES and body_id is None:
        raise NeedsBody(kind=template.title)
    if body_id == operator.pk:
        raise WithOneself(name=operator.name)
    if kind == Kind.PROVISION and body_id is not None:
        body = Organisation.objects.get(pk=body_id)
        if body.kind not in PUBLIC:
            raise NeedsPublicBody(name=body.name)
    site = asked.site
    if site is not None and not sells_at(operator).filter(pk=site.pk).exists():
        raise OfOthers(operator=operator.name, site=site.name)


def _columns(operator: Organisation, kind: str, asked: Asked) -> dict[str, Any]:
    wording = shipped.wording_in_use(operator, kind)
    price, party = asked.price, asked.party
    return {
        "wording": wording,
        "shipped_version": None if wording else shipped.templates()[kind].version,
        "party_person_id": party.is_.person_id,
        "party_organisation_id": party.is_.organisation_id,
        "payer_person_id": asked.payer.person_id,
        "payer_organisation_id": asked.payer.organisation_id,
        "party_address": party.address,
        "signatory_name": party.signatory_name,
        "signatory_email": party.signatory_email.strip().lower(),
        "signatory_title": party.signatory_title,
        "site": asked.site,
        "place": asked.place,
        "starts_on": asked.terms.starts_on,
        "months": asked.terms.months,
        "renewal_months": asked.terms.renewal_months,
        "notice_months": asked.terms.notice_months,
        "ends_anytime": asked.terms.ends_anytime,
        "plan": price.plan,
        "is_charged": price.is_charged,
        "price_cents": price.cents,
        "worth_cents": price.worth_cents,
        "includes_tax": price.includes_tax,
        "vat_rate_bp": price.vat_rate_bp,
        "every": price.every,
        "proration": price.proration,
        "deposit_cents": asked.deposit_cents,
        "particulars": asked.particulars,
    }


def _keep_seats(contract: Contract, asked: Asked) -> None:
    seats = Seat.objects.filter(pk__in=asked.seat_ids).select_related("space")
    for seat in seats:
        if asked.site is None or seat.space.site_id != asked.site.pk:
            raise SeatElsewhere(seat=str(seat))
        contract.kept_seats.create(seat=seat)
