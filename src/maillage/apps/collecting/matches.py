"""What each movement of the bank could be, and how sure it is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance
from maillage.apps.collecting.balance import Owed
from maillage.apps.collecting.models import (
    BankLine,
    BatchState,
    Debit,
    DebitBatch,
    DebitState,
    LineState,
)
from maillage.apps.people.models import Organisation

_APART = re.compile(r"[^A-Z0-9]+")
SHORTEST_NAME = 4


@dataclass(frozen=True)
class Proposal:
    """What a movement is taken for.

    kind     "invoice", "batch", "return", "" when nothing fits
    is_sure  its number and its amount, or the bank's own reference, say so
    """

    line: BankLine
    kind: str = ""
    document: Document | None = None
    batch: DebitBatch | None = None
    debit: Debit | None = None
    is_sure: bool = False


def proposals(operator: Organisation) -> list[Proposal]:
    """One for each movement that waits, in order; few queries whatever their number."""
    lines = list(
        BankLine.objects.filter(operator=operator, state=LineState.WAITING).order_by(
            "booked_on", "pk"
        )
    )
    owed = balance.open_documents(operator)
    batches = list(
        DebitBatch.objects.filter(operator=operator, state=BatchState.SENT).prefetch_related(
            "debits"
        )
    )
    names = [line.end_to_end for line in lines if line.end_to_end]
    debits = {
        one.end_to_end: one
        for one in Debit.objects.filter(
            end_to_end__in=names,
            batch__operator=operator,
            state__in=(DebitState.SENT, DebitState.SETTLED),
        ).select_related("document", "batch")
    }
    return [_proposal(line, owed, batches, debits) for line in lines]


def _proposal(
    line: BankLine, owed: Sequence[Owed], batches: Iterable[DebitBatch], debits: dict[str, Debit]
) -> Proposal:
    if line.amount_cents < 0:
        debit = debits.get(line.end_to_end)
        if debit is not None and -line.amount_cents >= debit.amount_cents:
            # a fee of the bank may come on top of what comes back
            return Proposal(line, "return", debit.document, debit.batch, debit, is_sure=True)
        return Proposal(line)
    for batch in batches:
        if _is_of(line, batch):
            return Proposal(line, "batch", batch=batch, is_sure=True)
    said = plain(f"{line.remittance} {line.end_to_end}")
    numbered = [one for one in owed if plain(one.document.number) in said]
    if numbered:
        one = numbered[0]
        is_sure = len(numbered) == 1 and one.cents == line.amount_cents
        return Proposal(line, "invoice", one.document, is_sure=is_sure)
    same = [one for one in owed if one.cents == line.amount_cents and _named(line, one.document)]
    if same:
        return Proposal(line, "invoice", same[0].document)
    return Proposal(line)


def plain(text: str) -> str:
    """Capitals and digits alone: « fa-2027 000012 » reads FA2027000012."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _APART.sub("", bare.upper())


def _is_of(line: BankLine, batch: DebitBatch) -> bool:
    total = sum(one.amount_cents for one in batch.debits.all() if one.state == DebitState.SENT)
    named = plain(batch.message_id) in plain(f"{line.remittance} {line.end_to_end}")
    return named and total == line.amount_cents


def _named(line: BankLine, document: Document) -> bool:
    """Whether the movement comes from somebody called as the invoice calls its buyer."""
    name = document.buyer.get("name", "").partition("(")[0]
    words = [plain(word) for word in name.split()]
    long = [word for word in words if len(word) >= SHORTEST_NAME]
    said = plain(line.name)
    return bool(long) and all(word in said for word in long)
