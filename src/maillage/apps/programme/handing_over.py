"""What the hand-over dossier says of programmes: open steps, then deliverables that are late."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from maillage.apps.people import handover
from maillage.apps.people.handover import Line
from maillage.apps.people.rights import Scope
from maillage.apps.programme import words
from maillage.apps.programme.models import Deliverable, Phase
from maillage.apps.programme.next_thing import address
from maillage.apps.studies.models import Study


def declare() -> None:
    """Called once the models are ready."""
    handover.section("etapes", "Les étapes ouvertes des études", open_steps)
    handover.section("livrables", "Les livrables attendus et en retard", late_deliverables)


def open_steps(scope: Scope, on: date) -> Iterable[Line]:
    """Each phase that has begun, or should have, and is not finished."""
    rows = Phase.objects.filter(finished_on=None).select_related("programme__study")
    for phase in rows.filter(programme__study__in=_studies(scope)).order_by("starts_on", "pk"):
        if phase.began_on is not None or phase.starts_on <= on:
            said = (phase.programme.study.title, words.planned(phase), words.phase_gap(phase, on))
            text = ", ".join(part for part in said if part)
            yield Line(words.name(phase), text, address(phase, "phase"))


def late_deliverables(scope: Scope, on: date) -> Iterable[Line]:
    """What is past its day, and what was handed over and waits to be accepted."""
    rows = Deliverable.objects.filter(
        phase__programme__study__in=_studies(scope), removed_at=None, accepted_on=None
    ).select_related("phase__programme__study")
    for one in rows.order_by("due_on", "pk"):
        if one.delivered_on is not None or one.due_on < on:
            late = words.late_days(one, on)
            said = (
                one.phase.programme.study.title,
                words.state(one),
                words.gap(late) if late else "",
            )
            yield Line(one.title, ", ".join(s for s in said if s), address(one, "deliverable"))


def _studies(scope: Scope) -> QuerySet[Study]:
    kind, key = scope
    return Study.objects.filter(territory_id=key) if kind == "territory" else Study.objects.none()
