"""Any network, judged: who is within reach, who would come, what it costs, what it changes."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import demand, finance, impact
from maillage.core.assumptions import Assumptions
from maillage.core.candidates import Candidate
from maillage.core.demand import Demand
from maillage.core.finance import Budget, SiteToCost
from maillage.core.impact import Impact
from maillage.core.money import Range
from maillage.core.scenario import nearest
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network, OpenSite
from maillage.core.siting import TIERS, Why
from maillage.core.siting_problem import Reach
from maillage.core.territory import Territory
from maillage.core.travel import CASES

COVERING = ("hub", "mini")
NOBODY = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Site:
    """One site of the plan.

    inhabitants  persons for whom it is the nearest site of the plan, within the coverage minutes
    occupied_days expected days a year in a full year, by demand case
    commuters    persons who could stop there on their way to work; some pass by other sites too
    """

    candidate: Candidate
    tier: str
    seats: int
    opening_year: int
    inhabitants: int
    occupied_days: Range
    commuters: Range
    why: Why | None = None


@dataclass(frozen=True)
class Coverage:
    """Who is within reach, before and after, under slow, central and fast travel.

    minutes_before, minutes_after  [i] to the nearest open place, central case
    cases_before, cases_after      the same in every case of travel: "low" is the slow one
    before, after                  share of inhabitants, low / central / high travel speeds
    inhabitants                    within reach after, central case
    mean_before, mean_after        mean minutes of an inhabitant, shortest first (fast travel);
                                   infinite where nothing is open
    hub_share                      share within the minutes accepted for a structuring site
    uncovered                      commune code -> inhabitants left beyond, largest first
    """

    within_min: float
    minutes_before: NDArray[np.float32]
    minutes_after: NDArray[np.float32]
    cases_before: dict[str, NDArray[np.float32]]
    cases_after: dict[str, NDArray[np.float32]]
    before: Range
    after: Range
    mean_before: Range
    mean_after: Range
    inhabitants: int
    hub_share: float
    uncovered: dict[str, int]


@dataclass(frozen=True)
class Assessed:
    """A network with everything that is computed from it.

    commuters  persons who could stop at one of its sites on their way to work, each counted once
    """

    ground: Ground
    network: Network
    sites: tuple[Site, ...]
    coverage: Coverage
    demand: Demand
    money: Budget
    impact: Impact
    commuters: Range

    @property
    def territory(self) -> Territory:
        """Where it is."""
        return self.ground.territory

    @property
    def assumptions(self) -> Assumptions:
        """What it is computed under."""
        return self.ground.assumptions

    @property
    def nearest_site(self) -> dict[str, str]:
        """Commune code -> id of the site open to all that its town is nearest to."""
        found = [s.candidate for s in self.sites if s.tier in COVERING]
        times = self.ground.town_minutes
        numbers = [self.ground.place(c.id) for c in found]
        return nearest.of_towns(self.territory, found, None if times is None else times[:, numbers])

    @property
    def open_today(self) -> pl.DataFrame:
        """Places open today, inside and around."""
        return self.ground.open_today


@dataclass(frozen=True)
class _Placed:
    """A network by numbers: the candidate j of each site, and those that cover."""

    ground: Ground
    network: Network
    numbers: tuple[int, ...]

    @property
    def covering(self) -> list[int]:
        return [j for j, s in zip(self.numbers, self.network, strict=True) if s.tier in COVERING]

    @property
    def pairs(self) -> list[tuple[int, OpenSite]]:
        return list(zip(self.numbers, self.network, strict=True))


def assess(ground: Ground, network: Network) -> Assessed:
    """Judge a network; the same network on the same ground gives the same answer.

    Raises KeyError when a site names no candidate.
    """
    placed = _Placed(ground, network, tuple(ground.place(s.candidate_id) for s in network))
    central = ground.times["central"]
    to_site = central.cells[:, placed.covering].min(axis=1, initial=np.inf)
    use = ground.demand.expected(to_site)
    sites = _sites(placed, use)
    money = finance.budget(
        tuple(_to_cost(site) for site in sites),
        ground.territory.population,
        ground.request.first_year,
        ground.assumptions,
    )
    return Assessed(
        ground=ground,
        network=network,
        sites=sites,
        coverage=_coverage(placed),
        demand=use,
        money=money,
        impact=_impact(ground, to_site, sites),
        commuters=ground.commuters(placed.covering),
    )


def inhabitants_within(ground: Ground, covering: list[int]) -> int:
    """Inhabitants within reach of some candidates j or of a place that stays open."""
    central = ground.times["central"]
    near = central.cells[:, covering].min(axis=1, initial=np.inf)
    return int(ground.weight[np.minimum(near, central.kept) <= ground.within_min].sum())


def _coverage(placed: _Placed) -> Coverage:
    ground, within = placed.ground, placed.ground.within_min
    weight = ground.weight
    after = {case: _after(ground.times[case], placed.covering) for case in CASES}
    central = ground.times["central"]

    def share(minutes: NDArray[np.float32]) -> float:
        return float(weight[minutes <= within].sum() / weight.sum())

    def mean(minutes: NDArray[np.float32]) -> float:
        # who has no road to anywhere has no minutes; where nothing is open, nobody has
        has = np.isfinite(minutes)
        if not has.any():
            return float("inf")
        return float((minutes[has].astype(np.float64) * weight[has]).sum() / weight[has].sum())

    left = ground.territory.cells.select("commune_code", "population").filter(
        pl.Series(after["central"] > within)
    )
    uncovered = (
        left.group_by("commune_code")
        .agg(pl.col("population").sum())
        .sort("population", "commune_code", descending=[True, False])
    )
    hubs = [j for j, site in placed.pairs if site.tier == "hub"]
    hub_minutes = central.cells[:, hubs].min(axis=1, initial=np.inf)
    is_near_hub = hub_minutes <= ground.assumptions.value("siting.hub_minutes")
    return Coverage(
        within_min=within,
        minutes_before=central.open_today,
        minutes_after=after["central"],
        cases_before={case: ground.times[case].open_today for case in CASES},
        cases_after=after,
        before=Range(*(share(ground.times[case].open_today) for case in CASES)),
        after=Range(*(share(after[case]) for case in CASES)),
        mean_before=Range(*(mean(ground.times[case].open_today) for case in reversed(CASES))),
        mean_after=Range(*(mean(after[case]) for case in reversed(CASES))),
        inhabitants=int(weight[after["central"] <= within].sum()),
        hub_share=float(weight[is_near_hub].sum() / weight.sum()),
        uncovered=dict(uncovered.iter_rows()),
    )


def _after(times: Reach, covering: list[int]) -> NDArray[np.float32]:
    own = times.cells[:, covering].min(axis=1, initial=np.inf)
    return np.minimum(own, times.kept)


def _sites(placed: _Placed, use: Demand) -> tuple[Site, ...]:
    ground, central = placed.ground, placed.ground.times["central"]
    years = opening_years(ground, placed.network)
    nearest = _nearest_site(central, placed.covering)
    days = _occupied_days(placed, nearest, use)
    weight = ground.weight
    sites = []
    for j, site in placed.pairs:
        served = np.zeros(len(weight), bool)
        if site.tier in COVERING:
            served = (nearest == j) & (central.cells[:, j] <= ground.within_min)
        sites.append(
            Site(
                candidate=ground.options.anywhere[j],
                tier=site.tier,
                seats=site.seats,
                opening_year=years[site.candidate_id],
                inhabitants=int(weight[served].sum()),
                occupied_days=days.get(j, NOBODY),
                commuters=ground.commuters([j]) if site.tier in COVERING else NOBODY,
            )
        )
    return tuple(sorted(sites, key=lambda s: (TIERS.index(s.tier), -s.inhabitants, s.candidate.id)))


def _nearest_site(times: Reach, covering: list[int]) -> NDArray[np.int64]:
    """The covering site [i] nearest to each cell, -1 without any."""
    if not covering:
        return np.full(len(times.cells), -1, dtype=np.int64)
    numbers = np.array(sorted(covering))
    return np.asarray(numbers[times.cells[:, numbers].argmin(axis=1)])


def _occupied_days(placed: _Placed, nearest: NDArray[np.int64], use: Demand) -> dict[int, Range]:
    """Days a year by covering site: each commune's use goes to its cells' nearest sites.

    A site full on peak days is not full every day: it never holds more than its seats over the
    peak factor.
    """
    if not placed.covering:
        return {}
    ground, assumptions = placed.ground, placed.ground.assumptions
    to_nearest = ground.times["central"].cells[np.arange(len(nearest)), nearest]
    pull = _pull(ground.territory, to_nearest, assumptions)
    shares = (
        ground.territory.cells.select("commune_code")
        .with_columns(site=pl.Series(nearest), pull=pl.Series(pull))
        .group_by("commune_code", "site", maintain_order=True)
        .agg(pl.col("pull").sum())
        .with_columns(share=pl.col("pull") / pl.col("pull").sum().over("commune_code"))
        .filter(pl.col("share").is_finite())
    )
    open_days = assumptions.value("costs.open_days")
    most_days = open_days / assumptions.value("demand.peak_factor")
    raw = {j: [0.0, 0.0, 0.0] for j in placed.covering}
    for code, site, _, share in shares.iter_rows():
        if code in use.by_commune:
            spread = use.by_commune[code]
            for n, seats in enumerate((spread.p10, spread.p50, spread.p90)):
                raw[site][n] += seats * share * open_days
    return {
        j: Range(*(min(amount, float(site.seats * most_days)) for amount in raw[j]))
        for j, site in placed.pairs
        if site.tier in COVERING
    }


def opening_years(ground: Ground, network: Network) -> dict[str, int]:
    """When each site opens: hubs first, then minis by the inhabitants they add, then the corpo.

    Prerequisite: a mini-cowork opens once its structuring sites are there. A year that somebody
    wrote is kept.
    """
    first, assumptions = ground.request.first_year, ground.assumptions
    corpo_year = first + int(assumptions.value("siting.corpo_opening_year")) - 1
    years = {s.candidate_id: first for s in network if s.tier == "hub"}
    years |= {s.candidate_id: corpo_year for s in network if s.tier == "corpo"}
    per_year = int(assumptions.value("siting.minis_opened_per_year"))
    opened = [ground.place(s.candidate_id) for s in network if s.tier == "hub"]
    left = [ground.place(s.candidate_id) for s in network if s.tier == "mini"]
    for rank in range(len(left)):
        best = max(left, key=lambda j: (inhabitants_within(ground, [*opened, j]), -j))
        left.remove(best)
        opened.append(best)
        years[ground.options.anywhere[best].id] = first + 1 + rank // per_year
    return years | {s.candidate_id: s.opening_year for s in network if s.opening_year is not None}


def _to_cost(site: Site) -> SiteToCost:
    premises = site.candidate.premises
    return SiteToCost(
        id=site.candidate.id,
        tier=site.tier,
        commune_code=site.candidate.commune_code,
        seats=site.seats,
        area_m2=premises.area_m2 if premises else None,
        is_rented=site.candidate.pays_rent(site.tier),
        is_built=site.candidate.is_existing,
        opening_year=site.opening_year,
        occupied_days=site.occupied_days,
    )


def _impact(ground: Ground, to_site: NDArray[np.float32], sites: tuple[Site, ...]) -> Impact:
    assumptions = ground.assumptions
    visits = Range(*(sum(getattr(s.occupied_days, case) for s in sites) for case in CASES))
    area = sum(s.seats for s in sites if s.tier != "mini") * assumptions.value(
        "costs.area_per_seat"
    )
    return impact.project(
        visits=visits,
        work_km=ground.flows.mean_km * assumptions.value("travel.detour"),
        site_km=_site_km(ground.territory, to_site, assumptions),
        area_m2=area,
        assumptions=assumptions,
        seed=ground.request.seed,
    )


def _site_km(territory: Territory, to_site: NDArray[np.float32], assumptions: Assumptions) -> float:
    """Mean road kilometres of a visit: cells weighted by who would come from them."""
    travel = territory.travel(assumptions)["central"]
    pull = _pull(territory, to_site, assumptions)
    is_drawn = pull > 0
    if not is_drawn.any():
        return 0.0
    km = travel.road_km_within(to_site[is_drawn].astype(np.float64))
    return float((pull[is_drawn] * km).sum() / pull.sum())


def _pull(
    territory: Territory, minutes: NDArray[np.float32], assumptions: Assumptions
) -> NDArray[np.float64]:
    """Working-age inhabitants [i] who would still come from some minutes away, central case."""
    half = np.array([assumptions.value("demand.half_distance")])
    cut = assumptions.value("demand.cut_distance")
    aged = territory.cells["aged_15_64"].to_numpy()
    return np.asarray(aged * demand.decay(minutes.astype(np.float64), half, cut))
