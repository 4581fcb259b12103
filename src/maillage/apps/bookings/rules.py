"""Who sees and does what with bookings: one's own, and those of the sites one manages."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.apps.bookings.models import Booking
from maillage.apps.people import rights
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Site, Space
from maillage.kit.clock import now

PLATFORM = ("platform", "")
WITH_PLACE = ("site", "space__site__territory", "person", "payer_organisation")


def person_of(user: Any) -> Person | None:
    """The account of whoever asks, None for a visitor."""
    return user if isinstance(user, Person) else None


def own(person: Any) -> QuerySet[Booking]:
    """Those in which she comes."""
    rows = Booking.objects.select_related(*WITH_PLACE)
    return rows.filter(person_id=person.pk) if person.is_authenticated else rows.none()


def own_booking(person: Any, reference: str) -> Booking:
    """One of hers; 404 for those of others, which she cannot know of."""
    return get_object_or_404(own(person), reference=reference)


def managed_sites(person: Any, act: str = "bookings.manage") -> QuerySet[Site]:
    """The sites where she follows the bookings."""
    scopes = rights.scopes_where(person, act, on=now().date())
    rows = Site.objects.filter(removed_at=None).select_related("territory")
    if PLATFORM in scopes:
        return rows
    sites = [int(key) for kind, key in scopes if kind == "site" and key.isdigit()]
    territories = [key for kind, key in scopes if kind == "territory"]
    return rows.filter(Q(pk__in=sites) | Q(territory__in=territories))


def managed_site(person: Any, pk: int) -> Site:
    """One of them; 404 for the others."""
    return get_object_or_404(managed_sites(person), pk=pk)


def managed_booking(person: Any, pk: int, reference: str) -> Booking:
    """A booking of a site that she manages."""
    site = managed_site(person, pk)
    rows = Booking.objects.select_related(*WITH_PLACE)
    return get_object_or_404(rows, site=site, reference=reference)


def may_manage(person: Any, placed: Site | Booking) -> bool:
    """Follow, approve, cancel the bookings of a site."""
    return rights.holds(person, "bookings.manage", placed.scopes, on=now().date())


def may_override(person: Any, placed: Site | Booking) -> bool:
    """Book there in spite of a rule, saying why."""
    return rights.holds(person, "bookings.override", placed.scopes, on=now().date())


def open_space(_person: Any, siren: str, slug: str, space: int) -> Space:
    """A space of the public directory that may be booked; 404 for the others."""
    rows = Space.objects.bookable().select_related("site__territory")
    return get_object_or_404(
        rows, pk=space, site__territory=siren, site__slug=slug, site__is_listed=True
    )


def listed_site(_person: Any, pk: int) -> Site:
    """A site of the public directory."""
    return get_object_or_404(Site.objects.listed().select_related("territory"), pk=pk)


def followed_site(person: Any, pk: int) -> Site:
    """A site whose calendar she may follow: of the directory, or one she manages."""
    found = (
        Site.objects.listed().filter(pk=pk).first() or managed_sites(person).filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found
