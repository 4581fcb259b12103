"""Change what was planned: the dates of each phase, or the start of all that has not begun."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from maillage.apps.journal.record import record
from maillage.apps.programme.models import Deliverable, Phase, Programme
from maillage.apps.programme.start import AnotherNumberOfPhases, Planned, refuse_upside_down
from maillage.apps.programme.versions import refuse_older
from maillage.core import programme as core
from maillage.kit.refusal import Refusal


class NothingToMove(Refusal):
    """What has begun keeps its planned dates."""

    sentence = "Toutes les phases ont commencé. Modifiez leurs dates une à une."


class SameStart(Refusal):
    """Nothing would change."""

    sentence = "Le programme commence déjà ce jour-là. Indiquez un autre jour."


def reschedule(
    programme: Programme,
    planned: Sequence[Planned],
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> None:
    """The title and the planned days of every phase, in their order.

    A deliverable that was due on the last day of its phase follows it.
    version  the one that the person read
    """
    refuse_upside_down(planned)
    with transaction.atomic():
        held = _held(programme, version)
        phases = list(held.phases.order_by("rank"))
        if len(planned) != len(phases):
            raise AnotherNumberOfPhases(count=len(phases))
        for phase, part in zip(phases, planned, strict=True):
            _plan(phase, part)
        _written(held, "programme.reschedule", by=by, at=at)


def _plan(phase: Phase, part: Planned) -> None:
    _waiting(phase).filter(due_on=phase.ends_on).update(
        due_on=part.ends_on, version=F("version") + 1
    )
    phase.title, phase.starts_on, phase.ends_on = part.title, part.starts_on, part.ends_on
    phase.save(update_fields=["title", "starts_on", "ends_on"])


def move_start(
    programme: Programme, starts_on: date, *, version: int, by: int | None, at: datetime
) -> int:
    """Shift every phase that has not begun, and what it hands over; by how many days.

    version  the one that the person read
    """
    with transaction.atomic():
        held = _held(programme, version)
        days = (starts_on - held.starts_on).days
        if not days:
            raise SameStart
        phases = list(held.phases.order_by("rank"))
        if all(phase.began_on for phase in phases):
            raise NothingToMove
        spans = core.moved([phase.dates for phase in phases], days)
        for phase, span in zip(phases, spans, strict=True):
            if phase.began_on is None:
                phase.starts_on, phase.ends_on = span.starts_on, span.ends_on
                phase.save(update_fields=["starts_on", "ends_on"])
                _waiting(phase).update(
                    due_on=F("due_on") + timedelta(days=days), version=F("version") + 1
                )
        held.starts_on = starts_on
        _written(held, "programme.move", by=by, at=at, days=days)
    return days


def _waiting(phase: Phase) -> Any:
    return Deliverable.objects.filter(phase=phase, delivered_on=None)


def _held(programme: Programme, version: int) -> Programme:
    held = Programme.objects.select_for_update(of=("self",)).select_related("study")
    found = held.get(pk=programme.pk)
    refuse_older(found, version, "programme")
    return found


def _written(held: Programme, act: str, *, by: int | None, at: datetime, **facts: Any) -> None:
    held.version += 1
    held.save(update_fields=["starts_on", "version"])
    record(act, ("programme", held.pk), by=by, at=at, scope=held.scopes[0], **facts)
