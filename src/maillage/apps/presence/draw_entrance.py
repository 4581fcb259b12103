"""The code on the wall: it proves a place, never a person."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.sites.models import Site


def draw_entrance(site: Site, *, by: int | None, at: datetime) -> str:
    """The secret of a new poster, shown once; the poster before opens nothing any more."""
    drawn = secrets.draw()
    with transaction.atomic():
        held = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        held.arrival_hash = secrets.digest(drawn)
        held.save(update_fields=["arrival_hash"])
        record("entrance.draw", ("site", held.pk), by=by, at=at, scope=held.scopes[0])
    return drawn


def site_at(secret: str) -> Site | None:
    """The site whose wall shows this secret."""
    return Site.objects.filter(arrival_hash=secrets.digest(secret), removed_at=None).first()
