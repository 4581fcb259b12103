"""The prices in force on the public page of a site."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.apps.sites import public_parts
from maillage.apps.sites.models import Site, Space
from maillage.apps.sites.public_parts import Section
from maillage.apps.tariffs import in_force, shown
from maillage.apps.tariffs.models import Price


def declare() -> None:
    """Prices are a section of that page."""
    public_parts.also(section)


def section(site: Site, at: datetime) -> Section | None:
    """What the spaces of a site cost today; nothing where nobody voted."""
    seller = site.collector_id or site.operator_id
    if seller is None:
        return None
    on = at.astimezone(ZoneInfo(site.zone)).date()
    found = in_force.voted_on([seller], on).get(seller)
    if found is None:
        return None
    kinds = Space.objects.bookable().filter(site=site).values("kind")
    prices = list(
        Price.objects.filter(price_list=found)
        .filter(Q(space__site=site) | Q(space=None, space_kind__in=kinds))
        .select_related("space__site")
        .order_by("pk")
    )
    if not prices:
        return None
    sentences = (
        (_("Délibération {vote}.").format(vote=vote),) if (vote := shown.vote_of(found)) else ()
    )
    return Section("tarifs", _("Les tarifs"), shown.grid(found, prices), sentences)
