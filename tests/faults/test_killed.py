"""kill -9 of each part in turn under load: it comes back, and nothing acknowledged is lost.

FAULT_ROUNDS=13 for the long series (./run bench faults); the figures are printed, never asserted.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from faults import family
from faults.demonstration import Demonstration, Writers
from patience import wait_until

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
PARTS = ("web", "web_process", "worker", "database")
LINKS_PER_KILL = 400
ACTS_BETWEEN_KILLS = 20
RETRIED_WITHIN_S = 180
ASK_FOR_A_RUN = """
from maillage.operate.product import open_product
open_product()
from maillage.apps.studies.compute import ask
from maillage.apps.studies.models import Study
from maillage.core.scenario import Request
from maillage.kit.clock import now
ask(Study.objects.get(), Request(first_year=2041), "", by=None, at=now())
"""


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def home():
    path = Path(tempfile.mkdtemp(prefix="maillage-faults-"))
    # the account that runs the database passes
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def demonstration(home):
    started = Demonstration(home)
    try:
        started.wait_open()
        yield started
    finally:
        if started.process.poll() is None:
            started.stop()


def test_nothing_acknowledged_is_lost_whatever_is_killed(demonstration):
    kills = [part for _ in range(ROUNDS) for part in PARTS]
    with Writers(demonstration, links=LINKS_PER_KILL * len(kills)) as writers:
        for part in kills:
            enough = len(writers.acknowledged) + ACTS_BETWEEN_KILLS
            wait_until(lambda: len(writers.acknowledged) >= enough)  # noqa: B023
            sys.stdout.write(f"{part:12s} killed: {_kill(demonstration, part, writers)}\n")

    acts = demonstration.ask(
        "SELECT (SELECT count(*) FROM journal_entry WHERE act = 'sign_in_link.use'), "
        "(SELECT count(*) FROM people_signinlink WHERE used_at IS NOT NULL)"
    )
    sys.stdout.write(f"{len(kills)} kills, {len(writers.acknowledged)} acts acknowledged\n")
    assert writers.lost() == []
    # nothing half done: one act, one line
    assert acts[0][0] == acts[0][1]


def _kill(demonstration: Demonstration, part: str, writers: Writers) -> str:
    # a server that has just come back may have no hand yet
    wait_until(lambda: demonstration.pid_of(part) is not None)
    before = demonstration.pid_of(part)
    os.kill(before, signal.SIGKILL)
    killed_at = time.monotonic()
    wait_until(lambda: demonstration.pid_of(part) not in (None, before))
    back_at = time.monotonic()
    writers.wait_for_one_more(back_at)
    return f"back after {back_at - killed_at:.1f} s, acts after {writers.last_at - killed_at:.1f} s"


@pytest.mark.skipif(ROUNDS == 1, reason="two minutes: in the long series, ./run bench faults")
def test_a_computation_of_a_killed_worker_is_finished_by_another(demonstration):
    def state() -> str:
        rows = demonstration.ask("SELECT state FROM studies_run ORDER BY number DESC LIMIT 1")
        return rows[0][0]

    demonstration.python(ASK_FOR_A_RUN)
    wait_until(lambda: state() == "running")
    os.kill(demonstration.pid_of("worker"), signal.SIGKILL)
    killed_at = time.monotonic()

    wait_until(lambda: state() == "done", RETRIED_WITHIN_S)
    sys.stdout.write(f"computation finished {time.monotonic() - killed_at:.0f} s after the kill\n")


def test_a_second_demonstration_on_the_same_port_is_refused(demonstration):
    done = subprocess.run(
        [sys.executable, "-m", "maillage.cli.main", "demo", "--port", str(demonstration.port)],
        capture_output=True,
        text=True,
        env=os.environ | {"MAILLAGE_HOME": str(demonstration.home)},
    )

    assert done.returncode == 2
    assert "déjà pris" in done.stderr


def test_ctrl_c_stops_everything_and_the_next_start_finds_it_all(demonstration, home):
    parts = [demonstration.pid_of(part) for part in PARTS]
    people = demonstration.ask("SELECT id, email FROM people_person ORDER BY id")

    assert demonstration.stop() == 0
    assert [family.command(pid) for pid in parts] == [""] * len(PARTS)

    again = Demonstration(home)
    try:
        again.wait_open()
        assert again.ask("SELECT id, email FROM people_person ORDER BY id") == people
    finally:
        assert again.stop() == 0
