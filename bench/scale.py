"""What a service of N intercommunalities asks of machines: the model of docs/scale.md.

`./run bench scale` prints its table; every assumption is a line of `Load`.
`./run bench scale national.parquet` prints what plans took, by size, from a run over the country.
"""

import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

HOUR_S = 3600
MEGA, GIGA = 1e6, 1e9
SCALES = (
    ("une intercommunalité", 1),
    ("un département", 10),
    ("une région", 130),
    ("la France", 1250),
)
COLUMNS = (
    "pages/s",
    "cœurs web",
    "mémoire web",
    "cœurs base",
    "connexions",
    "workers",
    "base/an",
    "documents/an",
)


@dataclass(frozen=True)
class Load:
    """One ordinary territory, one ordinary working day, and what was measured on two cores."""

    inhabitants: float = 30_000
    with_account: float = 0.02
    active_per_day: float = 0.15
    pages_per_active: float = 25
    visits_per_inhabitant_per_day: float = 0.002
    pages_per_visit: float = 6
    share_in_peak_hour: float = 0.15
    peak_in_the_hour: float = 3
    # measured: docs/benchmarks.md; the margin is for the heavier pages to come
    web_cpu_s_per_page: float = 0.007
    database_cpu_s_per_page: float = 0.001
    margin: float = 3
    busy_at_most: float = 0.5
    memory_bytes_per_process: float = 190 * MEGA
    threads_per_process: int = 4
    runs_per_year: float = 30
    run_cpu_s: float = 5
    # in the weeks before a vote everybody computes: a tenth of the year's runs in one day
    runs_on_the_worst_day: float = 0.1
    bookings_per_year: float = 12_500
    # booking, seats, charge, journal, mail: rows with their indexes
    bytes_per_booking: float = 5_000
    documents_bytes_per_run: float = 2 * MEGA
    documents_bytes_per_year: float = 60 * MEGA


@dataclass(frozen=True)
class Need:
    """What it takes."""

    pages_per_s: float
    web_cores: int
    web_memory_gb: float
    database_cores: int
    connections: int
    workers: int
    rows_gb_per_year: float
    documents_gb_per_year: float


def need(territories: int, load: Load) -> Need:
    """The machines of N territories at the peak second."""
    accounts = load.inhabitants * load.with_account
    pages_per_day = territories * (
        accounts * load.active_per_day * load.pages_per_active
        + load.inhabitants * load.visits_per_inhabitant_per_day * load.pages_per_visit
    )
    peak = pages_per_day * load.share_in_peak_hour / HOUR_S * load.peak_in_the_hour
    web = _cores(peak, load.web_cpu_s_per_page, load)
    runs = territories * load.runs_per_year
    worst_hour = runs * load.runs_on_the_worst_day * load.share_in_peak_hour
    documents = runs * load.documents_bytes_per_run + territories * load.documents_bytes_per_year
    return Need(
        pages_per_s=peak,
        web_cores=web,
        web_memory_gb=web * load.memory_bytes_per_process / GIGA,
        database_cores=_cores(peak, load.database_cpu_s_per_page, load),
        connections=web * load.threads_per_process,
        workers=max(1, math.ceil(worst_hour * load.run_cpu_s / HOUR_S / load.busy_at_most)),
        rows_gb_per_year=territories * load.bookings_per_year * load.bytes_per_booking / GIGA,
        documents_gb_per_year=documents / GIGA,
    )


def _cores(peak: float, cpu_s: float, load: Load) -> int:
    return max(1, math.ceil(peak * cpu_s * load.margin / load.busy_at_most))


# Communes of a place, from (excluded) to (included)
SIZES = ((0, 10), (10, 20), (20, 30), (30, 40), (40, 60), (60, 90), (90, 1000))


def national(path: Path) -> None:
    """What plans took, by their communes, and the power law of the means."""
    table = pl.read_parquet(path)
    print("| communes | plans | processeur, moyenne | médiane | le plus long | prouvés |")
    print("|---|---:|---:|---:|---:|---:|")
    means = []
    for above, up_to in SIZES:
        size = table.filter(pl.col("communes").is_between(above, up_to, closed="right"))
        if size.is_empty():
            continue
        cpu = size["cpu_s"].to_numpy()
        proved = int((size["status"] == "proved").sum())
        means.append((size["communes"].to_numpy().mean(), cpu.mean(), len(size)))
        print(
            f"| {above + 1} à {up_to} | {len(size)} | {cpu.mean():.2f} s | {np.median(cpu):.2f} s "
            f"| {cpu.max():.1f} s | {proved} |".replace(".", ",")
        )
    communes, seconds, count = np.array(means).T
    power, log_first = np.polyfit(np.log(communes), np.log(seconds), 1, w=np.sqrt(count))
    total, memory = table["cpu_s"].sum(), table["memory_mb"].max()
    print(f"mean of a size: {np.exp(log_first):.4f} s x communes^{power:.2f}")
    print(f"{len(table)} plans, {total:.0f} s of processor, at most {memory:.0f} MB a worker")


def main() -> None:
    """The table of the page."""
    print(f"| | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}")
    for name, territories in SCALES:
        n = need(territories, Load())
        print(
            f"| {name} ({territories}) | {n.pages_per_s:.1f} | {n.web_cores} "
            f"| {n.web_memory_gb:.1f} Go | {n.database_cores} | {n.connections} | {n.workers} "
            f"| {n.rows_gb_per_year:.2f} Go | {n.documents_gb_per_year:.1f} Go |".replace(".", ",")
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        national(Path(sys.argv[1]))
    else:
        main()
