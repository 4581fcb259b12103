"""The embedded territory and its plan, computed once for all tests; the database of the pages."""

import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from factories import migrated, streets
from factories.drawn import DRAWN_ONCE
from maillage.core import assumptions, sample, scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Outcome, Request
from maillage.core.territory import Territory

pytest_plugins = ["postgres_plugin"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first: at the end of a run, no worker waits for another's."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The database of the tests is a copy of one that was migrated once for all workers."""
    migrated.prepare()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit leave every table empty after them, those that are never emptied too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _delete_all)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # a thread of a crowd may have left one: the database could not be removed
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# kept by migrations, not by models of ours: Django would leave them as they are
JOBS = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")


def _delete_all(self, _style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
    """Empty TABLES whatever guards them and whatever their keys; far quicker than TRUNCATE."""
    assert not reset_sequences
    # what the framework lays itself, and would lay again
    tables = [t for t in tables if t not in {"django_content_type", "auth_permission"}]
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {self.quote_name(table)}" for table in (*tables, *JOBS)),  # noqa: S608
        "SET LOCAL session_replication_role = DEFAULT",
    ]


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once():
    """Each test client makes the middleware anew: it would read every static file each time."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    listing = WhiteNoiseMiddleware.add_files_from_finders
    listed: dict[str, object] = {}

    def add_files_from_finders(self) -> None:
        if not listed:
            listing(self)
            listed.update(self.files)
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders)
        yield


@pytest.fixture(scope="session")
def assumed() -> Assumptions:
    return assumptions.load()


@pytest.fixture(scope="session")
def place(assumed) -> Territory:
    return territory.assemble(sample.load(), assumed)


@pytest.fixture(scope="session")
def outcome(place, assumed) -> Outcome:
    return scenario.evaluate(place, Request(first_year=2027), assumed)


@pytest.fixture(scope="session")
def streets_file(tmp_path_factory) -> Path:
    """Invented streets over the embedded territory; none near the town of streets.FAR."""
    folder = tmp_path_factory.mktemp("streets")
    return streets.extract(folder, sample.load(), far=streets.FAR)


@pytest.fixture(scope="session")
def road_place(streets_file, assumed) -> Territory:
    """The embedded territory once the invented streets are read."""
    return territory.assemble(streets.added(sample.load(), streets_file, assumed), assumed)


@pytest.fixture(scope="session")
def road_outcome(road_place, assumed) -> Outcome:
    """Its plan, by road."""
    return scenario.evaluate(road_place, Request(first_year=2027), assumed)


@pytest.fixture(autouse=True)
def nobody_turns_a_switch_unseen(monkeypatch):
    """Pages read the read-only switch every two seconds: in tests, when a test turns it."""
    from maillage.kit import read_only

    monkeypatch.setattr(read_only, "KNOWN_FOR_S", 3600.0)
    monkeypatch.setattr(read_only, "_known", {"read_at": time.monotonic(), "is_on": 0.0})


@pytest.fixture(autouse=True)
def files_are_drawn_once(monkeypatch):
    """The files of one outcome, whatever number of studies keep them."""
    from maillage.apps.studies import store

    monkeypatch.setattr(store, "bundle", DRAWN_ONCE)
