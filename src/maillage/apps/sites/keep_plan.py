"""The floor plans of a site: add one, place seats on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from maillage.apps.sites.keep_photos import SaysNothing
from maillage.apps.sites.models import FloorPlan, Seat, Site
from maillage.apps.sites.pictures import encoded, stored
from maillage.apps.sites.versions import Author, held, note
from maillage.kit import files
from maillage.kit.refusal import Refusal


class SeatOfAnotherSite(Refusal):
    """A seat that is not here."""

    sentence = "Une de ces places n'est plus de ce lieu. Actualisez la page."


@dataclass(frozen=True)
class Point:
    """Percent from the left and from the top of a plan."""

    x: float
    y: float


def add_plan(site: Site, data: bytes, name: str, alt: str, author: Author) -> FloorPlan:
    """A level of the site.

    Raises SaysNothing, and what `pictures.encoded` refuses.
    """
    if not alt.strip():
        raise SaysNothing
    picture = encoded(data)
    with transaction.atomic():
        row = held(site)
        columns = stored(row.pk, picture)
        try:
            made = FloorPlan.objects.create(site=row, name=name, alt=alt.strip(), **columns)
            note("sites.add_plan", row, author, plan=made.pk)
        except BaseException:
            files.remove_folder(columns["folder"], [entry["name"] for entry in columns["files"]])
            raise
    return made


def place_seats(plan: FloorPlan, points: Mapping[int, Point | None], author: Author) -> FloorPlan:
    """Where seats stand on a plan, by seat; None takes it off."""
    with transaction.atomic():
        row = held(plan.site)
        seats = list(
            Seat.objects.filter(space__site=row, pk__in=points)
            .order_by("pk")
            .select_for_update(no_key=True)
        )
        if len(seats) < len(points):
            raise SeatOfAnotherSite
        for seat in seats:
            point = points[seat.pk]
            if point is None and seat.plan_id not in (None, plan.pk):
                # it stands on another level
                continue
            seat.plan = plan if point else None
            seat.x, seat.y = (point.x, point.y) if point else (None, None)
        Seat.objects.bulk_update(seats, ["plan", "x", "y"])
        note("sites.place_seats", row, author, plan=plan.pk, seats=len(seats))
    return plan
