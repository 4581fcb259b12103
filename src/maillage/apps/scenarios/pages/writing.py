"""Write a scenario: save what is tried, copy it, change its rules, take a past version back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.premises import for_study
from maillage.apps.scenarios import listing, tried
from maillage.apps.scenarios.change_assumption import change_assumption
from maillage.apps.scenarios.forms import Changing, Copying, Rules, Saving, initial_of
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.scenarios.open_scenario import copy
from maillage.apps.scenarios.pages.common import FORM, POST, WRONG, author, of_scenario, posted
from maillage.apps.scenarios.pages.overview import communes_of
from maillage.apps.scenarios.rename import rename
from maillage.apps.scenarios.rules import may_draw, may_read, scenario_of
from maillage.apps.scenarios.save import restore, save, search_again
from maillage.apps.scenarios.trial import MOVES, Address
from maillage.apps.scenarios.versions import Fixed, SomebodyElseSaved, fixed_by, latest
from maillage.apps.studies import asked
from maillage.core import assumptions
from maillage.core.assumptions import Assumption
from maillage.kit.components import Crumb, Link, Message
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french
from maillage.report.story.annex import SECTIONS


@page(rule=may_draw, of=scenario_of, methods=POST)
def saving(request: HttpRequest, of: Scenario) -> HttpResponse:
    """What is tried becomes the scenario's next version; refused, what was tried is kept."""
    texts = request.POST.getlist(MOVES)
    form = Saving(request.POST, is_amendment=of.state == ScenarioState.PROPOSED)
    if not form.is_valid():
        return _not_saved(request, of, texts, form, Message("danger", _first_error(form)))
    base = of.versions.filter(number=form.cleaned_data["base"]).first()
    if base is None:
        raise Http404(of.pk)
    try:
        version = save(
            of,
            base.number,
            _network(base, texts),
            texts,
            settings.DATA_FOLDER,
            author(request, form.cleaned_data["reason"]),
        )
    except Refusal as refusal:
        act = None
        if isinstance(refusal, SomebodyElseSaved):
            act = Link(_("Voir ses changements"), f"{of.get_absolute_url()}versions/")
        return _not_saved(request, of, texts, form, Message("warning", str(refusal), act))
    messages.success(request, _("La version {n} est enregistrée.").format(n=version.number))
    return redirect(of)


def _not_saved(
    request: HttpRequest, of: Scenario, texts: list[str], form: Saving, message: Message
) -> HttpResponse:
    address = Address(of.get_absolute_url(), tuple(texts))
    context = {
        **of_scenario(of, Crumb(_("Enregistrer"))),
        "message": message,
        "form": form,
        "moves": texts,
        "copying": Copying(initial={"title": _("{title}, copie").format(title=of.title)}),
        "back": Link(_("Revenir à l’essai"), address.to()),
    }
    return render(request, "scenarios/not_saved.html", context, status=409)


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


@page(rule=may_draw, of=scenario_of, methods=POST)
def copying(request: HttpRequest, of: Scenario) -> HttpResponse:
    """What is tried becomes another scenario; this one stays as it was."""
    texts = request.POST.getlist(MOVES)
    form = Copying(request.POST)
    base = request.POST.get("base", "")
    number = int(base) if base.isdecimal() else of.version
    version = of.versions.select_related("run").filter(number=number).first()
    if version is None or not version.is_computed:
        raise Http404(of.pk)
    if form.is_valid():
        network = _network(version, texts)
        made = copy(
            version,
            form.cleaned_data["title"],
            network,
            texts,
            settings.DATA_FOLDER,
            author(request),
        )
        return redirect(made)
    messages.error(request, _first_error(form))
    return redirect(Address(of.get_absolute_url(), tuple(texts)).to())


def _network(version: Version, texts: list[str]) -> Any:
    return tried.of_version(version, tuple(texts)).now.network


