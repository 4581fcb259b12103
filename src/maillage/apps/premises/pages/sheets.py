"""One sheet: read, written, corrected, removed, put back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.premises import keep, sheet
from maillage.apps.premises.columns import around
from maillage.apps.premises.fitting import fits_of
from maillage.apps.premises.forms import DescribePremises, initial_of
from maillage.apps.premises.models import Premises
from maillage.apps.premises.pages.common import POST, WRITING, WRONG, confirm, frame
from maillage.apps.premises.remove import put_back, remove
from maillage.apps.premises.rules import (
    may_keep,
    may_read,
    premises_of,
    present_of,
    territory_of,
)
from maillage.apps.premises.weigh import weights_of
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french


@page(rule=may_read, of=premises_of)
def premises(request: HttpRequest, of: Premises) -> HttpResponse:
    """Everything that is known of premises, and what is missing."""
    (fit,) = fits_of(of.territory, [of])
    context = {
        **frame(of.territory, Crumb(of.name)),
        **sheet.context(fit, weights_of(of.territory)),
        "may_keep": may_keep(request.user, of),
    }
    return render(request, "premises/sheet.html", context)


@page(rule=may_keep, of=territory_of, methods=WRITING)
def new(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Describe premises."""
    form = _form(territory, request.POST or None)
    if form.is_valid():
        try:
            made = keep.describe(
                territory,
                form.said(),
                at_town=form.at_town_asked,
                by=request.user.pk,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("« {name} » est décrit.").format(name=made.name))
            return redirect(made)
    words = {
        "title": _("Ajouter un local"),
        "act": _("Ajouter ce local"),
        "keep": Link(_("Revenir aux locaux"), reverse("premises_list", args=(territory.pk,))),
    }
    return _shown(request, form, {**frame(territory, Crumb(_("Ajouter un local"))), **words})


@page(rule=may_keep, of=present_of, methods=WRITING)
def edit(request: HttpRequest, of: Premises) -> HttpResponse:
    """Correct a sheet; whoever comes second is told who came first."""
    form = _form(of.territory, request.POST or None, initial_of(of))
    if form.is_valid():
        try:
            keep.correct(
                of,
                form.said(),
                at_town=form.at_town_asked,
                version=form.cleaned_data["version"] or 0,
                by=request.user.pk,
                at=now(),
            )
        except keep.SomebodyElseEdited as refusal:
            # her text is kept; sent again, it is written over what she has now been told
            form = _form(of.territory, {**request.POST.dict(), "version": str(of.version)})
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La fiche est enregistrée."))
            return redirect(of)
    words = {
        "title": _("Modifier {name}").format(name=of.name),
        "act": _("Enregistrer la fiche"),
        "keep": Link(_("Revenir à la fiche"), of.get_absolute_url()),
    }
    here = (Crumb(of.name, of.get_absolute_url()), Crumb(_("Modifier")))
    return _shown(request, form, {**frame(of.territory, *here), **words})


def _form(
    territory: Territory, data: Any, initial: dict[str, Any] | None = None
) -> DescribePremises:
    where = around(territory)
    communes = sorted(where.members.items(), key=lambda member: french.sort_key(member[1]))
    return DescribePremises(data, communes=communes, has_towns=bool(where.towns), initial=initial)


def _shown(request: HttpRequest, form: DescribePremises, context: dict[str, Any]) -> HttpResponse:
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "premises/form.html", {**context, "form": form}, status=status)


@page(rule=may_keep, of=present_of, methods=WRITING)
def removal(request: HttpRequest, of: Premises) -> HttpResponse:
    """Take premises off the list: said first, then done, and undone from the list."""
    if request.method == "POST":
        remove(of, by=request.user.pk, at=now())
        words = _("« {name} » est retiré. Il reste au bas de la liste, prêt à être rétabli.")
        messages.success(request, words.format(name=of.name))
        return redirect("premises_list", of.territory_id)
    rooms = of.rooms.count()
    loss = _("Il quitte la liste, la carte et les prochaines études. ")
    if rooms:
        loss += _("Son aménagement est gardé avec lui. ")
    dialog = Dialog(
        _("Retirer « {name} » ?").format(name=of.name),
        loss + _("Vous pourrez le rétablir."),
        _("Retirer ce local"),
        Link(_("Le garder"), of.get_absolute_url()),
    )
    here = (Crumb(of.name, of.get_absolute_url()), Crumb(_("Retirer")))
    return confirm(request, of.territory, dialog, *here)


@page(rule=may_keep, of=premises_of, methods=POST)
def restore(request: HttpRequest, of: Premises) -> HttpResponse:
    """On the list again."""
    put_back(of, by=request.user.pk, at=now())
    messages.success(request, _("« {name} » est de nouveau dans la liste.").format(name=of.name))
    return redirect(of)
