"""A child process kept warm: asked one thing at a time, bounded in time, replaced when it dies.

What it runs may crash, or leak: only the child does. It lives as long as its standard input.
"""

import atexit
import json
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

# what Python needs to start; the rest of the environment may hold secrets
KEPT = frozenset({"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"})


class ChildDied(Exception):  # noqa: N818  (what happened, told to who asked)
    """It ended without answering: out of time, of memory, or by a fault of its own."""


class Warm:
    """A child that reads a question a line, in JSON, and answers « status length » and bytes."""

    def __init__(
        self, words: Sequence[str], time_s: float, environment: Mapping[str, str] | None = None
    ) -> None:
        self._words = list(words)
        self._time_s = time_s
        kept = {name: value for name, value in os.environ.items() if name in KEPT}
        self._environment = kept | dict(environment or {})
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, question: Mapping[str, object]) -> tuple[int, bytes]:
        """The status and the bytes of its answer; ChildDied when none came in time."""
        line = json.dumps(question).encode() + b"\n"
        with self._lock:
            child = self._child or self._started()
            timer = threading.Timer(self._time_s, child.kill)
            timer.start()
            try:
                answer = _answer(child, line)
            finally:
                timer.cancel()
            if answer is None:
                self._ended()
                raise ChildDied(self._words[-1])
            return answer

    def close(self) -> None:
        """End the child, if there is one; the next question starts another."""
        with self._lock:
            self._ended()

    def _started(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(  # noqa: S603  (our own script, our own arguments)
            self._words,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._child

    def _ended(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        # what was not read is of no use, and its pipe may already be broken
        with suppress(BrokenPipeError):
            child.communicate()


def _answer(child: subprocess.Popen[bytes], line: bytes) -> tuple[int, bytes] | None:
    """None when the child ended, before it read or before it answered whole."""
    assert child.stdin is not None  # noqa: S101  (both are pipes)
    assert child.stdout is not None  # noqa: S101
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except BrokenPipeError:
        return None
    status, _, length = child.stdout.readline().partition(b" ")
    if not length:
        return None
    said = child.stdout.read(int(length))
    return (int(status), said) if len(said) == int(length) else None


class OnePerProcess[T]:
    """A thing made at the first call in a process, and again in a process that was forked."""

    def __init__(self, make: Callable[[], T], end: Callable[[T], None]) -> None:
        self._make = make
        self._end = end
        self._lock = threading.Lock()
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        if self._kept is not None and self._kept[0] == os.getpid():
            return self._kept[1]
        with self._lock:
            if self._kept is None or self._kept[0] != os.getpid():
                made = self._make()
                self._kept = (os.getpid(), made)
                atexit.register(self._end, made)
            return self._kept[1]
