"""Delimited, Parquet and spreadsheet files as they are met: separators, encodings, cut ends.

Delimited files are read as text; the reader of each table gives its columns their type.
"""

import codecs
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import fastexcel
import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.tables import refuse_below

_SEPARATORS = ";,\t|"
_CHUNK_BYTES = 1 << 24
_HEADER_BYTES = 1 << 20
_PIECE_ROWS = 1_000_000

_TABLE_SUFFIXES = (".csv", ".txt")
_SHEET_SUFFIXES = (".xlsx", ".xls")


def read_any(path: Path, columns: Collection[str] | None = None) -> pl.DataFrame:
    """A Parquet file with its dtypes, or a delimited file with text columns.

    columns  only these are read, where the file has them
    """
    _refuse_absent(path)
    if path.suffix == ".parquet":
        return read_parquet(path, columns)
    return read_delimited(path, columns)


def columns_of(path: Path) -> list[str]:
    """The names of the columns of a Parquet or delimited file."""
    _refuse_absent(path)
    if path.suffix == ".parquet":
        return list(_parquet_schema(path))
    with _opened(path) as stream:
        header, separator = _header(path, stream.read(_HEADER_BYTES))
    return _fields(header, separator)


def required(path: Path, table: pl.DataFrame, columns: Collection[str]) -> pl.DataFrame:
    """The table, or BadInput `table_missing_column` with every column that it lacks.

    Raises BadInput `table_without_rows` too.
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise BadInput("table_missing_column", table=path.name, columns=missing)
    return with_rows(path, table)


def with_rows(path: Path, table: pl.DataFrame) -> pl.DataFrame:
    """The table, or BadInput `table_without_rows` when it has no line that serves."""
    if table.is_empty():
        raise BadInput("table_without_rows", path=path)
    return table


def column_like(columns: Collection[str], *patterns: str) -> str | None:
    """The column that matches the first of the patterns to match any, the latest name; no case."""
    for pattern in patterns:
        found = sorted(c for c in columns if re.fullmatch(pattern, c, re.IGNORECASE))
        if found:
            return found[-1]
    return None


def as_numbers(path: Path, table: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """The table with these columns as Float64, decimal point or comma.

    Raises BadInput `column_not_a_number` on the first value that is none.
    """
    texts = [name for name in names if table.schema[name] == pl.String]
    numbers = table.with_columns(
        *(
            pl.col(name).str.strip_chars().str.replace(",", ".", literal=True)
            for name in names
            if name in texts
        )
    ).with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in names)
    for name in texts:
        wrong = table.filter(numbers[name].is_null() & table[name].is_not_null())
        if not wrong.is_empty():
            value = wrong[name][0]
            raise BadInput("column_not_a_number", path=path, column=name, value=value)
    for name in names:
        odd = numbers.filter(~pl.col(name).is_finite())
        if not odd.is_empty():
            raise BadInput("column_not_a_number", path=path, column=name, value=odd[name][0])
    return numbers


def as_counts(path: Path, table: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """The table with these columns as numbers, or BadInput `table_negative_value`."""
    numbers = as_numbers(path, table, names)
    for name in names:
        refuse_below(numbers, path.name, name)
    return numbers


def read_parquet(path: Path, columns: Collection[str] | None = None) -> pl.DataFrame:
    """A Parquet file, or BadInput `file_unreadable` when it is cut or something else."""
    kept = None if columns is None else [c for c in _parquet_schema(path) if c in columns]
    try:
        return pl.read_parquet(path, columns=kept)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput("file_unreadable", path=path, reason="parquet") from error


def parquet_metadata(path: Path) -> Mapping[str, str]:
    """The key-value metadata of a Parquet file."""
    try:
        return pl.read_parquet_metadata(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput("file_unreadable", path=path, reason="parquet") from error


def read_delimited(path: Path, columns: Collection[str] | None = None) -> pl.DataFrame:
    """A CSV or TXT file (or a zip that holds one) with every column as text.

    Understands UTF-8 with or without BOM, Windows-1252, `;` `,` tab and `|`.
    Raises BadInput `file_empty`, `file_not_text`, `file_one_column`, `file_truncated`,
    `file_unreadable`, `file_utf16`.
    """
    data = _bytes(path)
    header, separator = _header(path, data)
    names = _fields(header, separator)
    _refuse_cut_end(path, data, separator, len(names))
    if not _is_utf8(data):
        data = decode(data).encode()
    wanted = [n for n, name in enumerate(names) if columns is None or name in columns]
    try:
        table = pl.read_csv(
            data, separator=separator, infer_schema=False, columns=wanted or None, null_values=[""]
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput("file_unreadable", path=path, reason="csv") from error
    table = table.rename({name: name.strip() for name in table.columns})
    return table if wanted else table.select()


def read_in_pieces(path: Path, columns: Collection[str]) -> Iterator[pl.DataFrame]:
    """A large Parquet or delimited file (or a zip that holds one), some columns, piece by piece.

    Delimited columns are text. No line may hold a line end between quotes.
    Raises BadInput as `read_parquet` and `read_delimited` do.
    """
    _refuse_absent(path)
    if path.suffix == ".parquet":
        yield from _parquet_pieces(path, columns)
        return
    with _opened(path) as stream:
        data = stream.read(_CHUNK_BYTES)
        header, separator = _header(path, data)
        names = _fields(header, separator)
        data = data[data.find(b"\n") + 1 :] if b"\n" in data else b""
        while more := stream.read(_CHUNK_BYTES):
            end = data.rfind(b"\n") + 1
            yield _piece(path, data[:end], names, separator, columns)
            data = data[end:] + more
    if data:
        _refuse_cut_end(path, data, separator, len(names))
    yield _piece(path, data, names, separator, columns)


def _piece(
    path: Path, data: bytes, names: list[str], separator: str, columns: Collection[str]
) -> pl.DataFrame:
    wanted = [n for n, name in enumerate(names) if name in columns]
    named = [names[n] for n in wanted]
    if not data or data.isspace():
        return pl.DataFrame(schema=dict.fromkeys(named, pl.String))
    if not _is_utf8(data):
        data = decode(data).encode()
    try:
        table = pl.read_csv(
            data,
            has_header=False,
            separator=separator,
            infer_schema=False,
            columns=wanted,
            null_values=[""],
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput("file_unreadable", path=path, reason="csv") from error
    return table.rename(dict(zip(table.columns, named, strict=True)))


def _parquet_pieces(path: Path, columns: Collection[str]) -> Iterator[pl.DataFrame]:
    kept = [c for c in _parquet_schema(path) if c in columns]
    try:
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        for start in range(0, max(rows, 1), _PIECE_ROWS):
            yield pl.scan_parquet(path).select(kept).slice(start, _PIECE_ROWS).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput("file_unreadable", path=path, reason="parquet") from error


def read_sheet(path: Path, markers: Collection[str], sheet: str | None = None) -> pl.DataFrame:
    """A sheet of a workbook (or of a zip that holds one) as text, from its header line down.

    markers  patterns that the header line matches: titles above it are skipped
    sheet    the sheet's name; the first sheet when it is None or absent
    """
    _refuse_absent(path)
    try:
        book = fastexcel.read_excel(_bytes(path, _SHEET_SUFFIXES))
        name = sheet if sheet in book.sheet_names else book.sheet_names[0]
        raw = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    except (fastexcel.FastExcelError, IndexError) as error:
        raise BadInput("file_unreadable", path=path, reason="xlsx") from error
    for n, values in enumerate(raw.iter_rows()):
        names = [str(value or "").strip() for value in values]
        if all(column_like(names, marker) for marker in markers):
            kept = {c: name for c, name in zip(raw.columns, names, strict=True) if name}
            return raw[n + 1 :].select(*kept).rename(kept)
    raise BadInput("table_missing_column", table=path.name, columns=list(markers))


def read_json(path: Path, kind: str = "geojson") -> Any:
    """The value of a JSON file, or BadInput `file_unreadable` as the kind that it should be."""
    _refuse_absent(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadInput("file_unreadable", path=path, reason=kind) from error


def decode(data: bytes) -> str:
    """Text of bytes in UTF-8 (with or without BOM) or else Windows-1252."""
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _refuse_absent(path: Path) -> None:
    if path.is_dir():
        raise BadInput("is_a_folder", path=path)
    if not path.is_file():
        raise BadInput("missing_file", path=path)


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK_BYTES):
            decoder.decode(data[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _parquet_schema(path: Path) -> Collection[str]:
    try:
        return pl.read_parquet_schema(path).keys()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput("file_unreadable", path=path, reason="parquet") from error


def _bytes(path: Path, suffixes: tuple[str, ...] = _TABLE_SUFFIXES) -> bytes:
    """The file, or the largest file of a kind inside a zip."""
    with _opened(path, suffixes) as stream:
        return stream.read()


@contextmanager
def _opened(path: Path, suffixes: tuple[str, ...] = _TABLE_SUFFIXES) -> Iterator[IO[bytes]]:
    """The bytes of the file, or of the largest file of a kind inside a zip, to be read."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as stream:
            yield stream
        return
    try:
        with zipfile.ZipFile(path) as archive:
            held = [i for i in archive.infolist() if i.filename.lower().endswith(suffixes)]
            if not held:
                raise BadInput("zip_without_table", path=path, suffixes=list(suffixes))
            with archive.open(max(held, key=lambda info: info.file_size)) as stream:
                yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadInput("file_unreadable", path=path, reason="zip") from error


def _header(path: Path, data: bytes) -> tuple[str, str]:
    """The first line and its separator."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput("file_utf16", path=path)
    if b"\x00" in data[:4096]:
        raise BadInput("file_not_text", path=path)
    header = decode(data[: data.find(b"\n") if b"\n" in data else None]).rstrip("\r")
    if not header.strip():
        raise BadInput("file_empty", path=path)
    separator = max(_SEPARATORS, key=header.count)
    if separator not in header:
        raise BadInput("file_one_column", path=path, header=header[:80])
    return header, separator


def _fields(line: str, separator: str) -> list[str]:
    return [name.strip() for name in next(csv.reader(io.StringIO(line), delimiter=separator), [])]


def _refuse_cut_end(path: Path, data: bytes, separator: str, expected: int) -> None:
    """A last line with fewer fields than the header and no line end: the file was cut."""
    if data.endswith(b"\n"):
        return
    last = decode(data[data.rfind(b"\n") + 1 :])
    if len(_fields(last, separator)) < expected:
        raise BadInput("file_truncated", path=path, last_line=last[:80])
