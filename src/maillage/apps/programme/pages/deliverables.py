"""One deliverable: expected, handed over, accepted, corrected, taken off the list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.programme import accept_deliverable, keep_deliverables, words
from maillage.apps.programme.forms import Day, Described
from maillage.apps.programme.models import Deliverable, Phase
from maillage.apps.programme.next_thing import address
from maillage.apps.programme.pages.common import (
    POST,
    WRITING,
    FormShown,
    dialog_page,
    done,
    form_page,
    of_phase,
    told,
)
from maillage.apps.programme.rules import deliverable_of, may_keep, may_see, phase_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.report import french

ACTS = ("deliver", "accept", "take_back", "edit", "remove", "put_back")


@page(rule=may_see, of=deliverable_of)
def deliverable(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """Where it stands, and what can be done of it."""
    late = words.late_days(of, now().date())
    context = {
        **of_phase(of.phase, Crumb(of.title)),
        "title": of.title,
        "state": words.state(of),
        "late": words.gap(late) if late and of.removed_at is None else "",
        "facts": _facts(of),
        "is_removed": of.removed_at is not None,
        "is_delivered": of.delivered_on is not None,
        "is_accepted": of.accepted_on is not None,
        "may_keep": may_keep(request.user, of),
        "acts": {name: address(of, f"deliverable_{name}") for name in ACTS},
    }
    return render(request, "programme/deliverable.html", context)


def _facts(of: Deliverable) -> list[tuple[str, str]]:
    def day(on: Any) -> str:
        return french.day(on) if on else ""

    return [
        (_("Attendu le"), day(of.due_on)),
        (_("Remis le"), day(of.delivered_on)),
        (_("Service fait le"), day(of.accepted_on)),
        (_("Accepté par"), of.accepted_by.name if of.accepted_by else ""),
    ]


@page(rule=may_keep, of=phase_of, methods=WRITING)
def new(request: HttpRequest, of: Phase) -> HttpResponse:
    """One more deliverable of a phase."""
    form = Described(request.POST or None, initial={"due_on": of.ends_on})
    if form.is_valid() and done(request, form, lambda: _add(request, of, form.cleaned_data)):
        return told(request, _("Le livrable est ajouté."), address(of, "phase"))
    keep = Link(_("Revenir"), address(of, "phase"))
    shown = FormShown(_("Ajouter un livrable"), _("Ajouter le livrable"), keep)
    return form_page(request, form, shown, of_phase(of, Crumb(shown.title)))


def _add(request: HttpRequest, of: Phase, asked: dict[str, Any]) -> None:
    keep_deliverables.add(of, asked["title"], asked["due_on"], by=request.user.pk, at=now())


@page(rule=may_keep, of=deliverable_of, methods=WRITING)
def edit(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """Its title and its day; whoever comes second is told of the first."""
    initial = {"title": of.title, "due_on": of.due_on, "version": of.version}
    form = Described(request.POST or None, initial=initial)

    def act() -> None:
        asked = form.cleaned_data
        keep_deliverables.correct(
            of,
            asked["title"],
            asked["due_on"],
            version=asked["version"] or 0,
            by=request.user.pk,
            at=now(),
        )

    if form.is_valid() and done(request, form, act, of.version):
        return told(request, _("Le livrable est corrigé."), address(of, "deliverable"))
    shown = FormShown(_("Corriger le livrable"), _("Enregistrer le livrable"), _keep(of))
    return form_page(request, form, shown, _frame(of, shown.title))


@page(rule=may_keep, of=deliverable_of, methods=WRITING)
def deliver(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """The day it was handed over."""
    asked = FormShown(
        title=_("Noter la remise de « {title} »").format(title=of.title),
        act=_("Noter la remise"),
        keep=_keep(of),
        lead=f"{words.state(of).capitalize()}.",
        day=_("Remis le"),
        said=_("La remise est notée."),
    )
    return _on_a_day(request, of, accept_deliverable.deliver, asked)


@page(rule=may_keep, of=deliverable_of, methods=WRITING)
def accept(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """The day the service was found done."""
    asked = FormShown(
        title=_("Accepter « {title} »").format(title=of.title),
        act=_("Accepter le livrable"),
        keep=_keep(of),
        lead=_("Le service fait ouvre le paiement de la mission. Vous pourrez annuler."),
        day=_("Service fait le"),
        said=_("Le livrable est accepté."),
    )
    return _on_a_day(request, of, accept_deliverable.accept, asked)


def _on_a_day(request: HttpRequest, of: Deliverable, act: Any, asked: FormShown) -> HttpResponse:
    form = Day(request.POST or None, label=asked.day, initial={"on": now().date()})
    if form.is_valid() and done(
        request, form, lambda: act(of, form.cleaned_data["on"], by=request.user.pk, at=now())
    ):
        return told(request, asked.said, address(of, "deliverable"))
    return form_page(request, form, asked, _frame(of, asked.act))


@page(rule=may_keep, of=deliverable_of, methods=POST)
def take_back(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """Undo its acceptance, or its delivery."""
    accept_deliverable.take_back(of, by=request.user.pk, at=now())
    said = _("L’acceptation est annulée.") if of.accepted_on else _("La remise est annulée.")
    return told(request, said, address(of, "deliverable"))


@page(rule=may_keep, of=deliverable_of, methods=WRITING)
def remove(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """Off the list: said first, then done."""
    if request.method == "POST":
        keep_deliverables.remove(of, by=request.user.pk, at=now())
        said = _("Le livrable est retiré. Vous pouvez le remettre, au bas de la page.")
        return told(request, said, address(of.phase, "phase"))
    dialog = Dialog(
        _("Retirer « {title} » ?").format(title=of.title),
        _("Il ne sera plus attendu. Vous pourrez le remettre dans la liste."),
        _("Retirer le livrable"),
        Link(_("Garder"), address(of, "deliverable")),
    )
    return dialog_page(request, dialog, _frame(of, _("Retirer")))


@page(rule=may_keep, of=deliverable_of, methods=POST)
def put_back(request: HttpRequest, of: Deliverable) -> HttpResponse:
    """On the list again."""
    keep_deliverables.put_back(of, by=request.user.pk, at=now())
    return told(request, _("Le livrable est de nouveau attendu."), address(of.phase, "phase"))


def _keep(of: Deliverable) -> Link:
    return Link(_("Revenir au livrable"), address(of, "deliverable"))


def _frame(of: Deliverable, here: Any) -> dict[str, Any]:
    return of_phase(of.phase, Crumb(of.title, address(of, "deliverable")), Crumb(here))
