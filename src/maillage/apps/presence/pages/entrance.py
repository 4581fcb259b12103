"""The entrance: the code on the wall, and the tablet, which opens nothing else."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.bookings.models import Booking, State
from maillage.apps.presence import rules
from maillage.apps.presence.arrive import AlreadyHere, arrive, window_of
from maillage.apps.presence.forms import PairKiosk, Reference
from maillage.apps.presence.models import Arrival, How, Kiosk
from maillage.apps.presence.pages.common import POST, WRITING, WRONG, named
from maillage.apps.presence.pair_kiosk import (
    REFERENCES,
    TRIES,
    kiosk_of,
    pair_kiosk,
    seen,
)
from maillage.apps.presence.today import local_day, name_of
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.pages import anyone, page, signed_in
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import address_of, count
from maillage.report import moments

COOKIE = "maillage-borne"
A_YEAR_S = 365 * 24 * 3600
PATH = "/borne/"


@page(rule=signed_in, of=rules.entrance_of)
def entrance(request: HttpRequest, site: Site) -> HttpResponse:
    """In front of the wall: the booking whose hour it is, one button."""
    at = now()
    booking = _in_window(request.user.pk or 0, site, at)
    arrival = _arrival(booking, site, at) if booking else None
    context = {
        "site": {"name": site.name},
        "booking": _shown(booking, at) if booking else None,
        "is_here": arrival is not None,
        "secret": request.resolver_match.kwargs["secret"] if request.resolver_match else "",
    }
    return render(request, "presence/entrance.html", context)


@page(rule=signed_in, of=rules.entrance_of, methods=POST)
def enter(request: HttpRequest, site: Site) -> HttpResponse:
    """I am here."""
    at = now()
    mine = Booking.objects.filter(person_id=request.user.pk or 0, site=site).select_related("site")
    booking = named(mine, request.POST.get("reservation", ""))
    arrive(booking, on=local_day(site, at), how=How.QR, by=request.user.pk, at=at)
    messages.success(request, _("Votre arrivée est notée. Bonne journée."))
    return redirect("on_site", booking.reference)


@page(rule=anyone, methods=WRITING)
def pair(request: HttpRequest) -> HttpResponse:
    """On the tablet: the code that the manager reads out."""
    form = PairKiosk(request.POST if request.method == "POST" else None)
    if form.is_valid():
        at = now()
        try:
            count(TRIES, address_of(request), at=at)
            kiosk, secret = pair_kiosk(form.cleaned_data["code"], at=at)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            # whoever was signed in on this tablet is no longer
            logout(request)
            response = redirect("kiosk", kiosk.site_id)
            _remember(response, secret)
            return response
    return _bare(request, "presence/kiosk_pair.html", {"form": form}, form)


@page(rule=anyone, methods=WRITING)
def kiosk(request: HttpRequest, pk: int) -> HttpResponse:
    """At the tablet: the reference of a booking, then a first name and a place."""
    paired = kiosk_of(request.COOKIES.get(COOKIE, ""), pk)
    if paired is None:
        # a tablet that is none says nothing of the site
        return redirect("kiosk_pair")
    form = Reference(request.POST if request.method == "POST" else None)
    welcome: dict[str, Any] | None = None
    if form.is_valid():
        welcome = _welcomed(paired, form)
    context = {
        "site": {"pk": pk, "name": paired.site.name},
        "form": form,
        "welcome": welcome,
        "home": reverse("kiosk", args=(pk,)),
    }
    return _bare(request, "presence/kiosk.html", context, form)


def _welcomed(paired: Kiosk, form: Reference) -> dict[str, Any] | None:
    """What the person reads, None when the form says what is wrong."""
    at, site = now(), paired.site
    seen(paired, at=at)
    try:
        count(REFERENCES, str(paired.pk), at=at)
        booking = _referred(site, form.said())
        is_new = True
        try:
            arrive(booking, on=local_day(site, at), how=How.KIOSK, by=None, at=at)
        except AlreadyHere:
            is_new = False
    except Refusal as refusal:
        form.add_error("reference", str(refusal))
        return None
    return {
        **_shown(booking, at),
        "first_name": name_of(booking).split()[0],
        "is_new": is_new,
    }


class NoSuchReference(Refusal):
    """Unknown, of another site or not confirmed: the same answer."""

    sentence = "Aucune réservation à cette référence ici aujourd’hui. Voyez avec l’accueil."
    status = WRONG


def _referred(site: Site, reference: str) -> Booking:
    found = Booking.objects.filter(site=site, reference=reference, state=State.CONFIRMED)
    booking = found.select_related("site", "space", "person").first()
    if booking is None:
        raise NoSuchReference
    return booking


def _in_window(person_id: int, site: Site, at: datetime) -> Booking | None:
    """Her booking of now, else the next one of the day."""
    rows = Booking.objects.filter(
        person_id=person_id, site=site, state=State.CONFIRMED, period__endswith__gt=at
    )
    found = rows.select_related("site", "space").order_by("period", "pk").first()
    return found if found and window_of(found)[0] <= at else None


def _arrival(booking: Booking, site: Site, at: datetime) -> Arrival | None:
    return Arrival.objects.filter(booking=booking, on=local_day(site, at)).first()


def _shown(booking: Booking, at: datetime) -> dict[str, Any]:
    zone = ZoneInfo(booking.site.zone)
    begins, ends = booking.period.lower.astimezone(zone), booking.period.upper.astimezone(zone)
    seats = [row.seat for row in booking.occupied.select_related("seat").order_by("seat__number")]
    places = ", ".join(str(seat) for seat in seats) if not booking.is_whole else ""
    is_one_day = begins.date() == ends.date()
    return {
        "pk": booking.pk,
        "reference": booking.reference,
        "space": booking.space.name,
        "places": places,
        "hours": moments.span(begins, ends) if is_one_day else moments.slot(begins, ends),
        "ends": moments.clock(ends.time()),
        "is_now": booking.period.lower <= at,
    }


def _remember(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=A_YEAR_S,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _bare(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    """A page of the tablet: nothing is kept by the browser, nothing else is reached from it."""
    status = WRONG if form.is_bound and form.errors else 200
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
