"""What a computation depends on, as one digest: the same digest, the same result."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

import maillage
from maillage.core.assumptions import Assumptions
from maillage.core.sources.gather import Tables

COMPUTES = ("core", "report")
OF_CODE = (".py", ".toml")


@cache
def code_version() -> str:
    """The release, and the bytes of what computes and words: a working copy changes between two."""
    digest = hashlib.sha256(metadata.version("maillage").encode())
    root = Path(maillage.__path__[0])
    for floor in COMPUTES:
        for path in sorted(p for p in (root / floor).rglob("*") if p.suffix in OF_CODE):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def of_tables(
    tables: Tables, assumptions: Assumptions, *, asked: Mapping[str, object] | None = None
) -> str:
    """The digest of a territory's tables, of the assumptions, of the code and of the question."""
    parts = {
        "siren": tables.siren,
        "sources": [[s.dataset.id, s.file, s.sha256, s.vintage] for s in tables.sources],
        "assumptions": {key: asdict(a) for key, a in sorted(assumptions.by_key.items())},
        "code": code_version(),
        "asked": asked or {},
    }
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
