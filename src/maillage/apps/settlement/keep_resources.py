"""Write down money that a site has from elsewhere; take it back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.settlement.models import SiteResource
from maillage.apps.sites.models import Site


@dataclass(frozen=True)
class Resource:
    """See `SiteResource`."""

    kind: str
    label: str
    amount_cents: int
    source: str
    state: str
    on: date


def enter(site: Site, said: Resource, *, by: int | None, at: datetime) -> SiteResource:
    """One more resource of a site: written, never collected here."""
    with transaction.atomic():
        made = SiteResource.objects.create(site=site, by=by, at=at, **vars(said))
        record("resource.enter", ("site_resource", made.pk), by=by, at=at, scope=site.scopes[0])
    return made


def remove(row: SiteResource, *, by: int | None, at: datetime) -> None:
    """Take it back."""
    _write(row, at, "resource.remove", by, at)


def restore(row: SiteResource, *, by: int | None, at: datetime) -> None:
    """Think better of it."""
    _write(row, None, "resource.restore", by, at)


def _write(
    row: SiteResource, removed_at: datetime | None, act: str, by: int | None, at: datetime
) -> None:
    with transaction.atomic():
        SiteResource.objects.filter(pk=row.pk).update(removed_at=removed_at)
        record(act, ("site_resource", row.pk), by=by, at=at, scope=row.site.scopes[0])
