"""The employer's page: for whom it pays, how much, which days; never why nor where."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.memberships import employer, join, listing, words
from maillage.apps.memberships.forms import Authorise, Day
from maillage.apps.memberships.models import EmployerSeat, Use
from maillage.apps.memberships.rules import (
    bodies,
    body_of,
    may_authorise,
    may_read_employer,
    may_withdraw,
    seat_of,
)
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.form_page import WRITING, FormShown, form_page, posted
from maillage.core import programme
from maillage.core.periods import month
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import files, french, moments
from maillage.report import shown as reported

EMPLOYER = "/employeur/"
MONTH = "%Y-%m"


@page(rule=may_read_employer)
def employers(request: HttpRequest) -> HttpResponse:
    """The bodies in whose name one reads: the page of the only one, or their list."""
    found = bodies(request.user)
    if len(found) == 1:
        return redirect("employer", pk=found[0].pk)
    context = {
        "crumbs": [Crumb(_("Employeur"))],
        "bodies": [Link(b.name, reverse("employer", args=(b.pk,))) for b in found],
    }
    return render(request, "memberships/employers.html", context)


@page(rule=may_read_employer, of=body_of)
def employer_page(request: HttpRequest, of: Organisation) -> HttpResponse:
    """A month: who is authorised, the half-days taken, the days."""
    today = now().date()
    first = _month_asked(request.GET.get("mois", ""), today)
    seats = _seats(of, first)
    days = _days(seats, first)
    if request.GET.get("format") == "csv":
        return _file(of, first, seats, days)
    total = sum(half for booked in days.values() for _on, half in booked)
    before, after = programme.after(first, -1), programme.after(first, 1)
    context = {
        "crumbs": [Crumb(of.name)],
        "name": of.name,
        "pk": of.pk,
        "month": moments.month(first),
        "total": words.units(total, "half_day") if total else _("Aucune demi-journée"),
        "people": len(seats),
        "table": listing.employer_table(seats, days, today) if seats else None,
        "may_authorise": may_authorise(request.user, of),
        "before": Link(moments.month(before), f"?mois={before:%Y-%m}"),
        "after": Link(moments.month(after), f"?mois={after:%Y-%m}"),
        "download": f"?mois={first:%Y-%m}&format=csv",
        "nothing": Empty(
            _("Vous ne prenez encore personne en charge."),
            _("Une personne autorisée réserve, et vous recevez une facture par mois."),
        ),
    }
    return render(request, "memberships/employer.html", context)


def _month_asked(text: str, today: date) -> date:
    try:
        return month(text)
    except ValueError:
        return today.replace(day=1)


def _seats(of: Organisation, first: date) -> list[EmployerSeat]:
    """The authorisations that touch a month."""
    follows = programme.after(first, 1)
    rows = EmployerSeat.objects.filter(organisation=of, starts_on__lt=follows)
    touching = rows.filter(ends_on=None) | rows.filter(ends_on__gt=first)
    return list(touching.select_related("person").order_by("person__name", "pk"))


def _days(seats: Sequence[EmployerSeat], first: date) -> dict[int, list[tuple[date, int]]]:
    """authorisation -> (day, half-days), in order."""
    uses = Use.objects.filter(
        employer_seat__in=seats, on__gte=first, on__lt=programme.after(first, 1)
    )
    found: dict[int, dict[date, int]] = {}
    for seat, on, taken in uses.order_by("on").values_list("employer_seat", "on", "taken"):
        if seat is not None:
            by_day = found.setdefault(seat, {})
            by_day[on] = by_day.get(on, 0) + taken
    return {
        seat: [(on, taken) for on, taken in by_day.items() if taken]
        for seat, by_day in found.items()
    }


def _file(
    of: Organisation,
    first: date,
    seats: Sequence[EmployerSeat],
    days: dict[int, list[tuple[date, int]]],
) -> HttpResponse:
    columns = (
        reported.Column("person", "Personne"),
        reported.Column("on", "Jour"),
        reported.Column("half_days", "Demi-journées", is_numeric=True),
    )
    rows = tuple(
        (
            reported.words(seat.person.name),
            reported.words(on.isoformat()),
            reported.Cell(str(half_days), float(half_days)),
        )
        for seat in seats
        for on, half_days in days.get(seat.pk, ())
    )
    data = files.grid_excel(reported.Grid("", columns, rows))
    name = f"jours-{of.pk}-{first:%Y-%m}.csv"
    return HttpResponse(
        data,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@page(rule=may_authorise, of=body_of, methods=WRITING)
def authorise(request: HttpRequest, of: Organisation) -> HttpResponse:
    """From a day on, pay for what somebody books."""
    form = Authorise(posted(request), initial={"starts_on": now().date()})
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        terms = employer.Authorised(said["starts_on"], half_days_a_month=said["half_days"])
        try:
            with transaction.atomic():
                who = join.account_of(said["email"], said["name"])
                employer.authorise(of, who, terms, by=request.user.pk, at=now())
            messages.success(
                request,
                _("{name} peut réserver à vos frais à partir du {day}.").format(
                    name=said["name"], day=french.day(said["starts_on"])
                ),
            )
            return redirect("employer", pk=of.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    lead = _("Vous verrez les jours réservés, jamais le lieu ni le motif.")
    keep = Link(_("Revenir à la page"), reverse("employer", args=(of.pk,)))
    crumbs = [Crumb(of.name, keep.href)]
    shown = FormShown(_("Autoriser une personne"), _("Autoriser"), keep, lead, crumbs)
    return form_page(request, form, shown)


@page(rule=may_withdraw, of=seat_of, methods=WRITING)
def withdraw(request: HttpRequest, of: EmployerSeat) -> HttpResponse:
    """From a day on, pay no longer."""
    form = Day(posted(request), initial={"on": now().date()})
    back = Link(_("Garder l’autorisation"), reverse("employer", args=(of.organisation_id,)))
    if form.is_valid():
        employer.withdraw(of, on=form.cleaned_data["on"], by=request.user.pk, at=now())
        messages.success(
            request,
            _("L’autorisation de {name} est retirée. Ses réservations déjà faites restent.").format(
                name=of.person.name
            ),
        )
        return redirect("employer", pk=of.organisation_id)
    shown = FormShown(
        _("Retirer l’autorisation de {name}").format(name=of.person.name),
        _("Retirer l’autorisation"),
        back,
        _("Les réservations déjà faites à vos frais restent à votre charge."),
        [Crumb(of.organisation.name, back.href)],
    )
    return form_page(request, form, shown)
