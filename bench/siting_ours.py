"""Our own solvers on the problems of `./run bench siting`."""

import numpy as np
from scipy.sparse import csr_array

from maillage.core import siting
from maillage.core.siting.solution import Solution
from siting_problems import (
    BENEFIT,
    CENTER,
    COVER,
    FAILED,
    GAP,
    MEDIAN,
    PROVED,
    SET_COVER,
    Answer,
    Problem,
)

WITHIN = 1.0
STATUSES = {"proved": PROVED, "gap": GAP, "infeasible": FAILED}


def by_maillage(problem: Problem, limit_s: float) -> Answer:
    """The public functions of `maillage.core.siting`, called as anybody would."""
    found = _solve(problem, limit_s)
    return Answer(found.open_sites, found.bound, STATUSES[found.status])


def _solve(problem: Problem, limit_s: float) -> Solution:
    matrix, p, weights = problem.matrix, problem.p, problem.weight
    if problem.kind == MEDIAN:
        return siting.p_median(matrix, p, weights=weights, time_limit_s=limit_s)
    if problem.kind == CENTER:
        return siting.p_center(matrix, p, time_limit_s=limit_s)
    if problem.kind == COVER:
        return siting.max_cover(matrix, p, within=WITHIN, weights=weights, time_limit_s=limit_s)
    if problem.kind == BENEFIT:
        return siting.max_benefit(matrix, p, weights=weights, time_limit_s=limit_s)
    return siting.set_cover(matrix, within=WITHIN, time_limit_s=limit_s)


def warm(kind: str) -> None:
    """Compile, or load, what a kind of problem calls: costs at random make it branch."""
    chance = np.random.default_rng(1)
    drawn = np.floor(chance.random((60, 60)) * 1000)
    if kind in (COVER, SET_COVER):
        reach = (drawn < 60) | np.eye(60, dtype=np.bool_)
        drawn = csr_array(reach.astype(np.float32))
    for p in (0,) if kind == SET_COVER else (5, 12):
        by_maillage(Problem(kind, drawn, np.ones(60), p), 10.0)


SOLVERS = {"maillage": by_maillage}
