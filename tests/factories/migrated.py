"""A database with the tables of the code, migrated once in a run; the others are its copies."""

import os
import subprocess
import sys

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from maillage.operate.postgres import Server

NAME = "migrated"
UNDER_WAY = "migrating"
# any number: the workers of a run take turns on it
TURN = 20_27


def prepare() -> None:
    """Migrate the model of the others, unless another worker of the run has."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TURN])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if known.fetchone() is None:
            connection.execute(f"DROP DATABASE IF EXISTS {UNDER_WAY}")
            connection.execute(f"CREATE DATABASE {UNDER_WAY}")
            _migrate(UNDER_WAY)
            connection.execute(f"ALTER DATABASE {UNDER_WAY} RENAME TO {NAME}")


def copied_to(name: str) -> None:
    """A new database with the tables of the code."""
    prepare()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {NAME}")


def poured_into(server: Server) -> None:
    """Those tables into the empty database of another server, which will suffer."""
    prepare()
    address = conninfo_to_dict(os.environ["DATABASE_URL"]) | {"dbname": NAME}
    dump = [server.bin("pg_dump"), "--no-owner", f"--dbname={make_conninfo(**address)}"]
    read = [server.bin("psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={server.url}"]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
        subprocess.run(read, stdin=dumped.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dumped.returncode == 0


def _migrate(name: str) -> None:
    """What an operator types; in another process, which leaves no connection behind."""
    address = conninfo_to_dict(os.environ["DATABASE_URL"]) | {"dbname": name}
    done = subprocess.run(
        [sys.executable, "-m", "maillage.cli.main", "migrate"],
        env=os.environ | {"DATABASE_URL": make_conninfo(**address)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
