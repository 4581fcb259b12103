"""The photos and the floor plans of a site, their files, the seats placed on a plan."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites import plan_page
from maillage.apps.sites.keep_photos import add_photo
from maillage.apps.sites.keep_plan import add_plan, place_seats
from maillage.apps.sites.list_forms import PhotoForm, PlanForm
from maillage.apps.sites.models import FloorPlan, Photo, Seat, Site
from maillage.apps.sites.pages.common import WRITING, author, frame, status_of
from maillage.apps.sites.pictures import LARGE, MOST_BYTES, SIDES
from maillage.apps.sites.rules import floor_plan_of, may_keep, photo_of, plan_of, present_of
from maillage.kit import files
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.kit.refusal import Refusal

# a folder's files never change: a browser may keep them
KEEP_S = 7 * 24 * 3600


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    is_sent = request.method == "POST"
    return (request.POST, request.FILES) if is_sent else (None, None)


def _data(form: Any) -> bytes:
    # one byte too many is enough to refuse: the rest is not read
    return bytes(form.cleaned_data["file"].read(MOST_BYTES + 1))


@page(rule=may_keep, of=present_of, methods=WRITING)
def photos(request: HttpRequest, of: Site) -> HttpResponse:
    """Those shown, a new one, those removed."""
    form = PhotoForm(*_sent(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_photo(of, _data(form), said["alt"], author(request), credit=said["credit"])
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("La photo est ajoutée."))
            return redirect("site_photos", of.pk)
    rows = list(of.photos.order_by("rank", "pk"))
    context = {
        **frame(of, Crumb(_("Photos")), current="site_photos"),
        "form": form,
        "photos": [_photo(photo) for photo in rows if photo.removed_at is None],
        "removed": [_photo(photo) for photo in rows if photo.removed_at],
    }
    return render(request, "sites/photos.html", context, status=status_of(form))


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "pk": photo.pk,
        "alt": photo.alt,
        "credit": photo.credit,
        "src": reverse("site_photo", args=(photo.pk, "small.webp")),
        "width": photo.width,
        "height": photo.height,
    }


def _size_of(person: Any, pk: int, name: str) -> tuple[Photo, str]:
    return photo_of(person, pk), name


@page(rule=anyone, of=_size_of)
def photo(_request: HttpRequest, of: tuple[Photo, str]) -> HttpResponse:
    """One size of a photo."""
    return _file(*of)


@page(rule=anyone, of=floor_plan_of)
def plan_picture(_request: HttpRequest, of: FloorPlan) -> HttpResponse:
    """The picture of a floor plan."""
    return _file(of, LARGE)


def _file(of: Photo | FloorPlan, name: str) -> HttpResponse:
    if name not in SIDES:
        raise Http404(name)
    response = HttpResponse(files.read(of.folder, name), content_type="image/webp")
    response.headers["Cache-Control"] = f"private, max-age={KEEP_S}"
    return response


@page(rule=may_keep, of=present_of, methods=WRITING)
def plans(request: HttpRequest, of: Site) -> HttpResponse:
    """The levels of a site, a new one, those removed."""
    form = PlanForm(*_sent(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = add_plan(of, _data(form), said["name"], said["alt"], author(request))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Le plan est ajouté. Placez-y maintenant les places."))
            return redirect("floor_plan", of.pk, made.pk)
    rows = list(of.plans.order_by("rank", "pk"))
    context = {
        **frame(of, Crumb(_("Plans")), current="site_plans"),
        "form": form,
        "plans": [plan_page.line(plan) for plan in rows if plan.removed_at is None],
        "removed": [plan_page.line(plan) for plan in rows if plan.removed_at],
    }
    return render(request, "sites/plans.html", context, status=status_of(form))


@page(rule=may_keep, of=plan_of, methods=WRITING)
def plan(request: HttpRequest, of: FloorPlan) -> HttpResponse:
    """Where the seats stand: a click on the picture, or two numbers."""
    rows = Seat.objects.filter(
        space__site=of.site, removed_at=None, space__removed_at=None
    ).select_related("space", "plan")
    seats = list(rows.order_by("space__rank", "space__name", "number"))
    form = plan_page.PlaceForm(
        request.POST if request.method == "POST" else None, seats=seats, plan=of
    )
    if form.is_valid():
        place_seats(of, form.said(), author(request))
        following = form.following()
        if following is None:
            messages.success(request, _("Les places sont posées sur le plan."))
            return redirect("floor_plan", of.site_id, of.pk)
        query = {"place": following} if following else {}
        return redirect(reverse("floor_plan", args=(of.site_id, of.pk), query=query))
    listed = Crumb(_("Plans"), reverse("site_plans", args=(of.site_id,)))
    context = {
        **frame(of.site, listed, Crumb(of.name), current="site_plans"),
        **plan_page.context(of, seats, request.GET.get("place", "")),
        "form": form,
    }
    return render(request, "sites/plan.html", context, status=status_of(form))
