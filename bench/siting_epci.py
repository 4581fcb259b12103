"""An invented intercommunality of 5,000 cells and 500 candidates: ./run bench siting_epci [SEED].

All four stages of its plan at a thousandth, each with a time limit: value, true gap, seconds of
computing.
"""

import sys
import time

import numpy as np
from numpy.typing import NDArray

from maillage.core import assumptions
from maillage.core.siting import NetworkProblem, Rules, plan_network
from maillage.core.siting.problem import SEAT_SCALE, TIERS, SiteEuros
from maillage.core.travel import distance

SEED = 8
TOLERANCE, LIMIT_S = 0.001, 600.0
Points = NDArray[np.float64]
Euros = tuple[int, int]
EPCI_SIDE_M, COMMUNES, INHABITANTS = 40_000, 35, 60_000
# the larger communes may hold a structuring site; one candidate in a hundred is a business zone
TOWN_CENTRES, CORPO_SHARE = 12, 0.01
SEATS_PER_INHABITANT = 0.0012


def epci(
    cells: int = 5_000, sites: int = 500, *, scenarios: int = 5, seed: int = SEED
) -> NetworkProblem:
    """An invented intercommunality of 35 communes, 40 km a side, under the default rules.

    Cells gather around towns of uneven sizes, a third are anywhere; minutes by the model of
    distance; trips to work between all communes and to four cities around.
    """
    chance = np.random.default_rng(seed)
    assumed = assumptions.load()
    towns = chance.random((COMMUNES, 2)) * EPCI_SIDE_M
    size = np.sort(chance.pareto(1.2, COMMUNES) + 0.2)[::-1]
    cell_xy = _around(towns, size, cells, chance)
    site_xy = _around(towns, size, sites, chance)
    people = chance.pareto(1.5, cells) + 0.1
    weight = np.ceil(people * INHABITANTS / people.sum()).astype(np.int64)
    model = distance.model(assumed, "central")
    minutes = model.minutes(cell_xy, site_xy)
    between = model.minutes(site_xy, site_xy)
    site_commune = _nearest(site_xy, towns)
    passes, passing = _trips(towns, size, site_xy, model, chance)
    wanted = weight * SEATS_PER_INHABITANT * SEAT_SCALE
    moods = chance.lognormal(0.0, 0.25, (scenarios, cells))
    levels = np.linspace(0.7, 1.3, scenarios)[:, None]
    return NetworkProblem(
        weight=weight,
        commune=_nearest(cell_xy, towns),
        near=minutes <= 10,
        hub_near=minutes <= 20,
        minutes=minutes,
        links=between <= 25,
        may_hold={
            "hub": (site_commune < TOWN_CENTRES) & (chance.random(sites) < 0.2),
            "mini": np.ones(sites, dtype=np.bool_),
            "corpo": chance.random(sites) < CORPO_SHARE,
        },
        candidate_commune=site_commune,
        covered_today=minutes[:, chance.integers(0, sites)] <= 5,
        seats_min={t: np.full(sites, n) for t, n in zip(TIERS, (6, 2, 8), strict=True)},
        seats_max={t: np.full(sites, n) for t, n in zip(TIERS, (15, 3, 8), strict=True)},
        demand=np.round(levels * moods * wanted).astype(np.int64),
        probability=np.ones(scenarios, dtype=np.int64),
        passes=passes,
        passing=passing,
        investment=_prices((0, 11_300), (4_000, 0), (0, 11_300), sites, chance),
        operation=_prices((15_800, 658), (540, 954), (1_600, 679), sites, chance),
        yearly_cost=_prices((15_800, 1_298), (940, 954), (1_600, 1_319), sites, chance),
        income_eur=np.full(sites, 1_362.5),
        rules=Rules(hubs=(3, 3), corpos=(1, 1), min_gain_per_mini=300),
    )


def _around(towns: Points, size: Points, count: int, chance: np.random.Generator) -> Points:
    """Points gathered around towns by their size, a third anywhere."""
    home = towns[chance.choice(len(towns), count, p=size / size.sum())]
    xy = home + chance.normal(0, 2_500, (count, 2))
    anywhere = chance.random(count) < 1 / 3
    xy[anywhere] = chance.random((int(anywhere.sum()), 2)) * EPCI_SIDE_M
    return np.clip(xy, 0, EPCI_SIDE_M)


def _nearest(xy: Points, towns: Points) -> NDArray[np.int64]:
    apart = np.hypot(*(xy[:, None] - towns[None]).transpose(2, 0, 1))
    return np.asarray(apart.argmin(axis=1))


def _prices(
    hub: Euros, mini: Euros, corpo: Euros, sites: int, chance: np.random.Generator
) -> dict[str, SiteEuros]:
    """Owned or rented premises: prices of a tier take one of two values."""
    dearer = 1 + 0.2 * chance.integers(0, 2, sites)
    return {
        t: SiteEuros(
            np.round(fixed * dearer).astype(np.int64), np.full(sites, each, dtype=np.int64)
        )
        for t, (fixed, each) in zip(TIERS, (hub, mini, corpo), strict=True)
    }


def _trips(
    towns: Points,
    size: Points,
    site_xy: Points,
    model: distance.TravelModel,
    chance: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Groups of commuters by the candidates on their way, and what stopping them is worth."""
    ends = np.concatenate([towns, chance.choice((-15_000, 55_000), (4, 2)) + 0.0])
    pull = np.concatenate([size, np.full(4, size.max() * 3)])
    home, work = (n.ravel() for n in np.meshgrid(range(len(towns)), range(len(ends))))
    direct = model.minutes(ends, ends)[home, work]
    to_site = model.minutes(towns, site_xy)[home]
    onwards = model.minutes(site_xy, ends).T[work]
    passes = (to_site + onwards - direct[:, None] <= 5) & (direct[:, None] - to_site >= 15)
    workers = size[home] * pull[work] / np.maximum(direct, 5.0)
    worth = np.round(workers * 12_000 / workers.sum() * 0.3 * 0.01 * SEAT_SCALE)
    return passes, worth.astype(np.int64)


def main(seed: int) -> None:
    """One line for each stage."""
    problem = epci(seed=seed)
    began: list[tuple[str, float]] = []
    plan = plan_network(
        problem,
        time_limit_s=LIMIT_S,
        tolerance=TOLERANCE,
        on_stage=lambda name: began.append((name, time.process_time())),
    )
    ends = [at for _, at in began[1:]] + [time.process_time()]
    for stage, (_, start), end in zip(plan.stages, began, ends, strict=True):
        print(f"{stage.name:9} {stage.objective:12.3f} {stage.gap:8.3%} {end - start:6.1f} s")
    print(plan.status)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else SEED)
