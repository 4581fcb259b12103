"""The location problems against their peers, in one run: ./run bench siting [PART …].

Parts: pmed, tsplib, clustered, center, cover, set_cover, benefit; all of them by default.
  --limit S         seconds for each of our own problems (600)
  --peers-limit S   seconds for each problem of a peer (60)
  --peers A,B       only these: pbp, highs, spopt, fasterpam
  --print           print the tables instead of writing docs/benchmarks.md

Everything runs in one thread, a process for each solver and problem, one after the other.
"""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

import siting_problems
import siting_tables
from siting_problems import Case
from siting_race import race
from siting_tables import Row

PEERS = {
    "pmed": ["pbp", "highs", "spopt", "fasterpam"],
    "tsplib": ["pbp", "fasterpam"],
    "clustered": ["fasterpam"],
    "center": ["highs", "spopt"],
    "cover": ["highs", "spopt"],
    "set_cover": ["highs", "spopt"],
    "benefit": ["highs"],
}
THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
LIBRARIES = ("numpy", "scipy", "numba", "highspy", "pbp-pmedian", "spopt", "pulp", "kmedoids")


def main(asked: argparse.Namespace) -> None:
    """Measure the parts asked for, one after the other, and write their tables."""
    os.environ |= dict.fromkeys(THREADS, "1")
    for part in asked.parts or PEERS:
        wanted = [peer for peer in PEERS[part] if peer in asked.peers.split(",")]
        begun, load = datetime.now(UTC), os.getloadavg()[0]
        rows: list[Row] = []
        for number, case in enumerate(siting_problems.parts()[part]):
            rows.append(measure(part, number, case, wanted, asked))
            # what a stopped run has measured is kept
            words = caption(begun, load, asked) + siting_tables.table(rows, ["maillage", *wanted])
            if not asked.print:
                siting_tables.write(part, words)
        if asked.print:
            print(f"\n## {part}\n\n{words}")


def measure(part: str, number: int, case: Case, peers: list[str], asked: argparse.Namespace) -> Row:
    """Every solver on one case of a part, ours first."""
    outcomes = {"maillage": race(part, number, "maillage", asked.limit)}
    for peer in peers:
        if not (case.is_large and peer == "spopt"):
            outcomes[peer] = race(part, number, peer, asked.peers_limit)
    said = ", ".join(f"{name} {o.status} {o.cpu_s:.3g} s" for name, o in outcomes.items())
    print(f"{case.name} : {said}", file=sys.stderr, flush=True)
    return Row(case, outcomes)


def caption(begun: datetime, load: float, asked: argparse.Namespace) -> str:
    """When, on what and under which load; how long a peer could take."""
    loads = f"charge {load:.1f} au début, {os.getloadavg()[0]:.1f} à la fin".replace(".", ",")
    return f"{machine(begun)}, {loads} ; {asked.peers_limit:.0f} s au plus par pair.\n\n"


def machine(at: datetime) -> str:
    """What the figures were measured on, and with."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{at:%d/%m/%Y %H h %M} UTC, {platform.machine()}, un fil, "
        f"{os.cpu_count()} cœurs partagés avec d'autres travaux, "
        f"Python {platform.python_version()}, {libraries}"
    )


def options() -> argparse.Namespace:
    """What was typed."""
    reader = argparse.ArgumentParser(usage=__doc__)
    reader.add_argument("parts", nargs="*", choices=[*PEERS, []])
    reader.add_argument("--limit", type=float, default=600)
    reader.add_argument("--peers-limit", type=float, default=60)
    reader.add_argument("--peers", default="pbp,highs,spopt,fasterpam")
    reader.add_argument("--print", action="store_true")
    return reader.parse_args()


if __name__ == "__main__":
    main(options())
