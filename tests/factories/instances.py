"""The published instances of location problems, read as each family asks; their known answers."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from shared import INSTANCES


@dataclass(frozen=True)
class Instance:
    """A p-median or p-center problem whose candidates are its origins.

    cost    [i, j] whole numbers
    median  the least sum of costs, or the best one known where nobody has proved it
    center  the least of the largest costs; None where nobody published it
    """

    name: str
    cost: NDArray[np.float64]
    p: int
    median: int
    center: int | None = None
    is_proved: bool = True
    published_s: float | None = None


@dataclass(frozen=True)
class Demand:
    """A covering problem in the plane.

    sites    [j, 2]
    origins  [i, 2]
    weight   [i]
    """

    sites: NDArray[np.float64]
    origins: NDArray[np.float64]
    weight: NDArray[np.float64]


def pmed(number: int) -> Instance:
    """One of the p-median problems of OR-Library (Beasley 1985): a graph, costs by its edges."""
    name = f"pmed{number}"
    known = next(row for row in _rows("pmed") if row["instance"] == name)
    words = (INSTANCES / "pmed" / f"{name}.txt").read_text(encoding="utf-8").split()
    count, edges, p = (int(word) for word in words[:3])
    lengths = np.full((count, count), np.inf)
    ends = np.array(words[3 : 3 + 3 * edges], dtype=np.int64).reshape(edges, 3)
    for tail, head, length in ends.tolist():
        # an edge given twice: the last length holds
        lengths[tail - 1, head - 1] = lengths[head - 1, tail - 1] = length
    cost = shortest_path(_graph(lengths), directed=False)
    return Instance(name, cost, p, int(known["pmedian_opt"]), int(known["pcenter_opt"]))


def tsplib(name: str) -> list[Instance]:
    """The problems set on a drawing of TSPLIB, one for each published p: distances cut to units."""
    xy = plane(INSTANCES / "tsplib" / f"{name}.tsp")
    cost = np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    return [
        Instance(
            f"{name} p={row['p']}",
            cost,
            int(row["p"]),
            int(row["optimum"]),
            is_proved=row["proved"] == "yes",
            published_s=float(row["published_time_s"] or "nan"),
        )
        for row in _rows("tsplib")
        if row["instance"] == name
    ]


def plane(path: Path) -> NDArray[np.float64]:
    """The coordinates [i, 2] of a file of TSPLIB."""
    lines = path.read_text(encoding="utf-8").splitlines()
    first = lines.index("NODE_COORD_SECTION") + 1
    rows = [line.split()[1:3] for line in lines[first:] if len(line.split()) == 3]
    return np.array(rows, dtype=np.float64)


def covering(name: str = "BDS10000A") -> Demand:
    """A maximal covering problem of Cordeau, Furini and Ljubić (2019)."""
    lines = (INSTANCES / "mclp" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    sites = [line.split()[2:4] for line in lines if line.startswith("F")]
    origins = [line.split()[2:5] for line in lines if line.startswith("C")]
    found = np.array(origins, dtype=np.float64)
    return Demand(np.array(sites, dtype=np.float64), found[:, :2], found[:, 2])


def _graph(lengths: NDArray[np.float64]) -> csr_array:
    # an absent arc is not an arc of length zero: only finite ones are stored
    tail, head = np.nonzero(np.isfinite(lengths))
    return csr_array((lengths[tail, head], (tail, head)), shape=lengths.shape)


def _rows(family: str) -> list[dict[str, str]]:
    with (INSTANCES / family / "optima.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
