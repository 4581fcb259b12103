"""A territory, its candidates and the choices of the elected, as a problem of siting.

method  docs/method/siting.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import finance, geo
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.candidates import Candidates
from maillage.core.demand import Potential
from maillage.core.on_the_way import Passing
from maillage.core.siting import NetworkProblem, Rules
from maillage.core.siting.problem import SEAT_SCALE, TIERS, SiteEuros
from maillage.core.sources.grid import SIDE_M
from maillage.core.territory import Territory
from maillage.core.travel import Travel, minutes

# Quantiles of demand that size the sites: its lower half, for small and reversible first steps
SIZING = ("p10", "p30", "p50")


@dataclass(frozen=True)
class Choices:
    """What the person who runs the study decides; None leaves the default.

    hubs                fewest and most structuring sites, None: as assumed, fewer where
                        fewer town centres qualify
    required_communes   codes of communes that must receive a hub or a mini
    forbidden_communes  codes of communes that must not
    """

    hubs: tuple[int, int] | None = None
    minis_max: int | None = None
    required_communes: tuple[str, ...] = ()
    forbidden_communes: tuple[str, ...] = ()
    commune_budget_eur: int | None = None
    epci_budget_eur: int | None = None


@dataclass(frozen=True)
class Reach:
    """Minutes from cells and between candidates, and who is near a place that is open today.

    cells           [i, j] minutes from each cell to each place of `Candidates.anywhere`
    links           [j, l] minutes between these places
    open_today      [i] minutes to the nearest open place of today, inf without any
    kept            [i] the same for the places that stay open after the plan
    """

    cells: NDArray[np.float32]
    links: NDArray[np.float32]
    open_today: NDArray[np.float32]
    kept: NDArray[np.float32]


def reach(
    territory: Territory,
    candidates: Candidates,
    open_today: pl.DataFrame,
    kept: pl.DataFrame,
    travel: Travel,
) -> Reach:
    """All the minutes that a siting needs, under one travel model."""
    cells = territory.cell_xy
    side_km = SIDE_M / 1000

    def to_nearest(places: pl.DataFrame) -> NDArray[np.float32]:
        if places.is_empty():
            return np.full(len(cells), np.inf, dtype=np.float32)
        xy = geo.project(places.select("lon", "lat").to_numpy())
        return np.asarray(minutes(cells, xy, travel, origin_size_km=side_km).min(axis=1))

    return Reach(
        cells=minutes(cells, candidates.xy, travel, origin_size_km=side_km),
        links=minutes(candidates.xy, candidates.xy, travel),
        open_today=to_nearest(open_today),
        kept=to_nearest(kept),
    )


@dataclass(frozen=True)
class Wanted:
    """Who the sites would serve: near home, and on the way to work.

    passing     commuters by the places of `Candidates.anywhere` that they pass by
    per_worker  persons who could stop, of one commuter
    """

    potential: Potential
    passing: Passing
    per_worker: float


def build(
    territory: Territory,
    candidates: Candidates,
    times: Reach,
    wanted: Wanted,
    choices: Choices,
    assumptions: Assumptions,
) -> NetworkProblem:
    """The problem in whole numbers.

    Raises BadInput when the choices contradict each other or name unknown communes.
    """
    codes = {code: n for n, code in enumerate(territory.communes["commune_code"])}
    within = assumptions.value("siting.coverage_minutes")
    # the search opens candidates alone
    count = len(candidates.every)
    cells, links = times.cells[:, :count], times.links[:count, :count]
    may_hold = {
        t: np.array([t in c.tiers for c in candidates.every], dtype=np.bool_) for t in TIERS
    }
    seats_min, seats_max = _seats(candidates, assumptions)
    euros = _euros(candidates, assumptions)
    passes, passing = _on_the_way(wanted, count, assumptions)
    return NetworkProblem(
        weight=territory.cells["population"].to_numpy().astype(np.int64),
        commune=np.array([codes[c] for c in territory.cells["commune_code"]], dtype=np.int64),
        near=cells <= within,
        hub_near=cells <= assumptions.value("siting.hub_minutes"),
        minutes=cells,
        links=links <= assumptions.value("siting.link_minutes"),
        may_hold=may_hold,
        candidate_commune=np.array([codes[c.commune_code] for c in candidates.every]),
        covered_today=times.kept <= within,
        seats_min=seats_min,
        seats_max=seats_max,
        demand=np.round(
            np.array([wanted.potential.per_cell[q] for q in SIZING]) * SEAT_SCALE
        ).astype(np.int64),
        probability=np.ones(len(SIZING), dtype=np.int64),
        passes=passes,
        passing=passing,
        investment=euros["investment"],
        operation=euros["operation"],
        yearly_cost=euros["yearly"],
        income_eur=np.full(len(candidates.every), _income(assumptions)),
        rules=_rules(territory, candidates, choices, assumptions),
    )


def _on_the_way(
    wanted: Wanted, count: int, assumptions: Assumptions
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Groups of commuters by the candidates they pass by [g, j], their worth [g] in thousandths.

    Merged before they are rounded: many small flows would each round to nothing.
    """
    each = wanted.per_worker * assumptions.value("siting.on_the_way_weight") * SEAT_SCALE
    passing = wanted.passing.among(count)
    return passing.passes, np.round(passing.workers * each).astype(np.int64)


