"""The studies and computations that a person knows of: what is published, what is hers."""

from typing import Annotated, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from ninja import Path

from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.rules import readable, visible

# the largest number of a row
LARGEST = 2**31 - 1

StudyId = Annotated[int, Path(ge=1, le=LARGEST, description="Numéro de l’étude.")]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="Numéro du calcul dans l’étude.")]


def lines(person: Any) -> QuerySet[Study]:
    """The studies that a person knows of, with the figures of their latest result."""
    # a stranger reads the published result, even when a newer one waits
    known = Q(number=OuterRef("published_run")) | Q(study__in=readable(person).values("pk"))
    done = Run.objects.filter(study=OuterRef("pk"), state=RunState.DONE)
    latest = done.filter(known).order_by("-number")
    return (
        visible(person)
        .select_related("territory")
        .annotate(
            summary=Subquery(latest.values("summary")[:1]),
            computed_at=Subquery(latest.values("finished_at")[:1]),
        )
        .order_by("-created_at", "pk")
    )


def one(person: Any, study_id: StudyId) -> Study:
    """One of them."""
    found = lines(person).filter(pk=study_id).first()
    if found is None:
        raise Http404(study_id)
    return found


def runs_of(person: Any, study_id: StudyId) -> QuerySet[Run]:
    """Computations of a study: all for those in charge, the published result for the others."""
    one(person, study_id)
    public = Q(study__published_run=F("number"), state=RunState.DONE)
    known = Run.objects.filter(public | Q(study__in=readable(person).values("pk")))
    return known.filter(study_id=study_id).select_related("study").order_by("-number")


def run_of(person: Any, study_id: StudyId, number: Number) -> Run:
    """One computation."""
    found = runs_of(person, study_id).filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found
