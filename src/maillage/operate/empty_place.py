"""An empty database and an empty folder of documents, gone at the end: where backups are tried."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maillage.operate import postgres


@contextmanager
def empty_place() -> Iterator[None]:
    """Until the end, the settings that this process has yet to read speak of an empty platform."""
    with tempfile.TemporaryDirectory(prefix="maillage-restore-") as path:
        place = Path(path)
        # the account that runs the server must pass; the documents stay closed
        place.chmod(0o711)
        documents = place / "files"
        documents.mkdir(mode=0o700)
        with postgres.start(place / "postgres") as server:
            os.environ["DATABASE_URL"] = server.url
            os.environ["MAILLAGE_FILES"] = str(documents)
            yield
