"""Links that only read: made and revoked by those who propose, opened by whoever holds one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios import share, trial, tried
from maillage.apps.scenarios.forms import Sharing
from maillage.apps.scenarios.models import Scenario, Share
from maillage.apps.scenarios.pages.common import (
    FORM,
    POST,
    WRONG,
    author,
    of_scenario,
    posted,
)
from maillage.apps.scenarios.rules import may_propose, scenario_of
from maillage.apps.scenarios.trial import Address
from maillage.apps.studies import downloads, study_page
from maillage.apps.studies.shown import Shown
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.kit.refusal import Refusal
from maillage.report import what_if


@page(rule=may_propose, of=scenario_of, methods=FORM)
def sharing(request: HttpRequest, of: Scenario) -> HttpResponse:
    """The links of a scenario, and a new one."""
    form = Sharing(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = share.share(
                of,
                form.cleaned_data["label"],
                lasts_days=form.cleaned_data["days"],
                author=author(request),
            )
            link = request.build_absolute_uri(reverse("shared", args=(secret,)))
            context = {**of_scenario(of, Crumb(_("Partager"))), "link": link}
            return render(request, "scenarios/shared_link.html", context)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    at = now()
    links = Share.objects.filter(version__scenario=of).select_related("version")
    context = {
        **of_scenario(of, Crumb(_("Partager"))),
        "form": form,
        "links": [
            {
                "pk": s.pk,
                "label": s.label,
                "version": s.version.number,
                "expires_at": s.expires_at,
                "is_open": s.revoked_at is None and s.expires_at > at,
                "is_revoked": s.revoked_at is not None,
            }
            for s in links.order_by("-created_at")
        ],
    }
    status = WRONG if form.is_bound else 200
    return render(request, "scenarios/sharing.html", context, status=status)


def share_of(person: Any, pk: int, slug: str, number: int, share_id: int) -> Share:
    """A link of a scenario."""
    scenario = scenario_of(person, pk, slug, number)
    return get_object_or_404(
        Share.objects.select_related("version__scenario__study"),
        pk=share_id,
        version__scenario=scenario,
    )


def may_revoke(person: Any, target: Share) -> bool:
    """Those who share."""
    return may_propose(person, target.version.scenario)


@page(rule=may_revoke, of=share_of, methods=POST)
def revoking(request: HttpRequest, of: Share) -> HttpResponse:
    """Close a link."""
    share.revoke(of, author(request))
    messages.success(request, _("Le lien « {label} » ne s’ouvre plus.").format(label=of.label))
    return redirect(f"{of.version.scenario.get_absolute_url()}partager/")


def opened(_person: Any, secret: str) -> Share:
    """The share of a link that opens; the others do not exist."""
    found = share.opened(secret, now())
    if found is None:
        raise Http404
    return found


@page(rule=anyone, of=opened)
def shared(request: HttpRequest, of: Share) -> HttpResponse:
    """A scenario, to read."""
    version = of.version
    study = version.scenario.study
    shown = _shown(request, of)
    found = tried.of_version(version)
    listed = what_if.sites(found.now)
    chosen = request.GET.get(trial.SITE, "")
    address = Address(request.path, (), chosen)
    view = request.GET.get("vue", "")
    view = view if view in study_page.views(shown) else study_page.AFTER
    context = {
        "crumbs": [Crumb(version.scenario.title)],
        "territory_name": short_name(study.territory.name),
        "study": study,
        "scenario": version.scenario,
        "version": version,
        "expires_at": of.expires_at,
        "figures": trial.figures(found),
        "trial": trial.said(found, address),
        "tried": found,
        "map": study_page.map_panel(shown, view, chosen),
        "zones": study_page.zones(shown) if view == "zones" else None,
        "travel": study_page.travel(shown),
        "site": trial.site(found, listed, address),
        "uncovered": trial.uncovered(found),
        "sites": trial.sites(listed, address, request.GET),
        "phasing": trial.phasing(found),
        "payers": trial.payers(found),
        "payers_title": trial.PAYERS_TITLE,
        "report": shown.document(_("Rapport PDF"), "report.pdf", "application/pdf"),
        "charts": study_page.charts(shown, ("curve", "front", "carbon")),
        "documents": study_page.documents(shown),
    }
    response = render(request, "scenarios/shared.html", context)
    # the address is the secret: it must go nowhere
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@page(rule=anyone)
def shared_file(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    """A file of a shared scenario."""
    response = downloads.answer(request, _shown(request, opened(request.user, secret)), name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shown(request: HttpRequest, of: Share) -> Shown:
    secret = request.resolver_match.kwargs["secret"] if request.resolver_match else ""
    return Shown(of.version.scenario.study, of.version.run, reverse("shared", args=(secret,)))
