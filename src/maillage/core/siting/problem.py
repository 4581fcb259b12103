"""The three-tier siting problem as numbers: who is near what, which rules hold.

method  docs/method/siting.md
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

TIERS = ("hub", "mini", "corpo")

# Seats are counted in thousandths, so that every objective is a whole number
SEAT_SCALE = 1000

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """What the elected decide before the computer chooses.

    hubs, corpos           fewest and most sites of the tier
    minis_max              most mini-coworks, None for no limit
    min_gain_per_mini      inhabitants a mini-cowork must bring within reach
    required               groups of candidates j: a hub or a mini must open in each group
    forbidden              candidates j that must not hold a site
    commune_budget_eur     most that one commune invests, None for no limit
    epci_budget_eur        most that the intercommunality pays a year, None for no limit
    """

    hubs: tuple[int, int]
    corpos: tuple[int, int]
    min_gain_per_mini: int
    minis_max: int | None = None
    required: tuple[frozenset[int], ...] = ()
    forbidden: frozenset[int] = frozenset()
    commune_budget_eur: int | None = None
    epci_budget_eur: int | None = None


@dataclass(frozen=True)
class SiteEuros:
    """Whole euros of a site at each candidate: opening it, then each of its seats.

    fixed     [j]
    per_seat  [j]
    """

    fixed: Whole
    per_seat: Whole

    def of(self, is_open: Flags, seats: Whole) -> int:
        """Euros of the open sites with their seats [j]."""
        amounts = self.fixed[is_open] + self.per_seat[is_open] * seats[is_open]
        return int(amounts.sum())


@dataclass(frozen=True)
class NetworkProblem:
    """Everything the siting needs; axes: i cells, j candidates, s demand scenarios, t tiers.

    weight           [i] inhabitants
    commune          [i] number of the cell's commune
    near             [i, j] within the coverage minutes
    hub_near         [i, j] within the minutes accepted for a structuring site
    minutes          [i, j] minutes, to seat people where they are nearest among equal plans
    links            [j, l] a mini at j can hang on a hub at l
    may_hold         tier -> [j]
    candidate_commune [j] number of the candidate's commune
    covered_today    [i] near an open place that is not ours to choose
    seats_min        tier -> [j] fewest seats of a site
    seats_max        tier -> [j] most seats of a site
    demand           [s, i] seats wanted at peak, thousandths
    probability      [s] whole weights of the scenarios
    passes           [g, j] commuters of group g pass by the candidate on their way to work
    passing          [g] what intercepting the group is worth: seats at peak, thousandths
    investment       tier -> paid by the commune, grants deducted
    operation        tier -> paid by the intercommunality, per year
    yearly_cost      tier -> annualised investment plus operation, per year
    income_eur       [j] per seat used at peak over a year, euros
    """

    weight: Whole
    commune: Whole
    near: Flags
    hub_near: Flags
    minutes: NDArray[np.float32]
    links: Flags
    may_hold: dict[str, Flags]
    candidate_commune: Whole
    covered_today: Flags
    seats_min: dict[str, Whole]
    seats_max: dict[str, Whole]
    demand: Whole
    probability: Whole
    passes: Flags
    passing: Whole
    investment: dict[str, SiteEuros]
    operation: dict[str, SiteEuros]
    yearly_cost: dict[str, SiteEuros]
    income_eur: NDArray[np.float64]
    rules: Rules

    @property
    def sites(self) -> int:
        """How many candidates there are."""
        return int(self.near.shape[1])

    def with_rules(self, **changes: object) -> "NetworkProblem":
        """The same problem under other rules."""
        return replace(self, rules=replace(self.rules, **changes))  # type: ignore[arg-type]

    def covered(self, minis_and_hubs: Flags) -> Flags:
        """The cells [i] near an open site or a place of today; corporate spaces do not count."""
        return np.asarray(self.covered_today | self.near[:, minis_and_hubs].any(axis=1))

    def inhabitants(self, minis_and_hubs: Flags) -> int:
        """Inhabitants within reach of the open sites."""
        return int(self.weight[self.covered(minis_and_hubs)].sum())


@dataclass(frozen=True)
class Patterns:
    """Cells merged when the same sites serve them: the exact problem, smaller."""

    weight: Whole
    commune: Whole
    near: Flags
    covered_today: Flags


@dataclass(frozen=True)
class SeatPatterns:
    """Cells merged when the same sites may seat their people, whatever their commune.

    can_seat  tier -> [pattern, j]
    minutes   [pattern, j] mean of the cells, weighted by inhabitants
    demand    [s, pattern] seats wanted at peak, thousandths
    """

    can_seat: dict[str, Flags]
    minutes: NDArray[np.float64]
    demand: Whole


def merge(problem: NetworkProblem) -> Patterns:
    """One pattern for all cells of a commune that see the same sites."""
    signature = np.column_stack([problem.commune, problem.covered_today, problem.near])
    first, of_cell = _groups(signature)
    return Patterns(
        weight=_sum_by(of_cell, problem.weight, len(first)),
        commune=problem.commune[first],
        near=problem.near[first],
        covered_today=problem.covered_today[first],
    )


def merge_seats(problem: NetworkProblem) -> SeatPatterns:
    """One pattern for all cells whose people the same sites may seat."""
    can_hub = problem.hub_near & problem.may_hold["hub"][None, :]
    can_mini = problem.near & problem.may_hold["mini"][None, :]
    first, of_cell = _groups(np.column_stack([can_hub, can_mini]))
    weight = np.maximum(_sum_by(of_cell, problem.weight, len(first)), 1)
    minutes = _sum_by(of_cell, problem.minutes * problem.weight[:, None], len(first))
    return SeatPatterns(
        can_seat={"hub": can_hub[first], "mini": can_mini[first]},
        minutes=minutes / weight[:, None],
        demand=np.array([_sum_by(of_cell, wanted, len(first)) for wanted in problem.demand]),
    )


@dataclass(frozen=True)
class PassingPatterns:
    """Commuters merged when the same sites may intercept them.

    passes  [pattern, j] a hub or a mini-cowork there would be on their way
    worth   [pattern] seats at peak, thousandths
    """

    passes: Flags
    worth: Whole


def merge_passing(problem: NetworkProblem) -> PassingPatterns:
    """One pattern for all commuters whom the same sites may intercept; the others left out.

    A corporate space intercepts nobody: it is not open to all.
    """
    may_open = problem.may_hold["hub"] | problem.may_hold["mini"]
    may_open[list(problem.rules.forbidden)] = False
    passes = problem.passes & may_open[None, :]
    counts = passes.any(axis=1) & (problem.passing > 0)
    first, group = _groups(passes[counts])
    return PassingPatterns(
        passes=passes[counts][first],
        worth=_sum_by(group, problem.passing[counts], len(first)),
    )


def _groups(signature: Whole | Flags) -> tuple[Whole, Whole]:
    """The first row of each distinct row, and the group of every row."""
    _, first, group = np.unique(signature, axis=0, return_index=True, return_inverse=True)
    return first, group.ravel()


def _sum_by[Number: np.generic](
    group: Whole, values: NDArray[Number], count: int
) -> NDArray[Number]:
    """Values [row, …] summed by group."""
    total = np.zeros((count, *values.shape[1:]), dtype=values.dtype)
    np.add.at(total, group, values)
    return total
