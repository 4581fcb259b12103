"""The supervisor: the killed come back, the stopped leave nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from maillage.operate import processes
from maillage.operate.processes import Child
from patience import PATIENCE_S, wait_until

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
# a process with a child of its own, which ignores polite orders
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "inner = subprocess.Popen(['sleep', '600'])\n"
    "print(inner.pid, file=open(sys.argv[1], 'w'), flush=True)\n"
    "time.sleep(600)\n",
)
SUPERVISOR = """
import os, sys
from threading import Event
from maillage.operate import processes
words = (sys.executable, "-c", "import time; time.sleep(600)")
child = processes.Child("enfant", words, os.environ)
child.start()
print(child.pid, flush=True)
Event().wait(600)
"""


class Stopped:
    """A clock that a busy machine does not make late."""

    @staticmethod
    def monotonic() -> float:
        return 100.0


def is_alive(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/stat").open() as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def said():
    return []


@pytest.fixture
def kept(said):
    """Keep children alive in a thread until the end of the test."""
    stop, threads = Event(), []

    def keep_running(children, tend) -> None:
        with processes.running(children):
            processes.keep_alive(children, tend, stop, said.append)

    def keep(*children: Child, tend=lambda: False) -> None:
        keeper = Thread(target=keep_running, args=(children, tend), daemon=True)
        threads.append(keeper)
        keeper.start()
        wait_until(lambda: all(child.pid for child in children))

    yield keep
    stop.set()
    for thread in threads:
        thread.join()


def test_a_killed_process_is_started_again_and_it_is_said(kept, said):
    child = Child("web", SLEEP, os.environ)
    kept(child)
    first = child.pid

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: said == ["Le processus « web » s'était arrêté : il est relancé."])

    assert child.pid != first


def test_the_descendants_of_a_killed_process_are_swept_before_it_starts_again(
    kept, monkeypatch, tmp_path
):
    monkeypatch.setattr(processes, "STOP_S", 0.2)
    written = tmp_path / "pid"
    child = Child("web", (*STUBBORN, str(written)), os.environ)
    kept(child)
    wait_until(lambda: written.exists() and written.read_text().strip())
    inner, first = int(written.read_text()), child.pid

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: child.pid not in (None, first))

    wait_until(lambda: not is_alive(inner))


def test_a_process_that_keeps_dying_is_started_again_less_and_less_often(monkeypatch):
    monkeypatch.setattr(processes, "time", Stopped())
    child = Child("web", ("false",), os.environ)
    pauses = []
    for _ in range(6):
        child.start()
        child._process.wait()
        child.ensure_running()
        pauses.append(child._not_before - Stopped.monotonic())
        child.stop()

    assert pauses == [0, 0.5, 1, 2, 2, 2]


def test_stopping_ends_the_stubborn_and_their_descendants(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "STOP_S", 0.2)
    written = tmp_path / "pid"
    child = Child("web", (*STUBBORN, str(written)), os.environ)
    child.start()
    wait_until(lambda: written.exists() and written.read_text().strip())
    pid, inner = child.pid, int(written.read_text())

    child.stop()

    assert not is_alive(pid)
    wait_until(lambda: not is_alive(inner))


def test_what_is_not_a_child_is_tended_and_said(kept, said):
    acted = iter([True])
    kept(Child("web", SLEEP, os.environ), tend=lambda: next(acted, False))

    wait_until(lambda: said == ["La base de données s'était arrêtée : elle est relancée."])


def test_children_die_with_a_killed_supervisor():
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        child = int(supervisor.stdout.readline())
        assert is_alive(child)
        supervisor.kill()

    wait_until(lambda: not is_alive(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_order_to_end_sets_the_event_and_the_handlers_come_back(number):
    before = signal.getsignal(number)
    with processes.stop_on_signals() as stop:
        os.kill(os.getpid(), number)
        assert stop.wait(PATIENCE_S)

    assert signal.getsignal(number) == before
