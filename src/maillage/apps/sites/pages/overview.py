"""The sites somebody keeps, a new one, and the page of each: the plan against what is there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites import completeness, hours, keep, listing, reality, remove
from maillage.apps.sites.forms import NewSite
from maillage.apps.sites.models import Site
from maillage.apps.sites.pages.common import (
    POST,
    WRITING,
    author,
    confirm,
    frame,
    posted,
    status_of,
)
from maillage.apps.sites.rules import (
    kept,
    may_keep,
    may_keep_somewhere,
    present_of,
    site_of,
    territories,
    territory_of,
)
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french


@page(rule=may_keep_somewhere)
def sites(request: HttpRequest) -> HttpResponse:
    """Every site she keeps: where it stands, what is missing before it opens."""
    rows = list(kept(request.user).select_related("territory").prefetch_related("stages"))
    present = [site for site in rows if site.removed_at is None]
    where = list(territories(request.user).order_by("name")[:2])
    context = {
        "crumbs": [Crumb(_("Les lieux que je gère"))],
        "territory_name": short_name(where[0].name) if len(where) == 1 else "",
        "lead": listing.lead(present, now().date()),
        "table": listing.table(present, request.GET, now().date()) if present else None,
        "nothing": listing.nothing(may_open=bool(where)),
        "may_open": bool(where),
        "removed": [site for site in rows if site.removed_at],
    }
    return render(request, "sites/list.html", context)


@page(rule=may_keep_somewhere)
def choose(request: HttpRequest) -> HttpResponse:
    """In which territory the new site is."""
    where = list(territories(request.user).order_by("name"))
    if len(where) == 1:
        return redirect("site_new_in", where[0].pk)
    context = {
        "crumbs": [
            Crumb(_("Les lieux que je gère"), reverse("sites_kept")),
            Crumb(_("Ouvrir une fiche")),
        ],
        "territories": [
            Link(territory.name, reverse("site_new_in", args=(territory.pk,)))
            for territory in where
        ],
    }
    return render(request, "sites/choose_territory.html", context)


@page(rule=may_keep, of=territory_of, methods=WRITING)
def new(request: HttpRequest, of: Territory) -> HttpResponse:
    """A name and a commune open a sheet."""
    form = NewSite(posted(request), communes=communes_of(of))
    if form.is_valid():
        try:
            made = keep.open_site(of, form.identity(), form.said(), author(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("La fiche de « {name} » est ouverte.").format(name=made.name)
            )
            return redirect("site_kept", made.pk)
    context = {
        "territory_name": short_name(of.name),
        "crumbs": [
            Crumb(_("Les lieux que je gère"), reverse("sites_kept")),
            Crumb(_("Ouvrir une fiche")),
        ],
        "form": form,
        "shown": {
            "title": _("Ouvrir la fiche d’un lieu"),
            "lead": _("Le nom et la commune suffisent. Le reste se complète ensuite."),
            "act": _("Ouvrir la fiche"),
            "keep": Link(_("Revenir aux lieux"), reverse("sites_kept")),
        },
    }
    return render(request, "form.html", context, status=status_of(form))


@page(rule=may_keep, of=site_of)
def site(request: HttpRequest, of: Site) -> HttpResponse:
    """What was planned, what is there, what is missing."""
    context = {**frame(of), **_shown(of), "is_removed": bool(of.removed_at)}
    return render(request, "sites/site.html", context)


def _shown(of: Site) -> dict[str, Any]:
    at = now()
    stages = list(of.stages.order_by("starts_on"))
    counts = completeness.counts([of])[of.pk]
    closures = list(
        of.closures.filter(withdrawn_at=None, period__endswith__gt=at)
        .select_related("space")
        .order_by("period")
    )
    opening = hours.of_site(of, closures)
    target = getattr(of, "target", None)
    return {
        "stage": listing.stage_code(stages, at.date()),
        "tier": of.tier,
        "now_words": hours.now_words(opening, at),
        "missing": completeness.missing(
            of, counts, has_opening=reality.opening(stages, at.date()) is not None
        ),
        "reality": reality.table(of, target, counts.seats, stages, at) if target else None,
        "payers": reality.payers(target) if target else [],
        "measured": reality.measured(of, at),
        "parts": listing.parts(of, list(of.holders.select_related("organisation"))),
        "hours": hours.table(opening, at.date()) if opening else None,
        "hours_text": of.opening_hours,
        "holidays": [
            f"{name}, {french.day(on)}" for on, name in hours.next_holidays(of, at.date())
        ],
        "closures": [
            {"when": hours.closure_words(c, of), "what": str(c.space or ""), "why": c.reason}
            for c in closures
        ],
        "spaces_words": listing.spaces_words(counts),
    }


@page(rule=may_keep, of=present_of, methods=POST)
def listed(request: HttpRequest, of: Site) -> HttpResponse:
    """In the public directory, or out of it."""
    is_listed = request.POST.get("annuaire") == "oui"
    version = int(request.POST.get("version", "0") or 0)
    keep.correct(of, keep.Listing(is_listed=is_listed), author(request), version=version)
    said = (
        _("« {name} » est affiché dans l’annuaire public.")
        if is_listed
        else _("« {name} » n’est plus dans l’annuaire public.")
    )
    messages.success(request, said.format(name=of.name))
    return redirect("site_kept", of.pk)


@page(rule=may_keep, of=present_of, methods=WRITING)
def removal(request: HttpRequest, of: Site) -> HttpResponse:
    """Take a site out of the network: said first, then done, and undone from the list."""
    if request.method == "POST":
        remove.remove(of, author(request))
        said = _("« {name} » est retiré. Il reste au bas de la liste, prêt à être rétabli.")
        messages.success(request, said.format(name=of.name))
        return redirect("sites_kept")
    dialog = Dialog(
        _("Retirer « {name} » ?").format(name=of.name),
        _(
            "Il quitte le réseau et l’annuaire, plus rien ne s’y réserve. Sa fiche, ses espaces "
            "et son historique sont gardés. Vous pourrez le rétablir."
        ),
        _("Retirer ce lieu"),
        Link(_("Le garder"), reverse("site_kept", args=(of.pk,))),
    )
    return confirm(request, of, dialog, Crumb(_("Retirer")))


@page(rule=may_keep, of=site_of, methods=POST)
def restore(request: HttpRequest, of: Site) -> HttpResponse:
    """In the network again."""
    remove.take_back(of, author(request))
    said = _("« {name} » est de nouveau dans le réseau, hors de l’annuaire public.")
    messages.success(request, said.format(name=of.name))
    return redirect("site_kept", of.pk)


def communes_of(territory: Territory) -> list[tuple[str, str]]:
    """The communes of a territory, by name."""
    members = [(member["code"], member["name"]) for member in territory.members]
    return sorted(members, key=lambda member: french.sort_key(member[1]))
