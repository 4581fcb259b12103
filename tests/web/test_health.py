"""Health: a process that answers, parts that answer, details for administrators alone."""

import pytest

from maillage.kit.clock import now
from maillage.operate import health
from maillage.operate.health import Check


def test_the_process_answers_without_the_database(client):
    response = client.get("/sante/vivant")

    assert (response.status_code, response.content) == (200, b"vivant\n")


@pytest.fixture
def broken_disk(monkeypatch):
    checks = (Check("disk", is_good=False, is_vital=True, says="Disque plein sur srv-secret."),)
    monkeypatch.setattr(health, "of_platform", lambda _now: checks)


@pytest.mark.django_db
def test_a_stranger_learns_only_whether_to_come(client, broken_disk):
    response = client.get("/sante/pret")

    assert response.status_code == 503
    assert response.json() == {"ready": False}


@pytest.mark.django_db
def test_every_part_is_asked(client):
    response = client.get("/sante/pret")

    names = {check.name for check in health.of_platform(now)}
    assert response.json() == {"ready": response.status_code == 200}
    assert {"database", "clock", "migrations", "disk", "queue", "backup"} <= names
