"""spopt on one problem: apart, for its libraries weigh more than the problems.

PuLP says "optimal" of a run that its time limit stopped: HiGHS itself is asked.
"""

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from siting_peers import answer_of, stop_after
from siting_problems import CENTER, COVER, MEDIAN, Answer, Problem


class HiGHS(pulp.HiGHS):
    """PuLP's own, ended after so many seconds of the processor."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(msg=False, threads=1, gapRel=0.0)
        self._limit_s = limit_s

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802
        """Run the model that PuLP has written."""
        stop_after(lp.solverModel, self._limit_s)
        super().callSolver(lp)


def by_spopt(problem: Problem, limit_s: float) -> Answer:
    """spopt with HiGHS."""
    model = _spopt_model(problem)
    model.problem.solve(HiGHS(limit_s))
    highs = model.problem.solverModel
    is_open = [variable.value() or 0 for variable in model.fac_vars]
    return answer_of(problem, highs, np.array(is_open))


def _spopt_model(problem: Problem) -> PMedian | PCenter | MCLP | LSCP:
    if problem.kind == MEDIAN:
        return PMedian.from_cost_matrix(problem.matrix, problem.weight, problem.p)
    if problem.kind == CENTER:
        return PCenter.from_cost_matrix(problem.matrix, problem.p)
    # a site within reach costs nothing, another costs more than the radius
    away = np.where(problem.matrix.toarray() > 0, 0.0, 2.0)
    if problem.kind == COVER:
        return MCLP.from_cost_matrix(away, problem.weight, 1.0, problem.p)
    return LSCP.from_cost_matrix(away, 1.0)


SOLVERS = {"spopt": by_spopt}
