"""What bodies owe each other: plans of one used at the sites of another, month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from maillage.apps.memberships.models import Use
from maillage.apps.people.models import Organisation
from maillage.core import programme


@dataclass(frozen=True)
class Line:
    """Uses of the plans of one body at the sites of another.

    sold_by, used_at  the body that sold the plan; the one that sells for the site
    taken             units and tickets, what was given back taken away
    value_cents       what the public would have paid, tax included
    """

    sold_by: str
    used_at: str
    days: int
    taken: int
    value_cents: int


def crossing() -> QuerySet[Any]:
    """Uses of the plan of a `seller` at a site for which another body, its `host`, sells."""
    return (
        Use.objects.filter(employer_seat=None)
        .annotate(
            seller=Coalesce("subscription__plan__operator", "carnet__plan__operator"),
            host=Coalesce("site__collector", "site__operator"),
        )
        .exclude(seller=F("host"))
        .exclude(host=None)
    )


def between_bodies(first: date, site_ids: Iterable[int]) -> list[Line]:
    """For the month that begins on a day, those that some sites received."""
    uses = crossing().filter(
        site__in=list(site_ids), on__gte=first, on__lt=programme.after(first, 1)
    )
    rows = (
        uses.values("seller", "host", "origin_key", "on")
        .annotate(total=Sum("taken"), value=Sum("value_cents"))
        .order_by("seller", "host")
    )
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row in rows:
        if row["total"]:
            key = (row["seller"], row["host"])
            found.setdefault(key, []).append((row["total"], row["value"]))
    names = dict(
        Organisation.objects.filter(pk__in={pk for key in found for pk in key}).values_list(
            "pk", "name"
        )
    )
    return [
        Line(
            names[seller],
            names[host],
            days=len(uses_),
            taken=sum(taken for taken, _v in uses_),
            value_cents=sum(value for _t, value in uses_),
        )
        for (seller, host), uses_ in found.items()
    ]
