"""Seconds of each step of a study: ./run bench study [SIREN …] (default: five territories).

Each territory is computed several times in a process of its own: median and maximum, peak memory.
"""

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from maillage.core import assumptions, sample, scenario, territory
from maillage.core.scenario import Request
from maillage.core.sources.gather import gather
from maillage.report import bundle, files

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TERRITORIES = ("sample", "200067817", "243301405", "248500530", "200066637", "244200895")
ROUNDS = 3
SITING = ("coverage", "equity", "seats", "cost")


def once(perimeter: str) -> dict[str, float]:
    """Seconds by step of one study, from tables to files."""
    spent: dict[str, float] = {}
    last = ["tables", time.perf_counter()]

    def step(name: str) -> None:
        now = time.perf_counter()
        spent[last[0]] = spent.get(last[0], 0.0) + now - last[1]
        last[:] = [name, now]

    assumed = assumptions.load()
    tables = sample.load() if perimeter == "sample" else gather(DATA, perimeter, assumed)
    place = territory.assemble(tables, assumed)
    outcome = scenario.evaluate(place, Request(first_year=2027), assumed, step)
    step("files")
    with tempfile.TemporaryDirectory() as folder:
        produced = bundle.of_outcome(outcome, at=datetime.now(UTC))
        files.write_all(Path(folder) / "out", produced)
    step("end")
    spent["siting"] = sum(spent[name] for name in SITING)
    return spent


def measure(perimeter: str) -> None:
    """Print one territory's figures as JSON; runs in a process of its own."""
    rounds = [once(perimeter) for _ in range(ROUNDS)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps = {name: [r[name] for r in rounds] for name in rounds[0]}
    totals = [sum(v for k, v in r.items() if k != "siting") for r in rounds]
    print(json.dumps({"steps": steps, "total": totals, "first": totals[0], "memory_mb": memory}))


def main(perimeters: tuple[str, ...]) -> None:
    """A table of steps, one column a territory."""
    columns = {}
    for perimeter in perimeters:
        command = [sys.executable, __file__, "--measure", perimeter]
        columns[perimeter] = json.loads(subprocess.check_output(command, text=True))
    names = list(next(iter(columns.values()))["steps"])
    print(
        f"Python {platform.python_version()}, {ROUNDS} calculs par territoire, secondes (médiane)"
    )
    print("| étape | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name in names:
        cells = (f"{median(c['steps'][name]):.2f}" for c in columns.values())
        print(f"| {name} | " + " | ".join(cells) + " |")
    for title, value in (
        ("total", lambda c: f"{median(c['total']):.2f}"),
        ("total, premier calcul du processus", lambda c: f"{c['first']:.2f}"),
        ("mémoire, Mo", lambda c: f"{c['memory_mb']:.0f}"),
    ):
        print(f"| {title} | " + " | ".join(value(c) for c in columns.values()) + " |")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(sys.argv[-1])
    else:
        main(tuple(sys.argv[1:]) or TERRITORIES)
