"""Contracts in the words of pages: when, how much, what happened."""

from datetime import date
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from maillage.apps.contracts import facts, pass_time
from maillage.apps.contracts.deposit import Line
from maillage.apps.contracts.forms import MEANS
from maillage.apps.contracts.models import (
    Contract,
    DepositMovement,
    Event,
    Movement,
    Side,
    Signature,
    State,
)
from maillage.core.contract_terms import ONE_DAY
from maillage.kit.components import Step
from maillage.kit.filters import moment
from maillage.report import contract_words, french

EVENTS = {
    "draft": _("Préparé"),
    "correct": _("Corrigé"),
    "send": _("Envoyé à la signature"),
    "not_sent": _("Envoi refusé"),
    "open": _("Ouvert par son signataire"),
    "sign": _("Signé"),
    "refuse": _("Refusé"),
    "remind": _("Signature rappelée"),
    "withdraw": _("Retiré"),
    "begin": _("Commencé"),
    "charge": _("Facturable"),
    "seat": _("Place gardée plus longtemps"),
    "alert": _("Échéance annoncée"),
    "notice": _("Préavis donné"),
    "cancel_notice": _("Préavis retiré"),
    "end": _("Terminé"),
    "deposit_receive": _("Dépôt reçu"),
    "deposit_keep": _("Part du dépôt gardée"),
    "deposit_return": _("Dépôt rendu"),
    "deposit_undo": _("Mouvement de dépôt annulé"),
    "forget": _("Signataires oubliés"),
}
SIDES = {Side.PARTY: _("par le cocontractant"), Side.OPERATOR: _("par l’organisme")}


def price(contract: Contract) -> str:
    """« 120,00 € par mois », « Gratuit », « Sans prix »."""
    if not contract.is_charged:
        return _("Sans prix")
    if not contract.price_cents:
        return _("Gratuit")
    every = _("mois") if contract.every == "month" else _("trimestre")
    return _("{amount} par {every}").format(amount=french.cents(contract.price_cents), every=every)


def term(contract: Contract, on: date) -> str:
    """Where the contract stands in time."""
    if contract.ends_on is not None:
        last = french.day(contract.ends_on - ONE_DAY)
        if contract.is_over(on):
            return _("Fini le {last}").format(last=last)
        return _("Jusqu’au {last}").format(last=last)
    coming = pass_time.renewal(contract, on)
    if coming is not None:
        return _("Se reconduit le {end}, préavis possible jusqu’au {limit}").format(
            end=french.day(coming[0]), limit=french.day(coming[1])
        )
    return _("Depuis le {first}").format(first=french.day(contract.starts_on))


def facts_of(contract: Contract) -> list[tuple[str, str]]:
    """(label, value) of what the contract says."""
    said = facts.of(contract)
    sentences = contract_words.fields(said)
    payer = said.payer if said.payer != said.party else _("Le cocontractant")
    signatory = contract.signatory_name
    if contract.signatory_title:
        signatory = f"{signatory}, {contract.signatory_title}"
    found = [
        (_("Organisme"), said.operator),
        (_("Cocontractant"), said.party),
        (_("Signataire"), f"{signatory} ({contract.signatory_email})"),
        (_("Payeur"), payer),
        (_("Lieu"), said.site),
        (_("Mis à disposition"), said.place),
        (_("Premier jour"), french.day(contract.starts_on)),
        (_("Durée"), f"{sentences['duree']} {sentences['reconduction']}".strip()),
        (_("Fin"), sentences["preavis"]),
        (_("Prix"), f"{sentences['prix']} {sentences['prorata']}".strip()),
        (_("Dépôt"), sentences["depot"]),
        (_("Conditions particulières"), said.particulars),
    ]
    return [(label, value) for label, value in found if value]


def signature(one: Signature) -> str:
    """« Signé le 3 mars 2027 à 9 h 12, avec un code reçu par courriel »."""
    if one.signed_at is not None:
        how = _("avec un code reçu par courriel") if one.how == "code" else _("depuis son compte")
        return _("Signé le {when}, {how}").format(when=moment(one.signed_at), how=how)
    if one.refused_at is not None:
        return _("Refusé le {when} : {why}").format(when=moment(one.refused_at), why=one.refusal)
    if one.opened_at is not None:
        return _("Lu le {when}, pas encore signé").format(when=moment(one.opened_at))
    return _("Pas encore signé")


def steps(events: list[Event]) -> list[Step]:
    """What happened, the last first."""
    return [
        Step(
            when=moment(one.at),
            title=EVENTS.get(one.what, one.what),
            state="now" if n == 0 else "done",
            text=_detail(one),
        )
        for n, one in enumerate(reversed(events))
    ]


def deposit(line: Line) -> str:
    """Where a deposit stands."""
    if line.is_to_return:
        return _("{held} à rendre").format(held=french.cents(line.held_cents))
    if line.held_cents:
        return _("{held} détenus").format(held=french.cents(line.held_cents))
    if line.received_cents:
        return _("Réglé")
    return _("{due} à recevoir").format(due=french.cents(line.due_cents))


def movement(one: DepositMovement) -> dict[str, Any]:
    """A line of the table of a deposit."""
    means = dict(MEANS).get(one.means, "")
    return {
        "what": _("Annulation") if one.reverses_id else Movement(one.kind).label,
        "on": french.day(one.on),
        "how": one.reason or means,
    }


def state(contract: Contract) -> str:
    """« En cours »."""
    return str(State(contract.state).label)


def _detail(one: Event) -> str:
    said: dict[str, Any] = one.facts
    if "refusal" in said:
        return str(said["refusal"])
    if "side" in said and one.what in ("sign", "refuse", "notice", "open"):
        return str(SIDES[said["side"]]).capitalize() + "."
    if "cents" in said:
        return french.cents(said["cents"]) + "."
    return ""


def when(at: Any) -> str:
    """A day, at the hour of the place."""
    return french.day(localtime(at).date())
