"""What the hand-over dossier says of premises: how many, and those that studies leave out."""

from datetime import date

from django.urls import reverse

from maillage.apps.people import handover
from maillage.apps.people.handover import Line
from maillage.apps.people.rights import Scope
from maillage.apps.premises import for_study
from maillage.apps.premises.models import Premises
from maillage.report import french


def declare() -> None:
    """Called once the models are ready."""
    handover.section("locaux", "Les locaux décrits et ce qui leur manque", lines)


def lines(scope: Scope, _on: date) -> tuple[Line, ...]:
    """The list of the territory, then each sheet that no study can use, with why."""
    kind, key = scope
    if kind != "territory":
        return ()
    rows = list(Premises.objects.present().filter(territory_id=key).order_by("name", "pk"))
    if not rows:
        return ()
    whole = Line(
        french.count(len(rows), "local décrit", "locaux décrits"),
        "liste, carte et notes",
        reverse("premises_list", args=(key,)),
    )
    left_out = [
        Line(row.name, for_study.why_not(row), row.get_absolute_url())
        for row in rows
        if for_study.why_not(row)
    ]
    return (whole, *left_out)
