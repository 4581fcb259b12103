"""Each commune under a plan: who is within reach, how long the trip is, how far its town stands.

method  docs/method/travel.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.money import Range
from maillage.core.scenario.assess import Coverage
from maillage.core.territory import Territory
from maillage.core.travel import CASES, Travel, minutes

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Access:
    """The inhabitants of a commune before and after the plan.

    inhabitants  of its inhabited cells
    beyond       those who stay beyond the rule after the plan, central case
    share_…      within the rule (0-1), smallest first: slow travel
    mean_…       minutes to the nearest place of those who may reach one, shortest first: fast
                 travel; infinite where nobody may
    """

    inhabitants: int
    beyond: int
    share_before: Range
    share_after: Range
    mean_before: Range
    mean_after: Range


def access(territory: Territory, coverage: Coverage) -> dict[str, Access]:
    """Access by commune code, for the communes that have inhabited cells."""
    codes = territory.cells["commune_code"].to_numpy()
    people = territory.cells["population"].to_numpy().astype(np.int64)
    found = {}
    for code in territory.communes["commune_code"].to_list():
        inside = codes == code
        if people[inside].sum() > 0:
            found[code] = _of(inside, people, coverage)
    return found


def _of(inside: NDArray[np.bool_], people: NDArray[np.int64], coverage: Coverage) -> Access:
    weight, within = people[inside], coverage.within_min

    def share(times: NDArray[np.float32]) -> float:
        return float(weight[times[inside] <= within].sum() / weight.sum())

    def mean(times: NDArray[np.float32]) -> float:
        # who has no road to anywhere has no minutes
        has = np.isfinite(times[inside])
        if not weight[has].any():
            return float("inf")
        known, counted = times[inside][has].astype(np.float64), weight[has]
        return float((known * counted).sum() / counted.sum())

    before, after = coverage.cases_before, coverage.cases_after
    return Access(
        inhabitants=int(weight.sum()),
        beyond=int(weight[coverage.minutes_after[inside] > within].sum()),
        share_before=Range(*(share(before[case]) for case in CASES)),
        share_after=Range(*(share(after[case]) for case in CASES)),
        mean_before=Range(*(mean(before[case]) for case in reversed(CASES))),
        mean_after=Range(*(mean(after[case]) for case in reversed(CASES))),
    )


def town_minutes(
    towns: Sequence[LonLat], sites: Sequence[LonLat], travels: Mapping[str, Travel]
) -> list[Range]:
    """Minutes by car from each town to the site of the same rank, shortest first (fast travel)."""
    if not towns:
        return []
    start, end = (geo.project(np.array(points, dtype=np.float64)) for points in (towns, sites))
    by_case = {case: np.diag(minutes(start, end, travels[case])) for case in CASES}
    return [
        Range(*(float(by_case[case][n]) for case in reversed(CASES))) for n in range(len(towns))
    ]
