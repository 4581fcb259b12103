"""Whole sites with what their sheets list, invented; the bare ones are in `network_sites`."""

import io
from datetime import UTC, date, datetime
from typing import Any

from PIL import Image

from factories import people
from maillage.apps.bookings.models import Booking, Occupancy
from maillage.apps.people.models import Organisation, Person, RoleKind, ScopeKind
from maillage.apps.sites import keep, pictures
from maillage.apps.sites.models import (
    Closure,
    FloorPlan,
    Label,
    Photo,
    Seat,
    Site,
    SiteStage,
    SiteTarget,
    Space,
    SpaceKind,
    Stage,
)
from maillage.apps.sites.versions import Author
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

# a Wednesday
AT = datetime(2027, 3, 17, 8, tzinfo=UTC)
MEMBERS = [
    {"code": "69018", "name": "Beaujeu", "population": None},
    {"code": "69019", "name": "Belleville-en-Beaujolais", "population": None},
]
TARGET = {
    "candidate": "69018",
    "study": 1,
    "study_title": "Dix minutes",
    "scenario_number": 1,
    "scenario_letter": "A",
    "version": 1,
    "source_run": 1,
    "tier": "hub",
    "seats": 15,
    "opening_year": 2027,
    "inhabitants": 6_070,
    "occupied_days_low": 672.0,
    "occupied_days": 938.0,
    "occupied_days_high": 1_277.0,
    "investment_eur_low": 52_500.0,
    "investment_eur": 169_500.0,
    "investment_eur_high": 444_000.0,
    "operation_eur_low": 11_745.0,
    "operation_eur": 25_670.0,
    "operation_eur_high": 56_060.0,
    "grants_share": 0.4,
    "employers_share": 0.0,
    "adopted_at": AT,
}


def author(by: Person | None = None, at: datetime = AT) -> Author:
    """Somebody, some day."""
    return Author(by.pk if by else None, at)


def territory(siren: str = people.SIREN) -> Territory:
    """A territory of the list with two of its communes."""
    found = Territory.objects.filter(pk=siren).first()
    if found is None:
        found = Territory.objects.create(
            pk=siren, name=f"CC {siren}", search_name="cc", communes=2, members=MEMBERS
        )
    if not found.members:
        found.members = MEMBERS
        found.save(update_fields=["members"])
    return found


def site(name: str = "Ancienne perception (fictif)", siren: str = people.SIREN, **columns) -> Site:
    """A sheet that says almost nothing."""
    made = keep.open_site(
        territory(siren),
        keep.Identity(name),
        keep.Place("69018", "Beaujeu"),
        author(),
    )
    for column, value in columns.items():
        setattr(made, column, value)
    if columns:
        made.save(update_fields=[*columns])
    return made


def space(of: Site, name: str = "Grand plateau", *, seats: int = 2, **columns) -> Space:
    """A space with its seats, under another one with `parent=`."""
    parent = columns.pop("parent", None)
    made = {"kind": SpaceKind.OPEN_SPACE, "audiences": ["public"]} | columns
    row = Space.objects.create(site=of, name=name, parent=parent, **made)
    row.path = [*(parent.path if parent else ()), row.pk]
    row.save(update_fields=["path"])
    Seat.objects.bulk_create(Seat(space=row, number=n) for n in range(1, seats + 1))
    return row


def organisation(name: str, siren: str = people.SIREN) -> Organisation:
    """A body of the territory's register."""
    return people.organisation(name, territory_siren=siren)


def manager(of: Site, **fields) -> Person:
    """Whoever keeps one site."""
    return people.holder(RoleKind.SITE_MANAGER, (ScopeKind.SITE, str(of.pk)), **fields)


def target(of: Site, **columns) -> SiteTarget:
    """What a plan promised of it."""
    return SiteTarget.objects.create(site=of, **TARGET | columns)


def picture(
    width: int = 320, height: int = 200, kind: str = "JPEG", colour: Any = (12, 90, 70), **how
) -> bytes:
    """An image file."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **how)
    return out.getvalue()


def stored(of: Site, model: type[Any] = Photo, **columns) -> Any:
    """A picture with its files."""
    made = pictures.stored(of.pk, pictures.encoded(picture())) | {"alt": "La façade"}
    return model.objects.create(site=of, **made | columns)


def closure(of: Site, begins: datetime, ends: datetime, **columns) -> Closure:
    """A site closed for a time."""
    said = {"reason": "Congés", "at": AT} | columns
    made = Closure.objects.create(site=of, period=(begins, ends), **said)
    made.refresh_from_db()
    return made


def booked(seat: Seat, begins: datetime, ends: datetime, state: str = "confirmed", **columns):
    """A booking that takes one seat, written as the app that books writes it."""
    period = (begins, ends)
    made = {
        "reference": f"R{Booking.objects.count():06d}",
        "site": seat.space.site,
        "space": seat.space,
        "is_whole": False,
        "period": period,
        "state": state,
        "free_until": begins,
        "late_kept_percent": 100,
        "created_at": AT,
        "changed_at": AT,
    }
    row = Booking.objects.create(**made | columns)
    hold = columns.get("hold_until")
    Occupancy.objects.create(seat=seat, booking=row, period=period, hold_until=hold)
    return row


def whole(mark: str, siren: str = people.SIREN) -> dict[str, Any]:
    """One of everything in a territory; `mark` in every text field."""
    at = now()
    row = site(
        f"Lieu {mark}",
        siren,
        tier="hub",
        address=f"1 rue de {mark}",
        description=f"Description {mark}",
        opening_hours="Mo-Fr 09:00-18:00; PH off",
    )
    part = space(row, f"Espace {mark}")
    stage = SiteStage.objects.create(
        site=row, stage=Stage.OPEN, starts_on=date(2026, 1, 5), note=f"Note {mark}"
    )
    ends = datetime(at.year + 1, 1, 2, tzinfo=UTC)
    return {
        "site": row,
        "space": part,
        "seat": part.seats.get(number=1),
        "stage": stage,
        "closure": closure(row, at, ends, reason=f"Congés {mark}"),
        "plan": stored(row, FloorPlan, name=f"Niveau {mark}", alt=f"Plan {mark}"),
        "photo": stored(row, Photo, alt=f"Photo {mark}"),
        "label": Label.objects.create(site=row, name=f"Label {mark}"),
    }
