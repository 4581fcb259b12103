"""The embedded server: whatever dies, the next start finds every acknowledged row."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from maillage.operate import postgres, postmaster, programs
from maillage.operate.refused import Refused
from patience import wait_until

OWNER = """
import sys, time
from pathlib import Path
from maillage.operate import postgres
server = postgres.start(Path(sys.argv[1]))
print(server.pid, server._leash.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder():
    """A folder that the account of the server can reach, which pytest's own is not for root."""
    path = Path(tempfile.mkdtemp(prefix="maillage-tests-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def server(folder):
    with postgres.start(folder) as running:
        yield running


def write(server, n: int) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (%s)", [n])


def kept(server) -> list[int]:
    with psycopg.connect(server.url) as connection:
        return [n for (n,) in connection.execute("select n from kept order by n")]


def owner_of(folder: Path) -> tuple[subprocess.Popen, int, int]:
    """Another process that owns the server: itself, the server's pid, its leash's pid."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    server, leash = map(int, process.stdout.readline().split())
    return process, server, leash


def bury(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()


def test_a_started_server_is_durable_and_listens_on_no_network(server):
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    with psycopg.connect(server.url) as connection:
        settings = [connection.execute(f"show {name}").fetchone()[0] for name in names]
        listens = connection.execute("show listen_addresses").fetchone()[0]

    assert settings == ["on"] * 4
    assert listens == ""
    assert server.folder.stat().st_mode & 0o077 == 0


def test_the_extensions_that_the_product_needs_are_there(server):
    with psycopg.connect(server.url) as connection:
        for name in ("btree_gist", "pg_trgm", "unaccent"):
            connection.execute(f"create extension {name}")


def test_a_killed_server_comes_back_with_every_acknowledged_row(server):
    write(server, 1)
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: server.pid is None)

    assert server.ensure_running() is True
    assert kept(server) == [1]
    assert server.ensure_running() is False


def test_a_stopped_server_starts_again_with_its_rows(folder):
    with postgres.start(folder) as first:
        write(first, 1)
        pid = first.pid
    assert postmaster.live_pid(folder / "data") is None

    with postgres.start(folder) as second:
        assert kept(second) == [1]
        assert second.pid != pid


def test_the_server_dies_with_a_killed_owner(folder):
    owner, _, _ = owner_of(folder)
    bury(owner)

    wait_until(lambda: postmaster.live_pid(folder / "data") is None)


def test_an_orphan_is_stopped_and_its_rows_are_kept(folder):
    owner, orphan, leash = owner_of(folder)
    neighbour = postgres.start(folder)
    write(neighbour, 1)
    os.kill(leash, signal.SIGKILL)
    bury(owner)
    assert postmaster.live_pid(folder / "data") == orphan

    with postgres.start(folder) as server:
        assert server.pid != orphan
        assert kept(server) == [1]


def test_a_neighbour_joins_and_never_stops_what_it_does_not_own(server):
    neighbour = postgres.start(server.folder)
    neighbour.stop()

    assert not neighbour.is_owner
    assert neighbour.url == server.url
    write(server, 1)
    assert kept(neighbour) == [1]


def test_a_folder_held_by_a_silent_program_is_said(folder, monkeypatch):
    monkeypatch.setattr(postgres, "NEIGHBOUR_S", 0.2)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(Refused, match="tenue par un autre programme"):
            postgres.start(folder)


def test_a_full_disk_is_refused_before_anything_is_written(folder, monkeypatch):
    free = postgres.FREE_BYTES_MIN - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, free))

    with pytest.raises(Refused, match="Il ne reste que 63 Mo"):
        postgres.start(folder)

    assert [p.name for p in folder.iterdir()] == ["lock"]


def test_a_creation_that_was_cut_short_is_done_again(folder):
    (folder / "data.part").mkdir()
    (folder / "data.part" / "PG_VERSION").write_text("18\n")

    with postgres.start(folder) as server:
        write(server, 1)

    assert not (folder / "data.part").exists()


def test_a_number_taken_by_another_program_is_not_believed(folder):
    postgres.start(folder).stop()
    # of the same account: the server itself believes any process that it may signal
    account = programs._account()
    user = account.uid if account else None
    with subprocess.Popen(["sleep", "600"], user=user) as stranger:
        (folder / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{folder / 'data'}\n")

        with postgres.start(folder) as server:
            assert server.pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(folder):
    deep = folder / ("d" * 100)
    folder.chmod(0o755)

    with postgres.start(deep) as server:
        sockets = postmaster.sockets_in_use(deep / "data")
        write(server, 1)
        assert kept(postgres.start(deep)) == [1]

    assert not sockets.exists()


def test_settings_that_may_lose_data_are_refused(folder):
    with postgres.start(folder) as server, psycopg.connect(server.url, autocommit=True) as c:
        c.execute("alter system set fsync = off")

    with pytest.raises(Refused, match=r"perdre des données \(fsync\)"):
        postgres.start(folder)

    assert postmaster.live_pid(folder / "data") is None


def test_the_data_of_another_version_is_left_alone(folder):
    postgres.start(folder).stop()
    (folder / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(Refused, match="est de PostgreSQL 15"):
        postgres.start(folder)


@pytest.mark.parametrize("name", ["PGPORT", "PGOPTIONS", "PGDATA", "PGUSER"])
def test_the_callers_variables_do_not_leak_in(folder, monkeypatch, name):
    monkeypatch.setenv(name, "-1")
    if name == "PGOPTIONS":
        monkeypatch.setenv(name, "-c search_path=elsewhere")

    with postgres.start(folder) as server:
        assert server.pid is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
class TestAsRoot:
    def test_the_server_runs_as_nobody(self, server):
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0

    def test_a_closed_parent_is_refused_with_the_way_out(self, folder):
        with pytest.raises(Refused, match="MAILLAGE_HOME"):
            postgres.start(folder / "closed" / "demo")

        assert list((folder / "closed").iterdir()) == []

    def test_programs_that_nobody_can_reach_are_copied(self, folder, monkeypatch):
        with tempfile.TemporaryDirectory() as closed:
            installed, version = programs._installed()
            packages = installed.parent.parent
            for name in (programs.PACKAGE, f"{programs.PACKAGE}.libs"):
                shutil.copytree(packages / name, Path(closed) / name)
            hidden = Path(closed) / programs.PACKAGE / "pginstall"
            monkeypatch.setattr(programs, "_installed", lambda: (hidden, version))

            with postgres.start(folder) as server:
                write(server, 1)
                assert server.bin("psql").is_relative_to(folder)
