"""The one door to HiGHS: a mixed-integer model in, a value with its proved bound out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

INFINITY = highspy.kHighsInf

# A bound this near proves the value: half a unit of a whole-number objective
WHOLE = 0.5


@dataclass
class Model:
    """A linear model under construction: columns, then rows over them. Maximises."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add_columns(self, count: int, *, upper: float = 1.0, whole: bool = False) -> range:
        """New variables between 0 and `upper`; their column numbers."""
        first = len(self.upper)
        self.upper += [upper] * count
        self.whole += [whole] * count
        return range(first, first + count)

    def add_row(
        self, columns: Sequence[int], values: Sequence[float], lower: float, upper: float
    ) -> None:
        """A constraint lower <= sum(values x columns) <= upper."""
        self.index += columns
        self.value += values
        self.start.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def add_rows(
        self,
        lengths: NDArray[np.int64],
        columns: NDArray[np.int64],
        values: NDArray[np.float64],
        lower: float,
        upper: Sequence[float],
    ) -> None:
        """Several constraints with one lower limit; row r holds its lengths[r] next columns."""
        self.start += (self.start[-1] + np.cumsum(lengths)).tolist()
        self.index += columns.tolist()
        self.value += values.tolist()
        self.row_lower += [lower] * len(lengths)
        self.row_upper += upper

    def add_limit(self, coefficients: dict[int, float]) -> int:
        """A constraint whose limits come later; its row number."""
        self.add_row(list(coefficients), list(coefficients.values()), -INFINITY, INFINITY)
        return len(self.row_lower) - 1

    def limit(self, row: int, *, least: int | None = None, most: int | None = None) -> None:
        """New limits of a whole-number constraint, None for no limit."""
        self.row_lower[row] = -INFINITY if least is None else least - WHOLE
        self.row_upper[row] = INFINITY if most is None else most + WHOLE


@dataclass(frozen=True)
class Answer:
    """What the solver proved.

    status  "optimal", "gap" (a solution and a bound apart) or "infeasible"
    """

    status: str
    objective: float
    bound: float
    values: NDArray[np.float64]


def maximise(
    model: Model,
    objective: dict[int, float],
    *,
    start: NDArray[np.float64] | None = None,
    time_limit_s: float | None = None,
    tolerance: float = WHOLE,
    relative_gap: float = 0.0,
) -> Answer:
    """The best value of a linear objective over a model, with its bound.

    start         values of every column of a known solution, to begin from
    tolerance     distance between bound and value below which the value is proved
    relative_gap  the search may stop with its bound that near, as a share of the value
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", "false")
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("mip_rel_gap", relative_gap)
    solver.setOptionValue("mip_abs_gap", 0.0)
    if time_limit_s is not None:
        solver.setOptionValue("time_limit", time_limit_s)
    solver.passModel(_highs(model, objective))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    solver.run()
    if not _has_solution(solver) and time_limit_s is not None:
        # no network found in time: the first one found will do, and the bound stays true
        solver.setOptionValue("time_limit", INFINITY)
        solver.setOptionValue("mip_max_improving_sols", 1)
        solver.run()
    return _answer(solver, tolerance)


def _has_solution(solver: highspy.Highs) -> bool:
    found: bool = (
        solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    return found or solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible


def _highs(model: Model, objective: dict[int, float]) -> highspy.HighsLp:
    cost = np.zeros(len(model.upper))
    cost[list(objective)] = list(objective.values())
    lp = highspy.HighsLp()
    lp.num_col_ = len(model.upper)
    lp.num_row_ = len(model.row_lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.array(model.upper)
    lp.row_lower_ = np.array(model.row_lower)
    lp.row_upper_ = np.array(model.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(model.start)
    lp.a_matrix_.index_ = np.array(model.index)
    lp.a_matrix_.value_ = np.array(model.value)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in model.whole]
    return lp


def _answer(solver: highspy.Highs, tolerance: float) -> Answer:
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    ):
        return Answer("infeasible", -np.inf, -np.inf, np.empty(0))
    values = np.array(solver.getSolution().col_value)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer("gap", -np.inf, float(info.mip_dual_bound), values)
    objective, bound = info.objective_function_value, info.mip_dual_bound
    # a status alone proves nothing: the bound must meet the value
    is_proved = status == highspy.HighsModelStatus.kOptimal and bound - objective < tolerance
    return Answer("optimal" if is_proved else "gap", float(objective), float(bound), values)


@dataclass(frozen=True)
class Relaxed:
    """A linear model at its optimum: values of the columns, prices of the rows.

    is_solved  False when time ran out or the model has no solution
    """

    is_solved: bool
    objective: float
    values: NDArray[np.float64]
    prices: NDArray[np.float64]


class GrowingModel:
    """A linear model that gains and loses rows, solved again each time from where it stood.

    Minimises cost x column, each column between its bounds.
    """

    def __init__(
        self,
        cost: NDArray[np.float64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", "false"),
            ("threads", 1),
            ("random_seed", 0),
            ("presolve", "off"),
            ("solver", "simplex"),
        ):
            self._solver.setOptionValue(option, value)
        lp = highspy.HighsLp()
        lp.num_col_ = cost.size
        lp.col_cost_ = cost
        lp.col_lower_ = lower
        lp.col_upper_ = upper
        lp.a_matrix_.start_ = np.zeros(cost.size + 1, np.int32)
        self._solver.passModel(lp)

    def add_rows(
        self,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        start: NDArray[np.int32],
        column: NDArray[np.int32],
        value: NDArray[np.float64],
    ) -> None:
        """Rows lower <= sum(value x column) <= upper; row r holds start[r]:start[r + 1]."""
        self._solver.addRows(
            lower.size, lower, upper, column.size, start[:-1].astype(np.int32), column, value
        )

    def drop_rows(self, rows: NDArray[np.int32]) -> None:
        """Take rows away; the next ones move up."""
        self._solver.deleteRows(rows.size, rows)

    def bound_columns(
        self,
        columns: NDArray[np.int32],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> None:
        """New bounds of some columns."""
        self._solver.changeColsBounds(columns.size, columns, lower, upper)

    def solve(self, *, time_limit_s: float | None = None) -> Relaxed:
        """The optimum, from the last one."""
        if time_limit_s is not None:
            # HiGHS counts from its first run
            spent = self._solver.getRunTime()
            self._solver.setOptionValue("time_limit", spent + max(0.0, time_limit_s))
        self._solver.run()
        found = self._solver.getSolution()
        return Relaxed(
            self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
            float(self._solver.getInfo().objective_function_value),
            np.array(found.col_value),
            np.array(found.row_dual),
        )

    def solve_whole(self, count: int, *, time_limit_s: float, tolerance: float = WHOLE) -> Answer:
        """The best value where the first `count` columns are whole, with its bound."""
        kinds = np.full(count, highspy.HighsVarType.kInteger.value, np.uint8)
        self._solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        for option, value in (
            ("solver", "choose"),
            ("presolve", "choose"),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("time_limit", self._solver.getRunTime() + min(time_limit_s, INFINITY)),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.run()
        return _answer(self._solver, tolerance)
