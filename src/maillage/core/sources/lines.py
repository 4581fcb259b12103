"""A small table that somebody wrote, read line by line from its bytes, before anything is kept.

Unlike `files`, which reads official tables whole, this tells on which line a text goes wrong.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources import files

MOST_BYTES = 10_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200

_SEPARATORS = ";,\t|"


@dataclass(frozen=True)
class Written:
    """The lines of a table, read as they are asked: (line of the file, cell by column)."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str]]]


def text_of(name: str, data: bytes) -> str:
    """The text of an uploaded table.

    Raises BadInput `file_too_heavy`, `file_utf16`, `file_not_text`, `file_empty`.
    """
    path = Path(name)
    if len(data) > MOST_BYTES:
        raise BadInput("file_too_heavy", path=path, most_mb=MOST_BYTES // 1_000_000)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput("file_utf16", path=path)
    if b"\0" in data:
        raise BadInput("file_not_text", path=path)
    text = files.decode(data)
    if not text.strip():
        raise BadInput("file_empty", path=path)
    return text


def read(name: str, text: str, required: Sequence[str]) -> Written:
    """The lines of a table, every cell stripped; a line without any text is skipped.

    The columns are refused at once, a line when it is reached.
    Raises BadInput `file_one_column`, `file_duplicate_column`, `file_too_wide`, `file_too_long`,
    `file_unreadable_line`, `file_line_too_wide`, `table_missing_column`, `table_without_lines`.
    """
    path = Path(name)
    header = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    if separator not in header and len(required) > 1:
        raise BadInput("file_one_column", path=path, header=header[:80], expected=list(required))
    if header.count(separator) >= MOST_COLUMNS:
        raise BadInput("file_too_wide", path=path, most=MOST_COLUMNS)
    written = _written(path, text, separator)
    _, first = next(written, (0, []))
    columns = tuple(cell.strip() for cell in first)
    if not columns:
        raise BadInput("table_without_lines", path=path)
    _refuse_columns(path, columns, required)
    return Written(columns, _rows(path, written, columns))


def _written(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every line with its number; an open quote or a cell of a million letters is refused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins, count = 1, 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput("file_unreadable_line", path=path, line=begins) from error
        if any(cell.strip() for cell in row):
            yield begins, row
            count += 1
        begins = reader.line_num + 1
        # the first is the header
        if count > MOST_ROWS + 1:
            raise BadInput("file_too_long", path=path, most=MOST_ROWS)


def _rows(
    path: Path, written: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    is_empty = True
    for number, row in written:
        is_empty = False
        yield number, dict(zip(columns, _filled(path, row, number, columns), strict=True))
    if is_empty:
        raise BadInput("table_without_lines", path=path)


def _refuse_columns(path: Path, columns: tuple[str, ...], required: Sequence[str]) -> None:
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise BadInput("file_duplicate_column", path=path, columns=twice)
    missing = [name for name in required if name not in columns]
    if missing:
        raise BadInput(
            "table_missing_column", table=path.name, columns=missing, expected=list(required)
        )


def _filled(path: Path, row: list[str], number: int, columns: tuple[str, ...]) -> list[str]:
    """A line with as many cells as columns: a spreadsheet leaves the last empty ones out."""
    cells = [cell.strip() for cell in row]
    beyond = cells[len(columns) :]
    if any(beyond):
        raise BadInput(
            "file_line_too_wide", path=path, line=number, columns=len(columns), cells=len(cells)
        )
    return (cells + [""] * len(columns))[: len(columns)]
