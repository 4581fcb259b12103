"""Each solver on one problem: what it opens, the bound it gives, what it says of its answer.

Every one is given the same arrays, one thread, a time limit and no tolerance, so that "optimal"
means optimal.
"""

import time

import highspy
import kmedoids
import numpy as np
from numpy.typing import NDArray
from pbp_pmedian import solve as solve_by_pbp
from scipy import sparse

from siting_problems import (
    BENEFIT,
    CENTER,
    FAILED,
    GAP,
    NO_BOUND,
    PROVED,
    SET_COVER,
    Answer,
    Problem,
)

RESTARTS = 10
# all numbers are whole: a gap below one unit is none
BELOW_ONE = 0.999
OPTIMAL = highspy.HighsModelStatus.kOptimal
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible


def by_pbp(problem: Problem, _limit_s: float) -> Answer:
    """pbp-pmedian by the engine that its router chooses; without a proof it keeps nothing.

    Its own limit counts the time of the whole machine: the process is ended instead.
    """
    cost = (problem.matrix * problem.weight[:, None]).T
    _, sites, _, status, _ = solve_by_pbp(cost, problem.p, time_limit=np.inf)
    if status != 0:
        return Answer(np.empty(0, dtype=np.int64), None, FAILED)
    return Answer(np.asarray(sorted(sites), dtype=np.int64), problem.value(list(sites)), PROVED)


def by_fasterpam(problem: Problem, _limit_s: float) -> Answer:
    """FasterPAM, the best of ten random starts: no weights, no candidates apart, no bound."""
    found = [
        kmedoids.fasterpam(problem.matrix, problem.p, random_state=seed, n_cpu=1)
        for seed in range(RESTARTS)
    ]
    best = min(found, key=lambda one: one.loss)
    return Answer(np.sort(best.medoids).astype(np.int64), None, NO_BOUND)


def by_highs(problem: Problem, limit_s: float) -> Answer:
    """HiGHS on the strong compact model: whole numbers of sites, everything else continuous."""
    highs = highspy.Highs()
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": BELOW_ONE,
    }.items():
        highs.setOptionValue(name, value)
    highs.passModel(_compact(problem))
    stop_after(highs, limit_s)
    highs.run()
    sites = problem.matrix.shape[1]
    return answer_of(problem, highs, np.array(highs.getSolution().col_value)[:sites])


def stop_after(highs: highspy.Highs, limit_s: float) -> None:
    """End a run after so many seconds of the processor, its own limit being of the clock."""
    most_s = time.process_time() + limit_s

    def judge(event: highspy.highs.HighsCallbackEvent) -> None:
        event.interrupt(time.process_time() > most_s)

    highs.cbMipInterrupt.subscribe(judge)


def answer_of(problem: Problem, highs: highspy.Highs, is_open: NDArray[np.float64]) -> Answer:
    """What HiGHS itself says of its run."""
    info = highs.getInfo()
    # both models minimise
    bound = float(info.mip_dual_bound) * (-1 if problem.is_maximised else 1)
    if info.primal_solution_status != FEASIBLE:
        return Answer(np.empty(0, dtype=np.int64), bound, FAILED)
    status = PROVED if highs.getModelStatus() == OPTIMAL else GAP
    return Answer(np.flatnonzero(is_open > 1 / 2), bound, status)


def _compact(problem: Problem) -> highspy.HighsLp:
    """Columns: the sites, then what each kind of problem adds."""
    if sparse.issparse(problem.matrix):
        return _compact_covering(problem)
    return _compact_assignment(problem)


def _compact_covering(problem: Problem) -> highspy.HighsLp:
    origins, sites = problem.matrix.shape
    reach = (problem.matrix > 0).astype(np.float64)
    if problem.kind == SET_COVER:
        return _lp([np.ones(sites)], reach, [np.ones(origins)], [np.full(origins, np.inf)], sites)
    # an origin is covered by the open sites that reach it, once
    eye = sparse.eye_array(origins)
    rows = [[reach, -eye], [None, eye], [np.ones((1, sites)), None]]
    lower = [np.zeros(origins), np.zeros(origins), [0]]
    upper = [np.full(origins, np.inf), np.ones(origins), [problem.p]]
    gain = [np.zeros(sites), -problem.weight]
    return _lp(gain, sparse.block_array(rows), lower, upper, sites)


def _compact_assignment(problem: Problem) -> highspy.HighsLp:
    origins, sites = problem.matrix.shape
    row, site = _arcs(problem)
    arcs, values = len(row), problem.matrix[row, site]
    each = sparse.csr_array((np.ones(arcs), (row, np.arange(arcs))), (origins, arcs))
    at = sparse.csr_array((np.ones(arcs), (np.arange(arcs), site)), (arcs, sites))
    # an origin has one site, or one at most; an arc needs its site; p sites in all
    rows = [[None, each], [-at, sparse.eye_array(arcs)], [np.ones((1, sites)), None]]
    none_at_all = -np.inf if problem.kind == BENEFIT else 1.0
    lower = [np.full(origins, none_at_all), np.full(arcs, -np.inf), [problem.p]]
    upper = [np.ones(origins), np.zeros(arcs), [problem.p]]
    gain = [np.zeros(sites), problem.weight[row] * values]
    if problem.kind == BENEFIT:
        gain[1] = -gain[1]
    if problem.kind == CENTER:
        costs = sparse.csr_array((values, (row, np.arange(arcs))), (origins, arcs))
        rows = [[*line, None] for line in rows]
        rows += [[None, costs, -np.ones((origins, 1))]]
        lower += [np.full(origins, -np.inf)]
        upper += [np.zeros(origins)]
        gain = [np.zeros(sites + arcs), [1.0]]
        # whole arcs are harder to write and far easier to prove
        return _lp(gain, sparse.block_array(rows), lower, upper, sites + arcs)
    return _lp(gain, sparse.block_array(rows), lower, upper, sites)


def _arcs(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Origins and sites of the arcs: all of them, but those that bring nothing."""
    if problem.kind == BENEFIT:
        return np.nonzero(problem.matrix)
    return np.divmod(np.arange(problem.matrix.size), problem.matrix.shape[1])


def _lp(
    gain: list[object], rows: sparse.sparray, lower: list[object], upper: list[object], whole: int
) -> highspy.HighsLp:
    """Minimise a sum under lower <= rows <= upper: the first columns 0 or 1, the rest 0 or more."""
    matrix = sparse.csr_array(rows)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate(gain)
    lp.col_lower_ = np.zeros(lp.num_col_)
    # a largest cost has no limit; shares are held by their rows
    lp.col_upper_ = np.where(np.arange(lp.num_col_) < whole, 1.0, np.inf)
    lp.row_lower_, lp.row_upper_ = np.concatenate(lower), np.concatenate(upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kInteger] * whole
    lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (lp.num_col_ - whole)
    return lp


SOLVERS = {"pbp": by_pbp, "highs": by_highs, "fasterpam": by_fasterpam}
