"""The served demonstration: what it refuses, what it remembers, what it does not let in."""

import os
import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from maillage.cli import demonstrating
from maillage.cli.demonstrating import Place
from maillage.cli.remembered_plan import RememberedPlan
from maillage.cli.study import Computed
from maillage.operate.refused import Refused

AT = datetime(2027, 3, 3, tzinfo=UTC)


@pytest.fixture
def computed(tmp_path):
    """Counts how often the plan is computed; writes one file each time."""
    times = []

    def compute() -> Computed:
        times.append(1)
        (tmp_path / "plan.json").write_text("{}")
        return Computed(SimpleNamespace(number=len(times)), "le plan", (tmp_path / "plan.json",))

    compute.times = times
    return compute


def plan(tmp_path, computed, **options) -> RememberedPlan:
    return RememberedPlan(tmp_path / "home" / "plan.json", options, AT, computed)


def test_a_plan_is_computed_once_and_shown_again(tmp_path, computed, capsys):
    plan(tmp_path, computed).show()
    again = plan(tmp_path, computed)
    again.show()

    assert len(computed.times) == 1
    assert "le plan\n\nPlan déjà calculé" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["options", "file changed", "file removed", "year"])
def test_a_plan_whose_reasons_changed_is_computed_again(tmp_path, computed, change):
    plan(tmp_path, computed).show()
    if change == "file changed":
        (tmp_path / "plan.json").write_text("[]")
    if change == "file removed":
        (tmp_path / "plan.json").unlink()
    options = {"hubs": (2, 2)} if change == "options" else {}
    at = AT.replace(year=2028) if change == "year" else AT

    RememberedPlan(tmp_path / "home" / "plan.json", options, at, computed).show()

    assert len(computed.times) == 2


def test_the_outcome_of_a_plan_that_was_only_shown_is_computed_when_asked(tmp_path, computed):
    plan(tmp_path, computed).show()
    shown = plan(tmp_path, computed)
    shown.show()

    assert shown.outcome().number == 2


def test_a_port_that_is_taken_is_refused_before_anything():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"Le port {port} est déjà pris"):
            demonstrating.refuse_busy(port)


def test_settings_of_a_real_platform_do_not_leak_in(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    for name in ("MAILLAGE_OIDC_CLIENT_ID", "MAILLAGE_DEBUG", "MAILLAGE_HOME", "DATABASE_URL"):
        os.environ[name] = "real"

    chosen = demonstrating.settings_of(Place(tmp_path, 8000), "postgresql:///demo")
    demonstrating.use_settings(chosen)

    assert "MAILLAGE_OIDC_CLIENT_ID" not in os.environ
    assert "MAILLAGE_DEBUG" not in os.environ
    assert os.environ["MAILLAGE_HOME"] == "real"
    assert os.environ["DATABASE_URL"] == "postgresql:///demo"
    assert os.environ["MAILLAGE_URL"] == "http://127.0.0.1:8000"


def test_the_key_of_sessions_is_drawn_once_and_for_its_owner_alone(tmp_path):
    place = Place(tmp_path, 8000)
    first = demonstrating.settings_of(place, "")["MAILLAGE_SECRET_KEY"]
    second = demonstrating.settings_of(place, "")["MAILLAGE_SECRET_KEY"]
    other = demonstrating.settings_of(Place(tmp_path / "other", 8000), "")["MAILLAGE_SECRET_KEY"]

    assert first == second != other
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
