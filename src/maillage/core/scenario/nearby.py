"""Where streets are known: who is within reach without a car, and the land around the sites."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.candidates import Candidates
from maillage.core.money import Range
from maillage.core.scenario.assess import COVERING, Site
from maillage.core.scenario.ground import existing_places
from maillage.core.scenario.request import Request
from maillage.core.siting import NetworkProblem
from maillage.core.sources.grid import SIDE_M
from maillage.core.territory import Territory
from maillage.core.travel import CASES, Points, minutes

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads.quality import Quality

# what moves without a motor, in the order it is told
SOFT_MODES = ("bike", "walk")
# the land is drawn under slow and central travel: a promise, and what is expected
DRAWN_CASES = ("low", "central")

# Contours are simplified by a third of the squares they are drawn on
_SIMPLER_M = 40.0
# A field between streets that are all within reach is within reach too
_FIELD_M2 = 250_000.0

Weights = NDArray[np.int64]


@dataclass(frozen=True)
class Around:
    """A site and what is within some minutes of it by car, low / central / high speeds.

    people  inhabitants
    km2     land, slow and central alone: the fast one is not drawn
    """

    id: str
    people: Range
    km2: dict[str, float]


@dataclass(frozen=True)
class Zones:
    """The land from which an open place is within some minutes by car.

    land   case of DRAWN_CASES -> Lambert-93 metres, all open places together, fields included
    sites  of the plan, in its order
    """

    within_min: float
    land: dict[str, shapely.MultiPolygon]
    sites: tuple[Around, ...]


def shares_without_car(
    territory: Territory, request: Request, assumptions: Assumptions, sites: tuple[Site, ...]
) -> dict[str, Range] | None:
    """Share of the inhabitants within reach of an open place, by mode of SOFT_MODES.

    None where no street is known. Low, central, high: slow, central and fast paces.
    """
    if territory.roads is None:
        return None
    within = assumptions.value("siting.coverage_minutes")
    xy = np.concatenate([_sites_xy(sites), _kept_xy(territory, request)])
    people = territory.cells["population"].to_numpy().astype(np.int64)
    found = {}
    for mode in SOFT_MODES:
        roads = territory.roads.of(mode, assumptions)
        times = (
            minutes(
                *(territory.cell_xy, xy, roads.travel(assumptions, case)),
                origin_size_km=SIDE_M / 1000,
                within_min=within,
            ).min(axis=1, initial=np.inf)
            for case in CASES
        )
        found[mode] = Range(*(float(people[t <= within].sum() / people.sum()) for t in times))
    return found


def zones(
    territory: Territory, request: Request, assumptions: Assumptions, sites: tuple[Site, ...]
) -> Zones | None:
    """What is within the minutes of the rule around the sites; None where no street is known."""
    if territory.roads is None:
        return None
    # the extra `roads`; a study by distance does without
    from maillage.core.travel.roads import isochrone

    within = assumptions.value("siting.coverage_minutes")
    roads = territory.roads.of("car", assumptions)
    travels = {case: roads.travel(assumptions, case) for case in CASES}
    own, kept = _sites_xy(sites), _kept_xy(territory, request)
    people = territory.cells["population"].to_numpy().astype(np.int64)

    def times(case: str, xy: Points) -> NDArray[np.float32]:
        return minutes(territory.cell_xy, xy, travels[case], origin_size_km=SIDE_M / 1000)

    # a place open far away, whom nobody here would reach, is not drawn
    near = kept[(times("high", kept) <= within).any(axis=0)] if len(kept) else kept
    pieces = {
        case: [isochrone.polygon(travels[case], at[None], within) for at in (*own, *near)]
        for case in DRAWN_CASES
    }
    served = {case: people @ (times(case, own) <= within) for case in CASES}
    return Zones(
        within_min=within,
        land={case: _joined(found) for case, found in pieces.items()},
        sites=tuple(
            Around(
                site.candidate.id,
                Range(*(float(served[case][n]) for case in CASES)),
                {case: float(pieces[case][n].area / 1e6) for case in DRAWN_CASES},
            )
            for n, site in enumerate(_covering(sites))
        ),
    )


def road_quality(
    territory: Territory, assumptions: Assumptions, candidates: Candidates, problem: NetworkProblem
) -> "Quality | None":
    """The streets of a territory by car, its cells and its candidates on them."""
    if territory.roads is None:
        return None
    # the extra `roads`; a study by distance does without
    from maillage.core.travel.roads import quality

    return quality.of(
        territory.roads.of("car", assumptions).travel(assumptions, "central"),
        territory.cell_xy,
        problem.weight,
        candidates.xy[: len(candidates.every)],
        problem.minutes,
    )


def _covering(sites: tuple[Site, ...]) -> tuple[Site, ...]:
    return tuple(site for site in sites if site.tier in COVERING)


def _sites_xy(sites: tuple[Site, ...]) -> Points:
    lonlat = [(s.candidate.lon, s.candidate.lat) for s in _covering(sites)]
    return geo.project(np.array(lonlat, dtype=np.float64).reshape(-1, 2))


def _kept_xy(territory: Territory, request: Request) -> Points:
    """Places that stay open after the plan; those that it takes over are counted twice, alike."""
    _, kept = existing_places(territory, request)
    return geo.project(kept.select(pl.col("lon", "lat")).to_numpy().reshape(-1, 2))


def _joined(pieces: list[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    whole = shapely.union_all(pieces).simplify(_SIMPLER_M)
    parts = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon([_without_fields(p) for p in parts])


def _without_fields(part: shapely.Polygon) -> shapely.Polygon:
    kept = [ring for ring in part.interiors if shapely.Polygon(ring).area >= _FIELD_M2]
    return shapely.Polygon(part.exterior, kept)
