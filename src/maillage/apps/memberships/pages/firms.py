"""Firms of a territory: nomad, resident, own premises, what became of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.memberships import firm_path
from maillage.apps.memberships.forms import StageForm
from maillage.apps.memberships.models import FirmStage, Outcome, Stage
from maillage.apps.memberships.pages.members import MEMBERS
from maillage.apps.memberships.rules import (
    firm_of,
    firms,
    may_see_members,
    sites,
    steps_of,
    territories,
)
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.form_page import POST, WRITING, FormShown, form_page, posted
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link, Step
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Column, Row, Table, sorted_by
from maillage.report import french

PATHS = "/adherents/entreprises/"


@page(rule=may_see_members)
def paths(request: HttpRequest) -> HttpResponse:
    """Each firm with its latest step."""
    found = list(firms(request.user).order_by("name", "pk"))
    last: dict[int, FirmStage] = {}
    steps = FirmStage.objects.filter(
        organisation__in=found, territory__in=territories(request.user)
    )
    for step in steps.select_related("site").order_by("starts_on"):
        last[step.organisation_id] = step
    columns = (
        Column("name", _("Entreprise"), is_sortable=True),
        Column("stage", _("Étape"), is_sortable=True),
        Column("since", _("Depuis")),
        Column("site", _("Lieu")),
        Column("outcome", _("Issue")),
    )
    rows = [_row(firm, last.get(firm.pk)) for firm in found]
    followed = sum(firm.pk in last for firm in found)
    context = {
        "crumbs": [MEMBERS, Crumb(_("Parcours des entreprises"))],
        "table": Table(
            "entreprises", _("Entreprises"), columns, sorted_by(rows, columns, request.GET)
        )
        if found
        else None,
        "followed": french.count(followed, "entreprise suivie", "entreprises suivies"),
        "nothing": Empty(
            _("Aucune entreprise au registre du territoire."),
            _("Ajoutez-la au registre des organisations, puis notez ses étapes ici."),
        ),
    }
    return render(request, "memberships/paths.html", context)


def _row(firm: Organisation, step: FirmStage | None) -> Row:
    return Row(
        {
            "name": Link(firm.name, reverse("firm_path", args=(firm.pk,))),
            "stage": Stage(step.stage).label if step else None,
            "since": french.day(step.starts_on) if step else None,
            "site": step.site.name if step and step.site else None,
            "outcome": Outcome(step.outcome).label if step and step.outcome else "",
        },
        key=str(firm.pk),
    )


@page(rule=may_see_members, of=firm_of)
def path_page(request: HttpRequest, of: Organisation) -> HttpResponse:
    """The path of one firm."""
    steps = list(steps_of(request.user, of).order_by("starts_on"))
    context = {
        "crumbs": [MEMBERS, Crumb(_("Parcours des entreprises"), PATHS), Crumb(of.name)],
        "name": of.name,
        "pk": of.pk,
        "steps": [_step(step, is_last=step is steps[-1]) for step in steps],
        "nothing": Empty(
            _("Aucune étape notée."),
            _("Notez comment l’entreprise est arrivée : nomade, résidente ou déjà installée."),
        ),
    }
    return render(request, "memberships/path.html", context)


def _step(step: FirmStage, *, is_last: bool) -> Step:
    said = [
        step.site.name if step.site else "",
        str(Outcome(step.outcome).label) if step.outcome else "",
        french.count(step.jobs, "emploi") if step.jobs is not None else "",
        step.note,
    ]
    return Step(
        french.day(step.starts_on),
        Stage(step.stage).label,
        "now" if is_last else "done",
        ". ".join(text for text in said if text),
    )


@page(rule=may_see_members, of=firm_of, methods=WRITING)
def add_step(request: HttpRequest, of: Organisation) -> HttpResponse:
    """Write the next step."""
    form = StageForm(
        posted(request),
        sites=sites(request.user).order_by("name"),
        initial={"starts_on": now().date()},
    )
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        step = firm_path.Step(
            said["stage"],
            said["starts_on"],
            int(said["site"]) if said["site"] else None,
            said["outcome"],
            said["jobs"],
            said["note"],
        )
        try:
            firm_path.record_stage(of, _place(of), step, by=request.user.pk, at=now())
            messages.success(request, _("L’étape est notée."))
            return redirect("firm_path", pk=of.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    keep = Link(_("Revenir au parcours"), reverse("firm_path", args=(of.pk,)))
    crumbs = [MEMBERS, Crumb(_("Parcours des entreprises"), PATHS), Crumb(of.name, keep.href)]
    shown = FormShown(_("Noter une étape"), _("Noter l’étape"), keep, "", crumbs)
    return form_page(request, form, shown)


@page(rule=may_see_members, of=firm_of, methods=POST)
def undo_step(request: HttpRequest, of: Organisation) -> HttpResponse:
    """Remove the last step."""
    firm_path.remove_last(of, _place(of), by=int(request.user.pk or 0), at=now())
    messages.success(request, _("La dernière étape est retirée."))
    return redirect("firm_path", pk=of.pk)


def _place(of: Organisation) -> Territory:
    """The territory of its register."""
    found = Territory.objects.filter(pk=of.territory_siren).first()
    if found is None:
        raise Http404(of.pk)
    return found
