"""Who may tell programs what happens in a territory."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.territories.models import Territory
from maillage.apps.webhooks.models import Endpoint
from maillage.kit.clock import now

ACT = "webhooks.keep"
PLATFORM = ("platform", "")


def territories(person: Any) -> QuerySet[Territory]:
    """Those whose programs she keeps."""
    scopes = rights.scopes_where(person, ACT, on=now().date())
    if PLATFORM in scopes:
        return Territory.objects.all()
    return Territory.objects.filter(pk__in=[key for kind, key in scopes if kind == "territory"])


def territory_of(person: Any, siren: str) -> Territory:
    """One of them; 404 for the others."""
    return get_object_or_404(territories(person), pk=siren)


def endpoint_of(person: Any, siren: str, pk: int) -> Endpoint:
    """A program of one of them."""
    rows = Endpoint.objects.filter(territory__in=territories(person)).select_related("territory")
    return get_object_or_404(rows, territory_id=siren, pk=pk)


def may_keep(person: Any, of: Territory | Endpoint) -> bool:
    """Those who answer for the territory's programs."""
    return rights.holds(person, ACT, of.scopes, on=now().date())
