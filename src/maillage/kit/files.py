"""Stored documents: written whole or not at all, then named by a row."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

Written = dict[str, str | int]


class WholeFiles(FileSystemStorage):
    """A folder in which a name appears only once all its bytes are on the disk."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name asked for: folders are new for each run, nothing is overwritten by chance."""
        del max_length
        return name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_folder(folder: str, contents: Mapping[str, bytes]) -> list[Written]:
    """Store every file of a folder; what is already there is removed if one cannot be written.

    returns  [{name, size_bytes, sha256}], for the row that will name them
    """
    done: list[str] = []
    try:
        for name, data in contents.items():
            done.append(default_storage.save(f"{folder}/{name}", ContentFile(data)))
    except BaseException:
        for path in done:
            default_storage.delete(path)
        raise
    return [
        {"name": name, "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in contents.items()
    ]


def read(folder: str, name: str) -> bytes:
    """The bytes of one stored file."""
    with default_storage.open(f"{folder}/{name}") as stored:
        data: Any = stored.read()
    return bytes(data)


def remove_folder(folder: str, names: list[str]) -> None:
    """Remove the files of a folder, after the row that named them is gone."""
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def is_intact(folder: str, written: Mapping[str, Any]) -> bool:
    """Whether the store still holds the bytes of a file as its row describes it."""
    try:
        with default_storage.open(f"{folder}/{written['name']}") as stored:
            digest = hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        return False
    return digest == str(written["sha256"])
