"""Delimited and Parquet files as they are met: separators, encodings, cut ends.

Every value is read as text; the reader of each table gives it its type.
"""

import codecs
import csv
import io
import zipfile
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput

_SEPARATORS = ";,\t|"


def read_any(path: Path) -> pl.DataFrame:
    """A Parquet file with its dtypes, or a delimited file with text columns."""
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    if path.suffix == ".parquet":
        return read_parquet(path)
    return read_delimited(path)


def read_parquet(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """A Parquet file, or BadInput `file_unreadable` when it is cut or something else."""
    try:
        return pl.read_parquet(path, columns=columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput("file_unreadable", path=path, reason=str(error).splitlines()[0]) from error


def read_delimited(path: Path, separator: str | None = None) -> pl.DataFrame:
    """A CSV or TXT file (or a zip that holds one) with every column as text.

    Understands UTF-8 with or without BOM, Windows-1252, `;` `,` tab and `|`.
    Raises BadInput `file_empty`, `file_not_text`, `file_one_column`, `file_truncated`.
    """
    text = decode(path, _bytes(path))
    header = text.split("\n", 1)[0]
    if not header.strip():
        raise BadInput("file_empty", path=path)
    separator = separator or max(_SEPARATORS, key=header.count)
    if separator not in header:
        raise BadInput("file_one_column", path=path, header=header[:80])
    _refuse_cut_end(path, text, separator)
    table = pl.read_csv(
        io.BytesIO(text.encode()),
        separator=separator,
        infer_schema=False,
        quote_char='"',
        null_values=[""],
    )
    return table.rename({name: name.strip() for name in table.columns})


def decode(path: Path, data: bytes) -> str:
    """Text of bytes in UTF-8 (with or without BOM) or else Windows-1252."""
    if b"\x00" in data[:4096]:
        raise BadInput("file_not_text", path=path)
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("\r\n", "\n")


def _bytes(path: Path) -> bytes:
    if path.suffix != ".zip":
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [n for n in archive.namelist() if n.lower().endswith((".csv", ".txt"))]
            data = [n for n in tables if not n.lower().startswith(("meta", "varmod"))]
            if not data:
                raise BadInput("file_not_text", path=path)
            return archive.read(data[0])
    except zipfile.BadZipFile as error:
        raise BadInput("file_unreadable", path=path, reason="zip") from error


def _refuse_cut_end(path: Path, text: str, separator: str) -> None:
    """A last line with fewer fields than the header and no line end: the file was cut."""
    if text.endswith("\n"):
        return
    last = text.rsplit("\n", 1)[-1]
    fields = next(csv.reader([last], delimiter=separator), [])
    expected = next(csv.reader([text.split("\n", 1)[0]], delimiter=separator))
    if len(fields) < len(expected):
        raise BadInput("file_truncated", path=path, last_line=last[:80])
