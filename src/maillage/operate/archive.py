"""A backup file: a tar of the database's dump and the documents, closed by their list.

The list (manifest.json) comes last: name, size and sha256 of every member.
"""

import hashlib
import io
import json
import os
import shlex
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from maillage.operate.refused import Refused

MANIFEST = "manifest.json"
FORMAT = 1
ENCRYPT = "MAILLAGE_BACKUP_ENCRYPT"
DECRYPT = "MAILLAGE_BACKUP_DECRYPT"
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """One file of the archive."""

    name: str
    size_bytes: int
    sha256: str


@dataclass
class Writer:
    """An archive being written."""

    _tar: tarfile.TarFile
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, content: IO[bytes], size_bytes: int) -> Member:
        """Append one file, hashed on the way."""
        counted = _Hashed(content)
        entry = tarfile.TarInfo(name)
        entry.size = size_bytes
        try:
            self._tar.addfile(entry, counted)
        except OSError as error:
            # too short: tarfile names no file
            raise OSError(error.errno, f"{name} : {error}") from error
        member = Member(name, size_bytes, counted.digest.hexdigest())
        self.members.append(member)
        return member

    def close(self, facts: dict[str, Any]) -> None:
        """End with the list of all members and what the caller says of the whole."""
        listed = [asdict(member) for member in self.members]
        text = json.dumps({"format": FORMAT, **facts, "members": listed}, indent=1)
        data = text.encode()
        self.add(MANIFEST, io.BytesIO(data), len(data))


class _Hashed:
    """A file read through its digest."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new archive at TARGET, there only once it is whole and on the disk."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("xb") as out:
            part.chmod(0o600)
            with (
                _through(os.environ.get(ENCRYPT, ""), out) as sink,
                tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                yield Writer(tar)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    descriptor = os.open(target.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def unpack(source: Path, into: Path) -> dict[str, Any]:
    """Every member under INTO, each checked against the list; returns the list."""
    with source.open("rb") as file, _from(file) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                tar.extractall(into, filter="data")
        except tarfile.TarError as error:
            raise Refused(f"{source} n'est pas une sauvegarde lisible ({error}).") from error
    return _checked(source, into)


def _checked(source: Path, into: Path) -> dict[str, Any]:
    listing = into / MANIFEST
    if not listing.exists():
        raise Refused(f"{source} est incomplète : sa liste finale manque. Prenez-en une autre.")
    facts: dict[str, Any] = json.loads(listing.read_text(encoding="utf-8"))
    if facts.get("format") != FORMAT:
        raise Refused(f"{source} est d'une version plus récente de Maillage : mettez-le à jour.")
    for listed in facts["members"]:
        member = Member(**listed)
        path = into / member.name
        if not path.is_file() or _sha256(path) != member.sha256:
            raise Refused(f"{source} est abîmée : {member.name} a changé. Prenez-en une autre.")
    return facts


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _through(command: str, out: IO[bytes]) -> Iterator[IO[bytes]]:
    """OUT itself, or OUT behind the operator's encryption program."""
    if not command:
        yield out
        return
    with subprocess.Popen(  # noqa: S603 - the operator's own setting
        shlex.split(command), stdin=subprocess.PIPE, stdout=out
    ) as program:
        if program.stdin is None:
            raise TypeError(command)
        try:
            yield program.stdin
            program.stdin.close()
        except BrokenPipeError:
            # its exit status says why
            with suppress(BrokenPipeError):
                program.stdin.close()
        except BaseException:
            program.kill()
            raise
    if program.returncode != 0:
        raise Refused(f"Le chiffrement a échoué ({ENCRYPT}, code {program.returncode}).")


@contextmanager
def _from(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """FILE itself when it is a tar, else FILE behind the operator's decryption program."""
    file.seek(257)
    is_plain = file.read(5) == b"ustar"
    file.seek(0)
    if is_plain:
        yield file
        return
    command = os.environ.get(DECRYPT, "")
    if not command:
        raise Refused(
            f"Ce fichier est chiffré, ou n'est pas une sauvegarde. Indiquez dans {DECRYPT} la "
            "commande qui le déchiffre, par exemple « age --decrypt -i cle.txt »."
        )
    with subprocess.Popen(  # noqa: S603 - the operator's own setting
        shlex.split(command), stdin=file, stdout=subprocess.PIPE
    ) as program:
        if program.stdout is None:
            raise TypeError(command)
        yield program.stdout
        # what is left is padding
        while program.stdout.read(CHUNK):
            pass
    if program.returncode != 0:
        raise Refused(f"Le déchiffrement a échoué ({DECRYPT}, code {program.returncode}).")
