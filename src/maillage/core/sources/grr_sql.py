"""A dump of a MySQL database read as data: tables and rows by their names; nothing is executed.

It takes what mysqldump, phpMyAdmin and GRR's own backup write. A general parser of SQL (sqlglot)
needs a minute and gigabytes for the heaviest file taken here, and stops at the warnings that PHP
leaves in GRR's backups. Bytes are read, not text: one value in an odd charset spoils that value
only, and an emoji does not quadruple the memory.
"""

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.core.bad_input import BadInput

MOST_BYTES = 50_000_000

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
# zlib's own code for a gzip header
_GZIP_WINDOW = 31

# what is written before a quoted text, and the text with its escapes: \' and ''
_TEXT = rb"(?:'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\")"
_COMMENT = rb"(?:--(?=[\s]|\Z)[^\n]*+|\#[^\n]*+|/\*.*?\*/)"
_NAME = rb"(?:(?:`[^`]+`|[\w$]+)\s*\.\s*)?(?:`([^`]+)`|([\w$]+))"

_BETWEEN = re.compile(rb"(?:\s++|" + _COMMENT + rb"|;)*+", re.DOTALL)
_WORD = re.compile(rb"[A-Za-z]++")
_REST = re.compile(
    rb"(?:[^;'\"`#/-]++|" + _TEXT + rb"|`[^`]*+`|" + _COMMENT + rb"|[#/-])*+;", re.DOTALL
)
_CREATE = re.compile(rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + _NAME, re.IGNORECASE)
_DROP = re.compile(rb"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?" + _NAME, re.IGNORECASE)
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*(?:INTO\s+)?"
    + _NAME
    + rb"(?:\s*(?:\(([^()]*+)\)\s*)?VALUES?\s*(?=\())?",
    re.IGNORECASE,
)
_COLUMN = re.compile(rb"\s*(?:`([^`]+)`|([\w$]+))")
_OPEN = re.compile(rb"\s*\(")
_VALUE = re.compile(
    rb"\s*+(?:(?:_\w+\s*+)?(?:'((?:[^'\\]++|\\.|'')*+)'|\"((?:[^\"\\]++|\\.|\"\")*+)\")"
    rb"|(-?[0-9][0-9.]*+(?:[eE][-+]?[0-9]+)?)(?![xX\w])"
    rb"|(NULL|DEFAULT)\b|(TRUE|FALSE)\b"
    rb"|(?:_\w+\s*+)?(?:0[xX]([0-9A-Fa-f]*+)|[xX]'([0-9A-Fa-f]*+)')"
    rb"|[bB]'([01]*+)'|\w+\s*+\(\s*+\)|CURRENT_TIMESTAMP)\s*+([,)])",
    re.DOTALL | re.IGNORECASE,
)
_ROW = re.compile(rb"\((?:[^'\"()]++|" + _TEXT + rb"|\([^()]*+\))*+\)", re.DOTALL)
_SEPARATOR = re.compile(rb"\s*+(,?)")
_LAST = re.compile(rb"\s*+(?:;|ON\s+DUPLICATE\b|AS\b)", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_ESCAPED_DOUBLE = re.compile(rb"\\(.)|\"\"", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"b": b"\b", b"Z": b"\x1a"}
# GRR writes it in the place of a table that it could not read
_LOST = re.compile(rb"Probl\S{1,2}me [^\n]{1,30}? de ([\w$]+)")
# the words that begin a statement; another line is a warning that PHP wrote into the file
_CAPITALS = (
    b"ALTER BEGIN COMMIT CREATE DELETE DROP FLUSH GRANT INSERT LOCK RENAME REPLACE ROLLBACK SET "
    b"START TRUNCATE UNLOCK UPDATE USE"
)
_KNOWN = frozenset((*_CAPITALS.split(), *_CAPITALS.lower().split()))
# triggers and procedures, whose statements are no rows
_ROUTINE = re.compile(rb"DELIMITER\s+(?!;\s)\S+.*?^DELIMITER\s+;[^\n]*+", re.DOTALL | re.MULTILINE)
# what a kind of dump begins with, and what it then ends with
_ENDS = (
    (re.compile(rb"debut du fichier \*"), re.compile(rb"fin du fichier \*")),
    (
        re.compile(rb"^-- (?:MySQL|MariaDB) dump ", re.MULTILINE),
        re.compile(rb"-- Dump completed|SET SQL_NOTES\s*=\s*@OLD_SQL_NOTES"),
    ),
    (
        re.compile(rb"SET @OLD_CHARACTER_SET_CLIENT\s*="),
        re.compile(rb"CHARACTER_SET_CLIENT\s*=\s*@OLD_CHARACTER_SET_CLIENT"),
    ),
)
_FIRST_BYTES, _LAST_BYTES = 1_000_000, 4_000

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Insert:
    """Where the rows of a statement are; `columns` is empty when it names none."""

    columns: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Dump:
    """The tables of a dump, by name; their rows are read when they are asked."""

    path: Path
    data: bytes
    structures: Mapping[str, tuple[str, ...]]
    inserts: Mapping[str, tuple[_Insert, ...]]
    lost: Mapping[str, int]

    @property
    def tables(self) -> frozenset[str]:
        """Every table that the file creates, fills, or says that it could not read."""
        return frozenset(self.structures) | frozenset(self.inserts) | frozenset(self.lost)

    def columns(self, table: str) -> frozenset[str]:
        """The columns of a table, in small letters; empty when nothing tells them."""
        named = [insert.columns for insert in self.inserts.get(table, ())]
        return frozenset(self.structures.get(table, ())).union(*named)

    def line_of(self, position: int) -> int:
        """The line of the file where a byte is."""
        return self.data.count(b"\n", 0, position) + 1

    def count(self, table: str) -> int:
        """How many rows a table has; what they hold is not looked at."""
        return sum(
            sum(1 for _ in _ROW.finditer(self.data, insert.start, insert.end))
            for insert in self.inserts.get(table, ())
        )

    def rows(self, table: str, wanted: Collection[str]) -> Iterator[tuple[int, Row]]:
        """The rows of a table: (position in the file, values in the order of `wanted`).

        A column that the table does not have, and one that is not written, is None.
        Raises BadInput `dump_without_structure`, `dump_wrong_width`, `dump_unreadable`.
        """
        for insert in self.inserts.get(table, ()):
            columns = insert.columns or self.structures.get(table, ())
            if not columns:
                raise BadInput("dump_without_structure", path=self.path, table=table)
            places = [columns.index(name) if name in columns else -1 for name in wanted]
            yield from self._rows_of(table, insert, len(columns), places)

    def _rows_of(
        self, table: str, insert: _Insert, width: int, places: list[int]
    ) -> Iterator[tuple[int, Row]]:
        position = insert.start
        while opened := _OPEN.match(self.data, position, insert.end):
            begins = opened.end() - 1
            cells: list[re.Match[bytes]] = []
            position = opened.end()
            while True:
                cell = _VALUE.match(self.data, position, insert.end)
                if cell is None:
                    raise self.wrong("dump_unreadable", table, position)
                cells.append(cell)
                position = cell.end()
                if cell[9] == b")":
                    break
            if len(cells) != width:
                facts = {"columns": width, "cells": len(cells)}
                raise self.wrong("dump_wrong_width", table, begins, **facts)
            yield begins, tuple(None if p < 0 else _value(cells[p]) for p in places)
            after = _SEPARATOR.match(self.data, position, insert.end)
            if after is None or not after[1]:
                break
            position = after.end()
        # what is not a row is not passed over in silence
        if not _LAST.match(self.data, position, insert.end):
            raise self.wrong("dump_unreadable", table, position)

    def wrong(self, code: str, table: str, position: int, **facts: object) -> BadInput:
        """The refusal of what stands at a place of the file."""
        line = self.line_of(position)
        return BadInput(code, path=self.path, table=table, line=line, **facts)


def read(path: Path) -> Dump:
    """The tables of a dump on the disk; the same refusals as `parse`, and those of a path."""
    if path.is_dir():
        raise BadInput("is_a_folder", path=path)
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    with path.open("rb") as stream:
        return parse(path.name, stream.read(MOST_BYTES + 1))


def parse(name: str, data: bytes) -> Dump:
    """The tables of a dump, from its bytes: plain, gzip, or zip of one dump.

    Raises BadInput `dump_too_heavy`, `dump_bad_archive`, `file_empty`, `dump_not_sql`,
    `dump_truncated`.
    """
    path = Path(name)
    data = _unpacked(path, data)
    if not data.strip():
        raise BadInput("file_empty", path=path)
    dump = _scan(path, data)
    if not dump.tables:
        raise BadInput("dump_not_sql", path=path)
    _refuse_cut_end(path, data)
    return dump


def _unpacked(path: Path, data: bytes) -> bytes:
    """The bytes of the dump in UTF-8 or an older charset of one byte, at most MOST_BYTES."""
    try:
        if data.startswith(_GZIP):
            data = _gunzipped(data)
        elif data.startswith(_ZIP):
            data = _unzipped(data)
    except (zlib.error, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput("dump_bad_archive", path=path) from error
    if len(data) > MOST_BYTES:
        raise BadInput("dump_too_heavy", path=path, most_mb=MOST_BYTES // 1_000_000)
    # what the console of Windows writes
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _gunzipped(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    unpacked = unpacker.decompress(data, MOST_BYTES + 1)
    is_whole = unpacker.eof and not unpacker.unused_data
    if not is_whole and len(unpacked) <= MOST_BYTES:
        raise EOFError
    return unpacked


def _unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = [item for item in archive.infolist() if item.filename.lower().endswith(".sql")]
        if len(held) != 1:
            raise zipfile.BadZipFile
        with archive.open(held[0]) as stream:
            return stream.read(MOST_BYTES + 1)


def _scan(path: Path, data: bytes) -> Dump:
    """Where each table is made and filled."""
    structures: dict[str, tuple[str, ...]] = {}
    inserts: dict[str, list[_Insert]] = {}
    lost: dict[str, int] = {}
    for kind, start, end in _statements(path, data):
        if kind == b"":
            if told := _LOST.match(data, start, end):
                lost[told[1].decode()] = data.count(b"\n", 0, start) + 1
        elif kind == b"CREATE" and (made := _CREATE.match(data, start, end)):
            structures[_name(made)] = tuple(_columns(data[made.end() : end]))
        elif kind == b"DROP" and (dropped := _DROP.match(data, start, end)):
            # a second dump in the same file takes the place of the first
            structures.pop(_name(dropped), None)
            inserts.pop(_name(dropped), None)
        elif kind in {b"INSERT", b"REPLACE"} and (filled := _INSERT.match(data, start, end)):
            columns = tuple(_listed(filled[3] or b""))
            inserts.setdefault(_name(filled), []).append(_Insert(columns, filled.end(), end))
    return Dump(path, data, structures, {t: tuple(found) for t, found in inserts.items()}, lost)


def _statements(path: Path, data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(first word in capitals, start, end) of each statement, or of a line that is none ("")."""
    position = 0
    while position < len(data):
        found = _BETWEEN.match(data, position)
        position = found.end() if found else position
        if position >= len(data):
            return
        word = _WORD.match(data, position)
        kind = word[0].upper() if word and word[0] in _KNOWN else b""
        rest = _ROUTINE.match(data, position) or (_REST.match(data, position) if kind else None)
        if rest is None and kind in {b"CREATE", b"INSERT", b"REPLACE"}:
            line = data.count(b"\n", 0, position) + 1
            raise BadInput("dump_truncated", path=path, line=line)
        end = rest.end() if rest else data.find(b"\n", position) + 1 or len(data)
        yield kind if rest else b"", position, end
        position = end


def _refuse_cut_end(path: Path, data: bytes) -> None:
    """A dump that stops between two statements: its last words are not there."""
    first, last = data[:_FIRST_BYTES], data[-_LAST_BYTES:]
    for begins, ends in _ENDS:
        if begins.search(first):
            if not ends.search(last):
                line = data.rstrip().count(b"\n") + 1
                raise BadInput("dump_truncated", path=path, line=line)
            return


def _name(found: re.Match[bytes]) -> str:
    return text_of(found[1] or found[2])


def _columns(definition: bytes) -> Iterator[str]:
    """The columns of a CREATE TABLE, without its keys."""
    keys = {"primary", "unique", "key", "index", "fulltext", "spatial", "constraint", "check"}
    for part in _parts(definition[definition.find(b"(") + 1 :]):
        column = _COLUMN.match(part)
        if column is None:
            continue
        quoted, bare = column[1], column[2]
        name = text_of(quoted or bare).lower()
        if quoted or name not in keys | {"foreign"}:
            yield name


def _parts(definition: bytes) -> Iterator[bytes]:
    """What is between commas, outside brackets and texts, to the bracket that closes."""
    depth, begins = 0, 0
    for sign in re.finditer(rb"[(),]|" + _TEXT + rb"|`[^`]*`", definition, re.DOTALL):
        if sign[0] == b"(":
            depth += 1
        elif sign[0] in {b")", b","} and depth == 0:
            yield definition[begins : sign.start()]
            begins = sign.end()
            if sign[0] == b")":
                return
        elif sign[0] == b")":
            depth -= 1


def _listed(names: bytes) -> Iterator[str]:
    for part in names.split(b","):
        if column := _COLUMN.match(part):
            yield _name(column).lower()


def _value(cell: re.Match[bytes]) -> str | None:
    """One value as text; None for NULL, DEFAULT and what the server would compute."""
    single, double, number, _, truth, hexa, quoted_hexa, bits, _ = cell.groups()
    if number is not None:
        return number.decode()
    if single is not None:
        return text_of(_ESCAPED.sub(_unescaped, single))
    if double is not None:
        return text_of(_ESCAPED_DOUBLE.sub(_unescaped, double))
    if truth is not None:
        return "1" if truth.upper() == b"TRUE" else "0"
    if bits is not None:
        return str(int(bits or b"0", 2))
    digits = hexa if hexa is not None else quoted_hexa
    if digits is None:
        return None
    # an odd number of digits has lost its first zero
    return text_of(bytes.fromhex(digits.decode().zfill(len(digits) + len(digits) % 2)))


def _unescaped(found: re.Match[bytes]) -> bytes:
    letter = found[1]
    return found[0][:1] if letter is None else _ESCAPES.get(letter, letter)


def text_of(value: bytes) -> str:
    """Text of a value in UTF-8, or else in Windows-1252."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")
