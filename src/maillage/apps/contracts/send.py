"""Send a contract to be signed: its document is drawn and stored, its seats are taken."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import facts, papers, seats, shipped
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import Approval, Contract, HouseRules, Side, Signature, State
from maillage.apps.people import secret as secrets
from maillage.core.bad_input import BadInput
from maillage.kit import mail
from maillage.kit.refusal import Refusal
from maillage.report import contract_words

LINK_LASTS = timedelta(days=30)


class NoApproval(Refusal):
    """Nobody domiciles firms without the prefect's approval."""

    sentence = _(
        "{operator} n’a pas d’agrément de domiciliation en cours (C. com., art. L.123-11-3). "
        "Enregistrez son numéro et sa date de fin, puis envoyez le contrat."
    )


class NotDrawn(Refusal):
    """The document could not be made."""

    sentence = _("Le document n’a pas pu être produit : il est trop long. Raccourcissez le texte.")
    status = 422


class AlreadyPast(Refusal):
    """A contract whose only term is over cannot be signed."""

    sentence = _("Le terme de ce contrat est déjà passé. Corrigez le premier jour ou la durée.")
    status = 422


def send(contract: Contract, *, version: int, by: int | None, at: datetime) -> Contract:
    """From now on nothing of it changes; the party receives a link.

    Raises NoApproval, AlreadyPast, NotDrawn, SeatBooked, SeatGone, NotNow, ChangedMeanwhile.
    """
    with transaction.atomic():
        row = held(contract, State.DRAFT, version=version)
        _refuse(row, at)
        rules = HouseRules.objects.filter(operator=row.operator).order_by("-version").first()
        row.house_rules = rules
        row.wording = shipped.wording_in_use(row.operator, row.kind)
        row.shipped_version = None if row.wording else shipped.templates()[row.kind].version
        row.state, row.sent_at = State.SENT, at
        saved(row)
        seats.take(row, by=by, at=at)
        paper = papers.keep(row, papers.CONTRACT, _drawn(row, at), at=at)
        for side in Side:
            Signature.objects.create(contract=row, side=side, **_signatory(row, side))
        note("send", row, by=by, at=at, sha256=paper.sha256)
        write_link(row, "contracts/emails/to_sign.txt", at=at)
    return row


def write_link(contract: Contract, template: str, *, at: datetime) -> None:
    """Mail a new link to the party: the one before opens nothing any more."""
    signature = contract.signatures.get(side=Side.PARTY)
    drawn = secrets.draw()
    signature.secret_hash = secrets.digest(drawn)
    signature.expires_at = at + LINK_LASTS
    signature.save(update_fields=["secret_hash", "expires_at"])
    mail.send(
        template,
        signature.email,
        {
            "name": signature.name,
            "operator": contract.operator.name,
            "title": shipped.templates()[contract.kind].title,
            "reference": contract.reference,
            "secret": drawn,
            "until": signature.expires_at.date(),
        },
    )


def preview(contract: Contract, *, at: datetime) -> bytes:
    """The document as it would be sent, stored nowhere; raises NotDrawn."""
    contract.wording = shipped.wording_in_use(contract.operator, contract.kind)
    contract.house_rules = (
        HouseRules.objects.filter(operator=contract.operator).order_by("-version").first()
    )
    return _drawn(contract, at)


def _refuse(contract: Contract, at: datetime) -> None:
    today = at.date()
    if shipped.templates()[contract.kind].needs_approval:
        held_approval = Approval.objects.filter(operator=contract.operator, ends_on__gte=today)
        if not held_approval.exists():
            raise NoApproval(operator=contract.operator.name)
    end = contract.natural_end
    if end is not None and end <= today:
        raise AlreadyPast


def _drawn(contract: Contract, at: datetime) -> bytes:
    template = shipped.templates()[contract.kind]
    heading = (contract.reference, template.title, template.subtitle)
    rules = contract.house_rules.text if contract.house_rules else ""
    said = contract_words.words(
        heading, shipped.articles_of(contract), facts.of(contract), rules, template.law
    )
    try:
        return contract_words.pdf(said, at=at)
    except BadInput as heavy:
        raise NotDrawn from heavy


def _signatory(contract: Contract, side: str) -> dict[str, object]:
    if side == Side.OPERATOR:
        # whoever answers for it that day, by her role
        return {"name": contract.operator.name[:120], "email": ""}
    return {
        "name": contract.signatory_name,
        "email": contract.signatory_email,
        "person_id": contract.party_person_id,
    }
