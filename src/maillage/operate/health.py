"""How the platform is: each part as a value, for the health page, the alerts and the audit."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from maillage.apps.journal.models import Entry
from maillage.operate import backup_acts
from maillage.operate.readiness import missing_migrations

CLOCK_GAP_MAX = timedelta(seconds=2)
FREE_BYTES_MIN = 256 * 1024**2
QUEUE_WAIT_MAX = timedelta(minutes=5)
BACKUP_AGE_MAX = timedelta(hours=26)
RESTORE_CHECK_AGE_MAX = timedelta(days=40)

OLDEST_WAITING = """
SELECT min(coalesce(job.scheduled_at, event.at))
FROM procrastinate_jobs job
LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= clock_timestamp())
"""


@dataclass(frozen=True)
class Check:
    """One part of the platform.

    name      stable, for monitoring
    is_vital  without it nobody should be sent to this server
    says      for the operator, in French
    """

    name: str
    is_good: bool
    is_vital: bool
    says: str


def of_platform(now: Callable[[], datetime]) -> tuple[Check, ...]:
    """Every check; the database alone when it does not answer."""
    try:
        asked_at = now()
        answered_at = _ask("SELECT clock_timestamp()")
        gap = abs(answered_at - asked_at - (now() - asked_at) / 2)
        at = now()
        return (
            Check("database", is_good=True, is_vital=True, says="La base répond."),
            _clock(gap),
            _migrations(),
            _disk(),
            _queue(at),
            _backup(at),
            _restore_check(at),
        )
    except DatabaseError:
        return (Check("database", is_good=False, is_vital=True, says="La base ne répond pas."),)


def is_ready(checks: tuple[Check, ...]) -> bool:
    """Whether people may be sent here: every vital part is well."""
    return all(check.is_good for check in checks if check.is_vital)


def _ask(query: str) -> datetime:
    found = _ask_or_none(query)
    if found is None:
        raise DatabaseError(query)
    return found


def _ask_or_none(query: str) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone()
    return found if isinstance(found, datetime) else None


def _clock(gap: timedelta) -> Check:
    says = f"Écart d'horloge avec la base : {gap.total_seconds():.1f} s."
    return Check("clock", gap <= CLOCK_GAP_MAX, is_vital=True, says=says)


def _migrations() -> Check:
    missing = missing_migrations()
    says = (
        f"{len(missing)} mise(s) à jour de la base à faire." if missing else "La base est à jour."
    )
    return Check("migrations", not missing, is_vital=True, says=says)


def _disk() -> Check:
    if "://" in settings.FILES:
        return Check("disk", is_good=True, is_vital=False, says="Documents dans un dépôt distant.")
    folder = Path(settings.FILES).absolute()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    says = f"{free // 1024**2} Mo libres pour les documents."
    return Check("disk", free >= FREE_BYTES_MIN, is_vital=False, says=says)


def _queue(at: datetime) -> Check:
    oldest = _ask_or_none(OLDEST_WAITING)
    wait = max(at - oldest, timedelta()) if oldest else timedelta()
    says = f"La tâche la plus ancienne attend depuis {wait.total_seconds():.0f} s."
    return Check("queue", wait <= QUEUE_WAIT_MAX, is_vital=False, says=says)


def _backup(at: datetime) -> Check:
    return _last("backup", backup_acts.DONE, BACKUP_AGE_MAX, at, "sauvegarde réussie")


def _restore_check(at: datetime) -> Check:
    return _last(
        "restore_check", backup_acts.CHECKED, RESTORE_CHECK_AGE_MAX, at, "restauration vérifiée"
    )


def _last(name: str, act: str, age_max: timedelta, at: datetime, what: str) -> Check:
    last = Entry.objects.filter(act=act).order_by("-at").values_list("at", flat=True).first()
    if last is None:
        return Check(name, is_good=settings.DEMONSTRATION, is_vital=False, says=f"Aucune {what}.")
    hours = (at - last).total_seconds() // 3600
    says = f"Dernière {what} il y a {hours:.0f} h."
    return Check(name, at - last <= age_max, is_vital=False, says=says)
