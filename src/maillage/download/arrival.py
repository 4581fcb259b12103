"""What came: is it what was wanted? Then it takes its name, whole or not at all."""

import gzip
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from maillage.core.bad_input import BadInput
from maillage.core.sources import registry
from maillage.download.part import Part
from maillage.download.wanted import Wanted

GZIP = "gzip"
_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 4096
_LEAST_PARQUET_BYTES = 12
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def settle(part: Part, final: Path, wanted: Wanted, md5: str | None) -> str:
    """Give a verified part its name, out of its archive; the fingerprint of what is kept.

    Raises BadInput `download_altered`, `download_web_page`, `download_not_expected`,
    `download_archive`, `download_too_heavy`, `download_cannot_write`.
    """
    try:
        return _settled(part, final, wanted, md5)
    except BadInput:
        # what is wrong would be wrong again
        part.drop()
        raise
    except OSError as error:
        raise BadInput("download_cannot_write", path=final, errno=error.errno) from error
    finally:
        for path in (_beside(part.path), _beside(_beside(part.path))):
            path.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Where what an archive holds is written before it takes its name."""
    return path.with_name(f"{path.name}.out")


def _settled(part: Part, final: Path, wanted: Wanted, md5: str | None) -> str:
    came = part.path
    if part.state.encoding == GZIP and wanted.member != GZIP:
        came = _unpacked(part.path, wanted, partial(gzip.GzipFile, part.path))
    elif part.state.encoding not in ("", GZIP):
        raise _not_expected(wanted, final.name)
    _refuse_altered(came, wanted, md5)
    _refuse_other_kind(came, wanted)
    kept = _out_of_archive(came, wanted)
    if kept is not came:
        _refuse_head(kept, final.suffix, wanted)
    sha256 = registry.sha256_of(kept)
    kept.replace(final)
    part.drop()
    return sha256


def _refuse_altered(came: Path, wanted: Wanted, md5: str | None) -> None:
    """Other bytes than those that the publisher, or the registry, told the fingerprint of."""
    if wanted.sha256 is not None and registry.sha256_of(came) != wanted.sha256:
        raise BadInput("download_altered", name=wanted.file, table=wanted.dataset.id)
    if md5 is None:
        return
    with came.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
    if digest.hexdigest() != md5:
        raise BadInput("download_altered", name=wanted.file, table=wanted.dataset.id)


def _refuse_other_kind(came: Path, wanted: Wanted) -> None:
    suffix = Path(wanted.file).suffix
    if wanted.member is not None:
        suffix = ".gz" if wanted.member == GZIP else ".zip"
    _refuse_head(came, suffix, wanted)
    is_whole = suffix not in (".zip", ".xlsx") or zipfile.is_zipfile(came)
    if not is_whole or (suffix == ".parquet" and not _ends_like_parquet(came)):
        raise _not_expected(wanted, wanted.file)


def _ends_like_parquet(came: Path) -> bool:
    # a mark at each end, and the size of what describes the columns before the last one
    if came.stat().st_size < _LEAST_PARQUET_BYTES:
        return False
    with came.open("rb") as stream:
        stream.seek(-4, os.SEEK_END)
        return stream.read() == b"PAR1"


def _refuse_head(path: Path, suffix: str, wanted: Wanted) -> None:
    """What begins like a web page, or like nothing of the kind that its name says."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:64].lower().startswith(_WEB_PAGE) or b"<html" in text[:512].lower():
        raise BadInput("download_web_page", name=wanted.file, page=wanted.page)
    begins = _BEGINNINGS.get(suffix.lower(), _is_text)
    if not begins(text if suffix in (".geojson", ".json") else head):
        raise _not_expected(wanted, wanted.file)


def _is_text(head: bytes) -> bool:
    return bool(head.strip()) and b"\x00" not in head and b"\n" in head


_BEGINNINGS: dict[str, Callable[[bytes], bool]] = {
    ".zip": lambda head: head.startswith(b"PK\x03\x04"),
    ".xlsx": lambda head: head.startswith(b"PK\x03\x04"),
    ".gz": lambda head: head.startswith(b"\x1f\x8b"),
    ".parquet": lambda head: head.startswith(b"PAR1"),
    ".pbf": lambda head: b"OSMHeader" in head[:64],
    ".geojson": lambda head: head.startswith(b"{"),
    ".json": lambda head: head.startswith((b"{", b"[")),
}


def _out_of_archive(came: Path, wanted: Wanted) -> Path:
    if wanted.member is None:
        return came
    if wanted.member == GZIP:
        return _unpacked(came, wanted, partial(gzip.GzipFile, came))
    try:
        with zipfile.ZipFile(came) as archive:
            held = [i for i in archive.infolist() if _name_of(i) == wanted.member]
            if len(held) != 1 or held[0].file_size > wanted.most_unpacked_bytes:
                raise BadInput("download_archive", name=wanted.member, page=wanted.page)
            return _unpacked(came, wanted, partial(archive.open, held[0]))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _not_expected(wanted, wanted.file) from error


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of a file of an archive without its folders: none of them is ever made."""
    return "" if info.is_dir() else PurePosixPath(info.filename).name


def _unpacked(
    came: Path,
    wanted: Wanted,
    opened: Callable[[], AbstractContextManager[IO[bytes] | gzip.GzipFile]],
) -> Path:
    """What an archive holds, beside it, within the size that the table may have."""
    beside = _beside(came)
    try:
        with opened() as packed, beside.open("wb") as out:
            while data := packed.read(_CHUNK_BYTES):
                out.write(data)
                if out.tell() > wanted.most_unpacked_bytes:
                    raise BadInput("download_archive", name=wanted.file, page=wanted.page)
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _not_expected(wanted, wanted.file) from error
    return beside


def _not_expected(wanted: Wanted, name: str) -> BadInput:
    return BadInput("download_not_expected", name=name, page=wanted.page)
