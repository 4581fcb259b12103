"""The home page of a study: the next thing to do, the calendar, the scenarios, the computations."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.programme import shown, words
from maillage.apps.programme.forms import Choose
from maillage.apps.programme.models import Programme
from maillage.apps.programme.next_thing import Next
from maillage.apps.programme.rules import may_keep, programme_or_none
from maillage.apps.scenarios import home as of_scenarios
from maillage.apps.studies import home
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import may_read, study_of
from maillage.core import programme as core
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document, Link
from maillage.kit.pages import page


@page(rule=may_read, of=study_of)
def study(request: HttpRequest, of: Study) -> HttpResponse:
    """A study: the next thing to do, its calendar, its scenarios, its computations."""
    today = now().date()
    programme = programme_or_none(of)
    runs = home.context(of, request.user, of_scenarios.of_runs(of, request.user))
    keeps = may_keep(request.user, of)
    part = shown.context(programme, today) if programme else {}
    context = {
        **home.frame(of.territory, Crumb(of.title)),
        **runs,
        **of_scenarios.context(of, request.user),
        **part,
        "may_keep": keeps,
        "next_late": words.gap(part["next"].late_days) if part.get("next") else "",
        "primary": _primary(of, runs, part.get("next") if keeps else None),
        "downloads": _downloads(of, programme),
    }
    if programme is None and keeps:
        first = core.after(today.replace(day=1), 1)
        context["choose"] = Choose(initial={"debut": first})
    return render(request, "programme/study.html", context)


def _primary(of: Study, runs: dict[str, Any], upcoming: Next | None) -> Link | None:
    """The one act that the page puts forward."""
    if upcoming is not None:
        return upcoming.act
    said = {"latest": _("Lire le dernier résultat"), "under_way": _("Suivre le calcul")}
    for name, sentence in said.items():
        if run := runs[name]:
            return Link(sentence, reverse("run", args=(of.pk, of.slug, run.number)))
    return None


def _downloads(of: Study, programme: Programme | None) -> list[Document]:
    if programme is None:
        return []
    href = reverse("programme_ics", args=(of.pk, of.slug))
    return [Document(_("Le calendrier"), href, "text/calendar")]
