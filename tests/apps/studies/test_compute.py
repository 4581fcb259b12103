"""A computation: asked, carried out, stopped, refused, delivered twice."""

import json
from datetime import UTC, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import studies
from maillage.apps.journal.models import Entry
from maillage.apps.studies import asked, compute, store
from maillage.apps.studies.compute import AlreadyComputing, AlreadyOver, TooManyUnderWay
from maillage.apps.studies.models import Run, RunState
from maillage.apps.territories.sources import NoTablesFolder
from maillage.core import scenario
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Request
from maillage.core.siting_problem import Choices
from maillage.kit import files

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    return AT


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_a_request_survives_its_row():
    request = Request(first_year=2028, choices=Choices(hubs=(2, 3), forbidden_communes=("69002",)))

    assert asked.from_json(json.loads(json.dumps(asked.to_json(request)))) == request


def test_asking_queues_one_job_and_one_line_of_the_journal():
    study = studies.study()

    run = compute.ask(study, Request(first_year=2027), "", by=7, at=AT)

    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("studies.compute", {"run_id": run.pk})
    assert (run.number, run.state, run.asked_by) == (1, RunState.QUEUED, 7)
    assert acts() == ["studies.ask"]


def test_a_second_computation_waits_for_the_first():
    study = studies.study()
    compute.ask(study, Request(first_year=2027), "", by=7, at=AT)

    with pytest.raises(AlreadyComputing):
        compute.ask(study, Request(first_year=2027), "", by=8, at=AT)

    assert (Run.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)


def test_another_question_of_the_same_study_is_computed_beside_up_to_a_number():
    study = studies.study()
    for year in range(compute.MOST_UNDER_WAY):
        compute.ask(study, Request(first_year=2027 + year), "", by=7, at=AT)

    with pytest.raises(TooManyUnderWay):
        compute.ask(study, Request(first_year=2050), "", by=7, at=AT)

    assert Run.objects.count() == compute.MOST_UNDER_WAY


def test_a_territory_without_tables_is_refused_before_anything_is_queued():
    study = studies.study(siren="243301405")

    with pytest.raises(NoTablesFolder):
        compute.ask(study, Request(first_year=2027), "", by=7, at=AT)

    assert (Run.objects.count(), acts()) == (0, [])


def test_a_computation_gives_files_then_the_row_that_names_them(monkeypatch, outcome):
    steps: list[str] = []
    monkeypatch.setattr(scenario, "evaluate", lambda *_a: _a[3]("candidates") or outcome)
    monkeypatch.setattr(compute, "_step", lambda _run, name: steps.append(name))
    run = studies.run(studies.study())

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    plan = json.loads(files.read(run.folder, "plan.json"))
    assert (run.state, run.finished_at) == (RunState.DONE, AT)
    assert run.summary["share_after"] == outcome.coverage.after.central
    assert plan["coverage"]["population_share_after"] == pytest.approx(
        run.summary["share_after"], abs=1e-3
    )
    assert steps == ["tables", "candidates", "files"]
    assert acts() == ["studies.compute"]


def test_the_same_question_takes_the_answer_already_given(outcome, monkeypatch):
    study = studies.study()
    first = studies.computed(study, outcome)
    monkeypatch.setattr(scenario, "evaluate", lambda *_: pytest.fail("computed again"))
    again = studies.run(study, number=2, request=asked.to_json(outcome.request))

    compute.carry_out(again, "", now)

    again.refresh_from_db()
    assert (again.state, again.folder) == (RunState.DONE, first.folder)


def test_a_job_delivered_twice_has_one_effect(monkeypatch):
    run = studies.run(studies.study(), RunState.STOPPED)
    monkeypatch.setattr(scenario, "evaluate", lambda *_: pytest.fail("computed again"))

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_rules_that_no_network_obeys_leave_a_sentence_in_the_row():
    request = asked.to_json(Request(first_year=2027, choices=Choices(commune_budget_eur=1)))
    run = studies.run(studies.study(), request=request)

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.REFUSED
    assert "porter le budget d'une commune de 1" in run.refusal
    assert "--" not in run.refusal
    assert run.folder == ""


def test_a_fault_is_said_in_the_row_and_goes_on_to_the_log(monkeypatch):
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(scenario, "evaluate", broken)
    run = studies.run(studies.study())

    with pytest.raises(ZeroDivisionError):
        compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RunState.FAILED, AT)


def test_stopping_ends_it_before_its_next_step(monkeypatch, outcome):
    run = studies.run(studies.study(), RunState.RUNNING)

    def stopped_meanwhile(*args: object) -> object:
        compute.stop(run, by=7, at=AT)
        args[3]("curve")
        return pytest.fail("went on")

    monkeypatch.setattr(scenario, "evaluate", stopped_meanwhile)

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert acts() == ["studies.stop"]


def test_a_queued_computation_stops_at_once_and_a_finished_one_not_at_all():
    run = studies.run(studies.study())

    compute.stop(run, by=7, at=AT)

    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    with pytest.raises(AlreadyOver):
        compute.stop(run, by=7, at=AT)


def test_storing_the_same_result_twice_keeps_one_run(outcome):
    study = studies.study()

    first = store.store(study, outcome, by=None, at=AT)

    assert store.store(study, outcome, by=None, at=AT) == first
    assert acts() == ["studies.store"]
    assert {entry["name"] for entry in first.files} >= {"page.json", "plan.json", "report.pdf"}


def test_a_full_disk_leaves_no_run(outcome, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(files, "write_folder", full)
    study = studies.study()

    with pytest.raises(OSError, match="No space"):
        store.store(study, outcome, by=None, at=AT)

    assert (Run.objects.count(), acts()) == (0, [])


def test_a_report_too_heavy_to_write_is_a_refusal_that_says_what_to_do(monkeypatch, outcome):
    def too_heavy(*_args, **_kwargs):
        raise BadInput("report_too_heavy")

    monkeypatch.setattr(scenario, "evaluate", lambda *_a: outcome)
    monkeypatch.setattr(store, "write", too_heavy)
    run = studies.run(studies.study())

    compute.carry_out(run, "", now)

    run.refresh_from_db()
    assert run.state == RunState.REFUSED
    assert "Raccourcissez les noms" in run.refusal