def _rules(
    territory: Territory, candidates: Candidates, choices: Choices, assumptions: Assumptions
) -> Rules:
    members = dict(territory.communes.select("commune_code", "name").iter_rows())
    for code in (*choices.required_communes, *choices.forbidden_communes):
        if code not in members:
            raise BadInput("unknown_commune", code=code, name=territory.name)
    both = set(choices.required_communes) & set(choices.forbidden_communes)
    if both:
        raise BadInput("required_and_forbidden", communes=[members[c] for c in sorted(both)])
    existing = [frozenset({j}) for j, c in enumerate(candidates.every) if c.is_existing]
    for (j,) in existing:
        place = candidates.every[j]
        if place.commune_code in choices.forbidden_communes:
            raise BadInput("existing_and_forbidden", name=place.name, commune=place.commune_name)
    required = [_covering_in(code, candidates) for code in choices.required_communes]
    for code, group in zip(choices.required_communes, required, strict=True):
        if not group:
            raise BadInput("required_without_candidate", commune=members[code])
    corpos = int(assumptions.value("siting.corpos")) if candidates.of_tier("corpo") else 0
    return Rules(
        hubs=_hubs(candidates, choices, assumptions),
        corpos=(corpos, corpos),
        min_gain_per_mini=int(assumptions.value("siting.min_gain_per_mini")),
        minis_max=choices.minis_max,
        required=(*existing, *required),
        forbidden=frozenset(
            j
            for j, c in enumerate(candidates.every)
            if c.commune_code in choices.forbidden_communes and c.tiers != {"corpo"}
        ),
        commune_budget_eur=choices.commune_budget_eur,
        epci_budget_eur=choices.epci_budget_eur,
    )


def _covering_in(commune_code: str, candidates: Candidates) -> frozenset[int]:
    return frozenset(
        j
        for j, c in enumerate(candidates.every)
        if c.commune_code == commune_code and c.tiers & {"hub", "mini"}
    )


def _hubs(candidates: Candidates, choices: Choices, assumptions: Assumptions) -> tuple[int, int]:
    """The number chosen, else the default, or all that qualify where fewer do."""
    if choices.hubs is not None:
        fewest, most = choices.hubs
        if fewest > most or fewest < 0:
            raise BadInput("hubs_reversed", fewest=fewest, most=most)
        if fewest == 0:
            raise BadInput("no_hub_allowed")
        return fewest, most
    qualify = {candidates.every[j].commune_code for j in candidates.of_tier("hub")}
    wanted = min(int(assumptions.value("siting.hubs")), len(qualify))
    existing = sum(c.is_existing for c in candidates.every)
    return max(wanted, existing), max(wanted, existing)


def _seats(
    candidates: Candidates, assumptions: Assumptions
) -> tuple[dict[str, NDArray[np.int64]], dict[str, NDArray[np.int64]]]:
    count = len(candidates.every)
    fewest, most = {}, {}
    for tier, low, high in (
        ("hub", "hub_seats_min", "hub_seats_max"),
        ("mini", "mini_seats_min", "mini_seats_max"),
        ("corpo", "corpo_seats", "corpo_seats"),
    ):
        fewest[tier] = np.full(count, int(assumptions.value(f"siting.{low}")), dtype=np.int64)
        most[tier] = np.full(count, int(assumptions.value(f"siting.{high}")), dtype=np.int64)
        if fewest[tier].max(initial=0) > most[tier].max(initial=0):
            raise BadInput("seats_reversed", fewest=int(fewest[tier][0]), most=int(most[tier][0]))
    for j, candidate in enumerate(candidates.every):
        if candidate.premises and candidate.premises.area_m2:
            fits = int(candidate.premises.area_m2 // assumptions.value("costs.area_per_seat"))
            for tier in TIERS:
                most[tier][j] = max(fewest[tier][j], min(most[tier][j], fits))
    return fewest, most


def _euros(candidates: Candidates, assumptions: Assumptions) -> dict[str, dict[str, SiteEuros]]:
    """Central costs of each tier at each candidate, as whole euros: opening, then per seat."""
    found: dict[str, dict[str, SiteEuros]] = {"investment": {}, "operation": {}, "yearly": {}}
    for tier in TIERS:
        lines = [
            finance.linear_cost(
                tier,
                is_built=c.is_existing,
                is_rented=c.pays_rent(tier),
                assumptions=assumptions,
            )
            for c in candidates.every
        ]
        for name in found:
            found[name][tier] = SiteEuros(
                np.array([round(getattr(line, name).fixed) for line in lines], dtype=np.int64),
                np.array([round(getattr(line, name).per_seat) for line in lines], dtype=np.int64),
            )
    return found


def _income(assumptions: Assumptions) -> float:
    """Euros a year from a seat used at peak; what a host keeps counts in a mini's operation."""
    days = assumptions.value("costs.open_days") / assumptions.value("demand.peak_factor")
    return days * assumptions.value("costs.yield_per_day")
