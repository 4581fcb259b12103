"""A phase begins, is finished, or one of the two is taken back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from maillage.apps.journal.record import record
from maillage.apps.programme.models import Phase, Programme
from maillage.kit.refusal import Refusal


class AlreadyBegun(Refusal):
    """A phase begins once."""

    sentence = "Cette phase a déjà commencé. Ouvrez-la pour voir depuis quand."


class NotBegun(Refusal):
    """What did not begin cannot be finished."""

    sentence = "Cette phase n'a pas commencé. Notez d'abord son premier jour."


class AlreadyFinished(Refusal):
    """A phase is finished once."""

    sentence = "Cette phase est déjà terminée. Annulez sa fin pour la rouvrir."


class FinishedBeforeItBegan(Refusal):
    """Its last day is not before its first."""

    sentence = "La phase aurait fini avant de commencer. Indiquez un jour à partir de son début."
    status = 422


class NotYet(Refusal):
    """What happened is in the past."""

    sentence = "Ce jour n'est pas encore venu. Indiquez aujourd'hui ou un jour passé."
    status = 422


class NothingToTakeBack(Refusal):
    """It did not begin."""

    sentence = "Cette phase n'a pas commencé : il n'y a rien à annuler."


def begin(phase: Phase, on: date, *, by: int | None, at: datetime) -> None:
    """The first day of a phase, today or before."""
    refuse_future(on, at)
    with transaction.atomic():
        held = _held(phase)
        if held.began_on is not None:
            raise AlreadyBegun
        held.began_on = on
        _written(held, "phase.begin", by=by, at=at)


def finish(phase: Phase, on: date, *, by: int | None, at: datetime) -> None:
    """Its last day, today or before; what it still has to hand over stays expected."""
    refuse_future(on, at)
    with transaction.atomic():
        held = _held(phase)
        if held.began_on is None:
            raise NotBegun
        if held.finished_on is not None:
            raise AlreadyFinished
        if on < held.began_on:
            raise FinishedBeforeItBegan
        held.finished_on = on
        _written(held, "phase.finish", by=by, at=at)


def take_back(phase: Phase, *, by: int | None, at: datetime) -> None:
    """Undo its end; if it has none, its beginning."""
    with transaction.atomic():
        held = _held(phase)
        if held.began_on is None:
            raise NothingToTakeBack
        if held.finished_on is not None:
            held.finished_on = None
            _written(held, "phase.reopen", by=by, at=at)
        else:
            held.began_on = None
            _written(held, "phase.not_begun", by=by, at=at)


def refuse_future(on: date, at: datetime) -> None:
    """Raises NotYet for a day after today."""
    if on > at.date():
        raise NotYet


def _held(phase: Phase) -> Phase:
    # the programme first, as those who change its dates do: nobody waits for the other
    Programme.objects.select_for_update().get(pk=phase.programme_id)
    return Phase.objects.select_related("programme__study").get(pk=phase.pk)


def _written(held: Phase, act: str, *, by: int | None, at: datetime) -> None:
    held.save(update_fields=["began_on", "finished_on"])
    Programme.objects.filter(pk=held.programme_id).update(version=F("version") + 1)
    # on the programme: whoever edits its dates meanwhile is told of it
    record(
        act,
        ("programme", held.programme_id),
        by=by,
        at=at,
        scope=held.scopes[0],
        phase=held.rank,
    )
