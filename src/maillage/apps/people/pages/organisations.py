"""The register of organisations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people import keep_register, scoped
from maillage.apps.people.filters import FilterOrganisations
from maillage.apps.people.forms import Described, NewOrganisation
from maillage.apps.people.models import Organisation, OrganisationKind, Position, Role
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import PEOPLE, WRITING, FormShown, form_page
from maillage.apps.people.rules import (
    may_edit_organisation,
    may_keep_register,
    may_see_organisations,
)
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link, filters_of
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table, sorted_by

ORGANISATIONS = Crumb("Organisations", "/organisations/")
ON_A_PAGE = 50
FIELDS = ("kind", "name", "siren", "siret", "rna")
COLUMNS = (
    Column("name", "Nom", is_sortable=True),
    Column("kind", "Type", is_sortable=True),
    Column("siren", "SIREN"),
    Column("siret", "SIRET"),
    Column("rna", "RNA"),
)


@page(rule=may_see_organisations)
def organisations(request: HttpRequest) -> HttpResponse:
    """The bodies of one's registers."""
    form = FilterOrganisations(request.GET)
    found = scoped.organisations(request.user).order_by("name", "pk")
    if form.is_valid() and form.cleaned_data["kind"]:
        found = found.filter(kind=form.cleaned_data["kind"])
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = sorted_by([_row(body) for body in shown], COLUMNS, request.GET)
    context = {
        "table": Table("organisations", _("Organisations du registre"), COLUMNS, rows),
        "shown": shown,
        "filters": filters_of(form, request.GET),
        "may_keep": may_keep_register(request.user, None),
    }
    return render(request, "people/organisations.html", context)


def _row(body: Organisation) -> Row:
    cells: dict[str, Any] = {
        "name": Link(body.name, f"/organisations/{body.pk}/"),
        "kind": OrganisationKind(body.kind).label,
        "siren": body.siren or None,
        "siret": body.siret or None,
        "rna": body.rna or None,
    }
    return Row(cells, key=str(body.pk))


@page(rule=may_see_organisations, of=scoped.organisation_of)
def organisation(request: HttpRequest, body: Organisation) -> HttpResponse:
    """One body: its numbers, its posts that one may see."""
    posts = Position.objects.filter(organisation=body, pk__in=scoped.positions(request.user))
    holders: dict[int, list[str]] = {}
    current = Role.objects.current(now().date()).filter(position__organisation=body)
    for role in current.select_related("person").order_by("pk"):
        holders.setdefault(role.position_id, []).append(role.person.name)
    context = {
        "name": body.name,
        "pk": body.pk,
        "kind": OrganisationKind(body.kind).label,
        "numbers": [("SIREN", body.siren), ("SIRET", body.siret), ("RNA", body.rna)],
        "posts": [
            {
                "title": post.title,
                "href": f"/personnes/postes/{post.pk}/",
                "holders": ", ".join(holders.get(post.pk, [])),
            }
            for post in posts.filter(closed_on=None).order_by("title", "pk")
        ],
        "may_edit": may_edit_organisation(request.user, body),
        "crumbs": [PEOPLE, ORGANISATIONS, Crumb(body.name)],
    }
    return render(request, "people/organisation.html", context)


@page(rule=may_keep_register, methods=WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a body."""
    registers = _registers(request)
    form = NewOrganisation(request.POST or None, registers=registers)
    if form.is_valid():
        words = form.cleaned_data
        made = keep_register.register(
            keep_register.Described(**{name: words[name] for name in FIELDS}),
            territory_siren=words["register"] or registers[0][0],
            by=me(request),
            at=now(),
        )
        messages.success(request, _("%(name)s est au registre.") % {"name": made.name})
        return HttpResponseRedirect(f"/organisations/{made.pk}/")
    keep = Link(_("Revenir au registre"), ORGANISATIONS.href)
    title, act = _("Ajouter une organisation"), _("Ajouter au registre")
    return form_page(request, form, FormShown(title, act, keep, "", [PEOPLE, ORGANISATIONS]))


def _registers(request: HttpRequest) -> list[tuple[str, str]]:
    scopes = scoped.scopes_of(request.user, "organisations.manage")
    if ("platform", "") in scopes:
        known = Organisation.objects.exclude(territory_siren="").order_by("territory_siren")
        keys = ["", *known.values_list("territory_siren", flat=True).distinct()]
    else:
        keys = list(dict.fromkeys(key for kind, key in scopes if kind == "territory"))
    bodies = Organisation.objects.filter(siren__in=[key for key in keys if key])
    names = dict(bodies.values_list("siren", "name"))
    return [(key, names.get(key, key) if key else _("La plateforme")) for key in keys]


@page(rule=may_edit_organisation, of=scoped.organisation_of, methods=WRITING)
def edit(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Correct what the register says; whoever comes second is told who came first."""
    initial = {name: getattr(body, name) for name in (*FIELDS, "version")}
    form = Described(request.POST or None, initial=initial)
    keep = Link(_("Revenir à la fiche"), f"/organisations/{body.pk}/")
    crumbs = [PEOPLE, ORGANISATIONS, Crumb(body.name, f"/organisations/{body.pk}/")]
    shown = FormShown(_("Corriger la fiche"), _("Enregistrer la fiche"), keep, "", crumbs)
    if not form.is_valid():
        return form_page(request, form, shown)
    words = form.cleaned_data
    try:
        keep_register.correct(
            body,
            keep_register.Described(**{name: words[name] for name in FIELDS}),
            version=words["version"] or 0,
            by=me(request),
            at=now(),
        )
    except keep_register.SomebodyElseEdited as refusal:
        # her text is kept; sent again, it is written over what she has now been told
        again = Described({**request.POST.dict(), "version": str(body.version)})
        again.add_error(None, str(refusal))
        return form_page(request, again, shown)
    messages.success(request, _("La fiche est enregistrée."))
    return HttpResponseRedirect(f"/organisations/{body.pk}/")
