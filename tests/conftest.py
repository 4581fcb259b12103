"""The embedded territory and its plan, computed once for all tests; the database of the pages."""

import time
from pathlib import Path

import pytest
from django.db import connection

from factories import streets
from maillage.core import assumptions, sample, scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Outcome, Request
from maillage.core.territory import Territory

pytest_plugins = ["postgres_plugin"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tests of the live server empty every table after them, the journal too."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_is_never_emptied")


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
