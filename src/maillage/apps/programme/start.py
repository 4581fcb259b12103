"""Give a study its programme from a process, or give it up while nothing has begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from maillage.apps.journal.record import record
from maillage.apps.programme.models import Deliverable, Phase, Programme
from maillage.apps.programme.processes import Process
from maillage.apps.studies.models import Study
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Planned:
    """A phase as people plan it; both days included."""

    title: str
    starts_on: date
    ends_on: date


class AlreadyStarted(Refusal):
    """One programme per study."""

    sentence = "Cette étude a déjà un programme. Ouvrez-le et modifiez ses dates."


class EndsBeforeItStarts(Refusal):
    """A phase lasts a day at least."""

    sentence = "« {title} » finirait avant de commencer. Corrigez l'une des deux dates."
    status = 422


class AnotherNumberOfPhases(Refusal):
    """The phases are those of the process."""

    sentence = "Ce modèle compte {count} parties. Rouvrez la page et donnez les dates de chacune."
    status = 422


class AlreadyUnderWay(Refusal):
    """What was done is not thrown away."""

    sentence = (
        "Ce programme a déjà commencé : une phase, un livrable ou une mission y est noté. "
        "Modifiez ses dates plutôt que de l'abandonner."
    )


def start(
    study: Study, process: Process, planned: Sequence[Planned], *, by: int | None, at: datetime
) -> Programme:
    """A programme with the phases of the process, each with its deliverables on its last day."""
    if len(planned) != len(process.steps):
        raise AnotherNumberOfPhases(count=len(process.steps))
    refuse_upside_down(planned)
    try:
        with transaction.atomic():
            made = Programme.objects.create(
                study=study,
                process=process.key,
                starts_on=min(part.starts_on for part in planned),
                created_at=at,
            )
            _lay_phases(made, process, planned)
            record(
                "programme.start",
                ("programme", made.pk),
                by=by,
                at=at,
                scope=study.scopes[0],
                process=process.key,
            )
    except IntegrityError as error:
        raise AlreadyStarted from error
    return made


def _lay_phases(made: Programme, process: Process, planned: Sequence[Planned]) -> None:
    for rank, (step, part) in enumerate(zip(process.steps, planned, strict=True), 1):
        phase = Phase.objects.create(
            programme=made,
            rank=rank,
            title=part.title,
            starts_on=part.starts_on,
            ends_on=part.ends_on,
        )
        Deliverable.objects.bulk_create(
            Deliverable(phase=phase, title=title, due_on=part.ends_on)
            for title in step.deliverables
        )


def give_up(programme: Programme, *, by: int | None, at: datetime) -> None:
    """The study has no programme any more: another process may be chosen."""
    with transaction.atomic():
        held = Programme.objects.select_for_update().get(pk=programme.pk)
        has_begun = held.phases.filter(
            Q(began_on__isnull=False) | Q(deliverables__delivered_on__isnull=False)
        )
        if has_begun.exists() or held.commissions.exists():
            raise AlreadyUnderWay
        key, scope = held.pk, programme.scopes[0]
        held.delete()
        record("programme.give_up", ("programme", key), by=by, at=at, scope=scope)


def refuse_upside_down(planned: Sequence[Planned]) -> None:
    """Raises EndsBeforeItStarts for the first phase whose days are the wrong way round."""
    for part in planned:
        if part.ends_on < part.starts_on:
            raise EndsBeforeItStarts(title=part.title)
