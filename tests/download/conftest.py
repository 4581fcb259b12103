"""A publisher on this machine, and a client that does not wait."""

from collections.abc import Iterator

import pytest

from factories import official_server
from factories.publisher import Publisher
from maillage.core.sources import registry
from maillage.download import Client, Patience, wanted


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


@pytest.fixture
def waited() -> list[float]:
    """The pauses that were asked for; none is made."""
    return []


@pytest.fixture
def client(waited) -> Client:
    return Client(Patience(connect_s=60.0, read_s=60.0, tries=3, sleep=waited.append))


@pytest.fixture
def served(publisher, tmp_path, monkeypatch) -> dict[str, bytes]:
    """Every official file on the local publisher, at the path of its real address."""
    contents = official_server.contents(tmp_path / "published")
    known = official_server.registry_on(publisher, contents)
    monkeypatch.setattr(registry, "datasets", lambda: known)
    monkeypatch.setattr(wanted, "datasets", lambda: known)
    return contents
