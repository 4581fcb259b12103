"""The dates of a programme: proposed, edited, moved, given up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from maillage.apps.programme import schedule, words
from maillage.apps.programme.forms import Choose, Plan, Start, plan_of
from maillage.apps.programme.models import Programme
from maillage.apps.programme.pages.common import (
    WRITING,
    FormShown,
    back_to_study,
    dialog_page,
    done,
    form_page,
    home_of,
    of_study,
    told,
)
from maillage.apps.programme.processes import Process, processes
from maillage.apps.programme.rules import may_keep, programme_of
from maillage.apps.programme.start import Planned, give_up, start
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import study_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.report import french


@page(rule=may_keep, of=study_of, methods=WRITING)
def new(request: HttpRequest, study: Study) -> HttpResponse:
    """Choose a process and a first day, then agree on the dates that it proposes."""
    chosen = Choose(request.GET if "modele" in request.GET else None)
    if not chosen.is_valid():
        keep = back_to_study(study)
        shown = FormShown(_("Choisir un modèle de programme"), _("Proposer des dates"), keep)
        frame = {**of_study(study, Crumb(shown.title)), "is_asking": True}
        return form_page(request, chosen, shown, frame)
    process = processes()[chosen.cleaned_data["modele"]]
    spans = process.proposed(chosen.cleaned_data["debut"])
    proposed = [
        Planned(step.title, span.starts_on, span.ends_on)
        for step, span in zip(process.steps, spans, strict=True)
    ]
    form = Plan(request.POST or None, planned=proposed, unit=process.unit)
    if form.is_valid() and done(
        request,
        form,
        lambda: start(study, process, form.planned, by=request.user.pk, at=now()),
    ):
        return told(request, _("Le programme est ouvert."), home_of(study))
    return form_page(request, form, _proposal(study, process), _frame(study), PLAN)


PLAN = "programme/plan.html"


def _proposal(study: Study, process: Process) -> FormShown:
    return FormShown(
        title=process.title,
        act=_("Ouvrir le programme"),
        keep=back_to_study(study),
        lead=_("Ces dates sont proposées : corrigez-les, puis ouvrez le programme. {why}").format(
            why=process.why
        ),
    )


def _frame(study: Study) -> dict[str, Any]:
    return of_study(study, Crumb(_("Les dates")))


@page(rule=may_keep, of=programme_of, methods=WRITING)
def dates(request: HttpRequest, of: Programme) -> HttpResponse:
    """The title and the planned days of every phase; whoever comes second is told of the first."""
    planned = plan_of(list(of.phases.all()))
    form = Plan(
        request.POST or None,
        planned=planned,
        unit=words.unit(of),
        initial={"version": of.version},
    )
    if form.is_valid() and done(
        request,
        form,
        lambda: schedule.reschedule(
            of,
            form.planned,
            version=form.cleaned_data["version"] or 0,
            by=request.user.pk,
            at=now(),
        ),
        of.version,
    ):
        return told(request, _("Les dates sont enregistrées."), home_of(of.study))
    shown = FormShown(
        _("Modifier les dates prévues"),
        _("Enregistrer les dates"),
        back_to_study(of.study),
        _("Un livrable attendu le dernier jour de sa phase suit ce jour."),
    )
    return form_page(request, form, shown, _frame(of.study), PLAN)


@page(rule=may_keep, of=programme_of, methods=WRITING)
def move(request: HttpRequest, of: Programme) -> HttpResponse:
    """Shift what has not begun."""
    initial = {"starts_on": of.starts_on, "version": of.version}
    form = Start(request.POST or None, initial=initial)
    moved: list[int] = []

    def act() -> None:
        asked = form.cleaned_data
        days = schedule.move_start(
            of, asked["starts_on"], version=asked["version"] or 0, by=request.user.pk, at=now()
        )
        moved.append(days)

    if form.is_valid() and done(request, form, act, of.version):
        return told(request, _moved(moved[0]), home_of(of.study))
    shown = FormShown(
        _("Décaler le début"),
        _("Décaler le programme"),
        back_to_study(of.study),
        _(
            "Le programme devait commencer le {day}. Ce qui n’a pas commencé se décale d’autant, "
            "livrables compris, et garde sa durée."
        ).format(day=french.day(of.starts_on)),
    )
    return form_page(request, form, shown, of_study(of.study, Crumb(shown.title)))


def _moved(days: int) -> str:
    count = french.count(abs(days), "jour")
    if days > 0:
        return _("Le programme est décalé de {days}.").format(days=count)
    return _("Le programme est avancé de {days}.").format(days=count)


@page(rule=may_keep, of=programme_of, methods=WRITING)
def abandon(request: HttpRequest, of: Programme) -> HttpResponse:
    """Another process may be chosen: said first, then done."""
    if request.method == "POST":
        give_up(of, by=request.user.pk, at=now())
        return told(
            request, _("Le programme est abandonné. Choisissez-en un autre."), home_of(of.study)
        )
    dialog = Dialog(
        _("Abandonner ce programme ?"),
        _("Ses dates et ses livrables seront effacés ; vous pourrez choisir un autre modèle."),
        _("Abandonner le programme"),
        Link(_("Garder"), home_of(of.study)),
    )
    return dialog_page(request, dialog, of_study(of.study, Crumb(_("Abandonner"))))
