"""The programme of the demonstration's study: four phases, the first one finished late."""

from datetime import datetime, timedelta

from maillage.apps.people.models import Organisation
from maillage.apps.programme import accept_deliverable, follow_phase
from maillage.apps.programme.commission import Terms, commission
from maillage.apps.programme.models import Programme
from maillage.apps.programme.processes import processes
from maillage.apps.programme.start import Planned, start
from maillage.apps.studies.models import Study
from maillage.operate.personas import CONSULTANT

PROCESS = "amo-4"
# an invented story: begun ten weeks ago, the first phase finished twelve days late
BEGUN_DAYS_AGO, LATE_DAYS = 70, 12
AMOUNT_CENTS, VAT_BP = 2_450_000, 2000


def lay(study: Study, *, at: datetime) -> None:
    """Once: a study that has a programme keeps it."""
    if Programme.objects.filter(study=study).exists():
        return
    process = processes()[PROCESS]
    first_day = at.date() - timedelta(days=BEGUN_DAYS_AGO)
    planned = [
        Planned(step.title, span.starts_on, span.ends_on)
        for step, span in zip(process.steps, process.proposed(first_day), strict=True)
    ]
    made = start(study, process, planned, by=None, at=at)
    _lay_commission(made, at)
    _lay_progress(made, at)


def _lay_commission(made: Programme, at: datetime) -> None:
    register = Organisation.objects.filter(territory_siren=made.study.territory_id)
    contractor = register.filter(name=CONSULTANT.name).first()
    if contractor is None:
        return
    terms = Terms(
        contractor_id=contractor.pk,
        scope_text="Mener les quatre phases de l’étude. Mission et montant fictifs.",
        agreed_on=made.starts_on - timedelta(days=14),
        amount_cents=AMOUNT_CENTS,
        vat_bp=VAT_BP,
        ranks=(1, 2, 3, 4),
    )
    commission(made, terms, by=None, at=at)


def _lay_progress(made: Programme, at: datetime) -> None:
    first, second = made.phases.order_by("rank")[:2]
    finished_on = first.ends_on + timedelta(days=LATE_DAYS)
    follow_phase.begin(first, first.starts_on, by=None, at=at)
    for one in first.deliverables.order_by("pk"):
        accept_deliverable.deliver(one, finished_on, by=None, at=at)
        accept_deliverable.accept(one, finished_on, by=None, at=at)
    follow_phase.finish(first, finished_on, by=None, at=at)
    follow_phase.begin(second, finished_on + timedelta(days=1), by=None, at=at)
