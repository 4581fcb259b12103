"""Bookings for programs: what is free, book, read, cancel; under the rules of the pages."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router, Status

from maillage.apps.bookings.api_schemas import MOST_PARTY, Availability, BookingSheet, Wanted
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.availability import next_free, seats_left
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.reserve import reserve
from maillage.apps.bookings.space_rules import SpaceClosed, check_hours, settings_of
from maillage.apps.people import rights
from maillage.apps.sites.models import Site, SoldBy, Space
from maillage.apps.sites.rules import kept
from maillage.core.periods import Period
from maillage.kit import api
from maillage.kit.api import A_PAGE, Caller, Key, Limit, Offset, Page, href
from maillage.kit.clock import now
from maillage.kit.once import once
from maillage.kit.pages import anyone, signed_in
from maillage.kit.refusal import Refusal

LARGEST = 2**31 - 1
# the longest that a demand may be, and the farthest: they only keep it within reason
LONGEST_DAYS, FARTHEST_DAYS = 400, 1000

SpaceId = Annotated[int, Path(ge=1, le=LARGEST, description="Numéro de l’espace.")]
SiteId = Annotated[int, Path(ge=1, le=LARGEST, description="Numéro du lieu.")]
Reference = Annotated[str, Path(pattern=r"^[0-9A-Z]{10}$", description="Référence.")]
Begins = Annotated[datetime, Query(description="Début, avec son fuseau.")]
Ends = Annotated[datetime, Query(description="Fin, exclue, avec son fuseau.")]
Whole = Annotated[
    bool | None, Query(description="L’espace en entier ; à défaut, comme il se réserve.")
]
People = Annotated[int, Query(ge=1, le=MOST_PARTY, description="Places demandées.")]

router = Router(tags=["Réservations"])
read = partial(api.operation, router, "GET")
write = partial(api.operation, router, "POST", rule=signed_in, scope="bookings:write")


class BadPeriod(Refusal):
    """It ends before it begins, lasts too long, is too far, or names no time zone."""

    sentence = _(
        "Donnez un début et une fin avec leur fuseau, la fin après le début, dans les deux ans."
    )
    status = 422


def space_of(_person: Any, space_id: SpaceId) -> Space:
    """A space of the directory that may be booked."""
    rows = Space.objects.bookable().filter(site__is_listed=True).select_related("site")
    found = rows.filter(pk=space_id).first()
    if found is None:
        raise Http404(space_id)
    return found


def mine(person: Any) -> QuerySet[Booking]:
    """Her own bookings, latest first; a stranger has none."""
    return Booking.objects.filter(person_id=person.pk or 0).order_by("-period", "pk")


def one_of_mine(person: Any, reference: Reference) -> Booking:
    """One of them."""
    found = mine(person).select_related("site").filter(reference=reference).first()
    if found is None:
        raise Http404(reference)
    return found


def site_of(person: Any, site_id: SiteId) -> Site:
    """A site whose bookings she follows."""
    found = kept(person, "bookings.manage").filter(pk=site_id, removed_at=None).first()
    if found is None:
        raise Http404(site_id)
    return found


def may_follow(person: Any, site: Site) -> bool:
    """Those who manage it."""
    return rights.holds(person, "bookings.manage", site.scopes, on=now().date())


@read(
    "/spaces/{space_id}/availability",
    "availability",
    rule=anyone,
    scope="sites:read",
    of=space_of,
    answers={200: Availability},
    summary="Lire ce qui est libre",
    description="Les places libres d’un espace pendant un temps, et les prochains créneaux de "
    "même durée.",
)
def availability(
    request: HttpRequest,  # noqa: ARG001
    space: Space,
    begins: Begins,
    ends: Ends,
    party: People = 1,
    whole: Whole = None,
) -> dict[str, Any]:
    """What is left, at this instant."""
    at, period = now(), _period(begins, ends, now())
    ask = Ask(space.pk, period, party, _is_whole(space, whole))
    left = seats_left([space.pk], period, at=at)[space.pk]
    return {
        "space": space.pk,
        "begins": period.begins,
        "ends": period.ends,
        "seats": left.seats,
        "free": left.free,
        "is_open": _is_open(space, period),
        "next_free": [{"begins": p.begins, "ends": p.ends} for p in next_free(ask, at=at)],
    }


@write(
    "/spaces/{space_id}/bookings",
    "reserve",
    of=space_of,
    answers={201: BookingSheet},
    summary="Réserver",
    description="Réserve pour la personne du jeton. Là où le lieu décide, c’est une demande.",
)
def book(
    request: HttpRequest, space: Space, body: Wanted, response: HttpResponse, key: Key = ""
) -> Status[Any]:
    """Book; the same demand under the same key books once."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    at = now()
    period = _period(body.begins, body.ends, at)
    ask = Ask(space.pk, period, body.party, _is_whole(space, body.whole))
    booker = Booker(caller.person, caller.person.pk, purpose=body.purpose)

    def act() -> dict[str, Any]:
        return _content(reserve([ask], booker, at=at)[0])

    content = _once(request, key, body.model_dump_json(), act, at)
    response.headers["Location"] = content["href"]
    return Status(201, content)


