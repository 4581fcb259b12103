"""A PostgreSQL of our own, for the demonstration and the tests.

One server per folder. It dies with the process that started it, even a killed one; a database
that was killed is recovered at the next start.
"""

import fcntl
import os
import shlex
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from maillage.operate import postmaster, programs
from maillage.operate.leash import Leash
from maillage.operate.programs import Programs
from maillage.operate.refused import Refused

DATABASE = "maillage"
OWNER = "postgres"
# only the name of the socket: nothing listens on the network
PORT = 5432
# a full disk under the write-ahead log stops the server at once
FREE_BYTES_MIN = 64 * 1024**2
# Linux takes 107 bytes for a socket's path, macOS 103
SOCKET_PATH_BYTES_MAX = 103
START_S = 5.0
# alive, but on a machine so busy that it does not answer yet
SLOW_S = 60.0
NEIGHBOUR_S = 10.0
STOP_S = 20
TICK_S = 0.05
DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


@dataclass
class Server:
    """A running server; `url` opens its database. Only its owner stops it."""

    folder: Path
    _programs: Programs = field(repr=False)
    # None when another process owns the server
    _lock: int | None = field(repr=False)
    _sockets: Path = field(repr=False)
    _leash: Leash | None = field(default=None, repr=False)

    @property
    def is_owner(self) -> bool:
        """Whether this process started the server, and stops it."""
        return self._lock is not None

    @property
    def url(self) -> str:
        """A DATABASE_URL, through a Unix socket that only this account can open."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The DATABASE_URL of another database of this server."""
        return _url(self._sockets, database)

    def bin(self, name: str) -> Path:
        """A program of the same version: psql, pg_dump, pg_restore…"""
        return self._programs.path(name)

    @property
    def pid(self) -> int | None:
        """The server's process, or None when it is dead."""
        return postmaster.live_pid(_data(self.folder))

    def ensure_running(self) -> bool:
        """Start the server again if it was killed; whether it had to be."""
        if not self.is_owner or self.pid is not None:
            return False
        self._let_go()
        _refuse_full_disk(self.folder)
        _run(self._programs, self.folder, self._sockets)
        if pid := self.pid:
            self._leash = Leash.of_process(pid)
        return True

    def stop(self) -> None:
        """Stop the server, at once and cleanly, unless another process owns it."""
        if self._lock is None:
            return
        self._let_go()
        _stop(self._programs, self.folder)
        if self._sockets != self.folder:
            shutil.rmtree(self._sockets, ignore_errors=True)
        os.close(self._lock)
        self._lock = None

    def _let_go(self) -> None:
        if self._leash is not None:
            self._leash.release()
            self._leash = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(folder: Path) -> Server:
    """The server of FOLDER: started, recovered, or joined if a neighbour already runs it."""
    folder = folder.resolve()
    found = programs.for_folder(folder)
    lock = _lock_or_neighbour(folder, found)
    if isinstance(lock, Server):
        return lock
    server = Server(folder, found, lock, folder)
    try:
        _stop(found, folder)
        _refuse_full_disk(folder)
        _create(found, folder)
        server._sockets = _socket_folder(found, folder)
        server.ensure_running()
        _create_database(server.url_of("postgres"))
    except BaseException:
        server.stop()
        raise
    return server


def _lock_or_neighbour(folder: Path, found: Programs) -> int | Server:
    """The lock of FOLDER, or the server of the process that holds it."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + NEIGHBOUR_S
    while time.monotonic() < deadline:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        sockets = postmaster.sockets_in_use(_data(folder))
        if sockets is not None and _answers(_url(sockets, DATABASE)):
            os.close(lock)
            return Server(folder, found, None, sockets)
        time.sleep(TICK_S)
    os.close(lock)
    raise Refused(
        f"La base de {folder} est tenue par un autre programme qui ne répond pas. "
        "Arrêtez-le, puis relancez."
    )


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_MIN:
        raise Refused(
            f"Il ne reste que {free // 1024**2} Mo sur le disque de {folder} ; la base en demande "
            f"au moins {FREE_BYTES_MIN // 1024**2} pour ne pas s'arrêter en pleine écriture. "
            "Libérez de la place, puis relancez : rien n'est perdu."
        )


def _create(found: Programs, folder: Path) -> None:
    """A new data folder, whole or not at all."""
    data = _data(folder)
    if data.exists():
        _refuse_other_version(found, data)
        return
    unfinished = folder / "data.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    made = found.run(
        "initdb",
        f"--pgdata={unfinished}",
        f"--username={OWNER}",
        # the socket's folder is the key: nobody else opens it
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
        "--no-instructions",
        cwd=folder,
    )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise Refused(f"La base n'a pas pu être créée dans {folder} : {made.stderr.strip()}")
    unfinished.rename(data)


def _refuse_other_version(found: Programs, data: Path) -> None:
    major = (data / "PG_VERSION").read_text().strip()
    if major != found.version.partition(".")[0]:
        raise Refused(
            f"La base de {data} est de PostgreSQL {major}, le programme installé est le "
            f"{found.version}. Sauvegardez-la avec l'ancienne version (maillage backup) et "
            "restaurez-la dans la nouvelle ; pour la démonstration, supprimez le dossier."
        )


def _socket_folder(found: Programs, folder: Path) -> Path:
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES_MAX:
        return folder
    short = Path(tempfile.mkdtemp(prefix="maillage-"))
    found.own(short)
    return short


def _run(found: Programs, folder: Path, sockets: Path) -> None:
    """Start, and believe it only when a query is answered."""
    log = folder / "postgresql.log"
    if log.exists():
        log.replace(folder / "postgresql.previous.log")
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_wal_size": "256MB",
    }
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    arguments = ("start", "-w", f"-t{STOP_S}", "-s", f"-D{_data(folder)}", f"-l{log}", "-o")
    began = time.monotonic()
    while True:
        postmaster.forget_stranger(_data(folder))
        found.run("pg_ctl", *arguments, options, cwd=folder)
        if _answers(_url(sockets, "postgres")):
            return
        patience_s = START_S if postmaster.live_pid(_data(folder)) is None else SLOW_S
        if time.monotonic() > began + patience_s:
            raise Refused(f"PostgreSQL ne démarre pas ; la raison est dans {log}.")
        # the children of a killed server need a moment to let go
        time.sleep(TICK_S)


def _stop(found: Programs, folder: Path) -> None:
    """Stop the live server of FOLDER, ours or the orphan of a killed process."""
    pid = postmaster.live_pid(_data(folder))
    if pid is None:
        return
    for mode, seconds in (("fast", STOP_S), ("immediate", STOP_S)):
        order = ("stop", "-w", f"-t{seconds}", "-s", f"-D{_data(folder)}", f"-m{mode}")
        found.run("pg_ctl", *order, cwd=folder)
        if postmaster.live_pid(_data(folder)) is None:
            return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _create_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        _refuse_fragile(connection)
        known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _refuse_fragile(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    rows = connection.execute(
        "select name from pg_settings where name = any(%s) and setting <> 'on'", [list(DURABLE)]
    )
    loose = ", ".join(str(name) for (name,) in rows)
    if loose:
        raise Refused(
            f"PostgreSQL est réglé pour aller vite au risque de perdre des données ({loose}). "
            "Remettez ces réglages à « on », puis relancez."
        )


def _data(folder: Path) -> Path:
    return folder / "data"


def _url(sockets: Path, database: str) -> str:
    return f"postgresql://{OWNER}@/{database}?host={quote(str(sockets), safe='/')}&port={PORT}"


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
