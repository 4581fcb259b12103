"""One intercommunality of the country: its plan in a few numbers, and what borders may add.

The chain is that of a study, without what only explains it: no curve, no reasons.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo, territory
from maillage.core.assumptions import Assumptions
from maillage.core.money import Range
from maillage.core.scenario import Assessed, Request, assess, lay
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.search import network_of, problem_of, search
from maillage.core.siting import NetworkProblem, Siting
from maillage.core.siting.network import NetworkModel, Stage
from maillage.core.sources.gather import Tables
from maillage.core.sources.grid import SIDE_M
from maillage.core.travel import minutes


@dataclass(frozen=True)
class PlannedSite:
    """A site of a plan."""

    id: str
    tier: str
    name: str
    commune_code: str
    commune_name: str
    lon: float
    lat: float
    seats: int
    opening_year: int
    inhabitants: int
    is_existing: bool


@dataclass(frozen=True)
class HaloPattern:
    """Inhabitants beyond reach of their own plan, by the towns around within reach of them.

    communes  codes of towns of other intercommunalities
    """

    communes: tuple[str, ...]
    inhabitants: int


@dataclass(frozen=True)
class Read:
    """A file that a plan was computed from."""

    dataset: str
    file: str
    vintage: str


@dataclass(frozen=True)
class Planned:
    """The plan of one intercommunality.

    population      reference population; `inhabitants` are those of the cells, shares are of them
    covered_today, covered_after  inhabitants within reach, central case, counting every place
                    open today, here and around
    before, after   the same as shares, under slow, central and fast travel
    worst_commune_share  of the inhabitants of the commune with the fewest within reach
    yearly_net_eur  operation minus income in a full year, by demand case
    gap             of the stage that is the farthest from its bound
    value, bound    inhabitants within reach minus the price of the minis, and its proved bound
    halo_bound      the same bound if every town around held a site that costs nothing
    halo            who is beyond reach, and near which towns around
    is_by_road      whether minutes follow streets
    """

    siren: str
    name: str
    kind: str
    population: int
    inhabitants: int
    communes: int
    cells: int
    candidates: int
    status: str
    covered_today: int
    covered_after: int
    before: Range
    after: Range
    worst_commune_share: float
    investment_eur: Range
    operation_eur: Range
    yearly_net_eur: Range
    gap: float
    value: int
    bound: int
    halo_bound: int
    is_by_road: bool
    sites: tuple[PlannedSite, ...]
    halo: tuple[HaloPattern, ...]
    read: tuple[Read, ...]


def plan(tables: Tables, request: Request, assumptions: Assumptions) -> Planned:
    """The plan of one intercommunality, from its tables.

    Raises BadInput where they do not make a territory, NoNetwork where no network is possible.
    """
    place = territory.assemble(tables, assumptions)
    ground = lay(place, request, assumptions)
    problem = problem_of(ground)
    found = search(ground, problem)
    judged = assess(ground, network_of(ground, found))
    near_towns = _near_towns(ground)
    coverage = judged.coverage
    reached = coverage.minutes_after <= coverage.within_min
    first = found.stages[0]
    return Planned(
        siren=place.siren,
        name=place.name,
        kind=place.kind,
        population=place.population,
        inhabitants=int(ground.weight.sum()),
        communes=len(place.communes),
        cells=len(place.cells),
        candidates=len(ground.options.every),
        status=found.status,
        covered_today=int(ground.weight[coverage.minutes_before <= coverage.within_min].sum()),
        covered_after=coverage.inhabitants,
        before=coverage.before,
        after=coverage.after,
        worst_commune_share=_worst_share(ground, reached),
        investment_eur=judged.money.investment,
        operation_eur=judged.money.operation,
        yearly_net_eur=judged.money.mature_year,
        gap=max(stage.gap for stage in found.stages),
        value=round(first.objective),
        bound=int(np.floor(first.bound)),
        halo_bound=_halo_bound(problem, found, near_towns.any(axis=1), request),
        is_by_road=place.roads is not None,
        sites=_sites(judged),
        halo=_halo(ground, near_towns, reached),
        read=tuple(Read(s.dataset.id, s.file, s.vintage) for s in tables.sources),
    )


def _sites(judged: Assessed) -> tuple[PlannedSite, ...]:
    return tuple(
        PlannedSite(
            id=site.candidate.id,
            tier=site.tier,
            name=site.candidate.name,
            commune_code=site.candidate.commune_code,
            commune_name=site.candidate.commune_name,
            lon=site.candidate.lon,
            lat=site.candidate.lat,
            seats=site.seats,
            opening_year=site.opening_year,
            inhabitants=site.inhabitants,
            is_existing=site.candidate.is_existing,
        )
        for site in judged.sites
    )


def _worst_share(ground: Ground, reached: NDArray[np.bool_]) -> float:
    shares = (
        ground.territory.cells.select("commune_code", "population")
        .with_columns(reached=pl.col("population") * pl.Series(reached))
        .group_by("commune_code")
        .agg(share=pl.col("reached").sum() / pl.col("population").sum())
    )
    return float(shares["share"].to_numpy().min())


def _near_towns(ground: Ground) -> NDArray[np.bool_]:
    """Whether each cell [i] is within reach of each town around [l]: where neighbours may open."""
    towns = geo.project(ground.territory.surroundings.select("lon", "lat").to_numpy())
    travel = ground.territory.travel(ground.assumptions)["central"]
    far = minutes(
        ground.territory.cell_xy,
        towns,
        travel,
        origin_size_km=SIDE_M / 1000,
        within_min=ground.within_min,
    )
    return np.asarray(far <= ground.within_min)


def _halo(
    ground: Ground, near_towns: NDArray[np.bool_], reached: NDArray[np.bool_]
) -> tuple[HaloPattern, ...]:
    codes = ground.territory.surroundings["commune_code"].to_list()
    people: dict[tuple[str, ...], int] = {}
    for i in np.flatnonzero(~reached & near_towns.any(axis=1)):
        towns = tuple(codes[town] for town in np.flatnonzero(near_towns[i]))
        people[towns] = people.get(towns, 0) + int(ground.weight[i])
    return tuple(HaloPattern(towns, count) for towns, count in sorted(people.items()))


def _halo_bound(
    problem: NetworkProblem, found: Siting, near_a_town: NDArray[np.bool_], request: Request
) -> int:
    """The bound of the first stage once every town around covers for nothing.

    Whatever the neighbours open, no network of this place has a higher value.
    """
    if not near_a_town.any():
        return int(np.floor(found.stages[0].bound))
    free = replace(problem, covered_today=problem.covered_today | near_a_town)
    model = NetworkModel(free, with_seats=False)
    answer = model.solve("coverage", time_limit_s=request.time_limit_s)
    stage: Stage = model.hold("coverage", answer, model.completed(answer.values))
    return int(np.floor(stage.bound))
