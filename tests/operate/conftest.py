"""A seeded platform and its backup, made once; empty ones on demand."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from factories.platform import Platform


@dataclass(frozen=True)
class Saved:
    """A platform, and the backup that was made of it."""

    platform: Platform
    backup: Path

    def copied(self, folder: Path) -> Path:
        """The backup alone in another folder, to be damaged at will."""
        return Path(shutil.copy(self.backup, folder))


@pytest.fixture(scope="session")
def saved(tmp_path_factory) -> Saved:
    platform = Platform(tmp_path_factory.mktemp("platform"), is_migrated=True)
    platform.seed(with_study=True)
    backups = tmp_path_factory.mktemp("backups")
    done = platform.run("backup", str(backups))
    assert done.returncode == 0, done.stderr
    yield Saved(platform, next(backups.glob("*.tar")))
    platform.drop()


@pytest.fixture
def empty(tmp_path_factory):
    platform = Platform(tmp_path_factory.mktemp("empty"))
    yield platform
    platform.drop()
