"""What else is kept at the desk: the sheet, incidents, visits of services, attendance."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.presence import attendance, board, next_sheet, rules
from maillage.apps.presence.count_visits import MOST_VISITS, TooManyVisits, count_visits
from maillage.apps.presence.forms import MendIncident, TellIncident
from maillage.apps.presence.models import Incident
from maillage.apps.presence.pages.common import (
    POST,
    WRITING,
    attached,
    day_asked,
    frame,
    named,
    status_of,
)
from maillage.apps.presence.report_incident import Told, close_incident, report_incident
from maillage.apps.presence.today import local_day, read
from maillage.apps.sites.models import Audience, Seat, Site, SiteService, Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import moments
from maillage.report.files import grid_csv, grid_excel


@page(rule=rules.may_keep, of=rules.site_of)
def sheet(request: HttpRequest, site: Site) -> HttpResponse:
    """The day on paper: it is enough to open without us."""
    at = now()
    on = day_asked(request, local_day(site, at) + timedelta(days=1))
    today = read(site, on, at=at)
    context = {
        **frame(site, Crumb(_("Feuille du jour"))),
        "title": moments.day(on).capitalize(),
        "opening": board.opening(today),
        "lines": next_sheet.lines(today),
        "on": on,
        "printed": moments.moment(at.astimezone(today.zone)),
    }
    return render(request, "presence/sheet.html", context)


@page(rule=rules.may_keep, of=rules.site_of, methods=POST)
def visits(request: HttpRequest, site: Site) -> HttpResponse:
    """How many people a service received."""
    at = now()
    on = day_asked(request, local_day(site, at))
    hosted = SiteService.objects.filter(site=site).select_related("site")
    service = named(hosted, request.POST.get("service", ""))
    text = request.POST.get("count", "").strip()
    if not text.isdigit():
        raise TooManyVisits(most=MOST_VISITS)
    count_visits(service, int(text), on=on, by=request.user.pk, at=at)
    messages.success(request, _("{name} : les visites sont comptées.").format(name=service.name))
    return redirect(f"{reverse('day', args=(site.pk,))}?jour={on.isoformat()}#aussi")


@page(rule=rules.may_keep, of=rules.site_of, methods=WRITING)
def incident_new(request: HttpRequest, site: Site) -> HttpResponse:
    """Something does not work."""
    spaces = list(Space.objects.present().filter(site=site).order_by("rank", "pk"))
    seats = list(
        Seat.objects.filter(space__in=spaces, removed_at=None)
        .select_related("space__site")
        .order_by("space__rank", "number")
    )
    form = TellIncident(request.POST or None, spaces=spaces, seats=seats)
    if form.is_valid():
        said = form.cleaned_data
        told = Told(
            said["what"],
            said["severity"],
            space=form.spaces.get(said["where"]),
            seat=form.seats.get(said["where"]),
            takes_seat=said["takes_seat"],
        )
        try:
            report_incident(site, told, by=request.user.pk, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’incident est signalé."))
            return redirect("day", site.pk)
    context = {
        **frame(site, Crumb(_("Signaler un incident"))),
        "form": form,
        "title": _("Signaler un incident"),
        "act": _("Signaler"),
    }
    return render(request, "presence/form.html", context, status=status_of(form))


@page(rule=rules.may_keep, of=rules.incident_of, methods=WRITING)
def incident_close(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Mended."""
    form = MendIncident(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_incident(
                incident, outcome=form.cleaned_data["outcome"], by=request.user.pk, at=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’incident est clos."))
            return redirect("day", incident.site_id)
    lead = ""
    if incident.took_seat and incident.seat:
        lead = _("{space}, place {n} : elle pourra de nouveau être réservée.").format(
            space=incident.seat.space.name, n=incident.seat.number
        )
    context = {
        **frame(incident.site, Crumb(_("Clore un incident"))),
        "form": form,
        "title": _("Clore : {what}").format(what=incident.what),
        "lead": lead,
        "act": _("Clore l’incident"),
    }
    return render(request, "presence/form.html", context, status=status_of(form))


@page(rule=rules.may_keep, of=rules.site_of)
def attended(request: HttpRequest, site: Site) -> HttpResponse:
    """Who came, week by week."""
    audiences, names, services = _weeks(site)
    empty = _("Aucune arrivée notée ces douze dernières semaines.")
    profiles = {str(value): str(label) for value, label in Audience.choices}
    files = [
        Document(title, reverse(route, args=(site.pk,)), "text/csv")
        for title, route in (
            (_("Données ouvertes"), "day_attendance_csv"),
            (_("Pour un tableur"), "day_attendance_excel"),
        )
    ]
    context = {
        **frame(site, Crumb(_("Fréquentation"))),
        "profiles": attendance.table(
            "profils", _("Arrivées par profil et par semaine"), profiles, audiences, empty
        ),
        "services": attendance.table(
            "services",
            _("Visites des services, par semaine"),
            {name: name for name in names},
            services,
            empty,
        )
        if names
        else None,
        "documents": files,
    }
    return render(request, "presence/attendance.html", context)


@page(rule=rules.may_keep, of=rules.site_of)
def attended_csv(request: HttpRequest, site: Site) -> HttpResponse:  # noqa: ARG001
    """The same as open data."""
    return attached(grid_csv(_grid(site)), f"frequentation-{site.slug}.csv")


@page(rule=rules.may_keep, of=rules.site_of)
def attended_excel(request: HttpRequest, site: Site) -> HttpResponse:  # noqa: ARG001
    """The same for a French spreadsheet."""
    return attached(grid_excel(_grid(site)), f"frequentation-{site.slug}-excel.csv")


def _weeks(site: Site) -> tuple[list[attendance.Week], list[str], list[attendance.Week]]:
    last = local_day(site, now())
    names, services = attendance.by_service(site, last)
    return attendance.by_audience(site, last), names, services


def _grid(site: Site) -> Any:
    audiences, names, services = _weeks(site)
    return attendance.grid(audiences, services, names)
