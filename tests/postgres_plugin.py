"""One PostgreSQL for a whole run of the tests, up before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from maillage.operate import postgres

# the process that leads prepares; the workers of xdist inherit what it says here
LEADS = "PYTEST_XDIST_WORKER" not in os.environ
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
    assert settings.DATABASES


def _prepare(config: pytest.Config) -> None:
    # directly under the temporary folder: the server's own user must be able to enter
    data, files = (Path(tempfile.mkdtemp(prefix=f"maillage-{n}-")) for n in ("data", "files"))
    config.stash[FOLDERS] = [data, files]
    config.stash[SERVER] = postgres.start(data)
    for name in [name for name in os.environ if name.startswith("MAILLAGE_")]:
        del os.environ[name]
    os.environ["DATABASE_URL"] = config.stash[SERVER].url
    os.environ["MAILLAGE_FILES"] = str(files)
    os.environ["MAILLAGE_SECRET_KEY"] = "of-the-tests-alone-" * 4


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it and leave nothing behind."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()
    for folder in config.stash.get(FOLDERS, []):
        shutil.rmtree(folder, ignore_errors=True)
