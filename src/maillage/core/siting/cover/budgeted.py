"""The most weight covered within a budget, proved by the mixed-integer solver."""

import numpy as np

from maillage.core.siting.cover.found import Clock, Found
from maillage.core.siting.cover.swap import Table
from maillage.core.siting.inputs import Allowed, Budget
from maillage.core.siting.solution import Proof
from maillage.core.siting.solver import INFINITY, Model, maximise

HALF = 0.5


def within_budget(
    table: Table, allowed: Allowed, budget: Budget, tolerance: float, clock: Clock
) -> Found | None:
    """The best choice that the budget allows, None when it allows none.

    tolerance  distance between bound and value below which the value is proved
    """
    left_s = clock.left_s()
    answer = maximise(
        _model(table, allowed, budget),
        {allowed.fixed.size + r: float(weight) for r, weight in enumerate(table.weight)},
        time_limit_s=left_s if np.isfinite(left_s) else None,
        tolerance=tolerance,
    )
    if answer.status == "infeasible":
        return None
    is_open = answer.values[: allowed.fixed.size] > HALF
    return Found(is_open, answer.bound, Proof("solver"))


def _model(table: Table, allowed: Allowed, budget: Budget) -> Model:
    """Columns: the sites, then the share covered of each pattern."""
    model = Model()
    sites = allowed.fixed.size
    model.add_columns(sites, whole=True)
    model.add_columns(len(table.weight))
    for r, (first, end) in enumerate(zip(table.start[:-1], table.start[1:], strict=True)):
        near = table.site[first:end].tolist()
        model.add_row([*near, sites + r], [1.0] * len(near) + [-1.0], 0.0, INFINITY)
    model.add_row(range(sites), [1.0] * sites, table.p, table.p)
    model.add_row(range(sites), budget.price.tolist(), 0.0, budget.most)
    for site, value in ((allowed.fixed, 1.0), (allowed.forbidden, 0.0)):
        for j in np.flatnonzero(site).tolist():
            model.add_row([j], [1.0], value, value)
    for c, most in enumerate(table.most.tolist()):
        group = np.flatnonzero(table.group == c).tolist()
        model.add_row(group, [1.0] * len(group), 0.0, most)
    return model
