"""Sign a mandate, revoke it; which mandates may be used on a day."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile
from maillage.apps.collecting.balance import of_payer
from maillage.apps.collecting.models import Debit, DebitState, Mandate
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.core import identifiers, programme
from maillage.core.bad_input import BadInput
from maillage.kit.refusal import Refusal

# SEPA Core rulebook: a mandate unused for 36 months is void
LIVES_MONTHS = 36
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LETTERS = 8
LONGEST_HOLDER = 70


class NoCreditorId(Refusal):
    """The bank of the operator has not given it a SEPA creditor identifier."""

    sentence = _(
        "{name} n’a pas d’identifiant créancier SEPA : il ne peut pas prélever. Demandez-le à sa "
        "banque, puis notez-le dans le profil de facturation."
    )


class WrongAccount(Refusal):
    """The IBAN does not hold together, or is of a country outside SEPA."""

    sentence = _(
        "Cet IBAN n’est pas valable : un chiffre manque ou est faux. Recopiez-le depuis un relevé "
        "d’identité bancaire."
    )
    status = 422


class MandateRevoked(Refusal):
    """It was ended already."""

    sentence = _("Ce mandat est déjà révoqué. Signez-en un nouveau pour prélever à nouveau.")


class DebitUnderWay(Refusal):
    """The bank has a debit of it."""

    sentence = _(
        "Un prélèvement de ce mandat est chez la banque. Attendez son issue, ou faites opposition "
        "auprès de votre banque."
    )


@dataclass(frozen=True)
class Account:
    """What a mandate says; signed where and how is its evidence."""

    iban: str
    holder: str
    signed_how: str
    bic: str = ""
    is_recurrent: bool = True
    notice_days: int = 14
    signed_on: date | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def sign(
    operator: Organisation, payer: Payer, account: Account, *, by: int | None, at: datetime
) -> Mandate:
    """A new mandate; the one before of the same payer ends."""
    profile = BillingProfile.objects.filter(operator=operator).first()
    if profile is None or not profile.creditor_id:
        raise NoCreditorId(name=operator.name)
    iban, bic = _checked(account)
    with transaction.atomic():
        live = Mandate.objects.select_for_update().filter(
            of_payer(payer), operator=operator, revoked_at=None
        )
        for one in live:
            _revoke(one, by, at)
        made = Mandate.objects.create(
            operator=operator,
            payer_person_id=payer.person_id,
            payer_organisation_id=payer.organisation_id,
            reference=f"MA-{at:%Y%m%d}-{_drawn()}",
            holder=account.holder.strip()[:LONGEST_HOLDER],
            iban=iban,
            bic=bic,
            is_recurrent=account.is_recurrent,
            notice_days=account.notice_days,
            signed_on=account.signed_on or at.date(),
            signed_how=account.signed_how,
            evidence=account.evidence,
        )
        record(
            "collecting.sign_mandate", ("mandate", made.pk), by=by, at=at,
            scope=operator.scopes[0], how=made.signed_how,
        )  # fmt: skip
    return made


def revoke(mandate: Mandate, *, by: int | None, at: datetime) -> Mandate:
    """End a mandate: debits announced are left out, one at the bank must have its answer first."""
    with transaction.atomic():
        held = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if held.revoked_at is not None:
            raise MandateRevoked
        if held.debits.filter(state=DebitState.SENT).exists():
            raise DebitUnderWay
        _revoke(held, by, at)
    return held


def is_expired(mandate: Mandate, on: date) -> bool:
    """Whether nobody used it for so long that it may not be used any more."""
    return last_day(mandate) < on


def last_day(mandate: Mandate) -> date:
    """The last day on which a mandate may be used, unless it is used before."""
    return programme.after(mandate.last_used_on or mandate.signed_on, LIVES_MONTHS)


def unusable(mandate: Mandate | None, on: date) -> str:
    """Why a mandate may not be used on a day, as a code; "" when it may."""
    if mandate is None:
        return "no_mandate"
    if mandate.revoked_at is not None:
        return "revoked"
    if is_expired(mandate, on):
        return "expired"
    if not mandate.is_recurrent and mandate.last_used_on is not None:
        return "used"
    return ""


def masked(iban: str) -> str:
    """« •••• 2606 »: enough to know one's account, of no use to anybody else."""
    shown = 4
    return f"•••• {iban[-shown:]}" if len(iban) > shown else ""


def _revoke(held: Mandate, by: int | None, at: datetime) -> None:
    held.revoked_at = at
    held.save(update_fields=["revoked_at"])
    Debit.objects.filter(mandate=held, state=DebitState.ANNOUNCED).update(
        state=DebitState.LEFT_OUT, reason="revoked"
    )
    record("collecting.revoke_mandate", ("mandate", held.pk), by=by, at=at, scope=held.scopes[0])


def _drawn() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))


def _checked(account: Account) -> tuple[str, str]:
    try:
        iban = identifiers.iban(account.iban)
        bic = identifiers.bic(account.bic) if account.bic.strip() else ""
    except BadInput as fault:
        raise WrongAccount from fault
    if not identifiers.is_sepa(iban):
        raise WrongAccount
    return iban, bic
