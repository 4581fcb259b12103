"""Sign or refuse a contract, each side once: who, when, which document, by which proof.

A simple electronic signature (regulation EU 910/2014, art. 25): see docs/decisions.
"""

import hashlib
import hmac
import secrets as random
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import evidence, papers, seats
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import Contract, Deposit, Side, Signature, State
from maillage.apps.people import secret as secrets
from maillage.kit import mail
from maillage.kit.refusal import Refusal

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
CODES = 10**6
AGENT_MAX = 300
CONSENT = (
    "J’ai lu ce contrat et son annexe. Je les accepte et je signe électroniquement, ce qui "
    "m’engage comme une signature manuscrite."
)


class LinkIsOver(Refusal):
    """Unknown, too old, used or withdrawn: the same answer for all."""

    sentence = _("Ce lien ne sert plus. Demandez-en un autre à la structure qui vous l’a envoyé.")
    status = 404


class OtherName(Refusal):
    """The signatory is the one named in the contract."""

    sentence = _("Écrivez le nom qui figure au contrat : {name}.")
    status = 422


class NotAgreed(Refusal):
    """Nobody signs without saying so."""

    sentence = _("Cochez la case pour dire que vous acceptez le contrat.")
    status = 422


class WrongCode(Refusal):
    """Too old, tried too often or not the one that was sent."""

    sentence = _("Ce code ne convient pas ou ne sert plus. Demandez-en un autre.")
    status = 422


class SignedBefore(Refusal):
    """Each side signs once."""

    sentence = _("Ce contrat est déjà signé de ce côté. Actualisez la page.")


@dataclass(frozen=True)
class Signing:
    """How somebody signs.

    how      `account` when signed in as the signatory, `code` with the code sent by mail
    address  of the network, kept as a keyed digest
    """

    typed_name: str
    agrees: bool
    how: str
    address: str
    user_agent: str
    code: str = ""
    by: int | None = None


def find(secret: str, *, at: datetime) -> Signature:
    """The signature that a link opens; raises LinkIsOver."""
    found = (
        Signature.objects.filter(
            secret_hash=secrets.digest(secret), expires_at__gt=at, contract__state=State.SENT
        )
        .select_related("contract__operator", "contract__house_rules", "person")
        .first()
    )
    if found is None:
        raise LinkIsOver
    return found


def open_(signature: Signature, *, at: datetime) -> None:
    """Note the first time that its signatory sees it."""
    if signature.opened_at is not None:
        return
    with transaction.atomic():
        contract = held(signature.contract, State.SENT)
        Signature.objects.filter(pk=signature.pk, opened_at=None).update(opened_at=at)
        note("open", contract, by=None, at=at, side=signature.side)


def send_code(signature: Signature, *, at: datetime) -> None:
    """Mail six digits to the address of the contract: they prove that it is read there."""
    code = f"{random.randbelow(CODES):06d}"
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(pk=signature.pk)
        if row.signed_at is not None:
            raise SignedBefore
        row.code_hash = _code_hash(row, code)
        row.code_expires_at = at + CODE_LASTS
        row.code_tries = 0
        row.save(update_fields=["code_hash", "code_expires_at", "code_tries"])
        mail.send(
            "contracts/emails/code.txt",
            row.email,
            {"name": row.name, "code": code, "reference": signature.contract.reference},
        )


