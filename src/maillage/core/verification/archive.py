"""A certificate or an instance read from its file, whatever somebody put in it."""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from maillage.core.verification.verdict import Wrong

HEADER, SEAL = "header.json", "seal.txt"
VERSION = 1

# what one file may hold once decompressed, beyond any real one: 2 GiB, a header of 1 MiB
MOST_BYTES = 2**31
MOST_HEADER_BYTES = 2**20
MOST_MEMBERS = 64
# origins or sites: 10 million
MOST_COUNT = 10**7
# more than the longest header that numpy accepts
ARRAY_HEADER_BYTES = 2**17
# beyond any cost, weight or multiplier
LARGEST = 1e100

TYPES = tuple(np.dtype(code) for code in ("<f8", "<i8", "<i4", "|b1"))

_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError,
    UnicodeDecodeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """What a file holds.

    file    "certificate" or "instance", to say which one is wrong
    header  the JSON object
    arrays  name -> array, read-only
    digest  SHA-256 of the content, seal left out
    """

    file: str
    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    digest: str

    def number(self, name: str) -> float:
        """A finite number of the header. Raises Wrong `header`."""
        value = self.header.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong("header", file=self.file, name=name)
        if not abs(value) <= LARGEST:
            raise Wrong("header", file=self.file, name=name)
        return float(value)

    def count(self, name: str) -> int:
        """A whole number of the header, 1 or more. Raises Wrong `header`."""
        value = self.header.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_COUNT:
            raise Wrong("header", file=self.file, name=name)
        return value

    def text(self, name: str) -> str:
        """A text of the header. Raises Wrong `header`."""
        value = self.header.get(name)
        if not isinstance(value, str):
            raise Wrong("header", file=self.file, name=name)
        return value

    def array(self, name: str, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
        """An array of an exact type and shape, -1 standing for any length. Raises Wrong."""
        found = self.arrays.get(name)
        if found is None:
            raise Wrong("array_missing", file=self.file, name=name)
        fits = len(found.shape) == len(shape) and all(
            wanted in (-1, given) for wanted, given in zip(shape, found.shape, strict=True)
        )
        if found.dtype != np.dtype(dtype) or not fits:
            raise Wrong("array_shape", file=self.file, name=name)
        if found.dtype.kind == "f" and not _are_reasonable(found):
            raise Wrong("array_number", file=self.file, name=name)
        return found


def _are_reasonable(numbers: NDArray[Any]) -> bool:
    """Numbers whose products and sums stay numbers; inf says "out of reach"."""
    return bool(((np.abs(numbers) <= LARGEST) | np.isposinf(numbers)).all())


def read(stream: BinaryIO, file: str) -> Archive:
    """Read one of the two files. Raises Wrong, and nothing else, whatever it holds."""
    try:
        members = _members(stream, file)
        header = json.loads(members[HEADER])
    except _UNREADABLE as error:
        raise Wrong("unreadable", file=file) from error
    except (KeyError, RecursionError) as error:
        raise Wrong("header", file=file, name=HEADER) from error
    if not isinstance(header, dict):
        raise Wrong("header", file=file, name=HEADER)
    if header.get("format") != f"maillage-{file}":
        raise Wrong("other_format", file=file)
    if header.get("version") != VERSION:
        raise Wrong("other_version", file=file)
    digest = _digest(members)
    if members.get(SEAL, b"").strip() != digest.encode():
        raise Wrong("seal", file=file)
    arrays = {
        name.removesuffix(".npy"): _array(members[name], file, name)
        for name in members
        if name.endswith(".npy")
    }
    return Archive(file, header, arrays, digest)


def _members(stream: BinaryIO, file: str) -> dict[str, bytes]:
    """The members decompressed, none beyond what its entry declares."""
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MOST_MEMBERS or len(set(names)) < len(names):
            raise Wrong("unreadable", file=file)
        header = sum(e.file_size for e in entries if not e.filename.endswith(".npy"))
        if header > MOST_HEADER_BYTES or sum(e.file_size for e in entries) > MOST_BYTES:
            raise Wrong("too_large", file=file)
        return {entry.filename: archive.read(entry) for entry in entries}


def _digest(members: dict[str, bytes]) -> str:
    """SHA-256 of each member but the seal: name, length, line end, then its bytes."""
    found = hashlib.sha256()
    for name in sorted(members.keys() - {SEAL}):
        found.update(f"{name} {len(members[name])}\n".encode())
        found.update(members[name])
    return found.hexdigest()


def _array(data: bytes, file: str, name: str) -> NDArray[Any]:
    """An array of numbers in the .npy format, version 1, row by row; nothing is ever unpickled."""
    stream = io.BytesIO(data[:ARRAY_HEADER_BYTES])
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise Wrong("array_unreadable", file=file, name=name)
        shape, by_column, dtype = np.lib.format.read_array_header_1_0(stream)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise Wrong("array_unreadable", file=file, name=name) from error
    if dtype not in TYPES or by_column or any(length < 0 for length in shape):
        raise Wrong("array_unreadable", file=file, name=name)
    size = dtype.itemsize
    for length in shape:
        size *= length
    if size != len(data) - stream.tell():
        raise Wrong("array_unreadable", file=file, name=name)
    found = np.frombuffer(data, dtype=dtype, offset=stream.tell()).reshape(shape)
    if dtype == np.bool_ and found.view(np.uint8).max(initial=0) > 1:
        raise Wrong("array_unreadable", file=file, name=name)
    return found
