"""Debits of a day: who may be debited of what, told beforehand, each in its own mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import BillingProfile, Document
from maillage.apps.collecting import balance, pause
from maillage.apps.collecting.models import BatchState, Debit, DebitBatch, DebitState, Mandate
from maillage.apps.collecting.sign_mandate import NoCreditorId, masked, unusable
from maillage.apps.collecting.written_to import address_of
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit import mail
from maillage.kit.refusal import Refusal
from maillage.report import french

MAIL = "collecting/emails/prenotification.txt"
# a debit is told before the day, as the SEPA Core rulebook wants (14 days unless agreed)
OWN_WORDS = {
    "no_mandate": _("pas de mandat"),
    "revoked": _("mandat révoqué"),
    "expired": _("mandat inutilisé depuis 36 mois"),
    "used": _("mandat donné pour un seul prélèvement"),
    "too_soon": _("prévenu trop tard pour ce jour"),
    "paused": _("contestée ou échelonnée"),
    "under_way": _("un prélèvement est déjà en cours"),
    "paid": _("payée entre-temps"),
    "rejected": _("dernier prélèvement rejeté : revoir avec le payeur"),
}


class NobodyToDebit(Refusal):
    """No invoice can be debited that day."""

    sentence = _(
        "Aucune facture ne peut être prélevée le {day} : voyez celles qui sont écartées, avec leur "
        "raison."
    )


class NotABankDay(Refusal):
    """Banks settle on working days."""

    sentence = _("Le {day} n’est pas un jour ouvré : les banques ne prélèvent pas. Choisissez un "
                 "jour de semaine.")  # fmt: skip
    status = 422


@dataclass(frozen=True)
class Candidate:
    """An invoice that is owed, the mandate that could pay it, and why it may not.

    why  "" when it can be debited; a code of OWN_WORDS
    """

    document: Document
    owed_cents: int
    mandate: Mandate | None
    why: str


def preview(operator: Organisation, on: date, *, at: datetime) -> list[Candidate]:
    """Everything owed to an operator, with what keeps it from being debited; few queries."""
    owed = balance.open_documents(operator)
    keys = [one.document.pk for one in owed]
    live = {
        balance.payer_of(one): one
        for one in Mandate.objects.filter(operator=operator).order_by("revoked_at")
        if one.revoked_at is None
    }
    gone = {
        balance.payer_of(one)
        for one in Mandate.objects.filter(operator=operator, revoked_at__isnull=False)
    }
    under_way = set(
        Debit.objects.filter(
            document__in=keys, state__in=(DebitState.ANNOUNCED, DebitState.SENT)
        ).values_list("document", flat=True)
    )
    paused = pause.paused(keys, at.date())
    found = []
    for one in owed:
        payer = balance.payer_of(one.document)
        mandate = live.get(payer)
        why = _why(mandate, on, at)
        if why == "no_mandate" and payer in gone:
            why = "revoked"
        if one.document.pk in under_way:
            why = "under_way"
        elif one.document.pk in paused:
            why = "paused"
        found.append(Candidate(one.document, one.cents, mandate, why))
    return found


def announce(
    operator: Organisation, on: date, documents: Iterable[int], *, by: int | None, at: datetime
) -> DebitBatch:
    """Announce the debits of these invoices for a day; those that cannot be are left out.

    documents  primary keys; what is not owed, or not of this operator, is ignored
    """
    profile = BillingProfile.objects.filter(operator=operator).first()
    if profile is None or not profile.creditor_id:
        raise NoCreditorId(name=operator.name)
    saturday = 5
    if on.weekday() >= saturday:
        raise NotABankDay(day=french.day(on))
    wanted = set(documents)
    with transaction.atomic():
        hold(operator)
        chosen = [
            one for one in preview(operator, on, at=at) if one.document.pk in wanted and not one.why
        ]
        # one mandate given for a single debit pays one invoice
        chosen = _once(chosen)
        if not chosen:
            raise NobodyToDebit(day=french.day(on))
        batch = DebitBatch.objects.create(operator=operator, collect_on=on, by=by, at=at)
        debits = [_debit(batch, one, at) for one in chosen]
        addresses = address_of([one.document for one in chosen])
        for debit in debits:
            _tell(debit, profile, addresses.get(debit.document_id, ""))
        record(
            "collecting.announce_debits", ("debit_batch", batch.pk), by=by, at=at,
            scope=operator.scopes[0], debits=len(debits),
            amount_cents=sum(one.amount_cents for one in debits),
        )  # fmt: skip
    return batch


def drop(batch: DebitBatch, *, by: int, at: datetime) -> None:
    """Give an announced batch up: nothing is debited, its invoices may be announced again."""
    with transaction.atomic():
        held = locked(batch, BatchState.ANNOUNCED)
        held.state = BatchState.DROPPED
        held.save(update_fields=["state"])
        held.debits.filter(state=DebitState.ANNOUNCED).update(
            state=DebitState.LEFT_OUT, reason="dropped"
        )
        record(
            "collecting.drop_debits", ("debit_batch", held.pk), by=by, at=at, scope=held.scopes[0]
        )


class BatchMoved(Refusal):
    """Somebody was quicker."""

    sentence = _("Cette remise a changé d’état entre-temps ({state}). Rechargez la page.")


def locked(batch: DebitBatch, *states: str) -> DebitBatch:
    """The batch as it is now, held; raises BatchMoved when it is in none of these states."""
    hold(batch.operator)
    held = (
        DebitBatch.objects.select_for_update(of=("self",))
        .select_related("operator")
        .get(pk=batch.pk)
    )
    if held.state not in states:
        raise BatchMoved(state=BatchState(held.state).label)
    return held


def _why(mandate: Mandate | None, on: date, at: datetime) -> str:
    why = unusable(mandate, on)
    if mandate is None or why:
        return why
    if mandate.trouble:
        return "rejected"
    is_late = on < at.date() + timedelta(days=mandate.notice_days)
    return "too_soon" if is_late else ""


def _once(chosen: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    spent: set[int] = set()
    for one in chosen:
        if one.mandate is None or one.mandate.pk in spent:
            continue
        if not one.mandate.is_recurrent:
            spent.add(one.mandate.pk)
        kept.append(one)
    return kept


def _debit(batch: DebitBatch, one: Candidate, at: datetime) -> Debit:
    if one.mandate is None:
        raise ValueError(one.document.pk)
    tries = Debit.objects.filter(document=one.document).count() + 1
    return Debit.objects.create(
        batch=batch,
        mandate_id=one.mandate.pk,
        document=one.document,
        amount_cents=one.owed_cents,
        end_to_end=f"{one.document.pk}-{tries}-{batch.pk}",
        announced_at=at,
    )


def _tell(debit: Debit, profile: BillingProfile, to: str) -> None:
    if not to:
        return
    mandate = debit.mandate
    words = {
        "operator": profile.legal_name,
        "number": debit.document.number,
        "amount": french.cents(debit.amount_cents),
        "day": french.day(debit.batch.collect_on),
        "account": masked(mandate.iban),
        "reference": mandate.reference,
        "creditor_id": profile.creditor_id,
        "email": profile.email,
    }
    mail.send(MAIL, to, words)
