"""Erasures outlive backups: what was erased after a backup is erased again after its restore.

They are known, by number alone, to the database, to the store of documents (one small file each,
written with the act) and to a list beside the backups.
"""

import json
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from maillage.apps.people import erase
from maillage.apps.people.erase import Erased
from maillage.apps.people.models import Person

STORED = "erasures"
LIST = "effacements.json"


def remember_outside(person: Person, at: datetime) -> None:
    """Once the act holds, note it outside the database too: the database may be lost tonight."""
    path, content = f"{STORED}/{person.pk}", at.isoformat()
    transaction.on_commit(
        lambda: default_storage.save(path, ContentFile(content.encode())), robust=True
    )


def keep_beside(folder: Path) -> None:
    """Write beside the backups which accounts were erased."""
    part = folder / f".{LIST}.part"
    part.write_text(json.dumps(_known(folder), indent=1), encoding="utf-8")
    part.replace(folder / LIST)


def replay(folder: Path, *, at: datetime) -> int:
    """Erase again, after a restore, whoever was erased since the backup; how many."""
    return erase.replay(_known(folder), at=at)


def _known(folder: Path) -> list[Erased]:
    by_person = {line["person_id"]: line for line in _listed(folder) + _stored()}
    by_person |= {line["person_id"]: line for line in erase.remembered()}
    return [by_person[number] for number in sorted(by_person)]


def _stored() -> list[Erased]:
    try:
        _, names = default_storage.listdir(STORED)
    except FileNotFoundError:
        return []
    return [{"person_id": int(n), "at": _written(n)} for n in names if n.isdecimal()]


def _written(name: str) -> str:
    with default_storage.open(f"{STORED}/{name}") as stored:
        return bytes(stored.read()).decode()


def _listed(folder: Path) -> list[Erased]:
    listing = folder / LIST
    if not listing.exists():
        return []
    lines: list[Erased] = json.loads(listing.read_text(encoding="utf-8"))
    return lines
