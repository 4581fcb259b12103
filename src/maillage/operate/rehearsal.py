"""A backup is good when it has been restored: the restore, the audit, what people would see."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from psycopg.conninfo import conninfo_to_dict

from maillage.apps.journal.models import Entry
from maillage.apps.studies.models import Run
from maillage.operate import audit, backup_acts, restore
from maillage.operate.refused import Refused

REPORT = "report.pdf"
OK = 200
ORIGIN = "origin"


def rehearse(source: Path, now: Callable[[], datetime], say: Callable[[str], None]) -> None:
    """Restore SOURCE in the empty platform of this process; a refusal if it is not good."""
    back = restore.restore(source, at=now())
    say(f"Sauvegarde du {back.made_at:%d/%m/%Y à %H:%M} : {back.documents} documents.")
    say(f"Effacements rejoués : {back.erased_again}.")
    wrong = ", ".join(f"{f.says} ({f.count})" for f in audit.run() if f.count)
    if wrong:
        raise Refused(f"La base restaurée n'est pas saine : {wrong}.")
    say("Audit : rien à signaler.")
    _fetch(reverse("home"))
    say("Page d'accueil : elle s'affiche.")
    say(_report())
    connections.close_all()


def note_in(origin: str, source: Path, at: datetime) -> None:
    """Write in the live platform's journal that this backup was restored: its health reads it."""
    parts = conninfo_to_dict(origin)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    names |= {"host": "HOST", "port": "PORT"}
    connections.settings[ORIGIN] = connections.settings["default"] | {
        name: str(parts.get(key) or "") for key, name in names.items()
    }
    Entry.objects.using(ORIGIN).create(
        at=at, act=backup_acts.CHECKED, object_kind="backup", object_key=source.name
    )
    connections[ORIGIN].close()


def _report() -> str:
    """The report of the last study, as a person would fetch it, against the hash of its row."""
    run = Run.objects.published().order_by("-number").first()
    row = next((f for f in run.files if f["name"] == REPORT), None) if run else None
    if run is None or row is None:
        return "Aucune étude publiée dans cette sauvegarde."
    address = reverse("published_file", args=[run.study.pk, run.study.slug, REPORT])
    if hashlib.sha256(_fetch(address)).hexdigest() != row["sha256"]:
        raise Refused(f"Le rapport de l'étude {run.study_id} n'est pas celui de sa ligne.")
    return f"Rapport de l'étude « {run.study.title} » : empreinte conforme."


def _fetch(path: str) -> bytes:
    address = urlsplit(settings.BASE_URL)
    client = Client(SERVER_NAME=address.hostname or "127.0.0.1")
    answer: Any = client.get(path, secure=address.scheme == "https")
    if answer.status_code != OK:
        raise Refused(f"La page {path} de la base restaurée répond {answer.status_code}.")
    return b"".join(answer) if answer.streaming else bytes(answer.content)
