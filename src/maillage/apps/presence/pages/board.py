"""The manager's board of a day, and what one tap of it notes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.bookings.models import Block, Booking
from maillage.apps.bookings.rules import may_manage
from maillage.apps.presence import board, grid, rules
from maillage.apps.presence.arrive import (
    arrive,
    arrive_on_block,
    undo_arrival,
    welcome_visitor,
)
from maillage.apps.presence.forms import Visitor, WhichDay
from maillage.apps.presence.leave import leave, undo_leave
from maillage.apps.presence.mark_absent import mark_absent, undo_absence
from maillage.apps.presence.models import Arrival, How
from maillage.apps.presence.pages.common import POST, WRONG, day_asked, frame, named
from maillage.apps.presence.today import local_day, read
from maillage.apps.sites.models import Site, SpaceKind
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link
from maillage.kit.pages import page
from maillage.report import moments

A_DAY = timedelta(days=1)
SEATS = "places"


@page(rule=rules.may_keep_somewhere)
def days(request: HttpRequest) -> HttpResponse:
    """The sites whose day she keeps; the only one at once."""
    sites = list(rules.sites(request.user).order_by("commune_name", "name", "pk"))
    if len(sites) == 1:
        return redirect("day", sites[0].pk)
    context = {
        "crumbs": [Crumb(_("Journées"))],
        "sites": [{"pk": s.pk, "name": s.name, "commune": s.commune_name} for s in sites],
        "nothing": Empty(
            _("Aucun lieu à ouvrir."),
            _("La journée d’un lieu se tient une fois le lieu décrit."),
        ),
    }
    return render(request, "presence/days.html", context)


@page(rule=rules.may_keep, of=rules.site_of)
def day(request: HttpRequest, site: Site) -> HttpResponse:
    """Who comes, who is here, what is free, what needs a hand."""
    return render(request, "presence/day.html", _context(request, site))


def _context(request: HttpRequest, site: Site) -> dict[str, Any]:
    at = now()
    on = day_asked(request, local_day(site, at))
    today = read(site, on, at=at)
    is_seat_by_seat = request.GET.get("vue") == SEATS
    return {
        **frame(site),
        "on": on,
        "title": moments.day(on).capitalize(),
        "opening": board.opening(today),
        "clock": moments.clock(at.astimezone(today.zone).time()),
        "is_today": today.is_today,
        "is_to_come": on > local_day(site, at),
        "before": on - A_DAY,
        "after": on + A_DAY,
        "form": WhichDay(initial={"jour": on}, auto_id="jour-%s"),
        "counts": board.counts(today),
        "arrivals": board.arrivals(today),
        "visitors": board.visitors(today),
        "visitor_form": Visitor(auto_id="visite-%s"),
        "alerts": board.alerts(today),
        "incidents": board.incidents(today),
        "services": board.services(site, on),
        "free": board.free_lines(today) if today.is_today else [],
        "drawing": grid.drawn(today, seat_by_seat=is_seat_by_seat),
        "view": "" if is_seat_by_seat else SEATS,
        "is_seat_by_seat": is_seat_by_seat,
        "free_table": board.free_table(today),
        "taken_table": board.taken_table(today),
        "no_space": Empty(
            _("Aucun espace n’est décrit dans ce lieu."),
            _("Sans espace, rien ne se réserve."),
            Link(_("Revenir aux journées"), reverse("days")),
        ),
        "has_seats": bool(today.seats),
        "may_book": may_manage(request.user, site),
        "has_machines": any(one.kind == SpaceKind.MACHINE for one in today.spaces),
    }


@page(rule=rules.may_keep, of=rules.site_of, methods=POST)
def note(request: HttpRequest, site: Site) -> HttpResponse:
    """One tap: an arrival, a departure, an absence, or the same undone."""
    act = ACTS.get(request.POST.get("acte", ""))
    if act is None:
        raise Http404
    on = day_asked(request, local_day(site, now()))
    messages.success(request, act(request, site, on))
    return redirect(f"{reverse('day', args=(site.pk,))}?jour={on.isoformat()}#arrivees")


@page(rule=rules.may_keep, of=rules.site_of, methods=POST)
def visitor(request: HttpRequest, site: Site) -> HttpResponse:
    """Somebody whom nobody expected."""
    form = Visitor(request.POST, auto_id="visite-%s")
    if not form.is_valid():
        context = {**_context(request, site), "visitor_form": form}
        return render(request, "presence/day.html", context, status=WRONG)
    said = form.cleaned_data
    welcome_visitor(site, said["first_name"], said["people"], by=request.user.pk, at=now())
    messages.success(request, _("La visite est notée."))
    return redirect(f"{reverse('day', args=(site.pk,))}#arrivees")


def come(request: HttpRequest, site: Site, on: date, how: str) -> Arrival:
    """The arrival of whom a form names, « booking-12 » or « block-3 »."""
    kind, _dash, key = request.POST.get("qui", "").partition("-")
    by, at = request.user.pk, now()
    if kind == "block":
        block = named(Block.objects.filter(seat__space__site=site), key)
        return arrive_on_block(block, site, on=on, how=how, by=by, at=at)
    return arrive(_booking(site, key), on=on, how=how, by=by, at=at)


def take_back(request: HttpRequest, site: Site) -> None:
    """Undo the arrival that a form names."""
    key = request.POST.get("qui", "")
    arrival = named(Arrival.objects.filter(site=site), key)
    undo_arrival(arrival, by=request.user.pk, at=now())


def _arrive(request: HttpRequest, site: Site, on: date) -> str:
    come(request, site, on, How.TAP)
    return _("L’arrivée est notée.")


def _undo(request: HttpRequest, site: Site, _on: date) -> str:
    take_back(request, site)
    return _("L’arrivée est annulée.")


def _leave(request: HttpRequest, site: Site, _on: date) -> str:
    arrival = named(Arrival.objects.filter(site=site), request.POST.get("qui", ""))
    leave(arrival, by=request.user.pk, at=now())
    return _("Le départ est noté.")


def _stay(request: HttpRequest, site: Site, _on: date) -> str:
    arrival = named(Arrival.objects.filter(site=site), request.POST.get("qui", ""))
    undo_leave(arrival, by=request.user.pk, at=now())
    return _("Le départ est annulé.")


def _absent(request: HttpRequest, site: Site, on: date) -> str:
    mark_absent(_expected(request, site), on=on, by=request.user.pk, at=now())
    return _("L’absence est notée.")


def _not_absent(request: HttpRequest, site: Site, on: date) -> str:
    undo_absence(_expected(request, site), on=on, by=request.user.pk, at=now())
    return _("L’absence est annulée.")


def _expected(request: HttpRequest, site: Site) -> Booking:
    return _booking(site, request.POST.get("qui", "").removeprefix("booking-"))


def _booking(site: Site, key: str) -> Booking:
    return named(Booking.objects.filter(site=site), key)


ACTS: dict[str, Callable[[HttpRequest, Site, date], str]] = {
    "arrivee": _arrive,
    "annuler": _undo,
    "depart": _leave,
    "rester": _stay,
    "absence": _absent,
    "attendre": _not_absent,
}
