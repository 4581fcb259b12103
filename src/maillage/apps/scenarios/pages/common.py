"""What the pages of scenarios share: the frame, an author, a confirmation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.versions import Author
from maillage.apps.studies.models import Study
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog

FORM = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


def author(request: HttpRequest, reason: str = "") -> Author:
    """Who acts, now."""
    return Author(request.user.pk, now(), reason.strip())


def frame(study: Study, *here: Crumb) -> dict[str, Any]:
    """The way to a page of the scenarios of a study."""
    home = reverse("study", args=(study.pk, study.slug))
    listed = reverse("scenarios", args=(study.pk, study.slug))
    return {
        "study": study,
        "territory_name": short_name(study.territory.name),
        "crumbs": [
            Crumb(_("Études"), reverse("studies")),
            Crumb(study.title, home),
            Crumb(_("Scénarios"), listed if here else ""),
            *here,
        ],
    }


def of_scenario(scenario: Scenario, *here: Crumb) -> dict[str, Any]:
    """The same under one scenario."""
    own = Crumb(scenario.title, scenario.get_absolute_url() if here else "")
    return {**frame(scenario.study, own, *here), "scenario": scenario}


def confirm(request: HttpRequest, scenario: Scenario, dialog: Dialog) -> HttpResponse:
    """Said first, then done."""
    context = {**of_scenario(scenario, Crumb(str(dialog.act))), "dialog": dialog}
    return render(request, "confirm.html", context)


def posted(request: HttpRequest) -> Any:
    """The form's data when it was sent."""
    return request.POST if request.method == "POST" else None
