"""Import a list: sent, previewed, confirmed, undone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.premises import exports, import_shown
from maillage.apps.premises.forms import SendList
from maillage.apps.premises.import_list import import_list
from maillage.apps.premises.list_plan import plan_of
from maillage.apps.premises.models import Import, ImportState
from maillage.apps.premises.pages.common import POST, WRITING, WRONG, attached, frame
from maillage.apps.premises.receive_list import receive
from maillage.apps.premises.rules import import_of, may_keep, territory_of
from maillage.apps.premises.undo_import import undo
from maillage.apps.territories.models import Territory
from maillage.core.sources.lines import MOST_BYTES
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french


@page(rule=may_keep, of=territory_of, methods=WRITING)
def new(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Send a list: nothing is written before its preview is confirmed."""
    is_sent = request.method == "POST"
    form = SendList(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = 200
    if is_sent:
        status = WRONG
        if form.is_valid():
            try:
                return redirect("import", territory.pk, _received(request, territory, form).pk)
            except Refusal as refusal:
                form.add_error("file", str(refusal))
                status = refusal.status
    context = {
        **frame(territory, Crumb(_("Importer une liste"))),
        "form": form,
        "columns": import_shown.columns(),
    }
    return render(request, "premises/import_new.html", context, status=status)


def _received(request: HttpRequest, territory: Territory, form: SendList) -> Import:
    sent = form.cleaned_data["file"]
    # one byte too many is enough to refuse: the rest is not read
    data = sent.read(MOST_BYTES + 1)
    return receive(territory, sent.name, data, by=request.user.pk, at=now())


@page(rule=may_keep, of=import_of, methods=WRITING)
def preview(request: HttpRequest, of: Import) -> HttpResponse:
    """What the list would do, line by line; then do it."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            import_list(of, shown=request.POST.get("vu", ""), by=request.user.pk, at=now())
            return redirect("import", of.territory_id, of.pk)
        except Refusal as refused:
            refusal, status = str(refused), refused.status
    return _import_page(request, of, refusal, status)


@page(rule=may_keep, of=import_of, methods=POST)
def undoing(request: HttpRequest, of: Import) -> HttpResponse:
    """Put back what was there."""
    try:
        undo(of, by=request.user.pk, at=now())
    except Refusal as refused:
        return _import_page(request, of, str(refused), refused.status)
    return redirect("import", of.territory_id, of.pk)


def _import_page(request: HttpRequest, of: Import, refusal: str, status: int) -> HttpResponse:
    of.refresh_from_db()
    context: dict[str, Any] = {
        **frame(of.territory, Crumb(_("Importer une liste"))),
        "refusal": refusal,
        "pk": of.pk,
        "name": of.name,
    }
    if of.state != ImportState.WAITING:
        context["title"] = _over(of)
        context["is_done"] = of.state == ImportState.DONE
        return render(request, "premises/import_over.html", context, status=status)
    context |= import_shown.context(plan_of(of.territory, of.name, of.text))
    return render(request, "premises/import.html", context, status=status)


def _over(of: Import) -> str:
    if of.state == ImportState.UNDONE:
        return _("Import annulé : la liste est comme avant")
    added = french.count(of.added, _("local ajouté"), _("locaux ajoutés"))
    return f"{added}, {french.count(of.changed, _('modifié'))}"


@page(rule=may_keep, of=territory_of)
def template(request: HttpRequest, territory: Territory) -> HttpResponse:  # noqa: ARG001
    """A list to fill."""
    code = territory.members[0]["code"] if territory.members else ""
    return attached(exports.template(code), "modele-locaux.csv")
