"""Programmes of studies, from the processes of the product."""

from datetime import date, timedelta

from factories import people, studies
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.programme.commission import Terms, commission
from maillage.apps.programme.models import Commission, Deliverable, Programme
from maillage.apps.programme.processes import processes
from maillage.apps.programme.start import Planned, start
from maillage.apps.studies.models import Study

FIRST = date(2027, 1, 4)


def planned(key: str = "amo-4", starts_on: date = FIRST) -> list[Planned]:
    """What a process proposes from a day."""
    process = processes()[key]
    return [
        Planned(step.title, span.starts_on, span.ends_on)
        for step, span in zip(process.steps, process.proposed(starts_on), strict=True)
    ]


def programme(
    of: Study | None = None, key: str = "amo-4", starts_on: date = FIRST, at=studies.AT
) -> Programme:
    """The programme of a study, as proposed."""
    study = of or studies.study()
    return start(study, processes()[key], planned(key, starts_on), by=None, at=at)


def deliverable(of: Programme, rank: int = 1, place: int = 0) -> Deliverable:
    """One of the first deliverables of a phase."""
    return Deliverable.objects.filter(phase__programme=of, phase__rank=rank).order_by("pk")[place]


def contractor(name: str = "Cabinet Fictif", siren: str = people.SIREN) -> Organisation:
    """An organisation of a territory's register."""
    return people.organisation(name, OrganisationKind.CONSULTANT, territory_siren=siren)


def terms(of: Organisation, **fields) -> Terms:
    """What is agreed with it."""
    agreed = {
        "contractor_id": of.pk,
        "scope_text": "Mener les deux premières phases",
        "agreed_on": FIRST - timedelta(days=10),
        "amount_cents": 2_450_050,
        "vat_bp": 2000,
        "ranks": (1, 2),
    }
    return Terms(**agreed | fields)


def signed(of: Programme, name: str = "Cabinet Fictif", at=studies.AT) -> Commission:
    """A contractor's commission on the first two phases."""
    body = contractor(name, of.study.territory_id)
    return commission(of, terms(body), by=None, at=at)
