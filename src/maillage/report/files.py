"""The files of a study: written whole or not at all."""

import codecs
import contextlib
import csv
import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.report import layers
from maillage.report.plan import Document
from maillage.report.shown import Cell, Grid

_FORMULA = re.compile(r"^[\t\r]|(?:^|[\r\n])\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
# « +33400000001 » runs nothing, and must be read back as it is
_PHONE = re.compile(r"\+[0-9]{8,15}")


def to_json(document: object) -> bytes:
    """JSON in UTF-8 with French letters readable and a final line end."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def to_compact_json(document: object) -> bytes:
    """The same for what a browser loads: no space that nobody reads."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def sites_csv(plan: Document) -> bytes:
    """One line a site (open-data CSV: comma, point, UTF-8)."""
    columns = [
        "id", "tier", "name", "commune_code", "commune_name", "lon", "lat",
        "is_existing", "seats", "opening_year", "inhabitants",
    ]  # fmt: skip
    rows = [
        [site[name] for name in columns]
        + [site["why"].get("lost_if_removed"), ";".join(h["kind"] for h in site["hosts"])]
        + [round(site["commuters"][case]) for case in ("low", "central", "high")]
        for site in plan["sites"]
    ]
    more = ["inhabitants_lost_if_removed", "hosts"]
    more += [f"commuters_{case}" for case in ("low", "central", "high")]
    return table_csv([*columns, *more], rows)


def communes_csv(outcome: Outcome) -> bytes:
    """One line a commune: who lives and works there, how far the nearest place is."""
    table = layers.communes_table(outcome)
    return table_csv(table.columns, table.rows())


def table_csv(columns: list[str], rows: list[list[object]] | list[tuple[object, ...]]) -> bytes:
    """A plain table as open data: comma, point, UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def grid_csv(grid: Grid) -> bytes:
    """A table as open data: comma, point, UTF-8, stable column names, no total."""
    rows: list[list[object]] = [[c.value for c in row] for row in grid.rows]
    return table_csv([column.key for column in grid.columns], rows)


def grid_excel(grid: Grid) -> bytes:
    """A table for a French spreadsheet: byte order mark, semicolon, decimal comma, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_inert(column.label) for column in grid.columns])
    rows = (*grid.rows, *([grid.total] if grid.total else []))
    writer.writerows([_french(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _french(cell: Cell) -> object:
    if isinstance(cell.value, float):
        return f"{cell.value:.12g}".replace(".", ",")
    if cell.value in ("true", "false"):
        return cell.text
    return "" if cell.value is None else _inert(cell.value)


def _inert(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, made a plain text.

    After spaces or a line break too, and in full-width signs: spreadsheets read them so.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    is_run = _FORMULA.search(text) and not _PHONE.fullmatch(text)
    return f"'{text}" if is_run else text


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder that cannot be written before anything long is computed.

    Raises BadInput `cannot_write`.
    """
    try:
        nearest = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    except OSError as error:
        raise BadInput("cannot_write", path=folder, errno=error.errno) from error
    if not nearest.is_dir():
        raise BadInput("cannot_write", path=folder, errno=errno.ENOTDIR)
    if not os.access(nearest, os.W_OK):
        raise BadInput("cannot_write", path=folder, errno=errno.EACCES)


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file into a folder, or none of them.

    They are first written aside, then exchanged with those of an earlier study, which come back
    if one exchange fails: a full disk or a file in the way leaves the folder as it was.
    Raises BadInput `cannot_write`.
    """
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".maillage-", dir=folder) as aside:
            new, old = Path(aside, "new"), Path(aside, "old")
            new.mkdir()
            old.mkdir()
            for name, data in files.items():
                _write_durably(new / name, data)
            _exchange(folder, new, old, list(files))
    except OSError as error:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise BadInput("cannot_write", path=folder, errno=error.errno) from error


def _exchange(folder: Path, new: Path, old: Path, names: list[str]) -> None:
    """Put the new files in place; on failure, take them out and put the old ones back."""
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(old / name)
            (new / name).rename(folder / name)
    except OSError:
        for name in names:
            if not (new / name).exists():
                (folder / name).unlink(missing_ok=True)
            if (old / name).exists():
                (old / name).rename(folder / name)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write one file, whole, or leave the earlier one as it was, even when killed.

    Raises BadInput `cannot_write`.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_durably(aside, data)
        aside.replace(path)
    except OSError as error:
        raise BadInput("cannot_write", path=path, errno=error.errno) from error


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
