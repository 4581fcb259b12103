"""Count the people that a hosted service receives: they are no coworkers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.presence.models import VisitCount
from maillage.apps.sites.models import SiteService
from maillage.kit.refusal import Refusal

MOST_VISITS = 5_000


class DayToCome(Refusal):
    """Nobody was counted yet."""

    sentence = "Ce jour n’est pas venu. Comptez les visites le jour même ou après."


class TooManyVisits(Refusal):
    """A slip of the finger."""

    sentence = "Indiquez de 0 à {most} visites."


class ServiceGone(Refusal):
    """It left the place."""

    sentence = "Ce service n’est plus dans ce lieu. Choisissez-en un autre."


def count_visits(
    service: SiteService, count: int, *, on: date, by: int | None, at: datetime
) -> VisitCount:
    """So many people on a day; said again, it replaces what was said."""
    if not 0 <= count <= MOST_VISITS:
        raise TooManyVisits(most=MOST_VISITS)
    if on > at.astimezone(ZoneInfo(service.site.zone)).date():
        raise DayToCome
    with transaction.atomic():
        held = SiteService.objects.select_for_update(of=("self",), no_key=True).get(pk=service.pk)
        if held.removed_at:
            raise ServiceGone
        made, _is_new = VisitCount.objects.update_or_create(
            service=held, on=on, defaults={"count": count, "at": at, "by": by}
        )
        record(
            "visits.count",
            ("service", held.pk),
            by=by,
            at=at,
            scope=held.site.scopes[0],
            day=on.isoformat(),
            count=count,
        )
    return made
