"""Who may do what to a site: those of others do not exist."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.sites.models import (
    Closure,
    ConnectionMeasure,
    FloorPlan,
    Label,
    Photo,
    Seat,
    Site,
    SiteService,
    Space,
)
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

PLATFORM = ("platform", "")
PARTS: dict[str, Any] = {
    "label": Label,
    "mesure": ConnectionMeasure,
    "photo": Photo,
    "plan": FloorPlan,
    "service": SiteService,
}


def kept(person: Any, act: str = "sites.keep") -> QuerySet[Site]:
    """The sites over which a person holds an act, removed or not."""
    scopes = rights.scopes_where(person, act, on=now().date())
    if PLATFORM in scopes:
        return Site.objects.all()
    own = [int(key) for kind, key in scopes if kind == "site" and key.isdigit()]
    whole = [key for kind, key in scopes if kind == "territory"]
    return Site.objects.filter(Q(pk__in=own) | Q(territory_id__in=whole))


def territories(person: Any) -> QuerySet[Territory]:
    """Where she may open a site."""
    scopes = rights.scopes_where(person, "sites.keep", on=now().date())
    if PLATFORM in scopes:
        return Territory.objects.all()
    return Territory.objects.filter(pk__in=[key for kind, key in scopes if kind == "territory"])


def territory_of(person: Any, siren: str) -> Territory:
    """One of them."""
    return get_object_or_404(territories(person), pk=siren)


def site_of(person: Any, pk: int) -> Site:
    """A site that she keeps."""
    rows = kept(person).select_related("territory", "operator", "collector")
    return get_object_or_404(rows, pk=pk)


def present_of(person: Any, pk: int) -> Site:
    """The same, that nobody removed."""
    site = site_of(person, pk)
    if site.removed_at:
        raise Http404(pk)
    return site


def space_of(person: Any, pk: int, space: int) -> Space:
    """A space of a site that she keeps."""
    site = present_of(person, pk)
    found = get_object_or_404(Space.objects.filter(site=site), pk=space)
    found.site = site
    return found


def present_space_of(person: Any, pk: int, space: int) -> Space:
    """The same, that nobody removed."""
    found = space_of(person, pk, space)
    if found.removed_at:
        raise Http404(space)
    return found


def seat_of(person: Any, pk: int, space: int, seat: int) -> Seat:
    """A seat of such a space."""
    of = present_space_of(person, pk, space)
    found = get_object_or_404(Seat.objects.filter(space=of, removed_at=None), pk=seat)
    found.space = of
    return found


def closure_of(person: Any, pk: int, closure: int) -> Closure:
    """A closure of a site that she keeps."""
    site = present_of(person, pk)
    found = get_object_or_404(site.closures.all(), pk=closure)
    found.site = site
    return found


def plan_of(person: Any, pk: int, plan: int) -> FloorPlan:
    """A floor plan of a site that she keeps."""
    site = present_of(person, pk)
    found = get_object_or_404(site.plans.filter(removed_at=None), pk=plan)
    found.site = site
    return found


def part_of(person: Any, pk: int, kind: str, part: int) -> Any:
    """What a sheet lists, of a site that she keeps."""
    site = present_of(person, pk)
    if kind not in PARTS:
        raise Http404(kind)
    found = get_object_or_404(PARTS[kind].objects.filter(site=site), pk=part)
    found.site = site
    return found


def photo_of(person: Any, pk: int) -> Photo:
    """A photo that everybody sees, or of a site that she keeps."""
    seen = Q(site__is_listed=True, site__removed_at=None) | Q(site__in=kept(person))
    return get_object_or_404(Photo.objects.filter(seen, removed_at=None), pk=pk)


def floor_plan_of(person: Any, pk: int) -> FloorPlan:
    """The same of a floor plan."""
    seen = Q(site__is_listed=True, site__removed_at=None) | Q(site__in=kept(person))
    return get_object_or_404(FloorPlan.objects.filter(seen, removed_at=None), pk=pk)


def may_keep_somewhere(person: Any, _target: object) -> bool:
    """Whether there is a site, or a place for one, that she keeps."""
    return bool(rights.scopes_where(person, "sites.keep", on=now().date()))


def may_keep(person: Any, of: Any) -> bool:
    """Those who keep the site, or every site of its territory."""
    placed = of.space if isinstance(of, Seat) else getattr(of, "site", of)
    return rights.holds(person, "sites.keep", placed.scopes, on=now().date())
