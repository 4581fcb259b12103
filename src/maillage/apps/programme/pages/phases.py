"""One phase: its dates, what it hands over, its beginning and its end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.programme import follow_phase, shown, words
from maillage.apps.programme.forms import Day
from maillage.apps.programme.models import Phase
from maillage.apps.programme.next_thing import address
from maillage.apps.programme.pages.common import (
    POST,
    WRITING,
    FormShown,
    done,
    form_page,
    of_phase,
    of_study,
    told,
)
from maillage.apps.programme.rules import may_keep, may_see, phase_of
from maillage.core import programme as core
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.pages import page


@page(rule=may_see, of=phase_of)
def phase(request: HttpRequest, of: Phase) -> HttpResponse:
    """Its dates, its deliverables, who works on it."""
    today = now().date()
    listed = list(of.deliverables.all())
    days = core.slippage_days(of.dates, today)
    context = {
        **of_study(of.programme.study, Crumb(words.name(of))),
        "name": words.name(of),
        "planned": words.planned(of),
        "real": words.real(of),
        "late": words.gap(days) if days > 0 else "",
        "gap": words.phase_gap(of, today),
        "state": of.dates.state,
        "parts": [shown.part(one, today) for one in listed if one.removed_at is None],
        "removed": [
            {"title": one.title, "put_back": address(one, "deliverable_put_back")}
            for one in listed
            if one.removed_at is not None
        ],
        "commissions": [
            shown.line_of(signed)
            for signed in of.programme.commissions.all()
            if of in signed.phases.all()
        ],
        "may_keep": may_keep(request.user, of),
        "acts": _addresses(of),
    }
    return render(request, "programme/phase.html", context)


def _addresses(of: Phase) -> dict[str, str]:
    names = ("begin", "finish", "take_back")
    return {name: address(of, f"phase_{name}") for name in names} | {
        "add": address(of, "deliverable_new")
    }


@page(rule=may_keep, of=phase_of, methods=WRITING)
def begin(request: HttpRequest, of: Phase) -> HttpResponse:
    """Its first day."""
    asked = FormShown(
        title=_("Commencer « {title} »").format(title=of.title),
        act=_("Noter le début"),
        keep=_keep(of),
        lead=_("Prévu {planned}.").format(planned=words.planned(of)),
        day=_("Premier jour"),
        said=_("Le début est noté."),
    )
    return _on_a_day(request, of, follow_phase.begin, asked)


@page(rule=may_keep, of=phase_of, methods=WRITING)
def finish(request: HttpRequest, of: Phase) -> HttpResponse:
    """Its last day."""
    lead = _("Prévu {planned}. Les livrables non remis restent attendus.")
    asked = FormShown(
        title=_("Terminer « {title} »").format(title=of.title),
        act=_("Noter la fin"),
        keep=_keep(of),
        lead=lead.format(planned=words.planned(of)),
        day=_("Dernier jour"),
        said=_("La fin est notée."),
    )
    return _on_a_day(request, of, follow_phase.finish, asked)


def _on_a_day(request: HttpRequest, of: Phase, act: Any, asked: FormShown) -> HttpResponse:
    form = Day(request.POST or None, label=asked.day, initial={"on": now().date()})
    if form.is_valid() and done(
        request,
        form,
        lambda: act(of, form.cleaned_data["on"], by=request.user.pk, at=now()),
    ):
        return told(request, asked.said, address(of, "phase"))
    return form_page(request, form, asked, of_phase(of, Crumb(asked.act)))


@page(rule=may_keep, of=phase_of, methods=POST)
def take_back(request: HttpRequest, of: Phase) -> HttpResponse:
    """Undo its end, or its beginning."""
    follow_phase.take_back(of, by=request.user.pk, at=now())
    said = _("Sa fin est annulée.") if of.finished_on else _("Son début est annulé.")
    return told(request, said, address(of, "phase"))


def _keep(of: Phase) -> Link:
    return Link(_("Revenir sans rien noter"), address(of, "phase"))
