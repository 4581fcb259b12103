"""What the home page of a study says of its computations and of its publication."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.studies import listing
from maillage.apps.studies.compute import UNDER_WAY
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import may_compute, may_publish
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.components import Crumb


def context(study: Study, person: Any, act: listing.OfRun | None = None) -> dict[str, Any]:
    """What `studies/home.html` writes: the runs, what they call for, who reads the result.

    act  what the list offers on each finished computation
    """
    runs = list(study.runs.order_by("-number"))
    return {
        "study": study,
        "next_of_runs": listing.next_thing(study, runs),
        "latest": next((run for run in runs if run.is_found), None),
        "under_way": next((run for run in runs if run.state in UNDER_WAY), None),
        "table": listing.runs_table(study, runs, act),
        "may_compute": may_compute(person, study),
        "may_publish": may_publish(person, study),
    }


def frame(territory: Territory, *here: Crumb) -> dict[str, Any]:
    """The territory's name and the way to a page of its studies."""
    return {
        "territory_name": short_name(territory.name),
        "crumbs": [Crumb(_("Études"), reverse("studies")), *here],
    }
