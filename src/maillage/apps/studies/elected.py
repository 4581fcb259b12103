"""The pages of the elected: what to decide, what their commune pays and gets."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.studies import listing
from maillage.apps.studies.models import Run, RunState
from maillage.apps.studies.rules import may_decide, readable
from maillage.apps.studies.shown import Shown
from maillage.apps.territories.names import short_name
from maillage.kit.components import Crumb, Figure, Link
from maillage.kit.pages import page


def latest(person: Any) -> Shown | None:
    """The latest result among the studies that the person reads."""
    run = (
        Run.objects.filter(study__in=readable(person), state=RunState.DONE)
        .select_related("study__territory")
        .order_by("-finished_at", "-pk")
        .first()
    )
    if run is None:
        return None
    study = run.study
    return Shown(study, run, reverse("run", args=(study.pk, study.slug, run.number)))


@page(rule=may_decide)
def decisions(request: HttpRequest) -> HttpResponse:
    """What the council decides, and the communes one by one."""
    of = latest(request.user)
    if of is None:
        context = {"crumbs": [Crumb(_("Décisions"))], "nothing": listing.nothing_to_decide()}
        return render(request, "studies/nothing_to_decide.html", context)
    words = of.words
    context = {
        "crumbs": [Crumb(_("Décisions"))],
        "territory_name": short_name(of.study.territory.name),
        "of": of,
        "words": words,
        "figures": [Figure(**entry) for entry in words["figures"][:4]],
        "report": of.document(_("Rapport pour les élus"), "report.pdf", "application/pdf"),
        "communes": [
            Link(commune["name"], reverse("elected_commune", args=(commune["code"],)))
            for commune in words["communes"]
        ],
    }
    return render(request, "studies/decisions.html", context)


@page(rule=may_decide)
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """What one commune pays and gets."""
    of = latest(request.user)
    found = of.commune(code) if of else None
    if of is None or found is None:
        raise Http404(code)
    site = of.site(found["site_id"]) if found["site_id"] else None
    context = {
        "crumbs": [Crumb(_("Décisions"), reverse("elected")), Crumb(found["name"])],
        "territory_name": short_name(of.study.territory.name),
        "of": of,
        "commune": found,
        "site": site,
        "site_href": f"{of.home}?lieu={found['site_id']}#lieu-choisi" if site else "",
        "hosted": [s for s in of.words["sites"] if s["commune_code"] == code],
        "report": of.document(_("Rapport pour les élus"), "report.pdf", "application/pdf"),
    }
    return render(request, "studies/commune.html", context)
