"""The whole chain: a territory and some choices in; a network, its proof, money, impact out."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import candidates, commuting, demand, finance, impact, siting
from maillage.core.assumptions import Assumptions
from maillage.core.candidates import Candidate, Candidates
from maillage.core.commuting import Commuting
from maillage.core.demand import Demand
from maillage.core.finance import Budget, SiteToCost
from maillage.core.impact import Impact
from maillage.core.money import Range
from maillage.core.siting import CurvePoint, NetworkProblem, Relaxation, Siting, Why
from maillage.core.siting_problem import Choices, Reach, build, reach
from maillage.core.sources.notes import Note
from maillage.core.sources.premises import ExistingPlace, Premises
from maillage.core.territory import Territory
from maillage.core.travel.distance import CASES, model

STEPS = ("candidates", "commuting", *siting.STAGES, "curve", "why", "demand", "money", "impact")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """Everything a study is computed from, besides the territory and the assumptions.

    first_year    year of the first openings
    existing      the intercommunality's own list of open and closed places: it replaces the
                  national one inside the perimeter; None uses the national list
    keep_existing whether the places open today inside the perimeter stay open
    """

    first_year: int
    choices: Choices = field(default_factory=Choices)
    premises: tuple[Premises, ...] = ()
    existing: tuple[ExistingPlace, ...] | None = None
    keep_existing: bool = True
    seed: int = 1
    time_limit_s: float | None = None


@dataclass(frozen=True)
class Site:
    """One site of the plan.

    inhabitants  persons for whom it is the nearest site of the plan, within the coverage minutes
    occupied_days expected days a year in a full year, by demand case
    """

    candidate: Candidate
    tier: str
    seats: int
    opening_year: int
    inhabitants: int
    occupied_days: Range
    why: Why | None


@dataclass(frozen=True)
class Coverage:
    """Who is within reach, before and after, under slow, central and fast travel.

    minutes_before, minutes_after  [i] to the nearest open place, central case
    before, after                  share of inhabitants, low / central / high travel speeds
    hub_share                      share within the minutes accepted for a structuring site
    uncovered                      commune code -> inhabitants left beyond, largest first
    """

    within_min: float
    minutes_before: NDArray[np.float32]
    minutes_after: NDArray[np.float32]
    before: Range
    after: Range
    hub_share: float
    uncovered: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """A plan with everything that explains it.

    gains_if_added  inhabitants one more mini would bring, by candidate j that is not chosen
    """

    territory: Territory
    request: Request
    assumptions: Assumptions
    candidates: Candidates
    problem: NetworkProblem
    siting: Siting
    sites: tuple[Site, ...]
    coverage: Coverage
    curve: tuple[CurvePoint, ...]
    gains_if_added: dict[int, int]
    commuting: Commuting
    demand: Demand
    money: Budget
    impact: Impact
    open_today: pl.DataFrame

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader must know about the inputs and the candidates."""
        return (*self.territory.notes, *self.candidates.notes)


class NoNetwork(Exception):  # noqa: N818  (a result, not an error)
    """The rules allow no network; `relaxations` tells which one to relax, and by how much."""

    def __init__(self, found: tuple[Relaxation, ...], options: Candidates) -> None:
        super().__init__(found)
        self.relaxations = found
        self.candidates = options


def evaluate(
    territory: Territory,
    request: Request,
    assumptions: Assumptions,
    on_step: Progress = lambda _: None,
) -> Outcome:
    """The plan of a territory under the choices of a request.

    on_step  called with a name of STEPS as each step begins
    Raises NoNetwork when no network obeys the rules, BadInput when they contradict each other.
    """
    on_step("candidates")
    candidates.refuse_far_from_town(
        (*request.premises, *(request.existing or ())), territory, assumptions
    )
    open_today, kept = existing_places(territory, request)
    inside = kept.filter(pl.col("commune_code").is_in(territory.communes["commune_code"].to_list()))
    options = candidates.find(territory, assumptions, request.premises, inside)
    # a kept place that is a site of the plan counts as that site, not twice
    as_sites = pl.DataFrame(
        [(c.name, c.commune_code) for c in options.every if c.is_existing],
        schema={"name": pl.String, "commune_code": pl.String},
        orient="row",
    )
    others = kept.join(as_sites, on=["name", "commune_code"], how="anti", maintain_order="left")
    times = {
        case: reach(territory, options, open_today, others, model(assumptions, case))
        for case in CASES
    }
    on_step("commuting")
    flows = commuting.of_territory(territory, assumptions)
    at_best = times["central"].cells.min(axis=1)
    potential = demand.potential(territory, at_best, assumptions, request.seed)
    problem = build(territory, options, times["central"], potential, request.choices, assumptions)
    plan = siting.plan_network(problem, time_limit_s=request.time_limit_s, on_stage=on_step)
    if plan.status == "infeasible":
        raise NoNetwork(siting.relaxations(problem), options)
    on_step("curve")
    minis = int(plan.open_sites["mini"].sum())
    curve = siting.curve(problem, up_to=minis, time_limit_s=request.time_limit_s)
    on_step("why")
    reasons = {
        int(j): siting.why(problem, plan, site=int(j), time_limit_s=request.time_limit_s)
        for j in np.flatnonzero(plan.covering)
    }
    gains = siting.gains_if_added(problem, plan)
    on_step("demand")
    covered = _coverage(territory, problem, plan, times, assumptions)
    to_site = times["central"].cells[:, plan.covering].min(axis=1, initial=np.inf)
    use = demand.expected(territory, to_site, assumptions, request.seed)
    sites = _sites(
        territory, request, options, problem, plan, times["central"], use, reasons, assumptions
    )
    on_step("money")
    money = finance.budget(
        tuple(_to_cost(site) for site in sites),
        territory.population,
        request.first_year,
        assumptions,
    )
    on_step("impact")
    effect = _impact(territory, to_site, sites, flows, request.seed, assumptions)
    return Outcome(
        territory, request, assumptions, options, problem, plan, sites, covered, curve, gains,
        flows, use, money, effect, open_today,
    )  # fmt: skip


