"""Who may do what to a study: everybody reads it once it is published."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.studies.models import Study
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

PLATFORM = ("platform", "")


def readable(person: Any) -> QuerySet[Study]:
    """The studies that a person may read besides the published ones: those of her territories."""
    scopes = rights.scopes_where(person, "studies.read", on=now().date())
    if PLATFORM in scopes:
        return Study.objects.all()
    return Study.objects.filter(
        territory_id__in=[key for kind, key in scopes if kind == "territory"]
    )


def visible(person: Any) -> QuerySet[Study]:
    """Hers, and what everybody reads."""
    mine = readable(person).values("pk")
    return Study.objects.filter(Q(published_at__isnull=False) | Q(pk__in=mine))


def study_of(person: Any, pk: int, slug: str) -> Study:
    """One of those she may read; 404 for the others, which she cannot know of."""
    return get_object_or_404(readable(person).select_related("territory"), pk=pk, slug=slug)


def may_read(person: Any, study: Study) -> bool:
    """Those in charge of the territory."""
    return rights.holds(person, "studies.read", study.scopes, on=now().date())


def may_compute(person: Any, placed: Study | Territory) -> bool:
    """Those who make the study."""
    return rights.holds(person, "studies.compute", placed.scopes, on=now().date())


def may_publish(person: Any, study: Study) -> bool:
    """Those who answer for it."""
    return rights.holds(person, "studies.publish", study.scopes, on=now().date())
