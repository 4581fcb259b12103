"""Writes sources.json, where each fetched file of a folder comes from."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources.fetched import NAME, Record


def write(folder: Path, records: Mapping[str, Record]) -> None:
    """Every record of a folder, whole or not at all; those of files that left it are forgotten."""
    files = {name: asdict(records[name]) for name in sorted(records) if (folder / name).is_file()}
    text = json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n"
    new = folder / f"{NAME}.new"
    try:
        with new.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(folder / NAME)
    except OSError as error:
        raise BadInput("download_cannot_write", path=folder / NAME, errno=error.errno) from error
