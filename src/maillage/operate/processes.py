"""Keep processes alive: what dies is started again, what is asked to stop stops, in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event

from maillage.operate.leash import Leash
from maillage.operate.refused import Refused

TICK_S = 0.2
TEND_AGAIN_S = 5.0
STOP_S = 10
# a process that dies at once is started again less and less often
PAUSES_S = (0.0, 0.5, 1.0, 2.0)
# one that lived this long was well
WELL_AFTER_S = 30.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process and its descendants, in a group of their own."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    _leash: Leash | None = field(default=None, repr=False)
    _started_at: float = 0.0
    _deaths: int = 0
    _not_before: float = 0.0

    @property
    def pid(self) -> int | None:
        """The process, or None when it is dead."""
        alive = self._process is not None and self._process.poll() is None
        return self._process.pid if alive and self._process else None

    def start(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(  # noqa: S603 - commands of this package
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._leash = Leash.of_group(self._process.pid)
        self._started_at = time.monotonic()

    def ensure_running(self) -> bool:
        """Start it again if it died, after a pause if it keeps dying; whether it was started."""
        if self.pid is not None:
            return False
        if self._process is not None:
            self._count_death()
            self.stop()
        if time.monotonic() < self._not_before:
            return False
        self.start()
        return True

    def _count_death(self) -> None:
        was_well = time.monotonic() - self._started_at > WELL_AFTER_S
        self._deaths = 1 if was_well else min(self._deaths + 1, len(PAUSES_S))
        self._not_before = time.monotonic() + PAUSES_S[self._deaths - 1]

    def stop(self) -> None:
        """Ask it to end, insist after a while, and sweep its descendants."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_S)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        if self._leash is not None:
            self._leash.release()
            self._leash = None


@contextmanager
def running(children: tuple[Child, ...]) -> Iterator[None]:
    """The children started, then ended, last first."""
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in reversed(children):
            child.stop()


def keep_alive(
    children: tuple[Child, ...], tend: Callable[[], bool], stop: Event, say: Callable[[str], None]
) -> None:
    """Start again what dies, until `stop` is set.

    tend  looks after what is not a child (the database); true when it had to act
    say   receives one French sentence each time something was started again
    """
    while not stop.wait(TICK_S):
        try:
            if tend():
                say("La base de données s'était arrêtée : elle est relancée.")
        except Refused as refused:
            # a full disk: said, and tried again until there is room
            say(refused.sentence)
            stop.wait(TEND_AGAIN_S)
        for child in children:
            if child.ensure_running():
                say(f"Le processus « {child.name} » s'était arrêté : il est relancé.")


@contextmanager
def stop_on_signals() -> Iterator[Event]:
    """An event set by Ctrl-C or by a polite order to end."""
    stop = Event()
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def module(name: str, *words: str) -> tuple[str, ...]:
    """The command line that runs a module of this very installation."""
    return (sys.executable, "-m", name, *words)
