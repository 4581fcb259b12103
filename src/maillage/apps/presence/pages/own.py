"""One's own pages: on site with the Wi-Fi code, the certificate of presence."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.bookings.models import Booking, State
from maillage.apps.people.models import Person
from maillage.apps.presence import presence_days, rules
from maillage.apps.presence.access_codes import shown_code
from maillage.apps.presence.forms import month_of
from maillage.apps.presence.leave import leave
from maillage.apps.presence.models import Access, Arrival
from maillage.apps.presence.pages.common import WRITING, attached
from maillage.apps.presence.today import local_day
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page, signed_in
from maillage.kit.throttle import Limit, count
from maillage.report import french, moments

MONTHS_SHOWN = 12
CERTIFICATES = Limit("presence.certificate", most=20, within=timedelta(hours=1))


@page(rule=signed_in, of=rules.own_booking_of, methods=WRITING)
def on_site(request: HttpRequest, booking: Booking) -> HttpResponse:
    """My place today: where, until when, the Wi-Fi code; I leave."""
    at, site = now(), booking.site
    arrival = Arrival.objects.filter(booking=booking, on=local_day(site, at)).first()
    if request.method == "POST" and arrival is not None:
        leave(arrival, by=request.user.pk, at=at)
        messages.success(request, _("Votre départ est noté. Merci."))
        return redirect("on_site", booking.reference)
    access = Access.objects.filter(site=site).first()
    code = shown_code(booking, access, at=at)
    zone = ZoneInfo(site.zone)
    begins, ends = booking.period.lower.astimezone(zone), booking.period.upper.astimezone(zone)
    context = {
        "crumbs": [Crumb(_("Mes réservations"), "/mes-reservations/"), Crumb(_("Sur place"))],
        "site": {"name": site.name, "address": site.address, "commune": site.commune_name},
        "booking": {
            "reference": booking.reference,
            "space": booking.space.name,
            "slot": moments.slot(begins, ends),
            "is_confirmed": booking.state == State.CONFIRMED,
            "is_over": booking.period.upper <= at,
        },
        "here_since": _clock(arrival.at, zone) if arrival else "",
        "left_at": _clock(arrival.left_at, zone) if arrival and arrival.left_at else "",
        "network": access.network if access else "",
        "code": code.code if code else "",
        "gives_codes": bool(access and access.source != "none"),
        "shown_before": moments.length(access.shown_before_min) if access else "",
    }
    return render(request, "presence/on_site.html", context)


@page(rule=signed_in)
def certificate(request: HttpRequest) -> HttpResponse:
    """The days I was present, a month at a time."""
    at = now()
    said, month, with_site = _said(request)
    months = []
    first = at.date().replace(day=1)
    for _n in range(MONTHS_SHOWN):
        months.append({"value": f"{first:%Y-%m}", "label": french.day(first).partition(" ")[2]})
        first = (first.replace(day=1) - presence_days.A_DAY).replace(day=1)
    context = {
        "crumbs": [Crumb(_("Mes réservations"), "/mes-reservations/"), Crumb(_("Attestation"))],
        "said": said,
        "months": months,
        "month": f"{month:%Y-%m}",
        "with_site": with_site,
    }
    return render(request, "presence/certificate.html", context)


@page(rule=signed_in)
def certificate_pdf(request: HttpRequest) -> HttpResponse:
    """The same, to hand over."""
    count(CERTIFICATES, str(request.user.pk), at=now())
    said, month, _with_site = _said(request)
    data = presence_days.pdf(said, now())
    return attached(data, f"attestation-presence-{month:%Y-%m}.pdf", "application/pdf")


def _said(request: HttpRequest) -> tuple[dict[str, Any], Any, bool]:
    at = now()
    month = month_of(request.GET.get("mois", ""), at.date())
    with_site = request.GET.get("lieu") == "on"
    person = Person.objects.get(pk=request.user.pk or 0)
    days = presence_days.days_of(person, month, with_site=with_site)
    return presence_days.words(person, month, days, at), month, with_site


def _clock(at: Any, zone: ZoneInfo) -> str:
    return moments.clock(at.astimezone(zone).time())
