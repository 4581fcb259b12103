"""The sheet of a site, written part by part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.people.models import Organisation
from maillage.apps.sites import governance_form, hours_form, keep
from maillage.apps.sites.forms import (
    AccessForm,
    EquipmentForm,
    IdentityForm,
    PlaceForm,
    SafetyForm,
    Versioned,
    initial_of,
)
from maillage.apps.sites.governance_form import GovernanceForm
from maillage.apps.sites.hours_form import HoursForm
from maillage.apps.sites.keep_holders import keep_holders
from maillage.apps.sites.models import Site
from maillage.apps.sites.pages.common import WRITING, author, frame, posted, status_of
from maillage.apps.sites.pages.overview import communes_of
from maillage.apps.sites.rules import may_keep, present_of
from maillage.apps.sites.versions import Author, SomebodyElseEdited
from maillage.kit.components import Crumb, Link, Text
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

Make = Callable[[Site, Any], Any]
SIMPLE, HOURS, GOVERNANCE = "form.html", "sites/hours.html", "sites/governance.html"


@dataclass(frozen=True)
class Section:
    """A part of the sheet: its words, its form, its page."""

    title: Text
    lead: Text
    make: Make
    template: str = SIMPLE


@dataclass(frozen=True)
class Written:
    """A part of a site's sheet, as an address names it."""

    site: Site
    section: Section


def _simple(form: type[Versioned]) -> Make:
    return lambda site, data: form(data, initial=initial_of(site))


def _place(site: Site, data: Any) -> PlaceForm:
    return PlaceForm(data, communes=communes_of(site.territory), initial=initial_of(site))


def _hours(site: Site, data: Any) -> HoursForm:
    return HoursForm(data, initial=hours_form.initial_of(site))


def _governance(site: Site, data: Any) -> GovernanceForm:
    bodies = Organisation.objects.filter(territory_siren=site.territory_id).order_by("name")
    holders = list(site.holders.order_by("-share_bp", "pk"))
    return GovernanceForm(
        data,
        bodies=list(bodies.values_list("pk", "name")),
        initial=governance_form.initial_of(site, holders),
    )


SECTIONS: Mapping[str, Section] = {
    "identite": Section(
        gettext_lazy("Le lieu"), gettext_lazy("Son nom, ce qu’on y fait."), _simple(IdentityForm)
    ),
    "adresse": Section(
        gettext_lazy("Adresse et point"),
        gettext_lazy("Le point place le lieu sur la carte et sert à « trouver une place »."),
        _place,
    ),
    "heures": Section(
        gettext_lazy("Heures d’ouverture"),
        gettext_lazy("Rien ne se réserve hors de ces heures."),
        _hours,
        HOURS,
    ),
    "acces": Section(
        gettext_lazy("Accès"),
        gettext_lazy("Ce qu’une personne à mobilité réduite doit savoir avant de venir."),
        _simple(AccessForm),
    ),
    "equipement": Section(
        gettext_lazy("Équipement et services"),
        gettext_lazy("Ce que l’on trouve sur place. Rien de coché : non renseigné."),
        _simple(EquipmentForm),
    ),
    "gestion": Section(
        gettext_lazy("Gestion et encaissement"),
        gettext_lazy("Qui détient le lieu, qui l’exploite, qui encaisse ce qu’il vend."),
        _governance,
        GOVERNANCE,
    ),
    "securite": Section(
        gettext_lazy("Sécurité"),
        gettext_lazy("L’effectif maximal arrête les réservations qui le dépasseraient."),
        _simple(SafetyForm),
    ),
}


def written_of(person: Any, pk: int, section: str) -> Written:
    """A part of the sheet of a site that she keeps."""
    if section not in SECTIONS:
        raise Http404(section)
    return Written(present_of(person, pk), SECTIONS[section])


@page(rule=may_keep, of=written_of, methods=WRITING)
def sheet(request: HttpRequest, of: Written) -> HttpResponse:
    """Write one part; whoever comes second is told who came first."""
    site, section = of.site, of.section
    form = section.make(site, posted(request))
    if form.is_valid():
        try:
            _keep(site, form, author(request))
        except SomebodyElseEdited as refusal:
            # her text is kept; sent again, it is written over what she has now been told
            again = request.POST.copy()
            again["version"] = str(site.version)
            form = section.make(site, again)
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("site_kept", site.pk)
    context = {
        **frame(site, Crumb(section.title)),
        "form": form,
        "shown": {
            "title": f"{site.name} : {str(section.title)[:1].lower()}{str(section.title)[1:]}",
            "lead": section.lead,
            "act": _("Enregistrer"),
            "keep": Link(_("Revenir au lieu"), reverse("site_kept", args=(site.pk,))),
        },
    }
    return render(request, section.template, context, status=status_of(form))


def _keep(site: Site, form: Any, by: Author) -> Site:
    if isinstance(form, GovernanceForm):
        return keep_holders(site, form.said(), by, version=form.base)
    return keep.correct(site, form.said(), by, version=form.base)
