"""What is kept no longer than the register says: removed every night."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from maillage.apps.journal.record import record
from maillage.apps.people.erase import erase
from maillage.apps.people.models import ApiToken, EmailChange, Invitation, Person, Role, SignInLink
from maillage.kit import mail

LINKS = timedelta(days=1)
MESSAGES = timedelta(days=3)
CHANGES = timedelta(days=30)
TOKENS = timedelta(days=365)
UNANSWERED = timedelta(days=365)
UNUSED = timedelta(days=730)
WARNING = timedelta(days=30)


def overdue(at: datetime) -> dict[str, QuerySet[Any]]:
    """What has been kept long enough, by category; counting it is the dry run."""
    dead = Q(expires_at__lt=at - TOKENS) | Q(revoked_at__lt=at - TOKENS)
    return {
        "links": SignInLink.objects.filter(expires_at__lt=at - LINKS),
        "changes": EmailChange.objects.filter(expires_at__lt=at - CHANGES),
        "tokens": ApiToken.objects.filter(dead),
        "invitations": Invitation.objects.filter(accepted_at=None, expires_at__lt=at - UNANSWERED),
        "sessions": Session.objects.filter(expire_date__lt=at),
        "accounts": _unused(at, UNUSED).filter(warned_at__lt=at - WARNING),
    }


def forget(*, at: datetime) -> dict[str, int]:
    """Remove it, warn those whose account will follow; returns how many of each."""
    done: dict[str, Any] = {}
    with transaction.atomic():
        for name, rows in overdue(at).items():
            done[name] = rows.count()
            if name == "accounts":
                for person in rows:
                    erase(person, by=None, at=at)
                continue
            rows.delete()
        done["messages"] = _forget_messages(at)
        done["warned"] = _warn(at)
        if any(done.values()):
            record("retention.apply", ("platform", ""), by=None, at=at, **done)
    return done


def _unused(at: datetime, since: timedelta) -> QuerySet[Person]:
    held = Role.objects.current(at.date()).filter(person=OuterRef("pk"))
    return (
        Person.objects.annotate(last_used_at=Coalesce("last_login", "joined_at"))
        .filter(~Exists(held), closed_at=None, last_used_at__lt=at - since)
        .order_by("pk")
    )


def _forget_messages(at: datetime) -> int:
    # the queue keeps what it has done, addresses included
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs AS job WHERE job.args ?| ARRAY['to', 'email'] "
            "AND job.status NOT IN ('todo', 'doing') AND NOT EXISTS (SELECT 1 FROM "
            "procrastinate_events AS event WHERE event.job_id = job.id AND event.at > %s)",
            [at - MESSAGES],
        )
        return int(cursor.rowcount)


def _warn(at: datetime) -> int:
    silent = _unused(at, UNUSED - WARNING).filter(
        Q(warned_at=None) | Q(warned_at__lt=Coalesce("last_login", "joined_at"))
    )
    for person in silent:
        mail.send("people/emails/unused_account.txt", person.email, {"name": person.name})
    return silent.update(warned_at=at)
