"""What a site still misses before it can open: each with the page where it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites.models import Seat, Site, Space
from maillage.kit.components import Link

SHEET, SPACES = "site_sheet", "site_spaces"


@dataclass(frozen=True)
class Counts:
    """What a site is made of: seats that may be used, out of order, spaces that may be booked."""

    seats: int
    out_of_order: int
    spaces: int
    open_to_somebody: int


def counts(sites: Sequence[Site]) -> dict[int, Counts]:
    """By site, in two queries."""
    keys = [site.pk for site in sites]
    present = Seat.objects.filter(
        space__site__in=keys, removed_at=None, space__removed_at=None
    ).order_by()
    broken = Count("pk", filter=Q(out_of_order_since__isnull=False))
    seats = {
        row["space__site"]: row
        for row in present.values("space__site").annotate(every=Count("pk"), broken=broken)
    }
    bookable = Space.objects.bookable().filter(site__in=keys).order_by()
    for_somebody = Count("pk", filter=~Q(audiences=[]))
    spaces = {
        row["site"]: row
        for row in bookable.values("site").annotate(every=Count("pk"), opened=for_somebody)
    }
    return {key: _counts(seats.get(key), spaces.get(key)) for key in keys}


def _counts(seats: Any, spaces: Any) -> Counts:
    return Counts(
        seats["every"] if seats else 0,
        seats["broken"] if seats else 0,
        spaces["every"] if spaces else 0,
        spaces["opened"] if spaces else 0,
    )


def missing(site: Site, found: Counts, *, has_opening: bool) -> list[Link]:
    """What to write, and where, in the order of a visit.

    has_opening  a stage says when it opens, or that it is open
    """
    asked = (
        (site.tier, _("Le niveau du lieu"), SHEET, "identite"),
        (site.address, _("L’adresse"), SHEET, "adresse"),
        (site.lon is not None, _("Le point sur la carte"), SHEET, "adresse"),
        (site.opening_hours, _("Les heures d’ouverture"), SHEET, "heures"),
        (site.is_step_free is not None, _("L’accès de plain-pied"), SHEET, "acces"),
        (site.governance, _("Le mode de gestion"), SHEET, "gestion"),
        (site.operator_id, _("L’exploitant"), SHEET, "gestion"),
        (site.collector_id, _("Qui encaisse"), SHEET, "gestion"),
        (site.safety_category, _("La catégorie de sécurité"), SHEET, "securite"),
        (site.capacity_limit, _("L’effectif maximal"), SHEET, "securite"),
        (found.seats, _("Au moins une place"), SPACES, ""),
        (found.open_to_somebody, _("À qui les espaces sont ouverts"), SPACES, ""),
        (has_opening, _("La date d’ouverture"), "site_stages", ""),
    )
    return [
        Link(words, _address(name, site, part)) for known, words, name, part in asked if not known
    ]


def _address(name: str, site: Site, part: str) -> str:
    return reverse(name, args=(site.pk, part) if part else (site.pk,))
