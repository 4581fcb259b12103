"""The page of a scenario: its map, its list, what is tried on it and what that costs."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios import moves, slower_shown, trial, tried
from maillage.apps.scenarios.forms import Copying, Saving
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.scenarios.pages.common import POST, WRONG, of_scenario
from maillage.apps.scenarios.rules import (
    may_adopt,
    may_draw,
    may_propose,
    may_read,
    may_retain,
    scenario_of,
)
from maillage.apps.scenarios.trial import MOVES, SITE, Address
from maillage.apps.scenarios.tried import Tried
from maillage.apps.scenarios.versions import fixed_by, latest, name_of
from maillage.apps.studies import compute, follow, study_page
from maillage.apps.studies.compute import UNDER_WAY
from maillage.apps.studies.models import RunState
from maillage.apps.studies.rules import may_publish
from maillage.apps.studies.shown import Shown
from maillage.apps.territories import parts
from maillage.kit.clock import now
from maillage.kit.components import Link, MapPanel
from maillage.kit.pages import is_fragment, page
from maillage.kit.refusal import Refusal
from maillage.report import map as drawn
from maillage.report import what_if


@page(rule=may_read, of=scenario_of)
def scenario(request: HttpRequest, of: Scenario) -> HttpResponse:
    """A scenario: computing, without result, or what it gives with what is tried on it."""
    version = latest(of)
    version.scenario = of
    if version.run.state != RunState.DONE:
        return _not_yet(request, of, version)
    if follow.FOLLOWING in request.GET:
        return _over(request, of)
    return page_of(request, of, version)


def page_of(request: HttpRequest, of: Scenario, version: Version) -> HttpResponse:
    """The page of one version; a move that cannot be made is said, what was tried stays."""
    # what this machine cannot lay at all is refused as a whole
    tried.ground_of(version.run)
    texts = tuple(request.GET.getlist(MOVES))
    refusal, status = "", 200
    chosen = request.GET.get(SITE, "")
    try:
        move = trial.asked_move(request.GET)
        if move is not None:
            tried.of_version(version, (*texts, moves.written(move)))
            texts, chosen = (*texts, moves.written(move)), trial.focus_of(move)
        found = tried.of_version(version, texts)
    except Refusal as refused:
        refusal, status = str(refused), WRONG
        texts, found = _still_possible(version, texts)
    view, views = request.GET.get("vue", ""), study_page.views(_shown(of, version))
    chosen_view = view if view in views else ""
    address = Address(of.get_absolute_url(), texts, chosen, chosen_view, views)
    if request.GET.get("action") and not refusal and not is_fragment(request):
        return redirect(f"{address.to()}#{'lieu' if chosen else 'chiffres'}")
    context = {
        **of_scenario(of),
        **_context(request, of, found, address),
        "refusal": refusal,
    }
    response = render(request, "scenarios/scenario.html", context, status=status)
    if is_fragment(request):
        response.headers["HX-Push-Url"] = address.to()
    return response


def _still_possible(version: Version, texts: tuple[str, ...]) -> tuple[tuple[str, ...], Tried]:
    """The longest beginning of the moves that can be made."""
    for kept in range(len(texts), -1, -1):
        try:
            return texts[:kept], tried.of_version(version, texts[:kept])
        except Refusal:
            continue
    raise Http404(version.pk)


def _context(request: HttpRequest, of: Scenario, found: Tried, address: Address) -> dict[str, Any]:
    version, person = found.version, request.user
    shown = _shown(of, version)
    is_open = of.state != ScenarioState.RETAINED and not of.removed_at
    can_draw = is_open and may_draw(person, of)
    # the drawing stands in for the map where there is no script; a fragment keeps the map it has
    panel = None if is_fragment(request) else _map(shown, found, address)
    villages_href = f"{of.get_absolute_url()}villages/"
    listed = what_if.sites(found.now)
    site = trial.site(found, listed, address)
    return {
        "version": version,
        "by": name_of(version.by),
        "figures": trial.figures(found),
        "trial": trial.said(found, address),
        "tried": found,
        "map": panel,
        "on_map": json.dumps(trial.on_map(found, address)),
        "site": site,
        "proof": _proof(shown, site, found),
        "adding": trial.to_add(found, address),
        "uncovered": trial.uncovered(found, villages_href),
        "villages_href": villages_href,
        "flows": parts.grid("trajets", shown.words["flows"]) if address.view == "trajets" else None,
        "zones": study_page.zones(shown) if address.view == "zones" else None,
        "travel": study_page.travel(shown),
        "sites": trial.sites(listed, address, request.GET),
        "phasing": trial.phasing(found),
        "payers": trial.payers(found),
        "payers_title": trial.PAYERS_TITLE,
        "shown": shown,
        "report": shown.document(_("Rapport PDF"), "report.pdf", "application/pdf"),
        "charts": study_page.charts(shown, ("curve", "front", "carbon")),
        "slower": slower_shown.of_words(shown.words.get("slower"), found, address),
        "documents": study_page.documents(shown),
        "assumed": fixed_by(version),
        "is_stale": tried.is_stale(version.run),
        # trying writes nothing: whoever reads the scenario tries an idea of hers
        "can_try": True,
        "can_draw": can_draw,
        "can_publish": may_publish(person, of.study)
        and of.study.published_run != version.run.number,
        "can_propose": may_propose(person, of),
        "can_retain": may_retain(person, of),
        "can_adopt": of.state == ScenarioState.RETAINED and may_adopt(person, of),
        "saving": Saving(
            initial={"base": version.number}, is_amendment=of.state == ScenarioState.PROPOSED
        ),
        "copying": Copying(initial={"title": _("{title}, copie").format(title=of.title)}),
        "address": address,
    }


def _shown(of: Scenario, version: Version) -> Shown:
    return Shown(of.study, version.run, _run_address(version))


def _proof(shown: Shown, site: dict[str, Any] | None, found: Tried) -> str:
    """What was proved of a site by the search; a try proves nothing more."""
    if site is None or found.is_changed:
        return ""
    entry = shown.site(site["id"])
    return str(entry["proof"]) if entry else ""


def _map(shown: Shown, found: Tried, address: Address) -> MapPanel:
    view = address.view or study_page.AFTER
    base = study_page.map_panel(shown, view, address.site)
    views = [
        Link(link.text, href, link.is_current)
        for link, href in zip(base.views, trial.views(address), strict=True)
    ]
    svg = base.svg
    if found.is_changed and view == study_page.AFTER:
        svg = drawn.draw(drawn.of_outcome(found.now, "after"), drawn.PANEL)
    is_tried = found.is_changed and view == study_page.AFTER
    alternative = drawn.alternative(found.now, "after") if is_tried else base.alternative
    return MapPanel(
        **{
            **vars(base),
            "svg": svg,
            "alternative": alternative,
            "views": views,
            "list_id": study_page.LISTS.get(base.legend, trial.TABLE),
            "tried": "carte-essai",
            "may_drag": view == study_page.AFTER,
        }
    )


@page(rule=may_draw, of=scenario_of, methods=POST)
def stop(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Stop its computation."""
    compute.stop(latest(of).run, by=request.user.pk, at=now())
    return redirect(of)


def _run_address(version: Version) -> str:
    run = version.run
    return reverse("run", args=(run.study_id, run.study.slug, run.number))


def _not_yet(request: HttpRequest, of: Scenario, version: Version) -> HttpResponse:
    version.run.study = of.study
    context = {**of_scenario(of), "version": version, "run": version.run}
    if version.run.state in UNDER_WAY:
        stop_href = f"{of.get_absolute_url()}arreter/" if may_draw(request.user, of) else ""
        context["progress"] = follow.progress(version.run, of.get_absolute_url(), stop_href)
        return render(request, "scenarios/progress.html", context)
    context["message"] = follow.ended(version.run)
    context["previous"] = of.versions.filter(number__lt=of.version).order_by("-number").first()
    context["can_draw"] = may_draw(request.user, of)
    return render(request, "scenarios/without_result.html", context)


def _over(request: HttpRequest, of: Scenario) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": of.get_absolute_url()})
    return redirect(of.get_absolute_url())
