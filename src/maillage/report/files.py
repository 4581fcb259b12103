"""The files of a study: written whole or not at all."""

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.report import layers
from maillage.report.plan import Document


def to_json(document: object) -> bytes:
    """JSON in UTF-8 with French letters readable and a final line end."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def sites_csv(plan: Document) -> bytes:
    """One line a site (open-data CSV: comma, point, UTF-8)."""
    columns = [
        "id", "tier", "name", "commune_code", "commune_name", "lon", "lat",
        "seats", "opening_year", "inhabitants",
    ]  # fmt: skip
    rows = [
        [site[name] for name in columns]
        + [site["why"].get("lost_if_removed"), ";".join(h["kind"] for h in site["hosts"])]
        for site in plan["sites"]
    ]
    return _csv([*columns, "inhabitants_lost_if_removed", "hosts"], rows)


def communes_csv(outcome: Outcome) -> bytes:
    """One line a commune: who lives and works there, how far the nearest place is."""
    table = layers.communes_table(outcome)
    return _csv(table.columns, table.rows())


def _csv(columns: list[str], rows: list[list[object]] | list[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder that cannot be written before anything long is computed.

    Raises BadInput `cannot_write`.
    """
    nearest = next(p for p in (folder, *folder.resolve().parents) if p.exists())
    if not nearest.is_dir():
        raise BadInput("cannot_write", path=folder, reason="ce n'est pas un dossier")
    if not os.access(nearest, os.W_OK):
        raise BadInput("cannot_write", path=folder, reason="le dossier est protégé")


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file into a folder, or none of them.

    They are first written beside the folder, then moved in: a full disk leaves it as it was.
    Raises BadInput `cannot_write`.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise BadInput("cannot_write", path=folder, reason=error.strerror) from error
    try:
        for name, data in files.items():
            _write_durably(staging / name, data)
        folder.mkdir(exist_ok=True)
        for name in files:
            (staging / name).replace(folder / name)
    except OSError as error:
        raise BadInput("cannot_write", path=folder, reason=error.strerror) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