def existing_places(territory: Territory, request: Request) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The workplaces open today (inside and around), and those that stay open after the plan."""
    members = territory.communes["commune_code"].to_list()
    is_inside = pl.col("commune_code").is_in(members)
    open_today = territory.workplaces
    if request.existing is not None:
        own = pl.DataFrame(
            [
                {
                    "kind": "coworking",
                    "name": p.name,
                    "commune_code": p.commune_code,
                    "lon": p.lon,
                    "lat": p.lat,
                }
                for p in request.existing
                if p.state == "open"
            ],
            schema=open_today.schema,
        )
        open_today = pl.concat([open_today.filter(~is_inside), own])
    kept = open_today if request.keep_existing else open_today.filter(~is_inside)
    return open_today, kept


def _coverage(
    territory: Territory,
    problem: NetworkProblem,
    plan: Siting,
    times: dict[str, Reach],
    assumptions: Assumptions,
) -> Coverage:
    within = assumptions.value("siting.coverage_minutes")
    weight = problem.weight

    def share(minutes: NDArray[np.float32]) -> float:
        return float(weight[minutes <= within].sum() / weight.sum())

    after = {case: _after(times[case], plan) for case in CASES}
    left = territory.cells.select("commune_code", "population").filter(
        pl.Series(after["central"] > within)
    )
    uncovered = (
        left.group_by("commune_code")
        .agg(pl.col("population").sum())
        .sort("population", "commune_code", descending=[True, False])
    )
    hub_minutes = times["central"].cells[:, plan.open_sites["hub"]].min(axis=1, initial=np.inf)
    is_near_hub = hub_minutes <= assumptions.value("siting.hub_minutes")
    return Coverage(
        within_min=within,
        minutes_before=times["central"].open_today,
        minutes_after=after["central"],
        before=Range(*(share(times[case].open_today) for case in CASES)),
        after=Range(*(share(after[case]) for case in CASES)),
        hub_share=float(weight[is_near_hub].sum() / weight.sum()),
        uncovered=dict(uncovered.iter_rows()),
    )


def _after(times: Reach, plan: Siting) -> NDArray[np.float32]:
    own = times.cells[:, plan.covering].min(axis=1, initial=np.inf)
    return np.minimum(own, times.kept)


def _sites(
    territory: Territory,
    request: Request,
    options: Candidates,
    problem: NetworkProblem,
    plan: Siting,
    times: Reach,
    use: Demand,
    reasons: dict[int, Why],
    assumptions: Assumptions,
) -> tuple[Site, ...]:
    tier_of = {
        int(j): tier for tier, chosen in plan.open_sites.items() for j in np.flatnonzero(chosen)
    }
    years = opening_years(problem, plan, request.first_year, assumptions)
    days = _occupied_days(territory, plan, times, use, assumptions)
    nearest = _nearest_site(times, plan)
    within = times.cells <= assumptions.value("siting.coverage_minutes")
    sites = []
    for j, tier in tier_of.items():
        served = (nearest == j) & within[:, j] if tier != "corpo" else np.zeros(len(nearest), bool)
        sites.append(
            Site(
                candidate=options.every[j],
                tier=tier,
                seats=int(plan.seats[j]),
                opening_year=years[j],
                inhabitants=int(problem.weight[served].sum()),
                occupied_days=days.get(j, Range(0.0, 0.0, 0.0)),
                why=reasons.get(j),
            )
        )
    return tuple(
        sorted(sites, key=lambda s: (siting.TIERS.index(s.tier), -s.inhabitants, s.candidate.id))
    )


def _nearest_site(times: Reach, plan: Siting) -> NDArray[np.int64]:
    """The covering site [i] nearest to each cell."""
    covering = np.flatnonzero(plan.covering)
    return np.asarray(covering[times.cells[:, covering].argmin(axis=1)])


def _occupied_days(
    territory: Territory,
    plan: Siting,
    times: Reach,
    use: Demand,
    assumptions: Assumptions,
) -> dict[int, Range]:
    """Days a year by covering site: each commune's use goes to its cells' nearest sites.

    A site full on peak days is not full every day: it never holds more than its seats over the
    peak factor.
    """
    nearest = _nearest_site(times, plan)
    pull = _pull(territory, times.cells[np.arange(len(nearest)), nearest], assumptions)
    shares = (
        territory.cells.select("commune_code")
        .with_columns(site=pl.Series(nearest), pull=pl.Series(pull))
        .group_by("commune_code", "site", maintain_order=True)
        .agg(pl.col("pull").sum())
        .with_columns(share=pl.col("pull") / pl.col("pull").sum().over("commune_code"))
        .filter(pl.col("share").is_finite())
    )
    open_days = assumptions.value("costs.open_days")
    most_days = open_days / assumptions.value("demand.peak_factor")
    raw = {int(j): [0.0, 0.0, 0.0] for j in np.flatnonzero(plan.covering)}
    for code, site, _, share in shares.iter_rows():
        if code in use.by_commune:
            spread = use.by_commune[code]
            for n, seats in enumerate((spread.p10, spread.p50, spread.p90)):
                raw[site][n] += seats * share * open_days
    return {
        j: Range(*(min(amount, float(plan.seats[j] * most_days)) for amount in days))
        for j, days in raw.items()
    }


def opening_years(
    problem: NetworkProblem, plan: Siting, first_year: int, assumptions: Assumptions
) -> dict[int, int]:
    """When each site opens: hubs first, then minis by the inhabitants they add, then the corpo.

    Prerequisite: a mini-cowork opens once its structuring sites are there.
    """
    years = {int(j): first_year for j in np.flatnonzero(plan.open_sites["hub"])}
    corpo_year = first_year + int(assumptions.value("siting.corpo_opening_year")) - 1
    years |= {int(j): corpo_year for j in np.flatnonzero(plan.open_sites["corpo"])}
    per_year = int(assumptions.value("siting.minis_opened_per_year"))
    is_open = plan.open_sites["hub"].copy()
    left = [int(j) for j in np.flatnonzero(plan.open_sites["mini"])]
    for rank in range(len(left)):
        gains = {}
        for j in left:
            is_open[j] = True
            gains[j] = problem.inhabitants(is_open)
            is_open[j] = False
        best = max(left, key=lambda j: (gains[j], -j))
        left.remove(best)
        is_open[best] = True
        years[best] = first_year + 1 + rank // per_year
    return years


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


def _impact(
    territory: Territory,
    to_site: NDArray[np.float32],
    sites: tuple[Site, ...],
    flows: Commuting,
    seed: int,
    assumptions: Assumptions,
) -> Impact:
    visits = Range(*(sum(getattr(s.occupied_days, case) for s in sites) for case in CASES))
    area = sum(s.seats for s in sites if s.tier != "mini") * assumptions.value(
        "costs.area_per_seat"
    )
    detour = assumptions.value("travel.detour")
    return impact.project(
        visits=visits,
        work_km=flows.mean_km * detour,
        site_km=_site_km(territory, to_site, assumptions),
        area_m2=area,
        assumptions=assumptions,
        seed=seed,
    )


def _site_km(territory: Territory, to_site: NDArray[np.float32], assumptions: Assumptions) -> float:
    """Mean road kilometres of a visit: cells weighted by who would come from them."""
    travel = model(assumptions, "central")
    pull = _pull(territory, to_site, assumptions)
    km = travel.road_km_within(to_site.astype(np.float64))
    return float((pull * km).sum() / pull.sum()) if pull.any() else 0.0


def _pull(
    territory: Territory, minutes: NDArray[np.float32], assumptions: Assumptions
) -> NDArray[np.float64]:
    """Working-age inhabitants [i] who would still come from some minutes away, central case."""
    half = np.array([assumptions.value("demand.half_distance")])
    cut = assumptions.value("demand.cut_distance")
    aged = territory.cells["aged_15_64"].to_numpy()
    return np.asarray(aged * demand.decay(minutes.astype(np.float64), half, cut))
