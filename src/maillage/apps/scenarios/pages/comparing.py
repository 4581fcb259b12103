"""Compare two to four scenarios of a study, side by side; a note of two pages for the vote."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios import compared, listing
from maillage.apps.scenarios.models import Scenario, Version
from maillage.apps.scenarios.pages.common import frame
from maillage.apps.scenarios.rules import may_read
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import study_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.pages import page
from maillage.report import comparison as words

CHOSEN = "s"


@dataclass(frozen=True)
class Asked:
    """The scenarios that an address names, those that have no figures yet, the others."""

    found: list[tuple[Scenario, Version]]
    waiting: list[Scenario]
    every: list[Scenario]


@page(rule=may_read, of=study_of)
def comparison(request: HttpRequest, of: Study) -> HttpResponse:
    """Maps at one scale, coverage, money, impact, proof, and the curve of what is possible."""
    asked = asked_of(request, of)
    home = reverse("scenarios", args=(of.pk, of.slug))
    chosen = [scenario.number for scenario, _version in asked.found]
    context: dict[str, Any] = {
        **frame(of, Crumb(_("Comparer"))),
        "every": [
            {
                "number": s.number,
                "letter": s.letter,
                "title": s.title,
                "is_chosen": s.number in chosen,
            }
            for s in asked.every
        ],
        "waiting": asked.waiting,
        "most": words.MOST,
        "back": Link(_("Revenir aux scénarios"), home),
    }
    if len(asked.found) >= words.FEWEST:
        context |= compared.context(asked.found)
        context["note_href"] = f"note.pdf?{request.GET.urlencode()}"
    return render(request, "scenarios/comparison.html", context)


@page(rule=may_read, of=study_of)
def note(request: HttpRequest, of: Study) -> HttpResponse:
    """The comparison as a PDF of two pages."""
    asked = asked_of(request, of)
    if len(asked.found) < words.FEWEST:
        raise Http404(of.pk)
    at = now()
    response = HttpResponse(
        compared.note_pdf(of, asked.found, at=at), content_type="application/pdf"
    )
    letters = "".join(scenario.letter for scenario, _version in asked.found)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{of.territory_id}-{of.slug}-note-{letters}.pdf"'
    )
    return response


def asked_of(request: HttpRequest, of: Study) -> Asked:
    """What the address names: « s=2,1,3 », or s repeated by a form."""
    named = [text for value in request.GET.getlist(CHOSEN) for text in value.split(",")]
    numbers = list(dict.fromkeys(int(text) for text in named if text.isdecimal()))
    every = listing.in_order(of)
    by_number = {scenario.number: scenario for scenario in every}
    wanted = [by_number[n] for n in numbers if n in by_number][: words.MOST]
    versions = listing.latest_of(wanted)
    found, waiting = [], []
    for scenario in wanted:
        version = versions[scenario.pk]
        version.scenario = scenario
        if version.is_computed:
            found.append((scenario, version))
        else:
            waiting.append(scenario)
    return Asked(found, waiting, every)
