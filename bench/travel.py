"""Travel by road: speed, agreement with Valhalla, and what the distance model misses.

`./run bench travel [--only PART] [EXTRACT.osm.pbf …]` (default: Liechtenstein and Andorra) prints
the tables of docs/benchmarks.md and docs/method/travel.md. Everything runs on one core: the
process is tied to it before any engine starts a thread. Times are the processor's: what other
programs take of the machine does not count.
"""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
os.environ |= {"POLARS_MAX_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import travel_agreement
import travel_building
import travel_distance
import travel_isochrones
import travel_places
import travel_throughput
from maillage.core import assumptions

EXTRACTS = ("liechtenstein", "andorra")
SEED = 1
ROUNDS = 3
PARTS = ("throughput", "agreement", "building", "isochrones", "distance")
ENGINES = ("routingkit-cch", "numba", "scipy", "igraph", "pyvalhalla", "osmium", "contourpy")


def main(paths: list[Path], parts: tuple[str, ...]) -> None:
    """Print the tables of some parts."""
    assumed = assumptions.load()
    print_machine()
    extracts = [travel_places.of_extract(path) for path in paths]
    networks = [*extracts, travel_places.synthetic(SEED)]
    if "throughput" in parts:
        travel_throughput.report(networks, assumed)
    if "agreement" in parts:
        travel_agreement.report(extracts, assumed)
    if "building" in parts:
        travel_building.report(paths[0], ROUNDS)
    if "isochrones" in parts:
        travel_isochrones.report(networks, assumed)
    if "distance" in parts:
        travel_distance.report(extracts, assumed)
    print(f"\ncharge à la fin : {os.getloadavg()[0]:.1f}")


def print_machine() -> None:
    """What the figures were measured on, and with."""
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    engines = ", ".join(f"{name} {version(name)}" for name in ENGINES)
    print(
        f"{datetime.now(UTC):%d/%m/%Y}, {platform.machine()}, un cœur sur {os.cpu_count()}, ",
        end="",
    )
    print(f"charge {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {engines}")


if __name__ == "__main__":
    words = sys.argv[1:]
    wanted = PARTS
    if words[:1] == ["--only"]:
        wanted, words = tuple(words[1].split(",")), words[2:]
    files = [Path(word) for word in words]
    shared = [travel_places.EXTRACTS / f"{name}.osm.pbf" for name in EXTRACTS]
    main(files or shared, wanted)
