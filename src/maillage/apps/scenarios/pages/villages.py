"""« Pourquoi pas ce village ? »: choose a commune, have its price computed, impose it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.scenarios import village_shown as shown
from maillage.apps.scenarios import villages as asking_of
from maillage.apps.scenarios.forms import TITLE_MAX, Copying
from maillage.apps.scenarios.models import Scenario, Version, VillagePrice
from maillage.apps.scenarios.open_scenario import with_village
from maillage.apps.scenarios.pages.common import POST, author, of_scenario
from maillage.apps.scenarios.pages.overview import communes_of
from maillage.apps.scenarios.rules import may_draw, may_read, scenario_of
from maillage.apps.scenarios.versions import latest
from maillage.apps.studies.follow import FOLLOWING
from maillage.apps.studies.models import RunState
from maillage.kit.components import Crumb, Message
from maillage.kit.pages import is_fragment, page
from maillage.kit.refusal import Refusal
from maillage.report import french

COMMUNE = "commune"
Target = tuple[Scenario, str]


def village_of(person: Any, pk: int, slug: str, number: int, code: str) -> Target:
    """A commune of the territory of a scenario; 404 for the others."""
    of = scenario_of(person, pk, slug, number)
    if code not in dict(communes_of(of.study)):
        raise Http404(code)
    return of, code


def may_ask(person: Any, target: Target) -> bool:
    """Whoever reads the scenario: the elected ask for their own village."""
    return may_read(person, target[0])


def may_impose(person: Any, target: Target) -> bool:
    """Those who make the study."""
    return may_draw(person, target[0])


@page(rule=may_read, of=scenario_of)
def villages(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Every commune without a place; the form leads to the page of the one chosen."""
    chosen = request.GET.get(COMMUNE, "")
    if chosen in dict(communes_of(of.study)):
        return redirect(_href(of, chosen))
    version = latest(of)
    is_computed = version.run.state == RunState.DONE
    table = shown.listed(of, version, request.GET) if is_computed else None
    without = {row.key for row in table.rows} if table else set()
    context = {
        **of_scenario(of, Crumb(_("Pourquoi pas ce village ?"))),
        "table": table,
        "choices": [pair for pair in communes_of(of.study) if pair[0] in without],
        "message": None if is_computed else Message("info", asking_of.NotComputedYet.sentence),
    }
    return render(request, "scenarios/villages.html", context)


@page(rule=may_ask, of=village_of)
def village(request: HttpRequest, target: Target) -> HttpResponse:
    """A commune: what can be asked, where its computation stands, or its answer."""
    of, code = target
    version = latest(of)
    row = version.run.villages.filter(commune_code=code).first()
    context = _frame(of, code)
    if row is not None and shown.is_under_way(row):
        stop = f"{_href(of, code)}arreter/" if _may_stop(request, of, row) else ""
        context["progress"] = shown.progress(row, _href(of, code), stop)
        return render(request, "scenarios/village_progress.html", context)
    if FOLLOWING in request.GET:
        return _over(request, _href(of, code))
    if row is not None and row.state == RunState.DONE:
        context |= shown.answer(of, version, row)
        context["can_draw"] = may_draw(request.user, of)
        context["form"] = _form(of, context["name"])
        return render(request, "scenarios/village.html", context)
    context["message"] = _why_not(version, code) or (row and shown.ended(row))
    context["can_ask"] = row is None or row.state != RunState.REFUSED
    context["can_ask"] = context["can_ask"] and not _why_not(version, code)
    return render(request, "scenarios/village_to_ask.html", context)


def _why_not(version: Version, code: str) -> Message | None:
    """What is known without any computation."""
    if version.run.state != RunState.DONE:
        return Message("info", asking_of.NotComputedYet.sentence)
    try:
        asking_of.refuse(version.run, code)
    except Refusal as refusal:
        return Message("warning", str(refusal))
    return None


def _may_stop(request: HttpRequest, of: Scenario, row: VillagePrice) -> bool:
    """Whoever asked, and those who make the study."""
    return row.asked_by == request.user.pk or may_draw(request.user, of)


@page(rule=may_ask, of=village_of, methods=POST)
def asking(request: HttpRequest, target: Target) -> HttpResponse:
    """Have it computed."""
    of, code = target
    try:
        asking_of.ask(of, code, author(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect(_href(of, code))


@page(rule=may_ask, of=village_of, methods=POST)
def stopping(request: HttpRequest, target: Target) -> HttpResponse:
    """Stop its computation."""
    of, code = target
    row = latest(of).run.villages.filter(commune_code=code).first()
    if row is None or not _may_stop(request, of, row):
        raise Http404(code)
    asking_of.stop(of, row, author(request))
    return redirect(_href(of, code))


@page(rule=may_impose, of=village_of, methods=POST)
def imposing(request: HttpRequest, target: Target) -> HttpResponse:
    """A new scenario with a place in the commune; this one stays as it was."""
    of, code = target
    form = Copying(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(_href(of, code))
    title, version = form.cleaned_data["title"], latest(of)
    made = with_village(version, code, title, settings.DATA_FOLDER, author(request))
    messages.success(
        request,
        _("Le scénario {letter} est créé ; « {title} » n’a pas changé.").format(
            letter=made.letter, title=of.title
        ),
    )
    return redirect(made)


def _frame(of: Scenario, code: str) -> dict[str, Any]:
    name = dict(communes_of(of.study))[code]
    here = Crumb(_("Pourquoi pas ce village ?"), f"{of.get_absolute_url()}villages/")
    words = {"name": name, "at_name": french.at(name), "href": _href(of, code)}
    return {**of_scenario(of, here, Crumb(name)), **words}


def _form(of: Scenario, name: str) -> Copying:
    title = _("{title}, avec {name}").format(title=of.title, name=name)
    return Copying(initial={"title": title[:TITLE_MAX]})


def _href(of: Scenario, code: str) -> str:
    return f"{of.get_absolute_url()}villages/{code}/"


def _over(request: HttpRequest, href: str) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": href})
    return redirect(href)
