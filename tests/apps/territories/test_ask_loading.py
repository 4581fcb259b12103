"""A loading asked from a page, carried out later."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from factories.territories import AT, SIREN, sample_territory, territory
from maillage.apps.territories import ask_loading as module
from maillage.apps.territories.ask_loading import AlreadyLoading, ask_loading, carry_out
from maillage.apps.territories.models import Loading, LoadingState, Portrait
from maillage.apps.territories.sources import NoTablesFolder
from maillage.apps.territories.tasks import load_territory

pytestmark = pytest.mark.django_db


class FirstTry:
    """What a worker says of a job that it begins for the first time."""

    class job:  # noqa: N801
        attempts = 0


def asked() -> Loading:
    return ask_loading(sample_territory(), "", by=7, at=AT)


def test_asking_queues_one_job_in_the_same_transaction():
    row = asked()

    job = ProcrastinateJob.objects.get(task_name="territories.load")
    assert (job.args, row.state) == ({"loading_id": row.pk}, LoadingState.QUEUED)


def test_a_second_ask_is_refused_while_the_first_is_under_way():
    first = asked()

    with pytest.raises(AlreadyLoading):
        ask_loading(first.territory, "", by=8, at=AT)

    assert ProcrastinateJob.objects.count() == 1


def test_a_server_without_tables_says_so_at_once():
    with pytest.raises(NoTablesFolder):
        ask_loading(territory(), "", by=7, at=AT)

    assert not Loading.objects.exists()


def test_the_task_loads_and_says_it_is_done():
    row = asked()

    load_territory(FirstTry(), loading_id=row.pk)

    row.refresh_from_db()
    assert (row.state, row.steps_done) == (LoadingState.DONE, 3)
    assert Portrait.objects.get().territory_id == SIREN


def test_a_job_delivered_twice_has_one_effect():
    row = asked()
    carry_out(row, "", at=AT)
    row.refresh_from_db()

    carry_out(row, "/nowhere", at=AT)

    row.refresh_from_db()
    assert row.state == LoadingState.DONE


def test_a_refusal_is_kept_for_the_page(tmp_path):
    row = asked()

    carry_out(row, str(tmp_path), at=AT)

    row.refresh_from_db()
    assert row.state == LoadingState.REFUSED
    assert row.refusal.startswith("Il manque la table")


def test_a_fault_ends_the_loading_and_is_not_swallowed(monkeypatch):
    row = asked()

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(module, "load", broken)
    with pytest.raises(ZeroDivisionError):
        carry_out(row, "", at=AT)

    row.refresh_from_db()
    assert (row.state, row.is_over) == (LoadingState.FAILED, True)
