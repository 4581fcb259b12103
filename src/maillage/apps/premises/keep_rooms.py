"""The rooms of premises: what they hold, within the area there is."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.premises.keep import held_at
from maillage.apps.premises.models import Premises, Room
from maillage.core import fit_out
from maillage.kit.refusal import Refusal
from maillage.report import french


class TooLarge(Refusal):
    """The rooms do not stand in the premises."""

    sentence = (
        "{beyond} m² de trop : les pièces en demandent {asked} m², le local en a {available} m². "
        "Réduisez des pièces, ou corrigez la surface du local."
    )
    status = 422


def keep_rooms(
    premises: Premises,
    rooms: Sequence[fit_out.Room],
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> Premises:
    """All the rooms of premises, in their order; those before are replaced."""
    with transaction.atomic():
        held = held_at(premises.pk, version)
        refuse_beyond(rooms, held.area_m2)
        held.rooms.all().delete()
        Room.objects.bulk_create(
            Room(
                premises=held,
                rank=rank,
                function=room.function,
                count=room.count,
                area_m2=room.area_m2,
                seats=room.seats,
            )
            for rank, room in enumerate(rooms, 1)
        )
        held.version += 1
        held.changed_at = at
        held.save(update_fields=["version", "changed_at"])
        record(
            "premises.keep_rooms",
            ("premises", held.pk),
            by=by,
            at=at,
            scope=held.scopes[0],
            rooms=len(rooms),
        )
    return held


def refuse_beyond(rooms: Sequence[fit_out.Room], area_m2: float | None) -> None:
    """Raises TooLarge; an area that nobody knows refuses nothing."""
    asked = fit_out.indoor_m2(rooms)
    if area_m2 is not None and asked > area_m2:
        beyond, *others = (
            french.number(value, 0 if float(value).is_integer() else 1)
            for value in (round(asked - area_m2, 1), asked, area_m2)
        )
        raise TooLarge(beyond=beyond, asked=others[0], available=others[1])


def rooms_of(premises: Premises) -> tuple[fit_out.Room, ...]:
    """Its rooms, in their order."""
    return tuple(
        fit_out.Room(row.function, row.count, row.area_m2, row.seats)
        for row in premises.rooms.order_by("rank")
    )
