"""Adopt a retained scenario: each site said first, then opened; undone while nobody uses it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.scenarios import adopt, adoption_plan
from maillage.apps.scenarios.adoption_plan import Planned, Preview
from maillage.apps.scenarios.models import Scenario, ScenarioState
from maillage.apps.scenarios.pages.common import FORM, POST, author, of_scenario
from maillage.apps.scenarios.rules import may_adopt, scenario_of
from maillage.apps.scenarios.versions import latest
from maillage.apps.sites import reality
from maillage.apps.sites.models import Adoption, Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table
from maillage.report import french


@page(rule=may_adopt, of=scenario_of, methods=FORM)
def adoption(request: HttpRequest, of: Scenario) -> HttpResponse:
    """What adopting it would do, site by site; then do it."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            done = adopt.adopt(of, author(request))
        except Refusal as refused:
            refusal, status = str(refused), refused.status
        else:
            messages.success(request, _opened(len(done.made)))
            return redirect("scenario_adopt", of.study_id, of.study.slug, of.number)
    context = {**of_scenario(of, Crumb(_("Adopter"))), "refusal": refusal}
    is_retained = of.state == ScenarioState.RETAINED
    if is_retained:
        context |= _shown(of)
    return render(request, "scenarios/adopt.html", context, status=status)


def _opened(count: int) -> str:
    if not count:
        return _("Le plan est adopté : le prévu de chaque lieu est à jour.")
    said = ngettext(
        "Le plan est adopté : {n} lieu est entré dans le réseau, en brouillon.",
        "Le plan est adopté : {n} lieux sont entrés dans le réseau, en brouillon.",
        count,
    )
    return said.format(n=count)


def _shown(of: Scenario) -> dict[str, Any]:
    version = latest(of)
    version.scenario = of
    found = adoption_plan.preview(version)
    last = adopt.last_adoption(of.study.territory_id)
    return {
        "version": version,
        "lead": _lead(found),
        "is_new": found.is_new,
        "table": _table(found),
        "gone": [_linked(site) for site in found.gone],
        "last": _last(last, of) if last else None,
        "on": now().date(),
    }


def _lead(found: Preview) -> str:
    make = french.count(len(found.make), "lieu à créer", "lieux à créer")
    there = french.count(len(found.there), "déjà là", "déjà là")
    return _("{make}, {there}.").format(make=make, there=there)


def _table(found: Preview) -> Table:
    columns = (
        Column("name", _("Lieu")),
        Column("commune", _("Commune")),
        Column("what", _("À l’adoption")),
        Column("seats", _("Places prévues"), is_numeric=True, origin="modelled"),
        Column("year", _("Ouverture prévue"), is_numeric=True),
        Column("days", _("Journées par an"), is_numeric=True, origin="modelled"),
    )
    rows = [_row(planned, _("à créer"), None) for planned in found.make]
    rows += [_row(planned, _what(planned, site, found), site) for planned, site in found.there]
    rows.sort(key=lambda row: str(row.key))
    note = _("Un lieu créé reste en brouillon : il n’est pas dans l’annuaire, rien ne s’y réserve.")
    return Table("adoption", _("Les lieux du plan"), columns, rows, note=note)


def _what(planned: Planned, site: Site, found: Preview) -> str:
    if adoption_plan.is_promised(site, planned, found.version):
        return _("déjà là, à jour")
    if site.removed_at:
        return _("déjà là, retiré du réseau : il le reste")
    if getattr(site, "target", None) is None:
        return _("déjà là : reçoit son prévu")
    return _("déjà là : son prévu est mis à jour")


def _row(planned: Planned, what: str, site: Site | None) -> Row:
    promise = planned.promise
    name: Cell = Mark("tier", promise.tier, planned.name)
    if site is not None:
        name = Mark("tier", promise.tier, site.name, reverse("site_kept", args=(site.pk,)))
    days = reality.interval(
        promise.occupied_days_low, promise.occupied_days, promise.occupied_days_high
    )
    return Row(
        {
            "name": name,
            "commune": planned.commune_name,
            "what": what,
            "seats": promise.seats,
            "year": Number(promise.opening_year, str(promise.opening_year)),
            "days": Number(promise.occupied_days, days),
        },
        key=f"{_ORDER.index(promise.tier)}-{promise.candidate}",
    )


_ORDER: Sequence[str] = ("hub", "mini", "corpo")


def _linked(site: Site) -> Link:
    return Link(f"{site.name}, {site.commune_name}", reverse("site_kept", args=(site.pk,)))


def _last(last: Adoption, of: Scenario) -> dict[str, Any]:
    touched = adopt.touched_of(last)
    return {
        "at": last.at,
        "version": last.version,
        "is_of_this": last.scenario == of.pk,
        "made": len(last.made),
        "touched": french.listed([site.name for site in touched], 3),
    }


@page(rule=may_adopt, of=scenario_of, methods=POST)
def undoing(request: HttpRequest, of: Scenario) -> HttpResponse:
    """The network as it was before the last adoption."""
    last = adopt.last_adoption(of.study.territory_id)
    if last is None or last.scenario != of.pk:
        raise adopt.NothingToUndo
    adopt.undo(last, author(request))
    messages.success(request, _("L’adoption est annulée : le réseau est comme avant."))
    return redirect("scenario_adopt", of.study_id, of.study.slug, of.number)
