"""The public page of a site in words: what is known, and what nobody said yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites import directory_shown, hours, words
from maillage.apps.sites.directory import Listed
from maillage.apps.sites.models import (
    Audience,
    Closure,
    Label,
    Photo,
    Seat,
    Site,
    SiteService,
    Space,
    Stage,
    Tier,
)
from maillage.apps.sites.pictures import LARGE, SMALL
from maillage.core.opening_hours import OpeningHours
from maillage.kit.components import Link
from maillage.kit.tables import Table
from maillage.report import french

# of the sheet: those that a visitor reads
PARTS = ("acces", "equipement")


def context(one: Listed, at: datetime) -> dict[str, Any]:
    """Everything the template writes of a site. Seven queries."""
    site = one.site
    on = at.astimezone(one.zone).date()
    spaces = space_lines(one)
    facts = words.facts(site)
    return {
        "name": site.name,
        "lead": directory_shown.now_words(one, at),
        "state": one.stage,
        "is_open": one.is_open,
        "tier": site.tier,
        "tier_label": str(Tier(site.tier).label) if site.tier else "",
        "description": site.description,
        "functions": words.listed(site.functions, words.FUNCTIONS),
        "where": _where(one),
        "access": facts["acces"],
        "equipment": facts["equipement"],
        "contact": _contact(site),
        "hours": hours.table(one.opening, on) if one.opening else None,
        "holidays": [f"{french.day(day)}, {name}" for day, name in hours.next_holidays(site, on)]
        if one.opening
        else [],
        "closures": _closures(site, at),
        "services": _services(site, on),
        "photos": _photos(site),
        "labels": _labels(site, on),
        "spaces": spaces,
        "may_book": any(line["href"] for line in spaces),
    }


def _where(one: Listed) -> dict[str, Any]:
    site = one.site
    placed = site.lat is not None and site.lon is not None
    return {
        "address": site.address,
        "commune": site.commune_name,
        "directions": site.directions,
        "map": f"https://www.openstreetmap.org/?mlat={site.lat}&mlon={site.lon}#map=17/{site.lat}/{site.lon}"
        if placed
        else "",
    }


def _contact(site: Site) -> list[Link]:
    digits = "".join(c for c in site.phone if c.isdigit() or c == "+")
    said = [Link(site.phone, f"tel:{digits}")] if digits else []
    return [*said, *([Link(site.email, f"mailto:{site.email}")] if site.email else [])]


def _closures(site: Site, at: datetime) -> list[dict[str, str]]:
    to_come = (
        Closure.objects.filter(site=site, withdrawn_at=None, period__endswith__gt=at)
        .select_related("space")
        .order_by("period")
    )
    return [
        {
            "when": hours.closure_words(closure, site),
            "what": closure.space.name if closure.space else "",
            "why": closure.reason,
        }
        for closure in to_come
        if closure.space is None or closure.space.removed_at is None
    ]


def _services(site: Site, on: date) -> list[dict[str, Any]]:
    rows = SiteService.objects.filter(site=site, removed_at=None).order_by("name")
    return [
        {
            "name": row.name,
            "holder": row.holder,
            "note": row.note,
            "hours": _hours_of(row, found, on) if found else None,
        }
        for row in rows
        for found in [hours.of_text(row.opening_hours, site)]
    ]


def _hours_of(service: SiteService, found: OpeningHours, on: date) -> Table:
    caption = _("Les heures de {name}, cette semaine").format(name=service.name)
    return replace(hours.table(found, on, f"heures-{service.pk}"), caption=caption)


def _photos(site: Site) -> list[dict[str, Any]]:
    rows = Photo.objects.filter(site=site, removed_at=None).order_by("rank", "pk")
    return [
        {
            "alt": row.alt,
            "credit": row.credit,
            "width": row.width,
            "height": row.height,
            "small": reverse("site_photo", args=(row.pk, SMALL)),
            "large": reverse("site_photo", args=(row.pk, LARGE)),
        }
        for row in rows
    ]


def _labels(site: Site, on: date) -> list[str]:
    rows = Label.objects.filter(site=site, removed_at=None).order_by("name")
    return [
        f"{row.name} ({row.reference})" if row.reference else row.name
        for row in rows
        if (row.valid_from is None or row.valid_from <= on)
        and (row.valid_until is None or row.valid_until >= on)
    ]


def space_lines(one: Listed) -> list[dict[str, Any]]:
    """The spaces as a tree, each with its seats and the way to book it. Two queries."""
    site = one.site
    every = list(Space.objects.present().filter(site=site).order_by("rank", "pk"))
    usable = Seat.objects.filter(
        space__in=every, removed_at=None, out_of_order_since=None
    ).values_list("space__path", flat=True)
    seats: dict[int, int] = {}
    for path in usable:
        for key in path:
            seats[key] = seats.get(key, 0) + 1
    return [
        _space(space, depth, seats.get(space.pk, 0), one) for space, depth in _tree(every, None)
    ]


def _tree(spaces: Sequence[Space], parent: int | None, depth: int = 0) -> list[tuple[Space, int]]:
    found: list[tuple[Space, int]] = []
    for space in spaces:
        if space.parent_id == parent:
            found += [(space, depth), *_tree(spaces, space.pk, depth + 1)]
    return found


def _for_whom(space: Space) -> str:
    if not space.is_bookable or Audience.PUBLIC in space.audiences:
        return ""
    return _("Pour : {whom}").format(whom=words.audiences(space.audiences).lower())


def _space(space: Space, depth: int, seats: int, one: Listed) -> dict[str, Any]:
    is_booked = space.is_bookable and space.audiences and seats and one.stage == Stage.OPEN
    return {
        "name": space.name,
        "depth": depth,
        "facts": ", ".join(words.space_facts(space)),
        "seats": french.count(seats, _("place"), _("places")) if seats else "",
        "for_whom": _for_whom(space),
        "href": reverse("book_space", args=(one.site.territory_id, one.site.slug, space.pk))
        if is_booked
        else "",
    }
