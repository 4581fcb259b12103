"""What a computation leaves when something stops or breaks beside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from factories import people, studies
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import RoleKind
from maillage.apps.studies import compute, store, tasks
from maillage.apps.studies.models import Run, RunState, Study
from maillage.core import scenario

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    return AT


def stored(study: Study) -> list[Path]:
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"], "studies", str(study.pk))
    return [path for path in folder.rglob("*") if path.is_file()]


def during(monkeypatch, module, name, event):
    """Something happens just before a function of the computation."""
    whole = getattr(module, name)

    def then(*args, **named):
        event()
        return whole(*args, **named)

    monkeypatch.setattr(module, name, then)


@pytest.fixture
def run(monkeypatch, outcome):
    monkeypatch.setattr(scenario, "evaluate", lambda *_: outcome)
    return studies.run(studies.study(), RunState.RUNNING)


def test_a_stop_during_the_last_step_keeps_no_file(monkeypatch, run):
    during(monkeypatch, store, "write", lambda: compute.stop(run, by=7, at=AT))

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert (run.state, run.folder, stored(run.study)) == (RunState.STOPPED, "", [])


def test_the_second_of_two_workers_keeps_nothing_of_its_own(monkeypatch, run):
    """A worker thought dead finishes first: one result, one line, no file without a row."""

    def the_other_finishes() -> None:
        monkeypatch.undo()
        compute.carry_out(Run.objects.get(pk=run.pk), "", now)

    during(monkeypatch, compute, "_finish", the_other_finishes)

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert {path.parent.name for path in stored(run.study)} == {Path(run.folder).name}
    assert [line.act for line in Entry.objects.all()] == ["studies.compute"]


def test_a_database_that_goes_away_leaves_the_row_to_the_next_try(monkeypatch, run):
    def gone(*_args: object) -> None:
        raise OperationalError("terminating connection")

    monkeypatch.setattr(scenario, "evaluate", gone)

    with pytest.raises(OperationalError):
        compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING


@pytest.mark.parametrize(
    ("fault", "is_tried_again"), [(OperationalError(), True), (ZeroDivisionError(), False)]
)
def test_the_job_is_tried_again_after_an_outage_alone(fault, is_tried_again):
    class FirstTry:
        attempts = 0

    again = tasks.compute_run.get_retry_exception(fault, FirstTry())

    assert (again is not None) == is_tried_again


def test_a_proved_plan_is_kept_as_proved(outcome):
    assert outcome.siting.status == "proved"
    assert store.summary(outcome)["is_proved"] is True


def test_a_study_whose_computation_is_refused_is_not_left_behind(client):
    people.signed_in(client, people.holder(RoleKind.ADMINISTRATOR, people.PLATFORM))
    studies.territory("243301405", "CC du Val de l'Eyre")
    typed = {"title": "Dix minutes", "first_year": "2027"}

    response = client.post("/etudes/nouvelle/243301405/", typed)

    assert response.status_code == 422
    assert "Les tables officielles de ce territoire" in response.content.decode()
    assert (Study.objects.count(), Entry.objects.filter(act="studies.open").count()) == (0, 0)
