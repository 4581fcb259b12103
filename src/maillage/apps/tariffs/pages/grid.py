"""The prices of one resource of a draft, and the prices in force that everybody reads."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Space, SpaceKind
from maillage.apps.tariffs import in_force, keep_list, shown
from maillage.apps.tariffs.form_page import WRITING, posted, status_of
from maillage.apps.tariffs.forms import ResourcePrices
from maillage.apps.tariffs.keep_list import Resource
from maillage.apps.tariffs.models import ListState, PriceList
from maillage.apps.tariffs.rules import list_of, may_keep
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty
from maillage.kit.pages import anyone, page

OF_A_SPACE = "espace-"


@dataclass(frozen=True)
class Written:
    """A resource whose prices are written in a list."""

    price_list: PriceList
    resource: Resource
    name: str


def resource_of(person: Any, pk: int, key: str) -> Written:
    """A kind of spaces, or a space of the operator's sites, in a list of hers."""
    of = list_of(person, pk)
    if key in SpaceKind.values:
        return Written(of, Resource(key), str(SpaceKind(key).label))
    number = key.removeprefix(OF_A_SPACE)
    if not key.startswith(OF_A_SPACE) or not number.isdigit():
        raise Http404(key)
    sites = Q(site__operator=of.operator) | Q(site__collector=of.operator)
    space = get_object_or_404(Space.objects.filter(sites).select_related("site"), pk=number)
    return Written(of, Resource(space.kind, space.pk), f"{space.name}, {space.site.name}")


def may_write(person: Any, of: Written) -> bool:
    """Who keeps the list."""
    return may_keep(person, of.price_list)


@page(rule=may_write, of=resource_of, methods=WRITING)
def prices(request: HttpRequest, of: Written) -> HttpResponse:
    """Write the prices of a resource: one amount a unit and an audience."""
    held, resource = of.price_list, of.resource
    if held.state != ListState.DRAFT:
        raise keep_list.AlreadyVoted
    known = held.prices.filter(space_kind=resource.space_kind, space=resource.space_id or None)
    form = ResourcePrices(posted(request), prices=known, initial={"version": held.version})
    if form.is_valid():
        try:
            keep_list.write_prices(
                held,
                resource,
                form.asked(),
                form.terms(),
                version=form.cleaned_data["version"] or 0,
                by=request.user,  # type: ignore[arg-type]
                at=now(),
            )
            messages.success(request, _("Les prix sont enregistrés dans le brouillon."))
            return redirect("price_list", pk=held.pk)
        except keep_list.SomebodyElseEdited as refusal:
            form.add_error(None, str(refusal))
    back = reverse("price_list", args=(held.pk,))
    context = {
        "crumbs": [
            Crumb(_("Tarifs"), reverse("tariffs")), Crumb(held.name, back), Crumb(of.name),
        ],
        "name": of.name,
        "form": form,
        "back": back,
    }  # fmt: skip
    return render(request, "tariffs/prices.html", context, status=status_of(form))


@page(rule=anyone)
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """The prices of an operator in force today, for everybody."""
    sells = Q(sites_operated__is_listed=True) | Q(sites_collected__is_listed=True)
    operator = get_object_or_404(Organisation.objects.filter(sells).distinct(), pk=pk)
    today = now().date()
    held = in_force.voted_on([operator.pk], today).get(operator.pk)
    found = list(held.prices.select_related("space__site").order_by("pk")) if held else []
    context = {
        "crumbs": [Crumb(_("Les lieux"), "/lieux/"), Crumb(_("Tarifs"))],
        "operator": operator.name,
        "standing": shown.standing(held, today) if held else "",
        "vote": shown.vote_of(held) if held else "",
        "table": shown.grid(held, found) if held else None,
        "nothing": Empty(
            _("Aucun tarif en vigueur aujourd’hui."),
            _("Demandez le prix au lieu avant de venir."),
        ),
    }
    return render(request, "tariffs/public.html", context)
