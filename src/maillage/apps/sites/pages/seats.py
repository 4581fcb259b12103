"""The seats of a space and its rules by group and hour."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.sites import keep_seats, space_page
from maillage.apps.sites.keep_rules import keep_rules
from maillage.apps.sites.models import Seat, Space
from maillage.apps.sites.pages.common import POST, WRITING, author, posted, status_of
from maillage.apps.sites.pages.spaces import address, under
from maillage.apps.sites.rules import may_keep, present_space_of, seat_of
from maillage.apps.sites.space_forms import RulesForm, SeatsForm
from maillage.apps.sites.versions import SomebodyElseEdited
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

LABEL_MAX = 60


@page(rule=may_keep, of=present_space_of, methods=POST)
def count(request: HttpRequest, of: Space) -> HttpResponse:
    """How many seats; one that is booked stays, and it is said until when."""
    form = SeatsForm(request.POST)
    if form.is_valid():
        try:
            keep_seats.set_count(of, form.cleaned_data["seats"], author(request))
        except Refusal as refusal:
            form.add_error("seats", str(refusal))
        else:
            messages.success(request, _("Le nombre de places est enregistré."))
            return redirect(address(of))
    context: dict[str, Any] = {
        **under(of.site, Crumb(of.name)),
        **space_page.context(of),
        "seats_form": form,
    }
    return render(request, "sites/space.html", context, status=status_of(form))


@page(rule=may_keep, of=present_space_of, methods=POST)
def labels(request: HttpRequest, of: Space) -> HttpResponse:
    """The words beside the numbers."""
    said = {
        seat.pk: request.POST.get(f"label_{seat.pk}", "").strip()[:LABEL_MAX]
        for seat in of.seats.filter(removed_at=None)
    }
    keep_seats.label(of, said, author(request))
    messages.success(request, _("Les noms des places sont enregistrés."))
    return redirect(address(of))


@page(rule=may_keep, of=seat_of, methods=POST)
def out_of_order(request: HttpRequest, of: Seat) -> HttpResponse:
    """Nobody may take it from now on."""
    keep_seats.put_out_of_order(of, author(request))
    said = _("La place {n} est hors service. Les réservations déjà faites restent à déplacer.")
    messages.success(request, said.format(n=of.number))
    return redirect(address(of.space))


@page(rule=may_keep, of=seat_of, methods=POST)
def back(request: HttpRequest, of: Seat) -> HttpResponse:
    """It may be taken again."""
    keep_seats.put_back(of, author(request))
    messages.success(request, _("La place {n} est de nouveau en service.").format(n=of.number))
    return redirect(address(of.space))


@page(rule=may_keep, of=present_space_of, methods=WRITING)
def rules(request: HttpRequest, of: Space) -> HttpResponse:
    """All the rules of a space, written again."""
    if request.method == "POST" and "autre" in request.POST:
        more = request.POST.copy()
        more["rows_shown"] = str(RulesForm(request.POST).count + 1)
        return _rules_page(request, of, RulesForm(more), is_read=False)
    form = RulesForm(posted(request), rules=list(of.rules.order_by("pk")), version=of.version)
    if form.is_valid():
        try:
            keep_rules(of, form.said(), author(request), version=form.base)
        except SomebodyElseEdited as refusal:
            again = request.POST.copy()
            again["version"] = str(of.version)
            form = RulesForm(again)
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les règles sont enregistrées."))
            return redirect(address(of))
    return _rules_page(request, of, form)


def _rules_page(
    request: HttpRequest, of: Space, form: RulesForm, *, is_read: bool = True
) -> HttpResponse:
    context = {
        **under(of.site, Crumb(of.name, address(of)), Crumb(_("Règles"))),
        "form": form,
        "is_read": is_read,
        "space": {"name": of.name},
        "back": address(of),
    }
    status = status_of(form) if is_read else 200
    return render(request, "sites/rules.html", context, status=status)