@page(rule=may_draw, of=scenario_of, methods=FORM)
def rules(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Other rules: the search finds another network, in another version."""
    version = latest(of)
    premises = for_study.of(of.study.territory)
    form = Rules(
        posted(request),
        communes=communes_of(of.study),
        premises=len(premises),
        initial=initial_of(asked.from_json(version.run.request)) | {"title": of.title},
    )
    base = request.POST.get("base", str(of.version))
    reason = request.POST.get("reason", "")
    if request.method == "POST" and form.is_valid():
        try:
            search_again(
                of,
                int(base) if base.isdecimal() else 0,
                form.request(premises),
                fixed_by(version),
                settings.DATA_FOLDER,
                author(request, reason),
            )
            if form.cleaned_data["title"] != of.title:
                rename(of, form.cleaned_data["title"], author(request))
            return redirect(of)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        **of_scenario(of, Crumb(_("Règles"))),
        "form": form,
        "can_load": True,
        "base": base,
        "reason": reason,
        "is_change": True,
        "act": _("Chercher de nouveau"),
        "keep": Link(_("Ne rien changer"), of.get_absolute_url()),
    }
    status = WRONG if form.is_bound else 200
    return render(request, "scenarios/rules.html", context, status=status)


@page(rule=may_read, of=scenario_of)
def versions(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Who saved what, when and why; the amendments of a proposed scenario."""
    context = {
        **of_scenario(of, Crumb(_("Versions"))),
        "versions": listing.history(of),
        "can_draw": may_draw(request.user, of),
    }
    return render(request, "scenarios/versions.html", context)


@page(rule=may_draw, of=scenario_of, methods=POST)
def restoring(request: HttpRequest, of: Scenario) -> HttpResponse:
    """A past version is the scenario's again."""
    number, base = (request.POST.get(name, "") for name in ("version", "base"))
    if not (number.isdecimal() and of.versions.filter(number=int(number)).exists()):
        raise Http404(of.pk)
    why = request.POST.get("reason", "") or _("Reprise de la version {n}").format(n=number)
    restore(of, int(number), int(base) if base.isdecimal() else 0, author(request, why))
    messages.success(request, _("La version {n} est reprise.").format(n=number))
    return redirect(of)


@page(rule=may_read, of=scenario_of)
def assumed(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Every assumption with its source; those that the scenario fixes say who and why."""
    fixed = fixed_by(latest(of))
    known = assumptions.load()
    sections = {
        title: [
            _assumed(f"{name}.{key}", a, fixed.get(f"{name}.{key}"))
            for key, a in known.section(name).items()
        ]
        for name, title in SECTIONS.items()
    }
    context = {
        **of_scenario(of, Crumb(_("Hypothèses"))),
        "sections": sections,
        "changed_count": len(fixed),
        "can_draw": may_draw(request.user, of),
    }
    return render(request, "scenarios/assumptions.html", context)


def _assumed(key: str, a: Assumption, changed: Fixed | None) -> dict[str, Any]:
    low, high = (french.quantity(v, a.unit) for v in (a.low, a.high))
    return {
        "key": key,
        "why": a.why,
        "source": french.source(a.source),
        "value": french.quantity(a.value, a.unit),
        "range": f"{low} à {high}" if a.is_range else "",
        "unit": french.UNITS[a.unit],
        "changed": french.quantity(changed.value, a.unit) if changed else "",
        "changed_why": changed.why if changed else "",
    }


def assumption_of(person: Any, pk: int, slug: str, number: int, key: str) -> tuple[Scenario, str]:
    """An assumption of a scenario."""
    scenario = scenario_of(person, pk, slug, number)
    if key not in assumptions.load().by_key:
        raise Http404(key)
    return scenario, key


def may_change(person: Any, target: tuple[Scenario, str]) -> bool:
    """Those who make the study."""
    return may_draw(person, target[0])


@page(rule=may_change, of=assumption_of, methods=FORM)
def assumption(request: HttpRequest, target: tuple[Scenario, str]) -> HttpResponse:
    """Another value, with its reason: a version under it is computed."""
    of, key = target
    known = assumptions.load()
    fixed = fixed_by(latest(of)).get(key)
    initial = {
        "base": of.version,
        "value": fixed.value if fixed else None,
        "reason": fixed.why if fixed else "",
    }
    form = Changing(posted(request), key=key, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_assumption(
                of,
                given["base"],
                key,
                given["value"],
                settings.DATA_FOLDER,
                author(request, given["reason"]),
            )
            return redirect(of)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    a = known[key]
    context = {
        **of_scenario(
            of,
            Crumb(_("Hypothèses"), f"{of.get_absolute_url()}hypotheses/"),
            Crumb(french.PARAMETERS.get(key, _("Une hypothèse"))),
        ),
        "form": form,
        "assumption": _assumed(key, a, fixed),
        "keep": Link(_("Ne rien changer"), f"{of.get_absolute_url()}hypotheses/"),
    }
    status = WRONG if form.is_bound else 200
    return render(request, "scenarios/assumption.html", context, status=status)
