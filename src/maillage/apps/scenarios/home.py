"""What the home page of a study says of its scenarios, and offers on its computations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.scenarios import listing
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.scenarios.rules import may_draw
from maillage.apps.studies.listing import OfRun
from maillage.apps.studies.models import Run, Study
from maillage.kit.components import Link
from maillage.kit.tables import Act, Cell, Table
from maillage.report import comparison

SHOWN = ("letter", "state", "share", "sites")
# the form that the buttons of the list of computations send
FORM = "en-faire-un-scenario"


def context(study: Study, person: Any) -> dict[str, Any]:
    """What `scenarios/home.html` writes: the scenarios, a new one, their comparison."""
    found = listing.in_order(study)
    draws = may_draw(person, study)
    return {
        "scenarios_table": _table(found) if found else None,
        "no_scenario": listing.nothing(study, may_draw=draws),
        "may_draw": draws,
        "compare_href": _compared(study, found),
        "villages_href": _villages(found),
        "from_run_form": FORM,
    }


def of_runs(study: Study, person: Any) -> OfRun | None:
    """What the list of computations offers: the scenario of each, or to make one of it."""
    if not may_draw(person, study):
        return None
    versions = Version.objects.filter(scenario__study=study, scenario__removed_at=None)
    known = {v.run_id: v.scenario for v in versions.select_related("scenario").order_by("-pk")}

    def offered(run: Run) -> Cell:
        if scenario := known.get(run.pk):
            scenario.study = study
            named = _("Scénario {letter}").format(letter=scenario.letter)
            return Link(named, scenario.get_absolute_url())
        detail = _("calcul {n}").format(n=run.number)
        return Act(_("En faire un scénario"), FORM, "calcul", str(run.number), detail)

    return offered


def _table(found: Sequence[Scenario]) -> Table:
    """The same list, shorter."""
    whole = listing.table(found)
    return replace(whole, columns=[c for c in whole.columns if c.key in SHOWN])


def _villages(found: Sequence[Scenario]) -> str:
    """Where one asks « Pourquoi pas ce village ? »: the scenario that went furthest."""
    if not found:
        return ""
    ranks = list(ScenarioState)
    furthest = max(found, key=lambda s: (ranks.index(ScenarioState(s.state)), s.number))
    return f"{furthest.get_absolute_url()}villages/"


def _compared(study: Study, found: Sequence[Scenario]) -> str:
    """The comparison of them all, or the choice of those to compare; nothing under two."""
    if len(found) < comparison.FEWEST:
        return ""
    address = reverse("scenarios_compared", args=(study.pk, study.slug))
    if len(found) > comparison.MOST:
        return address
    return f"{address}?s={','.join(str(scenario.number) for scenario in found)}"
