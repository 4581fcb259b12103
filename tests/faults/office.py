"""A database of its own and the processes that act in it, each of which may be killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from factories import migrated
from maillage.operate import postgres
from patience import wait_until

TESTS = Path(__file__).parent.parent


class Office:
    """A server, its processes, and what they said that they did: one line per act."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self.home = home
        self.chance = chance
        self.server = postgres.start(home / "postgres")
        self.said: list[str] = []
        self.complaints = home / "complaints.log"
        self.processes: list[tuple[subprocess.Popen[str], threading.Thread]] = []

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
        """Code that must succeed; what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=self.environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """A process of this office, left to itself."""
        with self.complaints.open("a") as file:
            return subprocess.Popen(
                [sys.executable, *words], env=self.environment, stdout=subprocess.PIPE,
                stderr=file, text=True,
            )  # fmt: skip

    def open_desk(self, *words: str) -> None:
        """One more process whose acts are listened to."""
        process = self.begin(*words)
        reader = threading.Thread(target=self._listen, args=(process,))
        reader.start()
        self.processes.append((process, reader))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            # the last line of a killed process may be cut
            if line.endswith("\n"):
                self.said.append(line.strip())

    def wait_for_more(self, acts: int) -> None:
        """Some acts of every process together; a database that falls takes nobody with it."""
        enough = len(self.said) + acts
        wait_until(lambda: len(self.said) >= enough or self._ended() != [])
        assert self._ended() == [], self.complaints.read_text()

    def _ended(self) -> list[int | None]:
        return [p.returncode for p, _ in self.processes if p.poll() is not None]

    def kill_one(self) -> None:
        """The one that has been there the longest."""
        process, reader = self.processes.pop(0)
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()

    def kill_database(self) -> None:
        """And start it again."""
        os.kill(self.server.pid, signal.SIGKILL)
        # on a busy machine the killed one is still there for a moment
        wait_until(self.server.ensure_running)

    def close(self) -> None:
        while self.processes:
            self.kill_one()
        self.server.stop()

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.server.url) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def opened(seed: str, chance: random.Random) -> Iterator[Office]:
    """An office whose database has the tables of the code, and what SEED lays in them."""
    home = Path(tempfile.mkdtemp(prefix="maillage-office-"))
    # the account that runs the database passes
    home.chmod(0o755)
    made = Office(home, chance)
    try:
        migrated.poured_into(made.server)
        made.python(seed)
        yield made
    finally:
        made.close()
        shutil.rmtree(home)
