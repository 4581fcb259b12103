"""What the hand-over dossier says of studies: where each stands, and its files."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from maillage.apps.people import handover
from maillage.apps.people.handover import Line
from maillage.apps.people.rights import Scope
from maillage.apps.studies.listing import next_thing
from maillage.apps.studies.models import RunState, Study


def declare() -> None:
    """Called once the models are ready."""
    handover.section("etudes", "Les études et ce qu'il reste à y faire", steps)
    handover.section("documents", "Les documents produits", documents)


def steps(scope: Scope, _on: date) -> tuple[Line, ...]:
    """Each study of the territory with its next step, the latest first."""
    return tuple(
        Line(study.title, next_thing(study, list(study.runs.all())), _address(study))
        for study in _studies(scope).prefetch_related("runs")
    )


def documents(scope: Scope, _on: date) -> tuple[Line, ...]:
    """The report of each computation that is done."""
    return tuple(
        Line(
            f"Rapport pour les élus, {study.title}, calcul {run.number}",
            f"PDF, {run.finished_at:%d/%m/%Y}",
            reverse("run_file", args=(study.pk, study.slug, run.number, "report.pdf")),
        )
        for study in _studies(scope).prefetch_related("runs")
        for run in study.runs.all()
        if run.state == RunState.DONE
    )


def _studies(scope: Scope) -> QuerySet[Study]:
    kind, key = scope
    found = Study.objects.filter(territory_id=key) if kind == "territory" else Study.objects.none()
    return found.order_by("-created_at")


def _address(study: Study) -> str:
    return reverse("study", args=(study.pk, study.slug))
