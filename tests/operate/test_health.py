"""Each part that fails is seen, and only the vital ones turn people away."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.apps.journal.models import Entry
from maillage.kit.clock import now
from maillage.operate import backup_acts, health, readiness
from maillage.web.tasks import deliver

pytestmark = pytest.mark.django_db


def failing(clock=now) -> set[str]:
    return {check.name for check in health.of_platform(clock) if not check.is_good}


def noted(act: str, ago: timedelta) -> None:
    Entry.objects.create(at=now() - ago, act=act, object_kind="backup", object_key="x")


@pytest.fixture
def saved():
    noted(backup_acts.DONE, timedelta(hours=1))
    noted(backup_acts.CHECKED, timedelta(days=1))


def test_a_platform_in_order_has_nothing_to_say(saved):
    checks = health.of_platform(now)

    assert [check.name for check in checks if not check.is_good] == []
    assert health.is_ready(checks)


@pytest.mark.parametrize(
    ("act", "ago", "name"),
    [
        (backup_acts.DONE, timedelta(hours=27), "backup"),
        (backup_acts.CHECKED, timedelta(days=41), "restore_check"),
    ],
)
def test_an_old_backup_alerts_but_people_still_enter(act, ago, name):
    other = {backup_acts.DONE, backup_acts.CHECKED} - {act}
    noted(act, ago)
    noted(other.pop(), timedelta(hours=1))

    checks = health.of_platform(now)

    assert [check.name for check in checks if not check.is_good] == [name]
    assert health.is_ready(checks)


def test_no_backup_at_all_alerts_except_in_a_demonstration(settings):
    assert failing() == {"backup", "restore_check"}

    settings.DEMONSTRATION = True
    assert failing() == set()


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_apart_from_the_databases_is_vital(saved, seconds):
    checks = health.of_platform(lambda: now() + timedelta(seconds=seconds))

    assert "clock" in {check.name for check in checks if not check.is_good}
    assert not health.is_ready(checks)


def test_a_missing_migration_is_vital(saved, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", lambda: ("people.0009_x",))

    checks = health.of_platform(now)

    assert [check.name for check in checks if not check.is_good] == ["migrations"]
    assert not health.is_ready(checks)


def test_a_full_disk_is_seen(saved, monkeypatch):
    free = health.FREE_BYTES_MIN - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, free))

    assert failing() == {"disk"}


def test_documents_in_a_remote_store_need_no_disk(saved, settings, monkeypatch):
    settings.FILES = "s3://bucket/prefix"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))

    assert failing() == set()


def test_a_job_that_waits_too_long_is_seen_and_one_planned_for_later_is_not(saved):
    deliver.configure(schedule_at=datetime(2999, 1, 1, tzinfo=UTC)).defer(
        subject="s", text="t", to="a@exemple.fr"
    )
    assert failing() == set()

    deliver.configure(schedule_at=now() - timedelta(minutes=6)).defer(
        subject="s", text="t", to="a@exemple.fr"
    )
    assert failing() == {"queue"}
    assert ProcrastinateJob.objects.count() == 2


def test_a_database_out_of_reach_is_the_only_thing_said(monkeypatch):
    def refuse(*_):
        raise health.DatabaseError("out of reach")

    monkeypatch.setattr(connection, "cursor", refuse)

    checks = health.of_platform(now)

    assert [(check.name, check.is_good) for check in checks] == [("database", False)]
    assert not health.is_ready(checks)


def test_the_migrations_of_the_code_are_all_applied_here():
    assert readiness.missing_migrations() == ()


@pytest.mark.django_db(transaction=True)
def test_what_ends_a_stuck_page_does_not_end_a_long_migration(monkeypatch):
    seen = []

    def limits(*_words, **_options) -> None:
        with connection.cursor() as cursor:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SHOW {limit}")
                seen.append(cursor.fetchone()[0])

    limits()
    before = seen.copy()
    seen.clear()
    monkeypatch.setattr(readiness, "call_command", limits)
    readiness.migrate()
    during = seen.copy()
    seen.clear()
    limits()

    assert before[0] != "0"
    assert during == ["0"] * 4
    assert seen == before
