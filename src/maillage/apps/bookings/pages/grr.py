"""Import an export of GRR: sent, previewed, chosen, confirmed, read again, undone."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.bookings import grr_shown
from maillage.apps.bookings.grr_forms import Becomes, SendExport
from maillage.apps.bookings.grr_models import GrrImport, GrrState
from maillage.apps.bookings.grr_plan import BUCKETS, plan_of
from maillage.apps.bookings.grr_rules import import_of, may_import, may_import_somewhere
from maillage.apps.bookings.grr_shown import A_PAGE, Reported
from maillage.apps.bookings.import_grr import ChangedMeanwhile, import_grr
from maillage.apps.bookings.receive_grr import MOST_BYTES, choose, receive
from maillage.apps.bookings.undo_grr import undo
from maillage.apps.sites.rules import territories, territory_of
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.form_pages import POST, WRITING, WRONG
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


def _frame(territory: Territory, *here: Crumb) -> dict[str, Any]:
    return {
        "territory_name": short_name(territory.name),
        "siren": territory.pk,
        "crumbs": [
            Crumb(_("Les lieux que je gère"), reverse("sites_kept")),
            Crumb(_("Reprendre GRR"), reverse("grr_new", args=(territory.pk,)) if here else ""),
            *here,
        ],
    }


@page(rule=may_import_somewhere)
def choose_territory(request: HttpRequest) -> HttpResponse:
    """In which territory the places of GRR are."""
    where = list(territories(request.user).order_by("name"))
    if len(where) == 1:
        return redirect("grr_new", where[0].pk)
    links = [Link(one.name, reverse("grr_new", args=(one.pk,))) for one in where]
    crumbs = [
        Crumb(_("Les lieux que je gère"), reverse("sites_kept")),
        Crumb(_("Reprendre GRR")),
    ]
    return render(request, "bookings/grr_where.html", {"links": links, "crumbs": crumbs})


@page(rule=may_import, of=territory_of, methods=WRITING)
def new(request: HttpRequest, of: Territory) -> HttpResponse:
    """Send an export: nothing is written before its preview is confirmed."""
    is_sent = request.method == "POST"
    form = SendExport(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = WRONG if is_sent else 200
    if form.is_valid():
        try:
            made = _received(request, of, form)
            return redirect("grr_import", of.pk, made.pk)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            status = refusal.status
    sent = of.grr_imports.order_by("-asked_at", "-pk")[:A_PAGE]
    context = _frame(of) | {
        "form": form,
        "imports": [
            {
                "name": one.name,
                "href": reverse("grr_import", args=(of.pk, one.pk)),
                "at": one.asked_at,
                "state": one.get_state_display(),
            }
            for one in sent.defer("read", "report")
        ],
    }
    return render(request, "bookings/grr_new.html", context, status=status)


def _received(request: HttpRequest, of: Territory, form: SendExport) -> GrrImport:
    sent = form.cleaned_data["file"]
    # one byte too many is enough to refuse: the rest is not read
    data = sent.read(MOST_BYTES + 1)
    prefix = form.cleaned_data["prefixe"]
    return receive(of, sent.name, data, prefix=prefix, by=request.user.pk, at=now())


@page(rule=may_import, of=import_of, methods=WRITING)
def preview(request: HttpRequest, of: GrrImport) -> HttpResponse:
    """What each place, room and booking becomes; then do it."""
    if of.state != GrrState.WAITING:
        return _over(request, of)
    if request.method != "POST":
        return _preview(request, of)
    form = Becomes(request.POST, plan=plan_of(of, at=now()))
    if not form.is_valid():
        return _preview(request, of, form=form)
    try:
        choose(of, form.choices())
        if request.POST.get("faire") != "importer":
            return redirect("grr_import", of.territory_id, of.pk)
        import_grr(of, shown=request.POST.get("vu", ""), by=request.user.pk, at=now())
    except Refusal as refused:
        of.refresh_from_db()
        if of.state != GrrState.WAITING:
            return _over(request, of)
        return _preview(request, of, refusal=refused)
    messages.success(request, _("L’export est repris. Son compte rendu reste ici un mois."))
    return redirect("grr_import", of.territory_id, of.pk)


def _preview(
    request: HttpRequest,
    of: GrrImport,
    *,
    form: Becomes | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    plan = plan_of(of, at=now())
    lines = grr_shown.of_plan(plan.lines)
    shown = form or Becomes(plan=plan)
    hours = grr_shown.hours(plan)
    context = _frame(of.territory, Crumb(_("Aperçu"))) | {
        "title": grr_shown.title(plan, lines),
        "name": of.name,
        "form": shown,
        "groups": [group | {"hours": hours[group["place"].key]} for group in shown.groups()],
        "notes": grr_shown.said(plan),
        "seen": plan.digest,
        "is_ready": not plan.is_empty,
        "act": grr_shown.act(lines),
        "refusal": str(refusal) if refusal else "",
        "has_changed": isinstance(refusal, ChangedMeanwhile),
        **_lines(request, of, lines),
    }
    status = refusal.status if refusal else WRONG if form else 200
    return render(request, "bookings/grr_preview.html", context, status=status)


def _over(request: HttpRequest, of: GrrImport, refusal: Refusal | None = None) -> HttpResponse:
    lines = grr_shown.of_report(of)
    context = _frame(of.territory, Crumb(_("Compte rendu"))) | {
        "title": grr_shown.over(of, lines),
        "name": of.name,
        "is_done": of.state == GrrState.DONE,
        "refusal": str(refusal) if refusal else "",
        "pk": of.pk,
        **_lines(request, of, lines),
    }
    status = refusal.status if refusal else 200
    return render(request, "bookings/grr_over.html", context, status=status)


def _lines(request: HttpRequest, of: GrrImport, lines: Sequence[Reported]) -> dict[str, Any]:
    """The count by bucket, the lines of the one asked, the file of them all."""
    asked = request.GET.get("etat", "")
    bucket = asked if asked in BUCKETS else ""
    kept = [line for line in lines if line.bucket == bucket] if bucket else list(lines)
    listed = Paginator(kept, A_PAGE).get_page(request.GET.get("page"))
    return {
        "whole": grr_shown.whole(lines),
        "buckets": grr_shown.buckets(lines, bucket) if lines else None,
        "bucket": grr_shown.BUCKET_WORDS[bucket] if bucket else "",
        "lines": grr_shown.listed(list(listed)) if kept else None,
        "page": listed,
        "file": reverse("grr_lines", args=(of.territory_id, of.pk)),
    }


@page(rule=may_import, of=import_of)
def lines(_request: HttpRequest, of: GrrImport) -> HttpResponse:
    """Every booking of the file and what it becomes, for a spreadsheet."""
    is_waiting = of.state == GrrState.WAITING
    rows = grr_shown.of_plan(plan_of(of, at=now()).lines) if is_waiting else grr_shown.of_report(of)
    response = HttpResponse(grr_shown.csv(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="grr-{of.pk}.csv"'
    return response


@page(rule=may_import, of=import_of, methods=POST)
def undoing(request: HttpRequest, of: GrrImport) -> HttpResponse:
    """Take away what it made."""
    try:
        undo(of, by=request.user.pk, at=now())
    except Refusal as refused:
        return _over(request, of, refused)
    messages.success(request, _("L’import est annulé."))
    return redirect("grr_import", of.territory_id, of.pk)
