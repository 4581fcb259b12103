"""Processes of this machine that compute places: what dies is replaced, its place tried again."""

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event

from maillage.core.national import Record
from maillage.operate.national.work import Task, Work, compute
from maillage.report.national import Failed

TICK_S = 0.2
STOP_S = 5.0
# A place that killed a worker may kill another: then it is told
TRIES = 2
# One place a worker, one thread a place: otherwise the workers fight for the same cores
_ONE_THREAD = {"POLARS_MAX_THREADS": "1"}
KILLED = (
    "Le processus qui calculait s'est arrêté deux fois, sans doute faute de mémoire. "
    "Relancez avec moins de processus (--workers 1)."
)


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: "Connection[tuple[Work, Task], Record | Failed]"
    task: Task | None = None

    def take(self) -> Record | Failed | None:
        """What it answered, None when it died before."""
        with suppress(EOFError, OSError):
            if self.pipe.poll():
                return self.pipe.recv()
        return None

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(STOP_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class Pool:
    """Some processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, work: Work, tasks: Sequence[Task], stop: Event) -> Iterator[Record | Failed]:
        """Each place as it ends, the first tasks begun first; nothing more once `stop` is set."""
        queue, deaths = deque(tasks), Counter[str]()
        team: list[_Worker] = []
        try:
            while not stop.is_set() and (queue or any(w.task for w in team)):
                _give(team, work, queue, self.workers)
                for worker in _ready(team):
                    yield from _ended(worker, team, queue, deaths)
        finally:
            for worker in team:
                worker.end()


def _give(team: list[_Worker], work: Work, queue: deque[Task], most: int) -> None:
    """A place to each free worker, new ones while there are places."""
    while queue and len(team) < most:
        team.append(_started())
    for worker in team:
        if worker.task is None and queue:
            worker.task = queue.popleft()
            # one that died meanwhile is found by its end
            with suppress(BrokenPipeError, ConnectionResetError):
                worker.pipe.send((work, worker.task))


def _ready(team: list[_Worker]) -> list[_Worker]:
    heard = wait([h for w in team for h in (w.pipe, w.process.sentinel)], timeout=TICK_S)
    return [w for w in team if w.pipe in heard or w.process.sentinel in heard]


def _ended(
    worker: _Worker, team: list[_Worker], queue: deque[Task], deaths: Counter[str]
) -> Iterator[Record | Failed]:
    answer, task = worker.take(), worker.task
    if answer is not None:
        worker.task = None
        yield answer
        return
    team.remove(worker)
    worker.end()
    if task is None:
        return
    siren = task.place.siren
    deaths[siren] += 1
    if deaths[siren] < TRIES:
        queue.appendleft(task)
        return
    yield Failed(task.place, KILLED)


def _started() -> _Worker:
    # a fresh interpreter: the threads of the table library do not survive a fork
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    with _environment(_ONE_THREAD):
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(pipe: "Connection[Record | Failed, tuple[Work, Task]]") -> None:
    """A worker: computes what comes, ends when nobody is there to ask."""
    # Ctrl-C is for the one who asks: it ends its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(compute(*pipe.recv()))
