"""Save the database and the documents of one moment in one file, and forget the oldest."""

import re
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from maillage.apps.journal.record import record
from maillage.operate import archive, backup_acts, clients, documents, erasures
from maillage.operate.documents import Document
from maillage.operate.refused import Refused

NAME = "maillage-{at:%Y-%m-%dT%H%M%SZ}.tar"
OURS = re.compile(r"maillage-(\d{4}-\d{2}-\d{2}T\d{6}Z)\.tar")
STAMP = "%Y-%m-%dT%H%M%SZ"
KEPT = timedelta(days=35)
DUMP = "database.dump"
DOCUMENTS = "documents"


@dataclass(frozen=True)
class Saved:
    """A finished backup.

    damaged  documents that the store no longer holds as their row says: the backup is not good
    """

    path: Path
    size_bytes: int
    documents: int
    damaged: tuple[str, ...]
    removed: tuple[Path, ...]


def backup(folder: Path, *, at: datetime) -> Saved:
    """Write a new backup in FOLDER, note it in the journal, remove those past their time."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / NAME.format(at=at.astimezone(UTC))
    if target.exists():
        raise Refused(f"{target} existe déjà. Attendez une seconde, puis relancez.")
    begun = time.monotonic()
    try:
        named, damaged = _save(target, at)
        if damaged and not _still_named(damaged):
            # removed by someone while it was being copied: another moment is a whole one
            target.unlink()
            named, damaged = _save(target, at)
    except OSError as error:
        raise Refused(
            f"La sauvegarde n'a pas pu être écrite dans {folder} ({error.strerror or error}). "
            "Rien n'est changé ; les sauvegardes précédentes sont intactes."
        ) from error
    saved = Saved(target, target.stat().st_size, len(named), damaged, removed=())
    erasures.keep_beside(folder)
    if damaged:
        return saved
    _note(saved, round(time.monotonic() - begun, 1), at)
    return replace(saved, removed=_rotate(folder, at))


def _save(target: Path, at: datetime) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".maillage-") as scratch:
        dump = Path(scratch) / DUMP
        named = _dump(dump)
        return named, _write(target, dump, named, at)


def _still_named(paths: tuple[str, ...]) -> bool:
    return set(paths) <= {document.path for document in documents.stored()}


def _dump(target: Path) -> tuple[Document, ...]:
    """The database at one moment, and the documents that it names at that moment."""
    program = clients.find("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # the dump of a large base takes longer than a page may
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        named = tuple(documents.stored())
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        clients.run(
            program, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"
        )
    return named


def _write(target: Path, dump: Path, named: tuple[Document, ...], at: datetime) -> tuple[str, ...]:
    """The archive; returns the documents that are not what their row says."""
    damaged = []
    with archive.writing(target) as writer:
        with dump.open("rb") as content:
            writer.add(DUMP, content, dump.stat().st_size)
        for document in named:
            if not default_storage.exists(document.path):
                damaged.append(document.path)
                continue
            size_bytes = default_storage.size(document.path)
            with default_storage.open(document.path) as content:
                added = writer.add(f"{DOCUMENTS}/{document.path}", content, size_bytes)
            if added.sha256 != document.sha256:
                damaged.append(document.path)
        writer.close(
            {
                "product": metadata.version("maillage"),
                "made_at": at.isoformat(),
                "migrations": _migrations(),
                "damaged": damaged,
            }
        )
    return tuple(damaged)


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _note(saved: Saved, seconds: float, at: datetime) -> None:
    with transaction.atomic():
        record(
            backup_acts.DONE,
            ("backup", saved.path.name),
            by=None,
            at=at,
            size_bytes=saved.size_bytes,
            documents=saved.documents,
            seconds=seconds,
        )


def _rotate(folder: Path, at: datetime) -> tuple[Path, ...]:
    """Remove our own backups past their time: what people had erased leaves with them."""
    old = []
    for path in sorted(folder.iterdir()):
        named = OURS.fullmatch(path.name)
        if named is None:
            continue
        made_at = datetime.strptime(named.group(1), STAMP).replace(tzinfo=UTC)
        if at - made_at > KEPT:
            path.unlink()
            old.append(path)
    return tuple(old)
