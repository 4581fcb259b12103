"""Read what Chorus Pro says of the invoices handed over: where each of them is."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.collecting.matches import plain
from maillage.apps.collecting.models import PortalState, RevenueBatch, Transmission
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.core.sources import lines
from maillage.kit.refusal import Refusal
from maillage.report import refusals

MOST_BYTES = 5_000_000
SAID = {
    "DEPOSEE": PortalState.DEPOSITED,
    "DEPOSE": PortalState.DEPOSITED,
    "MISEADISPOSITION": PortalState.AVAILABLE,
    "MISEADISPOSITIONDUDESTINATAIRE": PortalState.AVAILABLE,
    "REJETEE": PortalState.REJECTED,
    "REJETE": PortalState.REJECTED,
    "PAYEE": PortalState.PAID,
    "MISEENPAIEMENT": PortalState.PAID,
    "COMPTABILISEE": PortalState.PAID,
}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y")


class NotPortalStates(Refusal):
    """Columns that say nothing of invoices."""

    sentence = _(
        "Ce fichier n’a pas les colonnes « numero » et « statut ». Exportez la liste des factures "
        "depuis Chorus Pro en CSV."
    )
    status = 422


class UnreadablePortalFile(Refusal):
    """It is no text."""

    sentence = _("{why}")
    status = 422


@dataclass(frozen=True)
class Read:
    """What a file changed, and the numbers it names that were not handed over."""

    changed: int
    unknown: tuple[str, ...]
    unread: tuple[str, ...]


def import_portal(operator: Organisation, name: str, data: bytes, *, by: int, at: datetime) -> Read:
    """Note the state of each invoice; the same file twice changes nothing."""
    rows = _rows(name, data)
    changed, unknown, unread = 0, [], []
    with transaction.atomic():
        hold(operator)
        known = {
            one.document.number: one
            for one in Transmission.objects.filter(
                batch__operator=operator, kind=RevenueBatch.Kind.PORTAL
            )
            .select_related("document")
            .order_by("pk")
        }
        for number, said, on, reason in rows:
            one, state = known.get(number), SAID.get(plain(said))
            if one is None:
                unknown.append(number)
            elif state is None:
                unread.append(f"{number} : {said}")
            elif (one.state, one.said_on, one.reason) != (state, on, reason):
                one.state, one.said_on, one.reason = state, on, reason
                one.save(update_fields=["state", "said_on", "reason"])
                changed += 1
        record(
            "collecting.import_portal", ("revenue_batch", operator.pk), by=by, at=at,
            scope=operator.scopes[0], changed=changed, unknown=len(unknown),
        )  # fmt: skip
    return Read(changed, tuple(unknown), tuple(unread))


def _rows(name: str, data: bytes) -> list[tuple[str, str, date | None, str]]:
    if len(data) > MOST_BYTES:
        raise NotPortalStates
    try:
        text = lines.text_of(name, data)
    except BadInput as fault:
        raise UnreadablePortalFile(why=refusals.sentence(fault)) from fault
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    found = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    head = [plain(cell) for cell in found[0]] if found else []
    number, state = _place(head, "NUMERO"), _place(head, "STATUT")
    if number is None or state is None:
        raise NotPortalStates
    day, reason = _place(head, "DATE"), _place(head, "MOTIF")
    return [
        (
            _cell(row, number),
            _cell(row, state),
            _day(_cell(row, day)),
            _cell(row, reason)[: Transmission._meta.get_field("reason").max_length],
        )
        for row in found[1:]
        if _cell(row, number)
    ]


def _place(head: list[str], word: str) -> int | None:
    return next((n for n, cell in enumerate(head) if cell.startswith(word)), None)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _day(text: str) -> date | None:
    for shape in _DAYS:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None
