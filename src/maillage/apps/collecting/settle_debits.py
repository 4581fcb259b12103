"""What became of debits at the bank: the batch comes in, some come back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import refuse_closed
from maillage.apps.collecting.announce_debits import locked
from maillage.apps.collecting.balance import payer_of
from maillage.apps.collecting.models import BatchState, Debit, DebitBatch, DebitState, MeansKind
from maillage.apps.collecting.receive import Money, NotReceivedYet, receive
from maillage.apps.collecting.reverse import Undoing, reverse
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal
from maillage.report import french

# reasons after which the same mandate must not be used again before somebody looks (EPC rulebook):
# closed or unknown account, no or wrong mandate, refusal of the debtor, dead account
ENDS_MANDATE = frozenset({"AC01", "AC04", "AC06", "MD01", "MD06", "MD07", "MS02", "SL01"})
REASONS = {
    "AC01": _("numéro de compte faux"),
    "AC04": _("compte clos"),
    "AC06": _("compte bloqué"),
    "AC13": _("compte qui ne peut pas être prélevé"),
    "AG01": _("prélèvement interdit sur ce compte"),
    "AM04": _("provision insuffisante"),
    "BE05": _("créancier inconnu"),
    "MD01": _("pas de mandat"),
    "MD06": _("remboursement demandé par le payeur"),
    "MD07": _("titulaire décédé"),
    "MS02": _("refus du payeur"),
    "MS03": _("raison non dite"),
    "RC01": _("banque inconnue"),
    "SL01": _("refus par service de la banque"),
}


class NotAtTheBank(Refusal):
    """Only what was handed over comes back."""

    sentence = _("Ce prélèvement n’a pas été remis à la banque : il n’y a rien à rejeter.")


class UnknownReason(Refusal):
    """A code of four characters."""

    sentence = _("Donnez le code du rejet : quatre caractères, comme AM04.")
    status = 422


def settle(batch: DebitBatch, on: date, *, by: int | None, at: datetime) -> DebitBatch:
    """The bank credited it: one receipt for each debit that was not rejected."""
    if on > at.date():
        raise NotReceivedYet(day=french.day(on))
    with transaction.atomic():
        refuse_closed(batch.operator, on)
        held = locked(batch, BatchState.SENT)
        rows = list(held.debits.filter(state=DebitState.SENT).select_related("document__operator"))
        for debit in rows:
            money = Money(
                payer_of(debit.document),
                MeansKind.DEBIT,
                debit.amount_cents,
                on,
                reference=debit.end_to_end,
                documents=(debit.document,),
            )
            debit.receipt = receive(held.operator, money, by=by, at=at)
            debit.state = DebitState.SETTLED
            debit.save(update_fields=["receipt", "state"])
        held.state = BatchState.SETTLED
        held.save(update_fields=["state"])
        record(
            "collecting.settle_debits", ("debit_batch", held.pk), by=by, at=at,
            scope=held.scopes[0], amount_cents=sum(one.amount_cents for one in rows),
        )  # fmt: skip
    return held


def reject(debit: Debit, reason: str, on: date, *, by: int | None, at: datetime) -> Debit:
    """The bank gave it back: the invoice is owed again, its mandate says why."""
    code = reason.strip().upper()
    length = 4
    if len(code) != length or not code.isalnum():
        raise UnknownReason
    with transaction.atomic():
        refuse_closed(debit.batch.operator, on)
        held = Debit.objects.select_for_update(of=("self",)).select_related(
            "mandate", "batch__operator", "receipt__means", "receipt__operator"
        ).get(pk=debit.pk)  # fmt: skip
        if held.state not in {DebitState.SENT, DebitState.SETTLED}:
            raise NotAtTheBank
        if held.receipt is not None:
            reverse(held.receipt, Undoing(f"Rejet {code}", on), by=by, at=at)
        held.state, held.reason = DebitState.REJECTED, code
        held.save(update_fields=["state", "reason"])
        _mark(held, code)
        record(
            "collecting.reject_debit", ("debit", held.pk), by=by, at=at,
            scope=held.batch.scopes[0], reason=code, document=held.document_id,
        )  # fmt: skip
    return held


def _mark(debit: Debit, code: str) -> None:
    """What the mandate becomes: a first debit refused leaves it unused."""
    mandate = debit.mandate
    others = mandate.debits.filter(state__in=(DebitState.SENT, DebitState.SETTLED))
    if not others.exists():
        mandate.last_used_on = None
    if code in ENDS_MANDATE:
        mandate.trouble = code
    mandate.save(update_fields=["last_used_on", "trouble"])
