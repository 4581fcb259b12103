"""The seals that bind the yearly archives of a body, and how they are checked again."""

import hashlib
import json
import zipfile
from typing import Any

from django.core.files.storage import default_storage

from maillage.apps.accounts.models import Archive

MANIFEST = "manifeste.json"


def seal_of(previous: bytes, manifest: bytes) -> bytes:
    """What binds an archive to the one before: SHA-256 of the seal before, then the manifest."""
    return hashlib.sha256(previous + manifest).digest()


def name_of(archive: Archive) -> str:
    """The name of its file."""
    return str(archive.files[0]["name"])


def faults(archive: Archive, previous: bytes) -> list[str]:
    """What is not as it was sealed: names of files, or the manifest's own."""
    if bytes(archive.previous_seal) != previous:
        return [MANIFEST]
    try:
        with default_storage.open(f"{archive.folder}/{name_of(archive)}") as stored:
            return _faults_within(stored, archive)
    except (FileNotFoundError, zipfile.BadZipFile, KeyError):
        return [name_of(archive)]


def broken() -> tuple[str, ...]:
    """The archives that are not as they were sealed, by body and year."""
    found = []
    last: dict[int, bytes] = {}
    for archive in Archive.objects.order_by("operator_id", "year"):
        if faults(archive, last.get(archive.operator_id, b"")):
            found.append(f"{archive.operator_id}-{archive.year}")
        last[archive.operator_id] = bytes(archive.seal)
    return tuple(found)


def _faults_within(stored: Any, archive: Archive) -> list[str]:
    with zipfile.ZipFile(stored) as opened:
        manifest = opened.read(MANIFEST)
        if seal_of(bytes(archive.previous_seal), manifest) != bytes(archive.seal):
            return [MANIFEST]
        told = {file["name"]: file["sha256"] for file in json.loads(manifest)["files"]}
        there = {name: _digest(opened, name) for name in opened.namelist() if name != MANIFEST}
    return sorted(name for name in told.keys() | there.keys() if told.get(name) != there.get(name))


def _digest(opened: zipfile.ZipFile, name: str) -> str:
    with opened.open(name) as content:
        # a file of an archive is read by parts: PDF of a whole year do not fit in memory
        digest = hashlib.sha256()
        while part := content.read(1 << 20):
            digest.update(part)
        return digest.hexdigest()
