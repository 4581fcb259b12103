"""One solver on one problem in a process of its own: seconds, memory, what it opened, its proof.

The libraries are loaded, the problem is read and our code is compiled before the clock starts.
Seconds are the processor's. What a solver opens is valued here, whatever it says.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

import siting_problems
from siting_problems import FAILED

MODULES = {
    "maillage": "siting_ours",
    "pbp": "siting_peers",
    "highs": "siting_peers",
    "spopt": "siting_spopt",
    "fasterpam": "siting_peers",
}
# beyond its own limit, a solver has as long again to write its model, and a minute; not the one
# that counts the time of the whole machine
GRACE_S = 60
WITHOUT_GRACE = ("pbp",)
# a shorter call is made again, and the mean of its calls is given
MEASURABLE_S = 0.2
MOST_BYTES = 10 * 2**30
KILO = 1024


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    status     proved, gap, no_bound or failed
    cpu_s      of the call: model, search and proof; of the whole process where it failed
    value      of the open sites, computed here; None without sites
    bound      None without one
    known      published value, None where nobody published it
    memory_mb  the most that the process held, libraries and problem included
    """

    solver: str
    status: str
    cpu_s: float
    value: float | None
    bound: float | None
    known: float | None
    memory_mb: float

    @property
    def gap(self) -> float | None:
        """Relative distance to its own bound."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1.0, abs(self.value))


def race(part: str, case: int, solver: str, limit_s: float) -> Outcome:
    """Run a solver in a child process; a peer that is killed or that fails has an outcome too."""
    command = [sys.executable, __file__, part, str(case), solver, str(limit_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == 0:
        return Outcome(**json.loads(said.splitlines()[-1]))
    if solver == "maillage":
        raise RuntimeError(f"{part}, case {case}: our own solver failed")
    spent = used.ru_utime + used.ru_stime
    return Outcome(solver, FAILED, spent, None, None, None, used.ru_maxrss / KILO)


def run(part: str, case: int, solver: str, limit_s: float) -> Outcome:
    """Solve one problem here, within limits of processor time and of memory."""
    module = import_module(MODULES[solver])
    problem = siting_problems.parts()[part][case].load()
    if solver == "maillage":
        module.warm(problem.kind)
    grace_s = 0 if solver in WITHOUT_GRACE else limit_s + GRACE_S
    most_s = int(time.process_time() + limit_s + grace_s)
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    begun, calls, cpu_s = time.process_time(), 0, 0.0
    while cpu_s < MEASURABLE_S:
        answer = module.SOLVERS[solver](problem, limit_s)
        calls, cpu_s = calls + 1, time.process_time() - begun
    value = problem.value(answer.sites) if len(answer.sites) else None
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILO
    return Outcome(
        solver, answer.status, cpu_s / calls, value, answer.bound, problem.known, memory_mb
    )


if __name__ == "__main__":
    part, case, solver, limit_s = sys.argv[1:]
    print(json.dumps(asdict(run(part, int(case), solver, float(limit_s)))))
