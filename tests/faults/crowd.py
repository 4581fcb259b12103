"""Many writers at once, each with a connection of its own, and what each of them was answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from maillage.kit.refusal import Refusal

WRITERS = 32
PATIENCE_S = 240


@dataclass
class Answers:
    """The history of a crowd.

    done     what each successful act returned, by path
    refused  the sentences of those who lost, by path
    broken   anything else: there must be none
    seconds  of each act
    """

    done: list[tuple[str, object]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def told(self) -> str:
        """For whoever reads the figures."""
        worst = sorted(self.seconds)
        paths = Counter(path for path, _ in self.done)
        won = ", ".join(f"{path} {count}" for path, count in sorted(paths.items()))
        return (
            f"{len(self.seconds)} attempts: {len(self.done)} done ({won}), "
            f"{len(self.refused)} refused, {len(self.broken)} broken; "
            f"p50 {worst[len(worst) // 2] * 1000:.0f} ms, "
            f"p99 {worst[int(len(worst) * 0.99)] * 1000:.0f} ms"
        )


def rush(attempts: Sequence[tuple[str, Callable[[], object]]], writers: int = WRITERS) -> Answers:
    """Make every attempt, the writers starting together; each writer has its own connection."""
    answers, lock = Answers(), threading.Lock()
    left = list(reversed(attempts))
    ready = threading.Barrier(writers)

    def write() -> None:
        connection.ensure_connection()
        ready.wait()
        try:
            while True:
                with lock:
                    if not left:
                        return
                    path, act = left.pop()
                _attempt(path, act, answers)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "a writer never came back"
    return answers


def _attempt(path: str, act: Callable[[], object], answers: Answers) -> None:
    begun = time.perf_counter()
    try:
        answers.done.append((path, act()))
    except Refusal as refusal:
        answers.refused.append((path, str(refusal)))
    except Exception as error:
        answers.broken.append((path, repr(error)))
    answers.seconds.append(time.perf_counter() - begun)
