"""The pages of the elected: what to decide, what their commune pays and gets."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from maillage.apps.scenarios import listing, own_commune, put_shown
from maillage.apps.scenarios.before_council import Before, read
from maillage.apps.scenarios.pages.comparing import CHOSEN
from maillage.apps.scenarios.rules import may_decide
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


@page(rule=may_decide)
def decisions(request: HttpRequest) -> HttpResponse:
    """What the council decides, and the communes one by one."""
    before = _before(request)
    if before is None:
        context = {"crumbs": [Crumb(_("Décisions"))], "nothing": listing.nothing_to_decide()}
        return render(request, "scenarios/nothing_to_decide.html", context)
    of, words = before.of, before.of.words
    mine = own_commune.of_person(request.user, words["communes"])
    context = {
        "crumbs": [Crumb(_("Décisions"))],
        "territory_name": short_name(of.study.territory.name),
        **put_shown.context(before),
        "mine": mine
        and {
            "name": mine["name"],
            "lead": mine.get("title", ""),
            "href": _to(request, "elected_commune", mine["code"]),
        },
        "words": words,
        "figures": [Figure(**entry) for entry in words["figures"][:4]],
        "report": of.document(_("Rapport pour les élus"), "report.pdf", "application/pdf"),
        "communes": [
            Link(commune["name"], _to(request, "elected_commune", commune["code"]))
            for commune in words["communes"]
        ],
    }
    return render(request, "scenarios/decisions.html", context)


@page(rule=may_decide)
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """What one commune gets and pays, what to ask before voting."""
    before, found = _found(request, code)
    of = before.of
    frame = {
        "crumbs": [Crumb(_("Décisions"), _to(request, "elected")), Crumb(found["name"])],
        "territory_name": short_name(of.study.territory.name),
        "name": found["name"],
        "study_href": of.home,
        "which": before.which,
        "others": put_shown.others(before, reverse("elected_commune", args=(code,))),
    }
    if "figures" not in found:
        # a result stored before this page was written
        return render(request, "scenarios/commune_to_compute.html", frame)
    said = own_commune.words(request.user, before, found)
    context = {
        **frame,
        "said": said,
        "figures": [Figure(**entry) for entry in found["figures"]],
        "map": _map(of, found),
        "site_href": put_shown.site_href(before, found["site_id"]),
        "sources": of.words["sources"],
        "sheet": Document(
            _("Fiche d’une page"),
            _to(request, "elected_commune_sheet", code),
            "application/pdf",
        ),
    }
    return render(request, "scenarios/commune.html", context)


@page(rule=may_decide)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same on one page, to take to the council."""
    before, found = _found(request, code)
    if "figures" not in found:
        raise Http404(code)
    at = now()
    count(SHEETS, str(request.user.pk), at=at)
    said = own_commune.words(request.user, before, found)
    data = commune_sheet.pdf(said, own_commune.drawing(before.of, found), at=at)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"ma-commune-{slugify(found['name'])}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _before(request: HttpRequest) -> Before | None:
    """What the person reads: the scenario that the address names, else the one to decide on."""
    asked = request.GET.get(CHOSEN, "")
    if not asked:
        return read(request.user)
    before = read(request.user, int(asked)) if asked.isdecimal() else None
    if before is None:
        raise Http404(asked)
    return before


def _to(request: HttpRequest, name: str, *parts: Any) -> str:
    """Another page of the same scenario."""
    asked = request.GET.get(CHOSEN, "")
    return reverse(name, args=parts) + (f"?{CHOSEN}={asked}" if asked else "")


def _found(request: HttpRequest, code: str) -> tuple[Before, Json]:
    """The commune in the result that the person reads."""
    before = _before(request)
    found = before.of.commune(code) if before else None
    if before is None or found is None:
        raise Http404(code)
    return before, found


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
