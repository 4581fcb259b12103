"""A file on its way: what came so far, and what lets it go on from there."""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from maillage.core.bad_input import BadInput


@dataclass(frozen=True)
class State:
    """What is known of the file that was begun.

    source    fingerprint of its address, which may hold a password
    strong    the entity tag or the date that says whether the publisher's file is still the same
    total     its size in bytes, None when the server does not tell
    encoding  how the server wrapped it, "" when it did not
    """

    source: str
    strong: str | None = None
    total: int | None = None
    encoding: str = ""
    changed_at: str | None = None


class Part:
    """The bytes of a file that came, in `<name>.part`, and their state in `<name>.part.json`."""

    def __init__(self, final: Path, url: str) -> None:
        self.path = final.with_name(f"{final.name}.part")
        self._kept = final.with_name(f"{final.name}.part.json")
        self._nothing = State(hashlib.sha256(url.encode()).hexdigest())
        self.state = self._read()
        self.size = self.path.stat().st_size if self._is_resumable() else 0

    def __enter__(self) -> Self:
        try:
            self._stream = self.path.open("r+b" if self.size else "wb")
            self._stream.seek(self.size)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk may refuse what was not written yet; it is asked again at the next try
        with contextlib.suppress(OSError):
            self._stream.close()

    @property
    def is_whole(self) -> bool:
        """Whether every byte that the server announced came."""
        return self.state.total is not None and self.size == self.state.total

    def begin(self, strong: str | None, total: int | None, encoding: str, at: str | None) -> None:
        """Forget what came, and note what is about to come."""
        self.state = replace(
            self._nothing, strong=strong, total=total, encoding=encoding, changed_at=at
        )
        try:
            self._stream.seek(0)
            self._stream.truncate()
            self.size = 0
            written = self._kept.with_name(f"{self._kept.name}.new")
            written.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
            written.replace(self._kept)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def forget(self) -> None:
        """What came is not the beginning of the file any more."""
        self.begin(None, None, "", None)

    def write(self, data: bytes) -> None:
        """More bytes, straight to the disk's cache so that a killed process loses none."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self.size += len(data)

    def settled(self) -> None:
        """The bytes are on the disk itself."""
        try:
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def drop(self) -> None:
        """Nothing of it stays."""
        self.path.unlink(missing_ok=True)
        self._kept.unlink(missing_ok=True)

    def _is_resumable(self) -> bool:
        return self.path.is_file() and self.state.strong is not None

    def _read(self) -> State:
        try:
            state = State(**json.loads(self._kept.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return self._nothing
        is_sound = isinstance(state.strong, str | None) and isinstance(state.total, int | None)
        is_same = state.source == self._nothing.source
        return state if is_sound and is_same else self._nothing


def _unwritable(path: Path, error: OSError) -> BadInput:
    return BadInput("download_cannot_write", path=path, errno=error.errno)
