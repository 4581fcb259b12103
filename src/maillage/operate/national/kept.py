"""The folder of what a run keeps: one file a place, there whole or not at all."""

import json
from pathlib import Path

from maillage.core.national import Record, from_document, to_document
from maillage.report import files

FOLDER = "epci"


class Kept:
    """What is kept in the folder of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def read(self, siren: str) -> Record | None:
        """What is kept of a place; a file of another edition, or damaged, is nothing."""
        try:
            return from_document(json.loads(self._path(siren).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None

    def write(self, record: Record) -> None:
        """Keep a place; raises BadInput `cannot_write`."""
        files.write_whole(self._path(record.plan.siren), files.to_json(to_document(record)))

    def _path(self, siren: str) -> Path:
        return self._folder / f"{siren}.json"
