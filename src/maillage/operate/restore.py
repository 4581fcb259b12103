"""Bring a backup back into an empty database, and erase again those who had been erased."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from maillage.apps.journal.record import record
from maillage.operate import archive, backup_acts, clients, erasures
from maillage.operate.backup import DOCUMENTS, DUMP
from maillage.operate.readiness import migrate
from maillage.operate.refused import Refused


@dataclass(frozen=True)
class Restored:
    """What came back."""

    made_at: datetime
    documents: int
    erased_again: int


def restore(source: Path, *, at: datetime) -> Restored:
    """Documents first, then the database in one transaction, then what happened since."""
    if not source.is_file():
        raise Refused(f"{source} n'existe pas.")
    _refuse_full_database()
    with tempfile.TemporaryDirectory(prefix="maillage-") as scratch:
        unpacked = Path(scratch)
        facts = archive.unpack(source, unpacked)
        _refuse_newer(source, facts)
        count = _bring_documents(unpacked / DOCUMENTS)
        program = clients.find("pg_restore")
        clients.run(
            program,
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            f"--dbname={connection.settings_dict['NAME']}",
            str(unpacked / DUMP),
        )
    migrate()
    _close_sessions()
    erased = erasures.replay(source.parent, at=at)
    with transaction.atomic():
        record(backup_acts.RESTORED, ("backup", source.name), by=None, at=at, documents=count)
    return Restored(datetime.fromisoformat(facts["made_at"]), count, erased)


def _refuse_full_database() -> None:
    if connection.introspection.table_names():
        name = connection.settings_dict["NAME"]
        raise Refused(
            f"La base « {name} » n'est pas vide : une restauration n'écrase jamais rien. Créez une "
            "base vide, indiquez-la dans DATABASE_URL, puis relancez."
        )


def _refuse_newer(source: Path, facts: dict[str, Any]) -> None:
    ours = MigrationLoader(None).disk_migrations or {}
    known = {f"{app}.{name}" for app, name in ours}
    unknown = sorted(set(facts["migrations"]) - known)
    if unknown:
        raise Refused(
            f"{source.name} vient d'une version plus récente ({facts['product']}, {unknown[0]}). "
            "Installez cette version, puis relancez."
        )


def _bring_documents(folder: Path) -> int:
    """Put every document back; one that is already there is left as it is."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if not default_storage.exists(name):
            with path.open("rb") as content:
                default_storage.save(name, File(content))
    return len(paths)


def _close_sessions() -> None:
    """Nobody is signed in by a cookie of before; links already sent are void."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
        cursor.execute("DELETE FROM people_signinlink WHERE used_at IS NULL")
