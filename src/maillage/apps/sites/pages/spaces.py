"""The spaces of a site as a tree: added, corrected, moved, removed, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites import keep_space, space_page
from maillage.apps.sites.models import Site, Space
from maillage.apps.sites.pages.common import (
    POST,
    WRITING,
    author,
    confirm,
    frame,
    posted,
    status_of,
)
from maillage.apps.sites.rules import may_keep, present_of, present_space_of, space_of
from maillage.apps.sites.space_forms import MoveForm, NewSpace, SpaceForm, initial_of, new_space
from maillage.apps.sites.tree import indented
from maillage.apps.sites.versions import SomebodyElseEdited
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

FORM = "sites/space_form.html"


def under(site: Site, *here: Crumb) -> dict[str, Any]:
    """The frame of a page of the spaces."""
    listed = reverse("site_spaces", args=(site.pk,))
    return frame(site, Crumb(_("Espaces"), listed if here else ""), *here, current="site_spaces")


def address(space: Space) -> str:
    """The page of a space."""
    return reverse("space_kept", args=(space.site_id, space.pk))


@page(rule=may_keep, of=present_of)
def spaces(request: HttpRequest, of: Site) -> HttpResponse:
    """Every space with its seats, a parent above its parts; those removed below."""
    every = list(Space.objects.filter(site=of))
    present = [space for space in every if space.removed_at is None]
    context = {
        **under(of),
        "table": space_page.table(of, present) if present else None,
        "removed": [s for s in every if s.removed_at and _is_top_removed(s, every)],
    }
    return render(request, "sites/spaces.html", context)


def _is_top_removed(space: Space, every: list[Space]) -> bool:
    """Its parts come back with it: they need no button."""
    parent = next((s for s in every if s.pk == space.parent_id), None)
    return parent is None or parent.removed_at != space.removed_at


@page(rule=may_keep, of=present_of, methods=WRITING)
def new(request: HttpRequest, of: Site) -> HttpResponse:
    """A space, under another one when the address says so."""
    key = request.GET.get("dans", "")
    rows = Space.objects.present().filter(site=of)
    parent = rows.filter(pk=int(key)).first() if key.isdigit() else None
    form = NewSpace(posted(request), site=of, initial=new_space())
    if form.is_valid():
        seats = form.cleaned_data["seats"] or 0
        try:
            made = keep_space.add(of, form.said(), author(request), parent=parent, seats=seats)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("« {name} » est ajouté.").format(name=made.name))
            return redirect(address(made))
    lead = _("Dans « {name} ».").format(name=parent.name) if parent else ""
    title = _("Ajouter un espace")
    return _form_page(request, of, form, title, Crumb(title), lead=lead, act=_("Ajouter l’espace"))


@page(rule=may_keep, of=space_of)
def space(request: HttpRequest, of: Space) -> HttpResponse:
    """What it is, how it is booked, its seats one by one, its rules."""
    context = {**under(of.site, Crumb(of.name)), **space_page.context(of)}
    return render(request, "sites/space.html", context)


@page(rule=may_keep, of=present_space_of, methods=WRITING)
def edit(request: HttpRequest, of: Space) -> HttpResponse:
    """Correct a space; whoever comes second is told who came first."""
    form = SpaceForm(posted(request), site=of.site, initial=initial_of(of))
    if form.is_valid():
        try:
            keep_space.correct(of, form.said(), author(request), version=form.base)
        except SomebodyElseEdited as refusal:
            again = request.POST.copy()
            again["version"] = str(of.version)
            form = SpaceForm(again, site=of.site)
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’espace est enregistré."))
            return redirect(address(of))
    title = _("Modifier {name}").format(name=of.name)
    here = (Crumb(of.name, address(of)), Crumb(_("Modifier")))
    return _form_page(request, of.site, form, title, *here, act=_("Enregistrer l’espace"))


def _form_page(
    request: HttpRequest, site: Site, form: Any, title: str, *here: Crumb, **words: str
) -> HttpResponse:
    back = next((crumb.href for crumb in here if crumb.href), "")
    context = {
        **under(site, *here),
        "form": form,
        "shown": {
            "title": title,
            "lead": words.get("lead", ""),
            "act": words["act"],
            "keep": Link(_("Revenir"), back or reverse("site_spaces", args=(site.pk,))),
        },
    }
    return render(request, FORM, context, status=status_of(form))


@page(rule=may_keep, of=present_space_of, methods=WRITING)
def move(request: HttpRequest, of: Space) -> HttpResponse:
    """Under another space, with all its parts."""
    rows = list(Space.objects.present().filter(site=of.site))
    parents = [(key, name) for key, name in indented(rows) if not _is_within(key, of, rows)]
    initial = {"parent": of.parent_id, "version": of.version}
    form = MoveForm(posted(request), parents=parents, initial=initial)
    if form.is_valid():
        parent = next((s for s in rows if s.pk == form.cleaned_data["parent"]), None)
        try:
            keep_space.move(of, parent, author(request), version=form.base)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("« {name} » est déplacé.").format(name=of.name))
            return redirect("site_spaces", of.site_id)
    context = {
        **under(of.site, Crumb(of.name, address(of)), Crumb(_("Déplacer"))),
        "form": form,
        "shown": {
            "title": _("Déplacer {name}").format(name=of.name),
            "lead": _("Ses parties et ses places le suivent."),
            "act": _("Déplacer"),
            "keep": Link(_("Le laisser là"), address(of)),
        },
    }
    return render(request, "form.html", context, status=status_of(form))


def _is_within(key: int, of: Space, rows: list[Space]) -> bool:
    space = next(s for s in rows if s.pk == key)
    return of.pk in space.path


@page(rule=may_keep, of=present_space_of, methods=WRITING)
def removal(request: HttpRequest, of: Space) -> HttpResponse:
    """Off the site with its parts: said first, then done, undone from the list."""
    if request.method == "POST":
        keep_space.remove(of, author(request))
        said = _("« {name} » est retiré. Il reste au bas de la liste, prêt à être rétabli.")
        messages.success(request, said.format(name=of.name))
        return redirect("site_spaces", of.site_id)
    dialog = Dialog(
        _("Retirer « {name} » ?").format(name=of.name),
        _("Il ne se réserve plus, ses parties non plus. Vous pourrez le rétablir."),
        _("Retirer cet espace"),
        Link(_("Le garder"), address(of)),
    )
    listed = Crumb(_("Espaces"), reverse("site_spaces", args=(of.site_id,)))
    return confirm(request, of.site, dialog, listed, Crumb(_("Retirer")))


@page(rule=may_keep, of=space_of, methods=POST)
def restore(request: HttpRequest, of: Space) -> HttpResponse:
    """On the site again, with the parts that left with it."""
    keep_space.take_back(of, author(request))
    messages.success(request, _("« {name} » est rétabli.").format(name=of.name))
    return redirect(address(of))
