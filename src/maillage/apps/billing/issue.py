"""Issue: the number, the date and the files are decided under one lock, or nothing is.

why  docs/decisions/0012-a-number-under-lock.md
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import drafts, numbers, parties, printing, write
from maillage.apps.billing.closed import refuse_closed
from maillage.apps.billing.drafts import Draft
from maillage.apps.billing.models import BillingProfile, Document, Series
from maillage.apps.billing.numbers import Place
from maillage.apps.billing.parties import Buyer
from maillage.apps.billing.printing import Printed
from maillage.apps.billing.to_invoice import Waiting, still_uninvoiced, waiting
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal
from maillage.kit.retry import TooManyAtOnce, settled
from maillage.report import french, refusals
from maillage.report.e_invoice.check import Fault

TRIES = 5
SHOWN_FAULTS = 3


class MissingProfile(Refusal):
    """Nobody invoices without saying who one is."""

    sentence = _(
        "{name} ne peut pas facturer : il manque {what}. Complétez son profil de facturation."
    )


class PayerIncomplete(Refusal):
    """An e-invoice names its buyer in full."""

    sentence = _("Facture non émise pour {name} : il manque {what}. Complétez ses coordonnées.")


class NotValid(Refusal):
    """The checks of e-invoices refuse the document: no number was taken."""

    sentence = _("Facture non émise pour {name}. Contrôle {rules}")


class NotDrawn(Refusal):
    """The PDF or its XML could not be made: no number was taken."""

    sentence = _(
        "Facture non émise pour {name} : le document n’a pas pu être produit ({why}). "
        "Aucun numéro n’est pris ; corrigez ses lignes ou ses coordonnées, puis réessayez."
    )


class MovedError(Exception):
    """Somebody invoiced the same charges meanwhile: the draft is to be made again."""


@dataclass(frozen=True)
class Ready:
    """A draft drawn for the place that was expected."""

    draft: Draft
    place: Place
    printed: Printed


def issue(
    operator: Organisation,
    payer: Payer,
    *,
    until: date,
    by: int | None,
    at: datetime,
    then: Callable[[list[Document]], None] | None = None,
    is_self_billed: bool = False,
) -> list[Document]:
    """The invoice of a payer and the credit notes of what was given back; [] without anything.

    until           services that begin before this day, in Paris
    then            written in the same transaction
    is_self_billed  by the payer in the name of the operator, under a mandate
    """
    profile = profile_of(operator)
    for _try in range(TRIES):
        found = waiting(operator, until=until, payers=[payer])
        if not found:
            return []
        buyer = parties.buyers(operator, [payer])[payer]
        made = drafts_of(found[0], profile, buyer, until=until)
        if is_self_billed:
            made = [replace(one, is_self_billed=True) for one in made]
        ready = drawn(made, profile, at=at)
        try:
            return settled(partial(settle, ready, profile, by=by, at=at, then=then))
        except MovedError:
            continue
    raise TooManyAtOnce


def profile_of(operator: Organisation) -> BillingProfile:
    """How an operator invoices; refused when its documents would lack something."""
    profile = BillingProfile.objects.filter(operator=operator).first()
    if profile is None:
        raise MissingProfile(name=operator.name, what=_("son profil de facturation"))
    lacks = parties.lacks_of_seller(profile)
    if lacks:
        raise MissingProfile(name=operator.name, what=french.listed([str(one) for one in lacks]))
    return profile


def drafts_of(found: Waiting, profile: BillingProfile, buyer: Buyer, *, until: date) -> list[Draft]:
    """The documents of a payer before their numbers; refused when she is not described enough."""
    refuse_lacks(buyer)
    return drafts.of_waiting(found, profile, buyer, until=until)


def refuse_lacks(buyer: Buyer) -> None:
    """Say what an e-invoice to this payer still needs."""
    lacks = parties.lacks(buyer)
    if lacks:
        named = french.listed([str(one) for one in lacks])
        raise PayerIncomplete(name=buyer.party.name, what=named)


def places(
    made: Sequence[Draft], profile: BillingProfile, series: Mapping[str, Series], *, today: date
) -> list[Place]:
    """The places that follow each other in the series, in the order of the drafts."""
    ahead: dict[str, int] = {}
    found = []
    for draft in made:
        before = ahead.get(draft.kind, 0)
        found.append(numbers.place(series[draft.kind], profile, today=today, ahead=before))
        ahead[draft.kind] = before + 1
    return found


def drawn(made: Sequence[Draft], profile: BillingProfile, *, at: datetime) -> list[Ready]:
    """Drafts drawn and checked for the places they will have if nobody else issues."""
    series = {row.kind: row for row in Series.objects.filter(operator=profile.operator_id)}
    expected = places(made, profile, series, today=_today(at))
    ready = []
    for draft, place in zip(made, expected, strict=True):
        try:
            press = printing.warm_press()
            files = printing.printed(drafts.drawn(draft, profile, place), press, at=at)
        except printing.NOT_DRAWN as error:
            raise NotDrawn(name=draft.buyer.party.name, why=words_of(error)) from error
        refuse_faults(draft, files.faults)
        ready.append(Ready(draft, place, files))
    return ready


def words_of(error: Exception) -> str:
    """Why a document was not drawn, in French when the cause is in it."""
    if isinstance(error, BadInput):
        return refusals.for_page(refusals.sentence(error))
    return str(error)


def refuse_faults(draft: Draft, faults: Sequence[Fault]) -> None:
    """Say which rule refuses a document, and why."""
    if faults:
        rules = " ; ".join(f"{one.rule} : {one.sentence}" for one in faults[:SHOWN_FAULTS])
        raise NotValid(name=draft.buyer.party.name, rules=rules)


def settle(
    ready: Sequence[Ready],
    profile: BillingProfile,
    *,
    by: int | None,
    at: datetime,
    first: Callable[[], None] | None = None,
    then: Callable[[list[Document]], None] | None = None,
) -> list[Document]:
    """Number, date, store and write drawn documents, together or not at all.

    first, then  written in the same transaction, before and after the documents
    Raises MovedError when somebody invoiced their charges meanwhile.
    """
    operator = profile.operator
    with transaction.atomic():
        series = numbers.locked(operator, {one.draft.kind for one in ready})
        if not all(_still_holds(one.draft) for one in ready):
            raise MovedError
        if first is not None:
            first()
        # decided here: a number is never dated before the one that precedes it
        decided = places([one.draft for one in ready], profile, series, today=_today(at))
        for place in decided:
            refuse_closed(operator, place.issued_on)
        with write.folders() as kept:
            made = []
            for one, place in zip(ready, decided, strict=True):
                files = one.printed if place == one.place else _again(one.draft, profile, place, at)
                made.append(
                    write.document(one.draft, profile, place, series[one.draft.kind], files,
                                   folders=kept, by=by, at=at)
                )  # fmt: skip
            if then is not None:
                then(made)
    return made


def _still_holds(draft: Draft) -> bool:
    """Whether nobody invoiced its charges, nor credited the same invoice, since it was made."""
    if draft.corrects is not None:
        notes = Document.objects.filter(corrects=draft.corrects).count()
        if notes != draft.notes_known:
            return False
    return still_uninvoiced(draft.charges)


def _again(draft: Draft, profile: BillingProfile, place: Place, at: datetime) -> Printed:
    """Others took the place that was expected: only the number and the days change."""
    press = printing.warm_press()
    return printing.renumbered(drafts.drawn(draft, profile, place), press, at=at)


def _today(at: datetime) -> date:
    return at.astimezone(PARIS).date()
