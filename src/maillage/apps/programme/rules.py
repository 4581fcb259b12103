"""Who may do what to a programme: who reads the study reads it, those who make it keep it."""

from typing import Any, Protocol

from django.db.models import Prefetch
from django.http import Http404

from maillage.apps.people import rights
from maillage.apps.people.rights import Scope
from maillage.apps.programme.models import Commission, Deliverable, Phase, Programme
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import study_of
from maillage.kit.clock import now


class Placed(Protocol):
    """A study, its programme or a part of it."""

    @property
    def scopes(self) -> tuple[Scope, ...]: ...


def may_see(person: Any, of: Placed) -> bool:
    """Those who read the study."""
    return rights.holds(person, "studies.read", of.scopes, on=now().date())


def may_keep(person: Any, of: Placed) -> bool:
    """Those who lead the study."""
    return rights.holds(person, "programme.keep", of.scopes, on=now().date())


def programme_of(person: Any, pk: int, slug: str) -> Programme:
    """The programme of a study that she may read, with all that its pages show."""
    found = programme_or_none(study_of(person, pk, slug))
    if found is None:
        raise Http404(pk)
    return found


def programme_or_none(study: Study) -> Programme | None:
    """The programme of a study when it has one, its parts at hand in their order."""
    on_the_list = Deliverable.objects.order_by("due_on", "pk").select_related("accepted_by")
    commissions = Commission.objects.order_by("agreed_on", "pk").select_related("contractor")
    found = (
        Programme.objects.filter(study=study)
        .prefetch_related(
            Prefetch("phases", Phase.objects.order_by("rank")),
            Prefetch("phases__deliverables", on_the_list),
            Prefetch("commissions", commissions),
            Prefetch("commissions__phases", Phase.objects.order_by("rank")),
        )
        .first()
    )
    if found is not None:
        found.study = study
        _bind(found)
    return found


def _bind(programme: Programme) -> None:
    """Each part knows the rows above it: reading them asks nothing more of the database."""
    for phase in programme.phases.all():
        phase.programme = programme
        for deliverable in phase.deliverables.all():
            deliverable.phase = phase
    for commission in programme.commissions.all():
        commission.programme = programme
        for phase in commission.phases.all():
            phase.programme = programme


def phase_of(person: Any, pk: int, slug: str, rank: int) -> Phase:
    """A phase of such a programme."""
    phases = programme_of(person, pk, slug).phases.all()
    return _one([phase for phase in phases if phase.rank == rank])


def deliverable_of(person: Any, pk: int, slug: str, deliverable: int) -> Deliverable:
    """A deliverable of such a programme, on the list or off it."""
    phases = programme_of(person, pk, slug).phases.all()
    listed = [one for phase in phases for one in phase.deliverables.all()]
    return _one([one for one in listed if one.pk == deliverable])


def commission_of(person: Any, pk: int, slug: str, commission: int) -> Commission:
    """A commission of such a programme."""
    signed = programme_of(person, pk, slug).commissions.all()
    return _one([one for one in signed if one.pk == commission])


def _one[Row](found: list[Row]) -> Row:
    if not found:
        raise Http404
    return found[0]
