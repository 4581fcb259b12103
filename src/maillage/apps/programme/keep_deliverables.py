"""The list of what a phase hands over: add, correct, take off, put back."""

from datetime import date, datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.programme.models import Deliverable, Phase
from maillage.apps.programme.versions import refuse_older
from maillage.kit.refusal import Refusal


class EmptyTitle(Refusal):
    """A deliverable has a name."""

    sentence = "Donnez un titre au livrable."
    status = 422


class StillAccepted(Refusal):
    """What is accepted is a proof of service."""

    sentence = "Ce livrable est accepté. Annulez d'abord son acceptation, puis retirez-le."


class AlreadyRemoved(Refusal):
    """It is off the list."""

    sentence = "Ce livrable est déjà retiré. Remettez-le pour le modifier."


class NotRemoved(Refusal):
    """It is on the list."""

    sentence = "Ce livrable est dans la liste : il n'y a rien à remettre."


def add(phase: Phase, title: str, due_on: date, *, by: int | None, at: datetime) -> Deliverable:
    """One more thing that the phase hands over."""
    with transaction.atomic():
        made = Deliverable.objects.create(phase=phase, title=_titled(title), due_on=due_on)
        _record("deliverable.add", made, by, at)
    return made


def correct(
    deliverable: Deliverable,
    title: str,
    due_on: date,
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> None:
    """Its title and the day it is expected.

    version  the one that the person read
    """
    with transaction.atomic():
        held = on_the_list(deliverable)
        refuse_older(held, version, "deliverable")
        held.title, held.due_on = _titled(title), due_on
        written("deliverable.correct", held, by, at)


def remove(deliverable: Deliverable, *, by: int | None, at: datetime) -> None:
    """Off the list, until it is put back."""
    with transaction.atomic():
        held = on_the_list(deliverable)
        if held.accepted_on is not None:
            raise StillAccepted
        held.removed_at = at
        written("deliverable.remove", held, by, at)


def put_back(deliverable: Deliverable, *, by: int | None, at: datetime) -> None:
    """On the list again, as it was."""
    with transaction.atomic():
        held = _held(deliverable)
        if held.removed_at is None:
            raise NotRemoved
        held.removed_at = None
        written("deliverable.put_back", held, by, at)


def on_the_list(deliverable: Deliverable) -> Deliverable:
    """The row, held; raises AlreadyRemoved when it is off the list."""
    held = _held(deliverable)
    if held.removed_at is not None:
        raise AlreadyRemoved
    return held


def written(act: str, held: Deliverable, by: int | None, at: datetime) -> None:
    """Save a change and its line of the journal."""
    held.version += 1
    held.save()
    _record(act, held, by, at)


def _titled(title: str) -> str:
    words = " ".join(title.split())
    if not words:
        raise EmptyTitle
    return words


def _held(deliverable: Deliverable) -> Deliverable:
    rows = Deliverable.objects.select_for_update(of=("self",))
    return rows.select_related("phase__programme__study").get(pk=deliverable.pk)


def _record(act: str, held: Deliverable, by: int | None, at: datetime) -> None:
    record(act, ("deliverable", held.pk), by=by, at=at, scope=held.scopes[0])
