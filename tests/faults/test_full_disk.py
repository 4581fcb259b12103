"""A full disk: refused or said, never half written; it goes on once there is room."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from factories.platform import Platform
from maillage.operate import postgres
from maillage.operate.refused import Refused
from patience import wait_until

DATABASE_DISK = "180m"
DOCUMENTS_DISK = "300k"
ROWS_MAX = 20_000
ROOM_FOR_SOME = 6 * 1024**2


@pytest.fixture
def disk():
    """Make a small file system; only root may."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk asks for root")
    mounted = []

    def make(size: str) -> Path:
        path = Path(tempfile.mkdtemp(prefix="maillage-disk-"))
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", path])
        if done.returncode != 0:
            path.rmdir()
            pytest.skip("this system mounts no small disk")
        mounted.append(path)
        return path

    yield make
    for path in mounted:
        subprocess.run(["umount", "--lazy", path], check=True)
        path.rmdir()


def fill(folder: Path, leaving: int = 0) -> Path:
    """Take every byte but LEAVING."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        file.write(b"\0" * (shutil.disk_usage(folder).free - leaving))
    return filler


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def write_until_refused(url: str) -> list[int]:
    """Rows acknowledged before the disk was full."""
    acknowledged: list[int] = []
    with psycopg.connect(url, autocommit=True) as connection, suppress(psycopg.Error):
        connection.execute("CREATE TABLE kept (n int, filling text)")
        for n in range(ROWS_MAX):
            # as large as several pages, and nothing that compresses
            connection.execute(
                "INSERT INTO kept SELECT %s, string_agg(md5(random()::text), '') "
                "FROM generate_series(1, 2000)",
                [n],
            )
            acknowledged.append(n)
    assert len(acknowledged) < ROWS_MAX
    return acknowledged


def test_a_database_on_a_full_disk_refuses_then_goes_on_with_every_row(disk):
    folder = disk(DATABASE_DISK)
    with postgres.start(folder / "postgres") as server:
        filler = fill(folder, leaving=ROOM_FOR_SOME)
        acknowledged = write_until_refused(server.url)
        filler.unlink()

        # it recovers by itself, or is started again once the fallen one is gone
        wait_until(lambda: answers(server.url) or (server.ensure_running() and answers(server.url)))
        with psycopg.connect(server.url) as connection:
            connection.execute("INSERT INTO kept VALUES (-1, '')")
            rows = connection.execute("SELECT n FROM kept ORDER BY n").fetchall()

    assert rows == [(-1,), *((n,) for n in acknowledged)]


def test_a_server_killed_on_a_full_disk_says_so_and_starts_once_there_is_room(disk):
    folder = disk(DATABASE_DISK)
    with postgres.start(folder / "postgres") as server:
        filler = fill(folder)
        os.kill(server.pid, 9)
        wait_until(lambda: server.pid is None)
        with pytest.raises(Refused, match="Libérez de la place"):
            server.ensure_running()
        filler.unlink()

        assert server.ensure_running()


def test_documents_that_do_not_fit_leave_neither_a_file_nor_a_row(disk, tmp_path):
    files = disk(DOCUMENTS_DISK)
    platform = Platform(tmp_path, is_migrated=True)
    platform.files.symlink_to(files)
    with pytest.raises(AssertionError, match="No space left"):
        platform.seed()

    assert platform.ask("SELECT count(*) FROM territories_portrait") == [(0,)]
    assert [p for p in files.rglob("*") if p.is_file()] == []

    platform.files.unlink()
    platform.seed()
    assert platform.ask("SELECT count(*) FROM territories_portrait") == [(1,)]
    assert platform.run("audit").returncode == 0
    platform.drop()
