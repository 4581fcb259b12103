"""kill -9 of those who book and of PostgreSQL in the middle: nothing half done, nothing lost.

FAULT_ROUNDS=13 for the long series (./run bench faults).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from faults.demonstration import wait_until
from maillage.operate import postgres

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
WRITERS = 3
ACTS_BETWEEN_KILLS = 15
PATIENCE_S = 120
TESTS = Path(__file__).parent.parent
SEED = """
from maillage.operate.product import open_product
open_product()
from maillage.operate import readiness
readiness.migrate()
from factories import network_sites as sites, tariffs
from factories.bookings import someone
place = sites.site()
tariffs.voted(place.operator, starts_on=sites.date(2026, 1, 1))
sites.open_space(place, seats=4)
sites.halves(place)
[someone(f"personne{n}") for n in range(6)]
"""
# holds that nobody confirmed are over an hour later, whoever was killed meanwhile
AUDIT = """
import sys
from datetime import timedelta
from maillage.operate.product import open_product
open_product()
from maillage.apps.bookings import audit, expire
from maillage.kit.clock import now
later = now() + timedelta(hours=1)
expire.expire(at=later)
found = {f.name: f.found for f in audit.forbidden(at=later) if f.found}
sys.exit(str(found) if found else 0)
"""


class Office:
    """A database of its own and the processes that book in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server = postgres.start(home / "postgres")
        self.said: list[str] = []
        self.processes: list[tuple[subprocess.Popen[str], threading.Thread]] = []
        self._chance = random.Random(3)  # noqa: S311  (a seed, no secret)

    @property
    def environment(self) -> dict[str, str]:
        hidden = ("MAILLAGE_", "DJANGO_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        return kept | {
            "DATABASE_URL": self.server.url,
            "MAILLAGE_FILES": str(self.home / "files"),
            "MAILLAGE_SECRET_KEY": "of-the-tests-alone-" * 4,
            "PYTHONPATH": str(TESTS),
        }

    def python(self, code: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", code], env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def open_counter(self) -> None:
        """One more process that books."""
        process = subprocess.Popen(
            [sys.executable, "-m", "faults.booking_writer", str(self._chance.randrange(10**6))],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        reader = threading.Thread(target=self._listen, args=(process,))
        reader.start()
        self.processes.append((process, reader))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.endswith("\n"):
                self.said.append(line.strip())

    def wait_for_more(self, acts: int = ACTS_BETWEEN_KILLS) -> None:
        enough = len(self.said) + acts
        wait_until(lambda: len(self.said) >= enough, PATIENCE_S)
        # a database that falls takes nobody with it
        assert [p.returncode for p, _ in self.processes if p.poll() is not None] == []

    def kill_one(self) -> None:
        process, reader = self.processes.pop(0)
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()

    def kill_database(self) -> None:
        os.kill(self.server.pid, signal.SIGKILL)
        # on a busy machine the killed one is still there for a moment
        wait_until(self.server.ensure_running, PATIENCE_S)

    def close(self) -> None:
        while self.processes:
            self.kill_one()
        self.server.stop()

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.server.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def office():
    home = Path(tempfile.mkdtemp(prefix="maillage-office-"))
    home.chmod(0o755)
    made = Office(home)
    try:
        made.python(SEED)
        yield made
    finally:
        made.close()
        shutil.rmtree(home)


def test_nothing_is_half_done_whatever_is_killed(office):
    for _ in range(WRITERS):
        office.open_counter()
    for _ in range(ROUNDS):
        for kill in (office.kill_one, office.kill_database):
            office.wait_for_more()
            kill()
            while len(office.processes) < WRITERS:
                office.open_counter()
    office.wait_for_more()
    while office.processes:
        office.kill_one()

    office.python(AUDIT)
    states = dict(office.ask("SELECT reference, state FROM bookings_booking"))
    # what was acknowledged is there; a later act may have ended it
    cancelled = {line.split()[1] for line in office.said if line.startswith("cancelled")}
    booked = {line.split()[1] for line in office.said if line.startswith("booked")}
    sys.stdout.write(f"{2 * ROUNDS} kills, {len(office.said)} acts acknowledged\n")
    assert [ref for ref in booked if ref not in states] == []
    assert {states[ref] for ref in booked} <= {"confirmed", "cancelled"}
    assert {states[ref] for ref in cancelled} <= {"cancelled"}
    # one telling of each booking that was made, whoever was killed after
    untold = office.ask(
        "SELECT reference FROM bookings_booking WHERE NOT EXISTS (SELECT FROM procrastinate_jobs "
        "WHERE task_name = 'bookings.tell' AND (args->>'booking_id')::bigint = bookings_booking.id)"
    )
    assert untold == []
