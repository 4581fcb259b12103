"""Say since when an initiative is planned, under way or done; every change keeps its day."""

from datetime import date, datetime

from django.db import transaction

from maillage.apps.territories.declare_initiative import FutureStatus, locked, note
from maillage.apps.territories.models import Initiative, InitiativeStatus, StatusChange
from maillage.kit.refusal import Refusal
from maillage.report import french


class SameStatus(Refusal):
    """Nothing would change."""

    sentence = "L'initiative est déjà « {status} ». Choisissez un autre état."


class BeforeLastChange(Refusal):
    """The story of an initiative goes forward."""

    sentence = "L'état a déjà changé le {day}. Indiquez ce jour ou un jour plus récent."


class NothingToTakeBack(Refusal):
    """An initiative always has a status."""

    sentence = "L'initiative n'a qu'un état. Changez-le plutôt."


def change_status(
    initiative: Initiative, status: str, *, on: date, version: int, by: int | None, at: datetime
) -> Initiative:
    """From that day the initiative has this status; twice the same day, the second one stays."""
    if on > at.date():
        raise FutureStatus
    with transaction.atomic():
        held = locked(initiative, version=version)
        if held.status == status:
            raise SameStatus(status=InitiativeStatus(status).label)
        last = held.changes.order_by("-on").values_list("on", flat=True).first()
        if last and on < last:
            raise BeforeLastChange(day=french.day(last))
        StatusChange.objects.update_or_create(initiative=held, on=on, defaults={"status": status})
        held.status = status
        held.version += 1
        held.edited_at = at
        held.save(update_fields=["status", "version", "edited_at"])
        note("initiative.change_status", held, by=by, at=at, status=status, since=on.isoformat())
    return held


def take_back(initiative: Initiative, *, version: int, by: int | None, at: datetime) -> Initiative:
    """The last change was a mistake: the status before it holds again, since its own day."""
    with transaction.atomic():
        held = locked(initiative, version=version)
        last, *before = held.changes.order_by("-on")
        if not before:
            raise NothingToTakeBack
        last.delete()
        held.status = before[0].status
        held.version += 1
        held.edited_at = at
        held.save(update_fields=["status", "version", "edited_at"])
        note("initiative.take_back_status", held, by=by, at=at, status=last.status)
    return held
