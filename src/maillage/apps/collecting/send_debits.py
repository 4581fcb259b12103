"""The file of a batch of debits for the bank: made once, stored whole, kept as it was sent."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile
from maillage.apps.collecting import balance, pause
from maillage.apps.collecting.announce_debits import OWN_WORDS, NobodyToDebit, locked
from maillage.apps.collecting.models import BatchState, Debit, DebitBatch, DebitState
from maillage.apps.collecting.sign_mandate import unusable
from maillage.apps.journal.record import record
from maillage.core.bad_input import BadInput
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import french, refusals, sepa


class DayPassed(Refusal):
    """The bank would refuse it."""

    sentence = _("Le {day} est passé : abandonnez cette remise et annoncez-en une autre.")


class FileRefused(Refusal):
    """A file that would not be valid is not made."""

    sentence = _("Le fichier n’est pas fait : {why} Corrigez, puis recommencez.")


def send(batch: DebitBatch, *, by: int, at: datetime) -> DebitBatch:
    """Make the file: paid, paused or revoked meanwhile is left out and listed; the rest is sent."""
    folder = ""
    names: list[str] = []
    try:
        with transaction.atomic():
            held = locked(batch, BatchState.ANNOUNCED)
            if held.collect_on < at.date():
                raise DayPassed(day=french.day(held.collect_on))
            rows = _sifted(held, at)
            if not rows:
                raise NobodyToDebit(day=french.day(held.collect_on))
            held.message_id = f"PRLV-{held.operator_id}-{held.pk}"
            folder, names = f"prelevements/{held.pk}-{at:%Y%m%d%H%M%S}", ["prelevements.xml"]
            data = _file(held, rows, at)
            held.files = list(files.write_folder(folder, {names[0]: data}))
            held.folder, held.state, held.sent_at = folder, BatchState.SENT, at
            held.save()
            _mark(held, rows)
            record(
                "collecting.send_debits", ("debit_batch", held.pk), by=by, at=at,
                scope=held.scopes[0], debits=len(rows), sha256=held.files[0]["sha256"],
                amount_cents=sum(one.amount_cents for one in rows),
            )  # fmt: skip
    except BadInput as fault:
        raise FileRefused(why=refusals.sentence(fault)) from fault
    except Exception:
        # a file whose row was not kept names nothing
        if folder:
            files.remove_folder(folder, names)
        raise
    return held


def why_left_out(code: str) -> str:
    """The words of a reason for which a debit was left out."""
    return str(OWN_WORDS.get(code, _("remise abandonnée")))


def _sifted(batch: DebitBatch, at: datetime) -> list[Debit]:
    """The debits that still hold; the others are marked with their reason."""
    rows = list(
        batch.debits.filter(state=DebitState.ANNOUNCED)
        .select_related("mandate", "document")
        .order_by("pk")
    )
    owed = balance.owed_cents([one.document for one in rows])
    paused = pause.paused(owed, at.date())
    kept, first = [], {one.mandate_id for one in rows if one.mandate.last_used_on is None}
    for one in rows:
        why = unusable(one.mandate, batch.collect_on)
        left = owed[one.document_id]
        why = why or ("paused" if one.document_id in paused else "paid" if left <= 0 else "")
        if why:
            one.state, one.reason = DebitState.LEFT_OUT, why
        else:
            # never more than was announced, never more than is owed
            one.amount_cents = min(one.amount_cents, left)
            one.sequence = _sequence(one, first)
            kept.append(one)
        one.save(update_fields=["state", "reason", "amount_cents", "sequence"])
    return kept


def _sequence(one: Debit, first: set[int]) -> str:
    """FRST for the first debit of a mandate, then RCUR; OOFF when it was given for one."""
    if not one.mandate.is_recurrent:
        return str(sepa.SequenceType.ONE_OFF)
    if one.mandate_id in first:
        first.discard(one.mandate_id)
        return str(sepa.SequenceType.FIRST)
    return str(sepa.SequenceType.RECURRENT)


def _mark(batch: DebitBatch, rows: list[Debit]) -> None:
    for one in rows:
        one.state = DebitState.SENT
        one.save(update_fields=["state"])
        one.mandate.last_used_on = batch.collect_on
        one.mandate.save(update_fields=["last_used_on"])


def _file(batch: DebitBatch, rows: list[Debit], at: datetime) -> bytes:
    profile = BillingProfile.objects.get(operator=batch.operator)
    orders = [
        sepa.Debit(
            one.end_to_end,
            one.amount_cents,
            sepa.Account(one.mandate.holder, one.mandate.iban, one.mandate.bic),
            one.mandate.reference,
            one.mandate.signed_on,
            sepa.SequenceType(one.sequence),
            batch.collect_on,
            f"Facture {one.document.number}",
        )
        for one in rows
    ]
    creditor = sepa.Account(profile.legal_name, profile.iban, profile.bic)
    return sepa.debits(creditor, profile.creditor_id, orders, sepa.Message(batch.message_id, at))
