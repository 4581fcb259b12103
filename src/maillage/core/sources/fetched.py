"""sources.json: where each fetched file of a folder of tables comes from."""

import json
from dataclasses import dataclass
from pathlib import Path

NAME = "sources.json"


@dataclass(frozen=True)
class Record:
    """One fetched file.

    vintage     as the registry words it, or the ISO date of the publisher's file
    fetched_at  ISO 8601, with its offset
    changed_on  ISO date of the publisher's file, "" when its server does not tell
    """

    dataset: str
    address: str
    fetched_at: str
    changed_on: str
    vintage: str
    bytes: int
    sha256: str
    publisher: str
    licence: str


def read(folder: Path) -> dict[str, Record]:
    """The records of a folder by file name; nothing where the file is absent or spoilt."""
    try:
        written = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {name: Record(**record) for name, record in written["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def vintage_of(path: Path, sha256: str | None = None) -> str | None:
    """The vintage of a file that was fetched and did not change since, None for any other.

    sha256  its fingerprint when it is known; otherwise its size is compared
    """
    record = read(path.parent).get(path.name)
    if record is None:
        return None
    is_same = record.bytes == path.stat().st_size and sha256 in (None, record.sha256)
    return record.vintage if is_same else None
