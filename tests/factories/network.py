"""Small siting problems, drawn from a seed."""

import numpy as np

from maillage.core.siting import NetworkProblem, Rules
from maillage.core.siting.problem import SEAT_SCALE, TIERS, SiteEuros

GROUPS = 6


def network_problem(seed: int, *, sites: int = 4, cells: int = 7, **rules) -> NetworkProblem:
    """Cells and candidates at random on a square, every tier possible somewhere."""
    rng = np.random.default_rng(seed)
    cell_xy, site_xy = rng.random((cells, 2)), rng.random((sites, 2))
    apart = np.linalg.norm(cell_xy[:, None] - site_xy[None], axis=2)
    between = np.linalg.norm(site_xy[:, None] - site_xy[None], axis=2)

    def euros(low: int, high: int) -> dict[str, SiteEuros]:
        return {
            t: SiteEuros(rng.integers(low, high, sites), rng.integers(1, 9, sites)) for t in TIERS
        }

    may_hold = {
        "hub": rng.random(sites) < 0.6,
        "mini": rng.random(sites) < 0.8,
        "corpo": np.zeros(sites, dtype=bool),
    }
    # drawn apart, so that the rest of a problem stays what its seed has always given
    going = np.random.default_rng([seed, 1])
    return NetworkProblem(
        weight=10 * rng.integers(1, 4, cells),  # few values, so that objectives tie
        commune=rng.integers(0, 3, cells),
        near=apart < 0.35,
        hub_near=apart < 0.7,
        minutes=(60 * apart).astype(np.float32),
        links=between < 0.8,
        may_hold=may_hold,
        candidate_commune=np.arange(sites),
        covered_today=rng.random(cells) < 0.1,
        seats_min={"hub": np.full(sites, 2), "mini": np.full(sites, 1), "corpo": np.full(sites, 1)},
        seats_max={"hub": np.full(sites, 3), "mini": np.full(sites, 2), "corpo": np.full(sites, 1)},
        demand=rng.integers(0, 2 * SEAT_SCALE, (2, cells)),
        probability=np.array([1, 2]),
        passes=going.random((GROUPS, sites)) < 0.4,
        passing=going.integers(0, SEAT_SCALE, GROUPS),
        investment=euros(10, 99),
        operation=euros(10, 99),
        yearly_cost=euros(10, 99),
        income_eur=np.zeros(sites),
        rules=Rules(**{"hubs": (1, 2), "corpos": (0, 0), "min_gain_per_mini": 10} | rules),
    )
