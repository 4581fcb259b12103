"""The whole product, started as anyone would, with writers that remember what was acknowledged."""

import hashlib
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from faults import family
from maillage.cli.demonstrating import Place, settings_of
from maillage.operate import postmaster
from patience import PATIENCE_S, wait_until

STARTS_WITHIN_S = 900
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Demonstration:
    """`maillage demo` in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.said: list[str] = []
        environment = os.environ | {"MAILLAGE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        words = ("demo", "--port", str(self.port), "--out", str(home / "out"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maillage.cli.main", *words],
            env=environment,
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._is_open = threading.Event()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                self._is_open.set()
        self._is_open.set()

    def wait_open(self) -> None:
        assert self._is_open.wait(STARTS_WITHIN_S)
        assert self.process.poll() is None, "".join(self.said)

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/maillage?host={self.home}/demo/postgres&port=5432"

    def pid_of(self, name: str) -> int | None:
        """The process to kill: web, web_process (one of its hands), worker, database."""
        if name == "database":
            return postmaster.live_pid(self.home / "demo" / "postgres" / "data")
        word = "web_server" if name.startswith("web") else "cli.main worker"
        mine = [p for p in family.children(self.process.pid) if word in family.command(p)]
        if not mine or name != "web_process":
            return mine[0] if mine else None
        hands = [p for p in family.children(mine[0]) if "spawn_main" in family.command(p)]
        return hands[0] if hands else None

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query).fetchall()

    def python(self, code: str) -> None:
        """Code in the settings of this demonstration, which must succeed."""
        place = Place(self.home / "demo", self.port)
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | settings_of(place, self.database_url),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    def stop(self) -> int:
        """End it as Ctrl-C does, if it still runs; its exit status."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE_S)
        self._reader.join()
        self.process.stdout.close()
        return status


class Writers:
    """Threads that spend one-time links, one act each, and remember which were acknowledged."""

    def __init__(self, demonstration: Demonstration, links: int, threads: int = 4) -> None:
        self._demonstration = demonstration
        self._secrets = _lay_links(demonstration, links)
        self.acknowledged: list[str] = []
        self.last_at = 0.0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(threads)]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        while not self._stop.is_set() and self._secrets:
            secret = self._secrets.pop()
            try:
                is_done = spend(self._demonstration.port, secret)
            except (OSError, http.client.HTTPException):
                # unknown: it may have been done
                self._stop.wait(0.05)
                continue
            if is_done:
                self.acknowledged.append(secret)
                self.last_at = time.monotonic()
            # one writer must not eat every link in the first second
            self._stop.wait(0.05)

    def wait_for_one_more(self, since: float) -> float:
        """Seconds between SINCE and the first acknowledgement after it."""
        wait_until(lambda: self.last_at > since)
        return self.last_at - since

    def lost(self) -> list[str]:
        """Acknowledged acts that the database does not know."""
        used = {
            bytes(digest)
            for (digest,) in self._demonstration.ask(
                "SELECT secret_hash FROM people_signinlink WHERE used_at IS NOT NULL"
            )
        }
        return [s for s in self.acknowledged if hashlib.sha256(s.encode()).digest() not in used]


def spend(port: int, secret: str) -> bool:
    """Open the page of a link and press its button; whether the product said that it is done."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        path = f"/connexion/lien/{secret}/"
        connection.request("GET", path)
        page = connection.getresponse()
        token = TOKEN.search(page.read().decode())
        cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        if page.status != 200 or token is None:
            return False
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, f"csrfmiddlewaretoken={token.group(1)}", headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status == 302
    finally:
        connection.close()


def _lay_links(demonstration: Demonstration, count: int) -> list[str]:
    drawn = [secrets.token_urlsafe(32) for _ in range(count)]
    with psycopg.connect(demonstration.database_url) as connection:
        connection.cursor().executemany(
            "INSERT INTO people_signinlink (person_id, secret_hash, opens, expires_at) "
            "SELECT id, %s, '', now() + interval '1 hour' FROM people_person "
            "WHERE email = 'rose@exemple.invalid'",
            [[hashlib.sha256(secret.encode()).digest()] for secret in drawn],
        )
    return drawn


def free_port() -> int:
    """A port that nobody has, out of the range that the system gives to whoever asks for any."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
