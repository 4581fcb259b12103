"""One place computed in a worker: read, compared with what is kept, planned, measured."""

import hashlib
import resource
import sys
import time
import traceback
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from maillage.core import national
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.national import Record
from maillage.core.scenario import NoNetwork, Request
from maillage.core.sources import registry
from maillage.core.sources.gather import gather
from maillage.core.sources.shelf import Shelf
from maillage.report import refusals
from maillage.report.national import Failed

# Linux tells the peak of one task; elsewhere that of the worker since it began
_PEAK, _RESET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_KILO, _MEGA = 1024, 1024 * 1024


@dataclass(frozen=True)
class Work:
    """What every place of a run is computed from.

    extracts  of OpenStreetMap: those that cover a place are used
    cache     folder where streets already cut are kept
    method    fingerprint of the code: a worker of another version refuses to compute
    whole     fingerprint of all the files, the choices and the code
    """

    data: Path
    extracts: tuple[Path, ...]
    cache: Path | None
    assumptions: Assumptions
    request: Request
    method: str
    whole: str


@dataclass(frozen=True)
class Task:
    """One place to compute; what is kept of it, where something is."""

    place: national.Place
    kept: Record | None = None


def whole_print(
    data: Path, extracts: tuple[Path, ...], assumptions: Assumptions, request: Request
) -> str:
    """The fingerprint of everything a run reads: nothing is computed while it stays the same."""
    digest = hashlib.sha256(national.method_print().encode())
    digest.update(national.choices_print(assumptions, request).encode())
    for path in sorted({*extracts, *_tables(data)}):
        digest.update(path.name.encode() + registry.sha256_of(path).encode())
    return digest.hexdigest()


def compute(work: Work, task: Task) -> Record | Failed:
    """The plan of a place, or why there is none; what is kept is given back where it still holds.

    Never raises: one place must not stop the others.
    """
    begun, begun_cpu = time.perf_counter(), time.process_time()
    _reset_peak()
    try:
        tables = gather(
            _shelf(work.data),
            task.place.siren,
            work.assumptions,
            road_files=work.extracts,
            are_roads_chosen=False,
            cache=work.cache,
        )
        digest = national.of_tables(tables, work.assumptions, work.request, work.method)
        if task.kept is not None and task.kept.digest == digest:
            return replace(task.kept, whole=work.whole)
        planned = national.plan(tables, work.request, work.assumptions)
    except BadInput as error:
        return Failed(task.place, refusals.sentence(error))
    except NoNetwork as error:
        return Failed(task.place, refusals.no_network(error.relaxations, error.candidates))
    except Exception as error:
        # a bug on one place is told, the others go on
        words = f"Erreur imprévue ({type(error).__name__}) : à signaler avec sa trace."
        return Failed(task.place, words, traceback.format_exc())
    return Record(
        department=task.place.department,
        plan=planned,
        digest=digest,
        whole=work.whole,
        seconds=time.perf_counter() - begun,
        cpu_s=time.process_time() - begun_cpu,
        memory_mb=_peak_mb(),
    )


@lru_cache(maxsize=1)
def _shelf(data: Path) -> Shelf:
    """The tables of the country, read once by each worker."""
    return Shelf(data, is_shared=True)


def _tables(data: Path) -> list[Path]:
    return [path for known in registry.datasets() for path in registry.find_all(data, known)]


def _reset_peak() -> None:
    try:
        _RESET_PEAK.write_text("5")
    except OSError:
        return


def _peak_mb() -> float:
    """Megabytes of memory at the worst moment."""
    try:
        lines = _PEAK.read_text().splitlines()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (_MEGA if sys.platform == "darwin" else _KILO)
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) / _KILO
