"""kill -9 of those who issue, of a run and of PostgreSQL: no number without its files, no gap.

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
import time
from pathlib import Path

import psycopg
import pytest

from faults.demonstration import wait_until
from maillage.operate import postgres

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
ISSUERS = 2
BETWEEN_KILLS = 6
PATIENCE_S = 120
PAYERS = 12
TESTS = Path(__file__).parent.parent
SEED = f"""
from maillage.operate.product import open_product
open_product()
from maillage.operate import readiness
readiness.migrate()
from factories import billing
billing.profile()
[billing.person_payer(name=f"Personne {{n}} (fictif)") for n in range({PAYERS})]
"""
AUDIT = """
import sys
from maillage.operate.product import open_product
open_product()
from maillage.apps.billing import audit
from maillage.kit.clock import now
found = {f.name: f.found for f in audit.forbidden(at=now()) if f.found}
sys.exit(str(found) if found else 0)
"""
# what a month sold, the payers in two halves that two runs would share
CHARGE = """
from maillage.operate.product import open_product
open_product()
from factories import billing, network_sites
from maillage.apps.billing import run
from maillage.apps.people.models import Person
from maillage.kit.clock import now
at = now()
body = network_sites.operator()
for pk in Person.objects.values_list("pk", flat=True):
    billing.charged(billing.Payer(person_id=pk), body, on=at.date(), at=at,
                    origin=billing.own_origin())
print(run.start(body, at.date().replace(day=1), by=None, at=at).pk)
"""
CARRY = """
import sys
from maillage.operate.product import open_product
open_product()
from maillage.apps.billing import run
from maillage.kit.clock import now
run.carry_out(int(sys.argv[1]), now)
"""


class Office:
    """A database of its own and the processes that issue in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server = postgres.start(home / "postgres")
        self.said: list[str] = []
        self.processes: list[tuple[subprocess.Popen[str], threading.Thread]] = []
        self.chance = random.Random(7)  # noqa: S311  (a seed, no secret)

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

    def python(self, code: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=self.environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words], env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def open_desk(self) -> None:
        """One more process that issues."""
        first = self.chance.randrange(PAYERS)
        process = self.begin("-m", "faults.billing_issuer", str(first), "5")
        reader = threading.Thread(target=self._listen, args=(process,))
        reader.start()
        self.processes.append((process, reader))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.endswith("\n"):
                self.said.append(line.strip())

    def wait_for_more(self) -> None:
        enough = len(self.said) + BETWEEN_KILLS
        wait_until(lambda: len(self.said) >= enough, PATIENCE_S)
        # between any two steps of an issue
        time.sleep(self.chance.random() / 5)

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
    home = Path(tempfile.mkdtemp(prefix="maillage-billing-"))
    home.chmod(0o755)
    made = Office(home)
    try:
        made.python(SEED)
        yield made
    finally:
        made.close()
        shutil.rmtree(home)


def documents(office: Office) -> list[str]:
    rows = office.ask("SELECT number FROM billing_document ORDER BY n")
    return [number for (number,) in rows]


def test_no_number_without_its_files_and_no_gap_whatever_is_killed(office):
    for _ in range(ISSUERS):
        office.open_desk()
    for _ in range(ROUNDS):
        for kill in (office.kill_one, office.kill_database):
            office.wait_for_more()
            kill()
            while len(office.processes) < ISSUERS:
                office.open_desk()
    office.wait_for_more()
    while office.processes:
        office.kill_one()

    # gaps, duplicates, dates, chain, files: everything that must never be
    office.python(AUDIT)
    told = [line.split()[1] for line in office.said]
    sys.stdout.write(f"{2 * ROUNDS} kills, {len(told)} documents acknowledged\n")
    assert set(told) <= set(documents(office))
    assert len(told) == len(set(told))

    # then a month: the same office, its run killed at a random payer and taken up
    before = documents(office)
    run = office.python(CHARGE)
    for _ in range(ROUNDS):
        carrier = office.begin("-c", CARRY, run)
        enough = len(documents(office)) + office.chance.randrange(1, 4)
        wait_until(
            lambda enough=enough, carrier=carrier: (
                len(documents(office)) >= enough or carrier.poll() is not None
            ),
            PATIENCE_S,
        )
        carrier.kill()
        carrier.wait()
        carrier.stdout.close()
    office.python(CARRY, run)
    done = documents(office)
    office.python(CARRY, run)
    assert documents(office) == done
    assert office.ask("SELECT state, total FROM billing_run") == [("done", PAYERS)]
    assert len(done) == len(before) + PAYERS
    assert office.ask("SELECT DISTINCT outcome FROM billing_runitem") == [("issued",)]
    office.python(AUDIT)
