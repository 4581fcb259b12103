"""One PostgreSQL for a whole run of the tests, up before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from factories import migrated
from maillage.operate import postgres
from patience import PATIENCE_S

# the process that leads prepares; the workers of xdist inherit what it says here
LEADS = "PYTEST_XDIST_WORKER" not in os.environ
# the same hashing, without its slowness; tests/web/test_settings.py holds the real one
ROUNDS, REAL_ROUNDS = 1_000, PBKDF2PasswordHasher.iterations
# on a busy machine a crowd waits for longer than anybody should; the same file holds the real ones
PATIENT = f"-c statement_timeout={PATIENCE_S}s -c lock_timeout={PATIENCE_S}s"
SERVER = pytest.StashKey[postgres.Server]()
FOLDERS = pytest.StashKey[list[Path]]()

os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.web.settings"
# the browser's tests run an event loop beside the live server
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server and set the environment of every test, then let Django read it."""
    if LEADS:
        _prepare(config)
    # pytest-django sets Django up after this, if its settings were read
    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})["TEMPLATE"] = migrated.NAME
    database["OPTIONS"] |= {"connect_timeout": PATIENCE_S, "options": PATIENT}
    PBKDF2PasswordHasher.iterations = ROUNDS


def _prepare(config: pytest.Config) -> None:
    # directly under the temporary folder: the server's own user must be able to enter
    data, files = (Path(tempfile.mkdtemp(prefix=f"maillage-{n}-")) for n in ("data", "files"))
    config.stash[FOLDERS] = [data, files]
    config.stash[SERVER] = postgres.start(data)
    for name in [name for name in os.environ if name.startswith("MAILLAGE_")]:
        del os.environ[name]
    os.environ["DATABASE_URL"] = config.stash[SERVER].url
    _hurry(config.stash[SERVER])
    os.environ["MAILLAGE_FILES"] = str(files)
    os.environ["MAILLAGE_SECRET_KEY"] = "of-the-tests-alone-" * 4


def _hurry(server: postgres.Server) -> None:
    """Nothing of this server outlives the run: no waiting for the disk."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it and leave nothing behind."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()
    for folder in config.stash.get(FOLDERS, []):
        shutil.rmtree(folder, ignore_errors=True)
