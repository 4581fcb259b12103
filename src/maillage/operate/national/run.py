"""A run: what still holds is left, the rest is computed, each place kept as it ends."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from maillage.core.bad_input import BadInput
from maillage.core.national import Place, Record
from maillage.operate.national.kept import Kept
from maillage.operate.national.work import Task, Work
from maillage.report.national import Failed

# What stops workers on the way: what they did is kept
LOST = "cluster_lost"


class Workers(Protocol):
    """Who computes: processes of this machine, or a cluster."""

    def run(self, work: Work, tasks: Sequence[Task], stop: Event) -> Iterator[Record | Failed]:
        """Each place as it ends."""
        ...


@dataclass
class Progress:
    """Where a run is.

    kept, computed  places that still held, places computed or found the same
    cost_s          expected seconds of processor: of all that is to do, of what is done
    """

    places: int
    cost_s: float
    kept: int = 0
    computed: int = 0
    failed: int = 0
    done_s: float = 0.0
    begun_at: float = field(default_factory=time.monotonic)

    @property
    def ended(self) -> int:
        """Places that need nothing more."""
        return self.kept + self.computed + self.failed

    @property
    def left_s(self) -> float | None:
        """Seconds to the end at the pace so far; None before the first place."""
        if not self.done_s:
            return None
        pace = (time.monotonic() - self.begun_at) / self.done_s
        return pace * (self.cost_s - self.done_s)


@dataclass(frozen=True)
class Ran:
    """What a run leaves.

    lost  why the workers could not go on, None when they did
    """

    records: tuple[Record, ...]
    failed: tuple[Failed, ...]
    kept: int
    is_stopped: bool
    lost: BadInput | None


def run(
    work: Work,
    places: Sequence[Place],
    kept: Kept,
    workers: Workers,
    *,
    stop: Event,
    on_progress: Callable[[Progress], None],
) -> Ran:
    """Compute the places that changed; whatever happens, what is done is kept.

    places   the longest first
    """
    found = {place.siren: kept.read(place.siren) for place in places}
    records = {s: r for s, r in found.items() if r is not None and r.whole == work.whole}
    tasks = [Task(place, found[place.siren]) for place in places if place.siren not in records]
    costs = {task.place.siren: task.place.cost_s for task in tasks}
    progress = Progress(len(places), sum(costs.values()), kept=len(records))
    failed, lost = [], None
    on_progress(progress)
    try:
        for ended in workers.run(work, tasks, stop) if tasks else ():
            if isinstance(ended, Failed):
                failed.append(ended)
                progress.failed += 1
                progress.done_s += costs[ended.place.siren]
            else:
                kept.write(ended)
                records[ended.plan.siren] = ended
                progress.computed += 1
                progress.done_s += costs[ended.plan.siren]
            on_progress(progress)
    except BadInput as error:
        if error.code != LOST:
            raise
        lost = error
    return Ran(tuple(records.values()), tuple(failed), progress.kept, stop.is_set(), lost)
