"""Say what a movement of the bank is: money of an invoice, of a batch, a debit that came back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import Document
from maillage.apps.collecting.balance import payer_of
from maillage.apps.collecting.matches import Proposal, proposals
from maillage.apps.collecting.models import BankLine, LineState, MeansKind, Receipt
from maillage.apps.collecting.receive import Money, receive
from maillage.apps.collecting.reverse import NoReason, Undoing, reverse
from maillage.apps.collecting.settle_debits import reject, settle
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal

NO_CODE = "MS03"
LONGEST_NOTE = 200


class LineDone(Refusal):
    """Somebody matched it meanwhile."""

    sentence = _("Cette ligne n’attend plus : elle a été rapprochée ou mise de côté. Rechargez la "
                 "page.")  # fmt: skip


class NotMoneyIn(Refusal):
    """What leaves the account pays no invoice."""

    sentence = _("Cette ligne sort du compte : elle ne paie aucune facture. Mettez-la de côté.")


class NotUndone(Refusal):
    """It moved more than one receipt."""

    sentence = _("Ce rapprochement porte sur un prélèvement : traitez-le dans la page des "
                 "prélèvements.")  # fmt: skip


def match(line: BankLine, document: Document, *, by: int, at: datetime) -> Receipt:
    """The movement pays this invoice, then the oldest ones of the same payer."""
    with transaction.atomic():
        held = _waiting(line)
        if held.amount_cents <= 0:
            raise NotMoneyIn
        money = Money(
            payer_of(document),
            MeansKind.TRANSFER,
            held.amount_cents,
            held.booked_on,
            reference=held.remittance or held.end_to_end,
            documents=(document,),
        )
        receipt = receive(held.operator, money, by=by, at=at)
        held.receipt, held.state = receipt, LineState.MATCHED
        held.save(update_fields=["receipt", "state"])
        _told("collecting.match", held, by, at)
    return receipt


def accept(proposal: Proposal, *, by: int, at: datetime) -> None:
    """Do what is proposed for a movement; raises what its verb refuses."""
    if proposal.kind == "invoice" and proposal.document is not None:
        match(proposal.line, proposal.document, by=by, at=at)
        return
    with transaction.atomic():
        held = _waiting(proposal.line)
        if proposal.kind == "batch" and proposal.batch is not None:
            settle(proposal.batch, held.booked_on, by=by, at=at)
        elif proposal.kind == "return" and proposal.debit is not None:
            reject(proposal.debit, held.return_code or NO_CODE, held.booked_on, by=by, at=at)
        else:
            raise LineDone
        held.batch, held.state = proposal.batch, LineState.MATCHED
        held.save(update_fields=["batch", "state"])
        _told("collecting.match", held, by, at)


def accept_sure(operator: Organisation, *, by: int, at: datetime) -> int:
    """Do everything that is sure, one movement at a time; how many."""
    done, refused = 0, set[int]()
    while True:
        # each match changes what is owed: what was sure may not be any more
        left = [p for p in proposals(operator) if p.is_sure and p.line.pk not in refused]
        if not left:
            return done
        try:
            accept(left[0], by=by, at=at)
            done += 1
        except Refusal:
            # said again when somebody tries it alone
            refused.add(left[0].line.pk)


def unmatch(line: BankLine, reason: str, *, by: int, at: datetime) -> BankLine:
    """Undo a match: the receipt is reversed, the movement waits again."""
    with transaction.atomic():
        held = BankLine.objects.select_for_update().get(pk=line.pk)
        if held.batch_id is not None:
            raise NotUndone
        if held.receipt is not None:
            reverse(held.receipt, Undoing(reason, at.date()), by=by, at=at)
        held.receipt, held.state, held.note = None, LineState.WAITING, ""
        held.save(update_fields=["receipt", "state", "note"])
        _told("collecting.unmatch", held, by, at)
    return held


def set_aside(line: BankLine, why: str, *, by: int, at: datetime) -> BankLine:
    """It is no money of an invoice: it leaves the list, and says why."""
    if not why.strip():
        raise NoReason
    with transaction.atomic():
        held = _waiting(line)
        held.state, held.note = LineState.SET_ASIDE, why[:LONGEST_NOTE]
        held.save(update_fields=["state", "note"])
        _told("collecting.set_aside", held, by, at)
    return held


def _waiting(line: BankLine) -> BankLine:
    held = (
        BankLine.objects.select_for_update(of=("self",)).select_related("operator").get(pk=line.pk)
    )
    if held.state != LineState.WAITING:
        raise LineDone
    return held


def _told(act: str, line: BankLine, by: int, at: datetime) -> None:
    record(act, ("bank_line", line.pk), by=by, at=at, scope=line.scopes[0])
