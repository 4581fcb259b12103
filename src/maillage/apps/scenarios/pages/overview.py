"""The scenarios of a study: the list, a new one, those removed."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.premises import for_study
from maillage.apps.scenarios import listing, remove
from maillage.apps.scenarios.forms import Rules
from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.open_scenario import of_run, open_scenario
from maillage.apps.scenarios.pages.common import (
    FORM,
    POST,
    WRONG,
    author,
    confirm,
    frame,
    posted,
)
from maillage.apps.scenarios.rules import may_draw, may_read, scenario_of
from maillage.apps.studies.models import RunState, Study
from maillage.apps.studies.rules import study_of
from maillage.apps.territories.sources import can_load
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


@page(rule=may_read, of=study_of)
def scenarios(request: HttpRequest, of: Study) -> HttpResponse:
    """Every scenario, those to compare, those removed."""
    found = listing.in_order(of)
    person = request.user
    removed = of.scenarios.exclude(removed_at=None).order_by("number")
    context = {
        **frame(of),
        "scenarios": found,
        "table": listing.table(found) if found else None,
        "nothing": listing.nothing(of, may_draw=may_draw(person, of)),
        "may_draw": may_draw(person, of),
        "removed": list(removed) if may_draw(person, of) else [],
    }
    return render(request, "scenarios/list.html", context)


@page(rule=may_draw, of=study_of, methods=FORM)
def new(request: HttpRequest, of: Study) -> HttpResponse:
    """Rules, then the search: a scenario is computed as soon as it is opened."""
    premises = for_study.of(of.territory)
    form = Rules(
        posted(request),
        communes=communes_of(of),
        premises=len(premises),
        initial={"first_year": now().year + 1},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = open_scenario(
                of,
                form.cleaned_data["title"],
                form.request(premises),
                {},
                settings.DATA_FOLDER,
                author(request),
            )
            return redirect(made)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        **frame(of, Crumb(_("Nouveau scénario"))),
        "form": form,
        "can_load": can_load(of.territory_id, settings.DATA_FOLDER),
        "act": _("Calculer"),
        "keep": Link(_("Revenir aux scénarios"), reverse("scenarios", args=(of.pk, of.slug))),
    }
    status = WRONG if form.is_bound else 200
    return render(request, "scenarios/rules.html", context, status=status)


@page(rule=may_draw, of=study_of, methods=POST)
def from_run(request: HttpRequest, of: Study) -> HttpResponse:
    """A computation of the study becomes a scenario, to be moved and compared."""
    number = request.POST.get("calcul", "")
    run = of.runs.filter(
        number=int(number) if number.isdecimal() else 0, state=RunState.DONE
    ).first()
    if run is None:
        messages.error(request, _("Ce calcul n’a pas de résultat. Choisissez-en un autre."))
        return redirect("study", pk=of.pk, slug=of.slug)
    title = _("Calcul {n}").format(n=run.number)
    return redirect(of_run(run, title, author(request)))


@page(rule=may_draw, of=scenario_of, methods=FORM)
def removal(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Remove a scenario: said first, taken back from the list."""
    listed = reverse("scenarios", args=(of.study_id, of.study.slug))
    if request.method == "POST":
        remove.remove(of, author(request))
        messages.success(
            request,
            _("Le scénario {letter} est retiré. Il se reprend au bas de la liste.").format(
                letter=of.letter
            ),
        )
        return redirect(listed)
    dialog = Dialog(
        _("Retirer « {title} » ?").format(title=of.title),
        _("Il quitte la liste et les comparaisons. Ses versions restent, il se reprend."),
        _("Retirer le scénario"),
        Link(_("Le garder"), of.get_absolute_url()),
    )
    return confirm(request, of, dialog)


@page(rule=may_draw, of=scenario_of, methods=POST)
def return_of(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Take a scenario back."""
    remove.bring_back(of, author(request))
    return redirect(of)


def communes_of(study: Study) -> list[tuple[str, str]]:
    """The communes of a study's territory, by name."""
    return [(member["code"], member["name"]) for member in study.territory.members]
