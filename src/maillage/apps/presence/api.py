"""Arrivals for programs: a badge reader at the door says who is there."""

from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from ninja import Field, Path, Router, Schema, Status

from maillage.apps.bookings.models import Booking
from maillage.apps.people import rights
from maillage.apps.presence.arrive import MOST_PEOPLE, arrive
from maillage.apps.presence.models import How
from maillage.apps.presence.rules import sites
from maillage.kit import api
from maillage.kit.api import WHOLE, Caller, Key, Strict
from maillage.kit.clock import now
from maillage.kit.once import once

Reference = Annotated[str, Path(pattern=r"^[0-9A-Z]{10}$", description="Référence.")]
People = Annotated[int, Field(ge=1, le=MOST_PEOPLE), WHOLE]

router = Router(tags=["Présence"])
write = partial(api.operation, router, "POST", scope="bookings:write")


class Arrived(Strict):
    """Who is there."""

    people: People | None = Field(None, description="Personnes arrivées ; à défaut, toutes.")


class ArrivalSheet(Schema):
    """An arrival that was noted."""

    reference: str
    on: str = Field(description="Jour, à l’heure du lieu.")
    people: int


def booking_of(person: Any, reference: Reference) -> Booking:
    """A booking of a site whose day she keeps."""
    rows = Booking.objects.filter(site__in=sites(person)).select_related("site")
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Http404(reference)
    return found


def may_note(person: Any, booking: Booking) -> bool:
    """Those who keep the day of the site."""
    return rights.holds(person, "presence.keep", booking.scopes, on=now().date())


@write(
    "/bookings/{reference}/arrivals",
    "arrive",
    rule=may_note,
    of=booking_of,
    answers={201: ArrivalSheet},
    summary="Noter une arrivée",
    description="Pour qui tient la journée du lieu : la personne attendue aujourd’hui est là.",
)
def note(request: HttpRequest, booking: Booking, body: Arrived, key: Key = "") -> Status[Any]:
    """Somebody is there today; the same demand under the same key is noted once."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    at = now()
    on = at.astimezone(ZoneInfo(booking.site.zone)).date()

    def act() -> dict[str, Any]:
        made = arrive(booking, on=on, how=How.TAP, by=caller.person.pk, at=at, people=body.people)
        return {
            "reference": booking.reference,
            "on": made.on.isoformat(),
            "people": made.people,
        }

    asked = f"{request.path} {body.model_dump_json()}"
    content = once(f"api {caller.token_id} {key}", asked, act, at=at) if key else act()
    return Status(201, content)
