"""The pages of the elected: what to decide, what their commune pays and gets."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from maillage.apps.studies import listing, own_commune
from maillage.apps.studies.models import Run, RunState
from maillage.apps.studies.rules import may_decide, readable
from maillage.apps.studies.shown import Json, Shown
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document, Figure, Link, MapPanel
from maillage.kit.pages import page
from maillage.kit.throttle import Limit, count
from maillage.report import commune_sheet

# a sheet is typeset in a process of its own
SHEETS = Limit("commune-sheets", 60, timedelta(minutes=1))
RULE_MIN = 10.0


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
    mine = own_commune.of_person(request.user, words["communes"])
    context = {
        "crumbs": [Crumb(_("Décisions"))],
        "mine": mine
        and {
            "name": mine["name"],
            "lead": mine.get("title", ""),
            "href": reverse("elected_commune", args=(mine["code"],)),
        },
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
    """What one commune gets and pays, what to ask before voting."""
    of, found = _found(request, code)
    frame = {
        "crumbs": [Crumb(_("Décisions"), reverse("elected")), Crumb(found["name"])],
        "territory_name": short_name(of.study.territory.name),
        "name": found["name"],
        "study_href": of.home,
    }
    if "figures" not in found:
        # a result stored before this page was written
        return render(request, "studies/commune_to_compute.html", frame)
    said = own_commune.words(request.user, of, found)
    context = {
        **frame,
        "said": said,
        "figures": [Figure(**entry) for entry in found["figures"]],
        "map": _map(of, found),
        "site_href": f"{of.home}?lieu={found['site_id']}#lieu-choisi" if found["site_id"] else "",
        "sources": of.words["sources"],
        "sheet": Document(
            _("Fiche d’une page"),
            reverse("elected_commune_sheet", args=(code,)),
            "application/pdf",
        ),
    }
    return render(request, "studies/commune.html", context)


@page(rule=may_decide)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same on one page, to take to the council."""
    of, found = _found(request, code)
    if "figures" not in found:
        raise Http404(code)
    at = now()
    count(SHEETS, str(request.user.pk), at=at)
    said = own_commune.words(request.user, of, found)
    data = commune_sheet.pdf(said, own_commune.drawing(of, found), at=at)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"ma-commune-{slugify(found['name'])}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(request: HttpRequest, code: str) -> tuple[Shown, Json]:
    """The commune in the latest result that the person reads."""
    of = latest(request.user)
    found = of.commune(code) if of else None
    if of is None or found is None:
        raise Http404(code)
    return of, found


def _map(of: Shown, found: Json) -> MapPanel | None:
    drawn = own_commune.drawing(of, found)
    if not drawn:
        return None
    return MapPanel(
        id="carte",
        svg=mark_safe(drawn),  # noqa: S308  (drawn by report.map)
        alternative=found["alternative"],
        list_id="recoit",
        source=of.words["attribution"],
        rule_min=RULE_MIN if of.words["map"]["rule"] else None,
    )
