"""The stored files of a portrait, read once by each process: they never change."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from maillage.apps.territories.models import Portrait
from maillage.kit import files

# a portrait has about 25 files, 10 to 100 kB each
KEPT = 400


@dataclass(frozen=True)
class Stored:
    """One file of a portrait, as its row names it."""

    name: str
    size_bytes: int
    sha256: str


def stored(portrait: Portrait) -> dict[str, Stored]:
    """The closed list of a portrait's files, by name."""
    return {entry["name"]: Stored(**entry) for entry in portrait.files}


@lru_cache(maxsize=KEPT)
def data(folder: str, name: str) -> bytes:
    """The bytes of one file; the caller has found the name in the row."""
    return files.read(folder, name)


@lru_cache(maxsize=KEPT)
def document(folder: str, name: str) -> dict[str, Any]:
    """One JSON file, read."""
    found: dict[str, Any] = json.loads(data(folder, name))
    return found


def text(folder: str, name: str) -> str:
    """One drawing, as text."""
    return data(folder, name).decode()
