"""The static files' address holds a digest of them: kept for ever by browsers, never stale."""

import hashlib
from pathlib import Path

LENGTH = 10


def of(folder: Path) -> str:
    """A short digest of every file's name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:LENGTH]