def sign(signature: Signature, signing: Signing, *, at: datetime) -> Contract:
    """One side signs; when both have, the contract holds.

    Raises SignedBefore, OtherName, NotAgreed, WrongCode, Altered, NotNow.
    """
    if signing.how == "code":
        # counted even when the rest is refused
        _spend_try(signature)
    with transaction.atomic():
        contract = held(signature.contract, State.SENT)
        row = Signature.objects.select_for_update().get(pk=signature.pk)
        _refuse(row, signing, at)
        paper = contract.papers.get(kind=papers.CONTRACT)
        papers.data_of(paper)
        rules = contract.house_rules.version if contract.house_rules else None
        row.signed_at, row.typed_name, row.consent = at, signing.typed_name.strip(), CONSENT
        row.how, row.rules_version = signing.how, rules
        row.address_hash = _address_hash(signing.address)
        row.user_agent = signing.user_agent[:AGENT_MAX]
        row.secret_hash = row.code_hash = None
        if row.side == Side.OPERATOR:
            row.person_id, row.name = signing.by, signing.typed_name.strip()
        row.save()
        note(
            "sign", contract, by=signing.by, at=at, side=row.side, sha256=paper.sha256,
            how=signing.how, rules_version=rules or 0,
        )  # fmt: skip
        if not contract.signatures.filter(signed_at=None).exists():
            _conclude(contract, at)
        saved(contract)
    return contract


def refuse(signature: Signature, reason: str, *, by: int | None, at: datetime) -> Contract:
    """Its signatory says no, and why: the contract is over, its seats are everybody's."""
    with transaction.atomic():
        contract = held(signature.contract, State.SENT)
        row = Signature.objects.select_for_update().get(pk=signature.pk)
        if row.signed_at is not None:
            raise SignedBefore
        row.refused_at, row.refusal = at, reason
        row.secret_hash = row.code_hash = None
        row.save()
        contract.state, contract.end_reason = State.REFUSED, reason
        contract.signatures.update(secret_hash=None, code_hash=None)
        saved(contract)
        seats.free(contract, by=by, at=at)
        note("refuse", contract, by=by, at=at, side=row.side)
    return contract


def _conclude(contract: Contract, at: datetime) -> None:
    contract.signed_at = at
    contract.ends_on = contract.natural_end
    contract.state = State.RUNNING if contract.starts_on <= at.date() else State.SIGNED
    if contract.deposit_cents:
        Deposit.objects.create(contract=contract, due_cents=contract.deposit_cents)
    papers.keep(contract, papers.EVIDENCE, evidence.of(contract, at=at), at=at)
    party = contract.signatures.get(side=Side.PARTY)
    mail.send(
        "contracts/emails/signed.txt",
        party.email,
        {
            "name": party.name,
            "operator": contract.operator.name,
            "reference": contract.reference,
            "starts_on": contract.starts_on,
        },
    )


def _refuse(row: Signature, signing: Signing, at: datetime) -> None:
    if row.signed_at is not None:
        raise SignedBefore
    if not signing.agrees:
        raise NotAgreed
    # the operator's side is known by its account
    if row.side == Side.PARTY and _plain(signing.typed_name) != _plain(row.name):
        raise OtherName(name=row.name)
    if not signing.typed_name.strip():
        raise OtherName(name=row.name)
    if signing.how == "code" and not _is_right(row, signing.code, at):
        raise WrongCode


def _is_right(row: Signature, code: str, at: datetime) -> bool:
    if row.code_hash is None or row.code_expires_at is None or row.code_expires_at <= at:
        return False
    if row.code_tries > MOST_TRIES:
        return False
    return hmac.compare_digest(bytes(row.code_hash), _code_hash(row, code.strip()))


def _spend_try(signature: Signature) -> None:
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(pk=signature.pk)
        row.code_tries = min(row.code_tries + 1, MOST_TRIES + 1)
        row.save(update_fields=["code_tries"])


def _code_hash(row: Signature, code: str) -> bytes:
    return salted_hmac("maillage.contracts.code", f"{row.pk}:{code}", algorithm="sha256").digest()


def _address_hash(address: str) -> str:
    key = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(address.encode(), digest_size=16, key=key).hexdigest()


def _plain(name: str) -> str:
    """A name without capitals, accents nor double spaces."""
    letters = unicodedata.normalize("NFD", name.casefold())
    kept = "".join(c for c in letters if not unicodedata.combining(c)).replace("’", "'")
    return " ".join(kept.split())
