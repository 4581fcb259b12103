"""Seconds and memory from a file to a network ready to answer, each size in its own process.

The files are copies of one extract side by side: numbers and longitudes shifted, nothing invented.
`python bench/travel_building.py FILE` prints the figures of one file as JSON.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import osmium

from maillage.core import assumptions
from maillage.core.sources import osm
from maillage.core.travel.roads import Roads, hierarchy, network, speeds
from travel_places import synthetic

# The first is about 10 MB, the second as large as a département's extract
COPIES = (4, 12)
AGAIN = 5
SHIFT_ID = 10**11
SHIFT_LON = -0.3


def write_copies(extract: Path, copies: int, path: Path) -> None:
    """An extract several times in one file, nodes first, numbers increasing."""
    with osmium.SimpleWriter(str(path)) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY):
            for copy in range(copies):
                for thing in _shifted(extract, kind, copy):
                    (writer.add_node if kind == osmium.osm.NODE else writer.add_way)(thing)


def _shifted(extract: Path, kind: Any, copy: int) -> Iterator[Any]:
    for thing in osmium.FileProcessor(str(extract), kind):
        number = thing.id + copy * SHIFT_ID
        if kind == osmium.osm.NODE:
            yield thing.replace(id=number, location=(thing.lon + copy * SHIFT_LON, thing.lat))
        else:
            yield thing.replace(id=number, nodes=[n.ref + copy * SHIFT_ID for n in thing.nodes])


def measure(path: Path) -> dict[str, float]:
    """Seconds of each step and peak megabytes, in this process."""
    assumed = assumptions.load()
    piece_km = assumed.value("roads.piece_km")
    # compiled code is loaded before the clock starts
    Roads(network.build(synthetic(1, crossings=200).streets, "car", 0.0)).shape  # noqa: B018
    found: dict[str, float] = {"mb": path.stat().st_size / 1e6, "before_mb": _peak_mb()}
    begun = time.process_time()
    streets = osm.read(path)
    found |= {"read_s": time.process_time() - begun, "read_mb": _peak_mb()}
    begun = time.process_time()
    built = network.build(streets, "car", piece_km)
    found["build_s"] = time.process_time() - begun
    begun = time.process_time()
    shape = Roads(built).shape
    found["order_s"] = time.process_time() - begun
    tail = np.concatenate([built.tail, built.head])
    head = np.concatenate([built.head, built.tail])
    spent = []
    for case in ("central", *("low",) * AGAIN):
        begun = time.process_time()
        ms = speeds.milliseconds(built, assumed, case)
        hierarchy.customise(shape, tail, head, np.concatenate([ms[:, 0], ms[:, 1]]))
        spent.append(1000 * (time.process_time() - begun))
    found |= {"first_ms": spent[0], "again_ms": median(spent[1:]), "peak_mb": _peak_mb()}
    return found | {"streets": len(streets), "crossings": len(built)}


def _peak_mb() -> float:
    # getrusage would count the memory of the process that started this one
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def report(extract: Path, rounds: int) -> None:
    """A column for each size, the median of some processes."""
    columns = []
    with tempfile.TemporaryDirectory() as folder:
        for copies in COPIES:
            path = Path(folder) / f"{copies}.osm.pbf"
            write_copies(extract, copies, path)
            every = [_child(path) for _ in range(rounds)]
            columns.append({name: median(one[name] for one in every) for name in every[0]})
    print("\n## Du fichier au réseau, en voiture\n")
    print("| | " + " | ".join(f"{c['mb']:.0f} Mo" for c in columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for title, name, form in (
        ("rues lues", "streets", ".0f"),
        ("carrefours", "crossings", ".0f"),
        ("lecture, s", "read_s", ".1f"),
        ("réseau, s", "build_s", ".2f"),
        ("ordre et hiérarchie, s", "order_s", ".2f"),
        ("premières vitesses, ms", "first_ms", ".0f"),
        ("autres vitesses, ms", "again_ms", ".0f"),
        ("mémoire avant, Mo", "before_mb", ".0f"),
        ("mémoire, pointe de la lecture, Mo", "read_mb", ".0f"),
        ("mémoire, pointe, Mo", "peak_mb", ".0f"),
    ):
        print(f"| {title} | " + " | ".join(format(c[name], form) for c in columns) + " |")


def _child(path: Path) -> dict[str, float]:
    done = subprocess.check_output([sys.executable, __file__, str(path)], text=True)
    found: dict[str, float] = json.loads(done)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
