"""Who keeps the day of a site, who hosts it; those of others do not exist."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.apps.bookings.models import Booking
from maillage.apps.people import rights
from maillage.apps.presence.draw_entrance import site_at
from maillage.apps.presence.models import Arrival, Incident, Kiosk
from maillage.apps.sites.models import Site
from maillage.apps.sites.rules import kept
from maillage.kit.clock import now


def sites(person: Any, act: str = "presence.keep") -> QuerySet[Site]:
    """The sites of which a person keeps, or hosts, the day."""
    return kept(person, act).filter(removed_at=None)


def site_of(person: Any, pk: int) -> Site:
    """One that she keeps."""
    return get_object_or_404(sites(person).select_related("territory"), pk=pk)


def hosted_of(person: Any, pk: int) -> Site:
    """One that she hosts."""
    return get_object_or_404(sites(person, "presence.host").select_related("territory"), pk=pk)


def incident_of(person: Any, pk: int) -> Incident:
    """An incident of one that she keeps."""
    every = Incident.objects.filter(site__in=sites(person))
    return get_object_or_404(every.select_related("site", "seat__space", "space"), pk=pk)


def kiosk_of(person: Any, pk: int) -> Kiosk:
    """A tablet of one that she keeps."""
    return get_object_or_404(
        Kiosk.objects.filter(site__in=sites(person)).select_related("site"), pk=pk
    )


def entrance_of(_person: Any, secret: str) -> Site:
    """The site whose wall shows this code."""
    found = site_at(secret)
    if found is None:
        raise Http404
    return found


def own_booking_of(person: Any, reference: str) -> Booking:
    """A booking of her own."""
    if not person.is_authenticated:
        raise Http404
    mine = Booking.objects.filter(person_id=person.pk).select_related("site", "space", "person")
    return get_object_or_404(mine, reference=reference)


def may_keep_somewhere(person: Any, _target: object) -> bool:
    """Whether there is a site whose day she keeps."""
    return bool(rights.scopes_where(person, "presence.keep", on=now().date()))


def may_keep(person: Any, of: Site | Incident | Kiosk | Arrival) -> bool:
    """Those who open the site, or every site of its territory."""
    return rights.holds(person, "presence.keep", of.scopes, on=now().date())


def may_host_somewhere(person: Any, _target: object) -> bool:
    """Whether there is a site that she hosts."""
    return bool(rights.scopes_where(person, "presence.host", on=now().date()))


def may_host(person: Any, site: Site) -> bool:
    """Those whose shop it is."""
    return rights.holds(person, "presence.host", site.scopes, on=now().date())
