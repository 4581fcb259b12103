"""Who was on the Wi-Fi: written where the site decided it, forgotten in time."""

from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.presence.models import Access, AccessCode, ConnectionLog
from maillage.kit.refusal import Refusal


class LogIsOff(Refusal):
    """Nothing is written unless the site decided it."""

    sentence = "Ce lieu ne tient pas de journal des connexions. Rien n’est enregistré."


class CodeNotGiven(Refusal):
    """Of nobody."""

    sentence = "Ce code n’a été donné à personne : rien n’est enregistré."


def note_connection(
    code: AccessCode, *, started_at: datetime, ended_at: datetime | None
) -> ConnectionLog:
    """One connection with a code, as the router tells it."""
    with transaction.atomic():
        access = Access.objects.filter(site_id=code.site_id).first()
        if access is None or not access.keeps_log:
            raise LogIsOff
        if code.booking is None:
            raise CodeNotGiven
        return ConnectionLog.objects.create(
            site_id=code.site_id,
            person_id=code.booking.person_id,
            code=code,
            started_at=started_at,
            ended_at=ended_at,
        )


def forget_connections(*, at: datetime) -> int:
    """Remove what was kept as long as each site said; how many lines."""
    gone = 0
    for access in Access.objects.select_related("site").order_by("pk"):
        with transaction.atomic():
            before = at - timedelta(days=access.log_days)
            rows = ConnectionLog.objects.filter(site=access.site, started_at__lt=before)
            removed, _rows = rows.delete()
            gone += removed
            if removed:
                record(
                    "connections.forget",
                    ("site", access.site_id),
                    by=None,
                    at=at,
                    scope=access.site.scopes[0],
                    count=removed,
                )
    return gone
