"""Credit an invoice, whole or in part: the ledger gives back what the credit note says."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import drafts, lines, parties, to_invoice
from maillage.apps.billing.issue import MovedError, drawn, profile_of, refuse_lacks, settle
from maillage.apps.billing.models import Document, DocumentKind
from maillage.apps.billing.to_invoice import payer_of
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.models import Charge
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal
from maillage.kit.retry import TooManyAtOnce, settled
from maillage.report import french

TRIES = 5


class NotAnInvoice(Refusal):
    """A credit note is not credited."""

    sentence = _("{number} est un avoir : il ne se corrige pas. Refacturez la prestation.")


class NothingToGiveBack(Refusal):
    """No amount is chosen, or all was given back."""

    sentence = _("Rien à rendre sur {number}. Choisissez une ligne dont il reste un montant.")


class MoreThanIsLeft(Refusal):
    """An invoice is not credited twice."""

    sentence = _("Il ne reste que {left} à rendre sur la ligne {rank} de {number}. Indiquez moins.")


class WithoutReason(Refusal):
    """A credit note says why."""

    sentence = _("Dites pourquoi : le motif est écrit sur l’avoir.")


def credit(
    document: Document,
    parts: Mapping[int, int] | None,
    reason: str,
    *,
    by: int | None,
    at: datetime,
) -> Document:
    """A credit note of an invoice, at its rates, with its reference.

    parts  rank of a line -> cents to give back, as its price is listed; None: all that is left
    """
    if document.kind != DocumentKind.INVOICE:
        raise NotAnInvoice(number=document.number)
    if not reason.strip():
        raise WithoutReason
    for _try in range(TRIES):
        try:
            return _credit(document, parts, reason.strip(), by, at)
        except (MovedError, IntegrityError):
            # a cancellation or another credit note of the same invoice came first
            continue
    raise TooManyAtOnce


def left_by_line(document: Document) -> dict[int, int]:
    """Rank of a line -> cents that may still be given back, as its price is listed."""
    by_line = _charges(document)
    still = ledger.still_owed([one for charges in by_line.values() for one in charges])
    return {
        rank: sum(max(still[one.pk], 0) for one in charges) for rank, charges in by_line.items()
    }


def _credit(
    document: Document, parts: Mapping[int, int] | None, reason: str, by: int | None, at: datetime
) -> Document:
    profile = profile_of(document.operator)
    chosen = _chosen(document, parts)
    back = ledger.reversals(chosen, label="Avoir : ", at=at)
    payer = payer_of(document)
    buyer = parties.buyers(document.operator, [payer])[payer]
    refuse_lacks(buyer)
    read = to_invoice.with_notes([document.pk])[document.pk]
    correction = to_invoice.correction(read, back)
    grouped = lines.given_back(lines.of_charges(back, names_users=buyer.names_users))
    month = at.astimezone(PARIS).date().replace(day=1)
    draft = drafts.crediting(grouped, correction, buyer, reason, month)
    ready = drawn([draft], profile, at=at)

    def write() -> list[Document]:
        return settle(ready, profile, by=by, at=at, first=lambda: _give_back(chosen, back))

    return settled(write)[0]


def _give_back(chosen: list[tuple[Charge, int]], back: list[Charge]) -> None:
    """Write the reversals, unless what is left changed since they were drawn."""
    still = ledger.still_owed([one for one, _cents in chosen])
    if any(still[one.pk] < cents for one, cents in chosen):
        raise MovedError
    ledger.write(back)


def _charges(document: Document) -> dict[int, list[Charge]]:
    """The charges of each line that may be given back."""
    rows = (
        Charge.objects.filter(invoiced__line__document=document, reverses=None)
        .select_related("user", "invoiced__line")
        .order_by("invoiced__line__rank", "pk")
    )
    found: dict[int, list[Charge]] = {}
    for one in rows:
        found.setdefault(one.invoiced.line.rank, []).append(one)
    return found


def _chosen(document: Document, parts: Mapping[int, int] | None) -> list[tuple[Charge, int]]:
    """What of each charge is given back: the first charges of a line first."""
    by_line = _charges(document)
    still = ledger.still_owed([one for charges in by_line.values() for one in charges])
    left = {rank: sum(max(still[c.pk], 0) for c in held) for rank, held in by_line.items()}
    asked = left if parts is None else parts
    chosen = []
    for rank, cents in asked.items():
        if not 0 <= cents <= left.get(rank, 0):
            said = french.cents(left.get(rank, 0))
            raise MoreThanIsLeft(left=said, rank=rank, number=document.number)
        for one in by_line.get(rank, ()):
            taken = min(max(still[one.pk], 0), cents)
            cents -= taken
            if taken:
                chosen.append((one, taken))
    if not chosen:
        raise NothingToGiveBack(number=document.number)
    return chosen
