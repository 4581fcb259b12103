"""Late work: tried again when the database is back, given up when it kills its worker."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from factories import studies
from maillage.apps.studies.models import RunState
from maillage.apps.studies.tasks import compute_run
from maillage.apps.territories import ask_loading
from maillage.apps.territories.models import Loading, LoadingState
from maillage.apps.territories.tasks import load_territory
from maillage.kit.jobs import MOST_TRIES

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass
class Job:
    attempts: int


@dataclass
class Context:
    job: Job


pytestmark = pytest.mark.django_db


def test_a_computation_begun_too_often_is_left_and_said():
    run = studies.run(studies.study(), RunState.RUNNING)

    compute_run.func(Context(Job(MOST_TRIES)), run_id=run.pk)

    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_a_loading_begun_too_often_is_left_and_said():
    row = Loading.objects.create(territory=studies.territory(), asked_at=AT)

    load_territory.func(Context(Job(MOST_TRIES)), loading_id=row.pk)

    row.refresh_from_db()
    assert row.state == LoadingState.FAILED


def test_a_loading_waits_for_the_database_to_come_back(monkeypatch):
    def gone(*_args: object, **_more: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(ask_loading, "load", gone)
    row = Loading.objects.create(territory=studies.territory(), asked_at=AT)

    with pytest.raises(OperationalError):
        load_territory.func(Context(Job(0)), loading_id=row.pk)

    row.refresh_from_db()
    assert row.state == LoadingState.RUNNING
