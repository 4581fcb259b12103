"""Who may be seated where, in the linear model: seats used by scenario, pattern of cells and site.

Rows are laid many at a time: a large territory has a million arcs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.problem import SeatPatterns
from maillage.core.siting.solver import INFINITY, Model

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Arcs:
    """One column of seats used for each entry.

    scenario, pattern, site, column  [a]
    """

    scenario: Whole
    pattern: Whole
    site: Whole
    column: Whole

    def where(self, chosen: NDArray[np.bool_]) -> "Arcs":
        """Some of the arcs [a]."""
        return Arcs(
            self.scenario[chosen], self.pattern[chosen], self.site[chosen], self.column[chosen]
        )


@dataclass(frozen=True)
class Capacity:
    """What a model may seat at a site: columns [k] and their coefficients, by site j."""

    columns: dict[int, list[int]]
    seats: dict[int, list[float]]


def no_arcs() -> Arcs:
    """The arcs of a model that seats nobody."""
    nothing = np.zeros(0, dtype=np.int64)
    return Arcs(nothing, nothing, nothing, nothing)


def joined(parts: list[Arcs]) -> Arcs:
    """The arcs of all the scenarios."""
    names = ("scenario", "pattern", "site", "column")
    return Arcs(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def add_wanted(model: Model, seats: SeatPatterns, scenario: int) -> Arcs:
    """Columns of one scenario, at most what each pattern wants in all."""
    reach = seats.can_seat["hub"] | seats.can_seat["mini"]
    wanted = seats.demand[scenario]
    patterns = np.flatnonzero(wanted)
    row, site = np.nonzero(reach[patterns])
    first = len(model.upper)
    column = np.arange(first, first + len(row))
    model.upper += wanted[patterns][row].astype(float).tolist()
    model.whole += [False] * len(row)
    lengths = np.bincount(row, minlength=len(patterns))
    upper = wanted[patterns].astype(float)
    model.add_rows(lengths, column, np.ones(len(row)), 0.0, upper.tolist())
    return Arcs(np.full(len(row), scenario), patterns[row], site, column)


def add_held(model: Model, arcs: Arcs, capacity: Capacity) -> None:
    """Seats used of a site are at most the seats that it opens, site after site."""
    order = np.argsort(arcs.site, kind="stable")
    sites, first = np.unique(arcs.site[order], return_index=True)
    users = np.split(arcs.column[order], first[1:])
    # in the order where the arcs meet the sites: the solver's choice among ties depends on it
    met = np.argsort([arcs.column[order][n] for n in first])
    for k in met:
        j = int(sites[k])
        columns = users[k].tolist()
        model.add_row(
            [*columns, *capacity.columns[j]],
            [1.0] * len(columns) + capacity.seats[j],
            -INFINITY,
            0.0,
        )
