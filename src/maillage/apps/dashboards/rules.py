"""Who reads the whole network."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

ACT = "network.read"
PLATFORM = ("platform", "")


def territories(person: Any) -> QuerySet[Territory]:
    """Those whose network she reads."""
    scopes = rights.scopes_where(person, ACT, on=now().date())
    if PLATFORM in scopes:
        return Territory.objects.all()
    return Territory.objects.filter(pk__in=[key for kind, key in scopes if kind == "territory"])


def territory_of(person: Any, siren: str) -> Territory:
    """One of them; 404 for the others."""
    return get_object_or_404(territories(person), pk=siren)


def may_read(person: Any, territory: Territory) -> bool:
    """Those who coordinate it, and those who answer for it."""
    return rights.holds(person, ACT, territory.scopes, on=now().date())
