"""The fit-out of premises: propose rooms, write them, read what they cost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.premises import fit_out_page, keep_rooms
from maillage.apps.premises.fitting import shipped
from maillage.apps.premises.keep import SomebodyElseEdited
from maillage.apps.premises.models import Premises
from maillage.apps.premises.pages.common import WRONG, attached, frame
from maillage.apps.premises.room_forms import Propose, Rooms
from maillage.apps.premises.rules import may_keep, may_read, present_of
from maillage.core import fit_out
from maillage.core.bad_input import BadInput
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import refusals

# what a row beyond the rooms is asked by
ANOTHER = "autre"


@page(rule=may_read, of=present_of)
def rooms(request: HttpRequest, of: Premises) -> HttpResponse:
    """What the rooms hold and cost; those in charge go on to write them."""
    saved = keep_rooms.rooms_of(of)
    if may_keep(request.user, of):
        proposed = _proposed(request, of)
        form = Rooms(rooms=proposed or saved, version=of.version)
        return _page(request, of, form, proposed=proposed)
    return _page(request, of, None)


@page(rule=may_keep, of=present_of, methods=("POST",))
def write(request: HttpRequest, of: Premises) -> HttpResponse:
    """Save the rooms as they are written, all of them."""
    if ANOTHER in request.POST:
        # a row more is the same form again, not yet read
        return _page(request, of, Rooms.with_one_more(request.POST))
    form = Rooms(request.POST, rooms=(), version=of.version)
    if form.is_valid():
        try:
            keep_rooms.keep_rooms(
                of,
                form.said(),
                version=form.cleaned_data["version"] or 0,
                by=request.user.pk,
                at=now(),
            )
        except SomebodyElseEdited as refusal:
            again = {**request.POST.dict(), "version": str(of.version)}
            form = Rooms(again, rooms=(), version=of.version)
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’aménagement est enregistré."))
            return redirect("premises_fit_out", of.territory_id, of.pk)
    return _page(request, of, form, status=WRONG)


def _proposed(request: HttpRequest, of: Premises) -> tuple[fit_out.Room, ...]:
    """Rooms for the number of seats asked, or for the area of the premises."""
    try:
        if "places" in request.GET:
            form = Propose(request.GET)
            return (
                fit_out.proposal(form.cleaned_data["places"], shipped()) if form.is_valid() else ()
            )
        if "surface" in request.GET and of.area_m2 is not None:
            return fit_out.proposal_within(of.area_m2, shipped())
    except BadInput as error:
        messages.warning(request, refusals.sentence(error))
    return ()


def _page(
    request: HttpRequest,
    of: Premises,
    form: Rooms | None,
    *,
    proposed: tuple[fit_out.Room, ...] = (),
    status: int = 200,
) -> HttpResponse:
    saved = keep_rooms.rooms_of(of)
    address = reverse("premises_fit_out_file", args=(of.territory_id, of.pk))
    downloads = [Document(_("Mobilier et travaux"), address, "text/csv")]
    context: dict[str, Any] = {
        **frame(of.territory, Crumb(of.name, of.get_absolute_url()), Crumb(_("Aménagement"))),
        **fit_out_page.context(of, saved, downloads),
        "name": of.name,
        "pk": of.pk,
        "form": form,
        "proposed": fit_out_page.proposed_words(of, proposed) if proposed else "",
        "propose": Propose(request.GET if "places" in request.GET else None),
        "has_area": of.area_m2 is not None,
    }
    return render(request, "premises/fit_out.html", context, status=status)


@page(rule=may_read, of=present_of)
def furniture(request: HttpRequest, of: Premises) -> HttpResponse:  # noqa: ARG001
    """The lines of cost for a spreadsheet."""
    data = fit_out_page.csv(of, keep_rooms.rooms_of(of))
    return attached(data, f"local-{of.pk}-{fit_out_page.FILE}")
