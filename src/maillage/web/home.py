"""The home page: the promise, the map of the territory, where the project stands."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.studies import shown as results
from maillage.apps.studies.shown import Shown as Result
from maillage.apps.territories import freshness, parts
from maillage.apps.territories.forms import Search
from maillage.apps.territories.names import short_name
from maillage.apps.territories.parts import Shown
from maillage.kit.components import Figure, MapPanel, Step
from maillage.kit.pages import anyone, page
from maillage.report import french
from maillage.web import published

MOST = 3
PLACES_ID = "lieux"
MEASURES_ID = "mesures"
PORTRAITS_ID = "portraits"


@page(rule=anyone)
def home(request: HttpRequest) -> HttpResponse:
    """The public face of the only territory, or of all of them."""
    portraits, studies = published.portraits(), results.published()
    return freshness.answer(
        request,
        published.version(portraits, studies),
        lambda: render(request, "public/home.html", _context(portraits, studies)),
    )


def _context(portraits: list[Shown], studies: list[Result]) -> dict[str, Any]:
    context: dict[str, Any] = {"form": Search(), "portraits": portraits, "studies": studies}
    if len(portraits) != 1:
        return context | {"map": _featured(portraits, studies)}
    only = portraits[0]
    study = next((s for s in studies if s.study.territory_id == only.siren), None)
    name = only.words["name"]
    return context | {
        "only": only,
        "name": name,
        "territory_name": short_name(name),
        "study": study,
        "map": _study_map(study, PLACES_ID) if study else parts.map_panel(only, MEASURES_ID),
        "lead": study.words["headline"] if study else f"{only.words['map']['title']}.",
        "figures": _figures(only, study),
        "places": study.words["sites"] if study else [],
        "opening": _opening(study) if study else "",
        "steps": _steps(only, study),
        "documents": _documents(only),
    }


def _featured(portraits: list[Shown], studies: list[Result]) -> MapPanel | None:
    """One territory's map stands for all: the latest study's, else the first portrait's."""
    if studies:
        return _study_map(studies[0], PORTRAITS_ID)
    return parts.map_panel(portraits[0], PORTRAITS_ID) if portraits else None


def _figures(only: Shown, study: Result | None) -> list[Figure]:
    # of the portrait, the last ones say most: who leaves, how far a place is
    entries = study.words["figures"][:2] if study else only.words["figures"][-MOST:]
    return [parts.figure(entry) for entry in entries]


def _study_map(study: Result, list_id: str) -> MapPanel:
    drawn = study.words["map"]
    return MapPanel(
        id="carte",
        svg=study.drawing(drawn.get("panel") or drawn["file"]),
        alternative=drawn["alternative"],
        list_id=list_id,
        source=study.words["attribution"],
        rule_min=parts.RULE_MIN if drawn["rule"] else None,
    )


def _opening(study: Result) -> str:
    """When the places would open, as the study says: nothing is promised."""
    years = sorted({s["opening"] for s in study.words["sites"] if str(s["opening"]).isdigit()})
    if not years:
        return ""
    if len(years) == 1:
        return _("Selon l’étude publiée, les lieux ouvriraient en %(year)s.") % {"year": years[0]}
    return _("Selon l’étude publiée, les lieux ouvriraient de %(first)s à %(last)s.") % {
        "first": years[0],
        "last": years[-1],
    }


def _steps(only: Shown, study: Result | None) -> list[Step]:
    first = Step(_month(only.loaded_at), _("Portrait du territoire"), "done", only.words["title"])
    if study is None:
        return [first, Step(_("Ensuite"), _("Étude du réseau"), "now", _("Aucune étude publiée."))]
    computed, shown = study.run.finished_at, study.study.published_at
    count = len(study.words["sites"])
    lists = ngettext("%(n)s lieu proposé.", "%(n)s lieux proposés.", count) % {"n": count}
    return [
        first,
        Step(_month(computed), _("Étude calculée"), "done", lists),
        Step(_month(shown), _("Étude publiée"), "now", _("Chacun peut la lire et la discuter.")),
        Step(_("Ensuite"), _("Choix par le conseil"), "next", _("Aucune décision à ce jour.")),
    ]


def _month(at: Any) -> str:
    """Mars 2026."""
    on: date = at.date()
    return french.day(on).partition(" ")[2].capitalize() if at else ""


def _documents(only: Shown) -> list[Any]:
    tables = only.words["tables"]
    return [
        {"title": table["title"], "files": parts.documents(only, table)} for table in tables[:MOST]
    ]
