"""The stages of a site: dated, in any order, withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites.list_forms import StageForm, today_or
from maillage.apps.sites.models import Site, SiteStage, Stage
from maillage.apps.sites.pages.common import POST, WRITING, author, frame, posted, status_of
from maillage.apps.sites.rules import may_keep, present_of
from maillage.apps.sites.set_stage import set_stage, withdraw_stage
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french


def stage_of(person: Any, pk: int, stage: int) -> SiteStage:
    """A stage of a site that she keeps."""
    site = present_of(person, pk)
    found = get_object_or_404(site.stages.all(), pk=stage)
    found.site = site
    return found


@page(rule=may_keep, of=present_of, methods=WRITING)
def stages(request: HttpRequest, of: Site) -> HttpResponse:
    """Where the site stood and will stand."""
    # an address may carry a stage just withdrawn, to put it back
    kept = {
        "stage": request.GET.get("etape", ""),
        "starts_on": today_or(request.GET.get("du", "")),
    }
    form = StageForm(posted(request), initial=kept)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_stage(of, said["stage"], said["starts_on"], author(request), words=said["note"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’étape est datée."))
            return redirect("site_stages", of.pk)
    today = now().date()
    rows = list(of.stages.order_by("-starts_on"))
    current = next((s for s in rows if s.starts_on <= today), None)
    context = {
        **frame(of, Crumb(_("Étapes")), current="site_stages"),
        "form": form,
        "stages": [
            {
                "pk": s.pk,
                "code": s.stage,
                "day": french.day(s.starts_on),
                "note": s.note,
                "is_current": s is current,
                "is_forecast": s.starts_on > today,
            }
            for s in rows
        ],
    }
    return render(request, "sites/stages.html", context, status=status_of(form))


@page(rule=may_keep, of=stage_of, methods=POST)
def withdraw(request: HttpRequest, of: SiteStage) -> HttpResponse:
    """A stage that did not happen; the form keeps it, to put it back."""
    stage, day = withdraw_stage(of.site, of.pk, author(request))
    said = _(
        "L’étape « {stage} » du {day} est retirée. Le formulaire la garde : datez-la de nouveau "
        "pour la remettre."
    )
    messages.success(request, said.format(stage=Stage(stage).label, day=french.day(day)))
    back = reverse("site_stages", args=(of.site_id,), query={"etape": stage, "du": str(day)})
    return redirect(back)
