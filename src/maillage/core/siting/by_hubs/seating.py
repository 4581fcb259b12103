"""Who sits where in a network that is settled: nearest to home, as many as can be seated."""

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.seats import SEATED, SeatFlow
from maillage.core.siting.problem import SEAT_SCALE, SeatPatterns
from maillage.core.siting.solver import INFINITY, WHOLE, Model, maximise


def nearest_seats(
    patterns: SeatPatterns, capacity: dict[str, NDArray[np.int64]]
) -> NDArray[np.float64]:
    """Seats used at peak [s, j]: the most in each scenario, with the fewest minutes.

    capacity  tier -> [j] seats of the open sites, thousandths
    """
    flow = SeatFlow(patterns)
    held = sum(capacity[t] for t in SEATED)
    served = np.zeros((len(patterns.demand), patterns.minutes.shape[1]))
    for s in range(len(served)):
        served[s] = _fewest_minutes(patterns, flow, capacity, s) / SEAT_SCALE
    return np.minimum(served, np.asarray(held) / SEAT_SCALE)


def _fewest_minutes(
    patterns: SeatPatterns, flow: SeatFlow, capacity: dict[str, NDArray[np.int64]], scenario: int
) -> NDArray[np.float64]:
    """Thousandths of a seat used at each site [j]."""
    wanted = patterns.demand[scenario]
    reach = np.zeros(patterns.minutes.shape, dtype=np.bool_)
    for t in SEATED:
        reach |= flow.reach[t] & (capacity[t] > 0)
    row, site = np.nonzero(reach & (wanted > 0)[:, None])
    model = Model()
    columns = np.array(model.add_columns(len(row), upper=float(wanted.max(initial=0))))
    _at_most(model, columns, row, wanted)
    _at_most(model, columns, site, capacity["hub"] + capacity["mini"])
    used = flow.served(capacity, scenario)
    model.add_row(columns.tolist(), [1.0] * len(columns), used - WHOLE, INFINITY)
    minutes = patterns.minutes[row, site]
    objective = dict(zip(columns.tolist(), (-minutes).tolist(), strict=True))
    found = maximise(model, objective).values
    return np.bincount(site, found, minlength=reach.shape[1])


def _at_most(
    model: Model,
    columns: NDArray[np.int64],
    member: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """One row for each group of columns: their sum is at most as said."""
    order = np.argsort(member, kind="stable")
    groups, lengths = np.unique(member, return_counts=True)
    model.add_rows(
        lengths, columns[order], np.ones(len(order)), -INFINITY, most[groups].astype(float).tolist()
    )