@read(
    "/bookings",
    "bookings",
    rule=signed_in,
    scope="bookings:read",
    of=mine,
    answers={200: Page[BookingSheet]},
    summary="Lister vos réservations",
    description="Celles de la personne du jeton, les plus récentes d’abord.",
)
def bookings(
    request: HttpRequest, rows: QuerySet[Booking], limit: Limit = A_PAGE, offset: Offset = 0
) -> dict[str, Any]:
    """One's own."""
    return api.part_of(request, rows, _sheet, limit, offset)


@read(
    "/bookings/{reference}",
    "booking",
    rule=signed_in,
    scope="bookings:read",
    of=one_of_mine,
    answers={200: BookingSheet},
    summary="Lire une réservation",
    description="L’une des vôtres.",
)
def booking(request: HttpRequest, found: Booking) -> dict[str, Any]:  # noqa: ARG001
    """One of one's own."""
    return _sheet(found)


@write(
    "/bookings/{reference}/cancellation",
    "cancel_booking",
    of=one_of_mine,
    answers={200: BookingSheet},
    summary="Annuler une réservation",
    description="Jusqu’à free_until rien n’est retenu ; ensuite late_kept_percent l’est, et à "
    "100 l’annulation est refusée.",
)
def cancel_one(request: HttpRequest, found: Booking, key: Key = "") -> Status[Any]:
    """Cancel one of one's own."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    at = now()

    def act() -> dict[str, Any]:
        return _content(cancel(found, by=caller.person.pk, at=at))

    return Status(200, _once(request, key, "", act, at))


@read(
    "/sites/{site_id}/bookings",
    "site_bookings",
    rule=may_follow,
    scope="bookings:read",
    of=site_of,
    answers={200: Page[BookingSheet]},
    summary="Lister les réservations d’un lieu",
    description="Pour qui gère le lieu : les créneaux pris, sans les noms.",
)
def site_bookings(
    request: HttpRequest, site: Site, limit: Limit = A_PAGE, offset: Offset = 0
) -> dict[str, Any]:
    """Those of a site, latest first."""
    rows = Booking.objects.filter(site=site).order_by("-period", "pk")
    return api.part_of(request, rows, _sheet, limit, offset)


def _once(
    request: HttpRequest, key: str, body: str, act: Callable[[], dict[str, Any]], at: datetime
) -> dict[str, Any]:
    if not key:
        return act()
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return once(f"api {caller.token_id} {key}", f"{request.path} {body}", act, at=at)


def _is_whole(space: Space, asked: bool | None) -> bool:  # noqa: FBT001
    return space.sold_by == SoldBy.WHOLE if asked is None else asked


def _period(begins: datetime, ends: datetime, at: datetime) -> Period:
    if begins.tzinfo is None or ends.tzinfo is None or begins >= ends:
        raise BadPeriod
    is_far = abs((begins - at).days) > FARTHEST_DAYS
    if is_far or (ends - begins).days > LONGEST_DAYS:
        raise BadPeriod
    return Period(begins, ends)


def _is_open(space: Space, period: Period) -> bool:
    setting = settings_of([space.pk], first=period.begins, last=period.ends)[space.pk]
    try:
        check_hours(setting, period)
    except SpaceClosed:
        return False
    return True


def _content(made: Booking) -> dict[str, Any]:
    made.refresh_from_db()
    return BookingSheet.model_validate(_sheet(made)).model_dump(mode="json")


def _sheet(row: Booking) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "site": row.site_id,
        "space": row.space_id,
        "begins": row.period.lower,
        "ends": row.period.upper,
        "party": row.party,
        "whole": row.is_whole,
        "state": row.state,
        "price_cents": row.price_cents,
        "free_until": row.free_until,
        "late_kept_percent": row.late_kept_percent,
        "href": href("booking", reference=row.reference),
    }
