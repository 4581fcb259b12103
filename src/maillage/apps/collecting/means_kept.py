"""The means that an operator may choose: the usual ones of its channel, and its own."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile, Channel
from maillage.apps.collecting.models import Means, MeansKind
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal

# code, words, kind; a code is that of its kind when there is one means of it
_PRIVATE = (
    (MeansKind.TRANSFER, "Virement"),
    (MeansKind.CHEQUE, "Chèque"),
    (MeansKind.CASH, "Espèces"),
    (MeansKind.CARD, "Carte bancaire"),
    (MeansKind.DEBIT, "Prélèvement SEPA"),
    (MeansKind.MANDATE, "Mandat administratif"),
)
_PUBLIC = (
    *(one for one in _PRIVATE if one[0] != MeansKind.DEBIT),
    (MeansKind.ONLINE, "PayFIP"),
)


class UnknownMeans(Refusal):
    """It is not one of the operator's."""

    sentence = _("Ce moyen de paiement n’est pas ouvert. Choisissez-en un de la liste.")
    status = 422


@dataclass(frozen=True)
class Choice:
    """A means as the desk chooses it."""

    code: str
    label: str
    kind: str
    account: str = ""
    is_open: bool = True


def choices(operator: Organisation) -> list[Choice]:
    """Its means by usual order, its own words and its own means last; two queries."""
    own = {one.code: _shown(one) for one in Means.objects.filter(operator=operator)}
    usual = [Choice(kind.value, label, kind.value) for kind, label in _usual(operator)]
    known = [own.pop(one.code, one) for one in usual]
    return [*known, *sorted(own.values(), key=lambda one: one.label)]


def named(operator: Organisation, code: str) -> Means:
    """The row of a means, written at its first use; raises UnknownMeans."""
    row = Means.objects.filter(operator=operator, code=code).first()
    if row is not None:
        return row
    for kind, label in (*_usual(operator), *_PRIVATE, *_PUBLIC):
        if kind.value == code:
            with transaction.atomic():
                made, _is_new = Means.objects.get_or_create(
                    operator=operator, code=code, defaults={"label": label, "kind": kind}
                )
            return made
    raise UnknownMeans


def _usual(operator: Organisation) -> tuple[tuple[MeansKind, str], ...]:
    profile = BillingProfile.objects.filter(operator=operator).only("channel").first()
    return _PUBLIC if profile and profile.channel == Channel.PUBLIC else _PRIVATE


def _shown(row: Means) -> Choice:
    return Choice(row.code, row.label, row.kind, row.account, row.is_open)
