"""Documents that are not reminded nor debited for now: contested, or paid by instalments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import Document
from maillage.apps.collecting.models import Pause, PauseKind
from maillage.apps.collecting.reverse import NoReason
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal


class AlreadyPaused(Refusal):
    """One pause at a time."""

    sentence = _("La facture {number} est déjà suspendue. Reprenez d’abord ses relances.")


class NoEnd(Refusal):
    """A schedule has a last day."""

    sentence = _("Un échéancier a un dernier jour, à venir. Donnez-le.")
    status = 422


@dataclass(frozen=True)
class Asked:
    """Why a document is left alone, and until when."""

    kind: str
    why: str
    until: date | None = None


def pause(document: Document, asked: Asked, *, by: int, at: datetime) -> Pause:
    """No reminder and no debit of it for now."""
    if not asked.why.strip():
        raise NoReason
    if asked.kind == PauseKind.SCHEDULE and (asked.until is None or asked.until < at.date()):
        raise NoEnd
    try:
        with transaction.atomic():
            made = Pause.objects.create(
                document=document, kind=asked.kind, why=asked.why, until=asked.until, by=by, at=at
            )
            _told("collecting.pause", document, by, at, kind=asked.kind, reason=asked.why)
    except IntegrityError as twice:
        raise AlreadyPaused(number=document.number) from twice
    return made


def resume(document: Document, *, by: int, at: datetime) -> int:
    """Reminders go on from the step where they were; how many pauses ended."""
    with transaction.atomic():
        ended = Pause.objects.filter(document=document, ended_at=None).update(ended_at=at)
        if ended:
            _told("collecting.end_pause", document, by, at)
    return ended


def paused(documents: Iterable[int], on: date) -> dict[int, Pause]:
    """The pause that holds for each document that day; one query."""
    rows = Pause.objects.filter(
        Q(until=None) | Q(until__gte=on), document__in=list(documents), ended_at=None
    )
    return {row.document_id: row for row in rows}


def _told(act: str, document: Document, by: int, at: datetime, **facts: str) -> None:
    record(act, ("document", document.pk), by=by, at=at, scope=document.operator.scopes[0], **facts)
