"""Where residents work: jobs, employed residents, destinations, distances.

method  docs/method/portrait.md, docs/method/flows.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from maillage.core import commuting
from maillage.core.assumptions import Assumptions
from maillage.core.commuting import Commuting
from maillage.core.portrait import trips as detail
from maillage.core.portrait.measured import Band, Measured, observed
from maillage.core.portrait.trips import LONG_KM, Trips
from maillage.core.sources.registry import Source
from maillage.core.territory import Territory

BANDS_KM = ((-1.0, 10.0), (10.0, 20.0), (20.0, LONG_KM), (LONG_KM, np.inf))


@dataclass(frozen=True)
class Work:
    """Jobs and employed residents, and the trips between them.

    jobs_per_100  None without any employed resident
    commuting     None where no commune has a figure; then the rest is empty
    outside       share of the workers whose workplace is outside the perimeter
    leavers       share whose workplace is outside their commune
    bands         workers by straight-line distance, those abroad or unplaced left out
    unplaced      workers abroad or whose workplace has no known position
    destinations  work_code, work_name (null abroad), is_inside, workers, low, high, straight_km;
                  the largest first; low and high null where the flow is observed
    trips         None where the file of flows is no detail file
    """

    employed: Measured
    jobs: Measured
    jobs_per_100: Measured | None
    commuting: Commuting | None
    outside: Measured | None
    leavers: Measured | None
    bands: tuple[Band, ...]
    unplaced: float
    destinations: pl.DataFrame
    trips: Trips | None


def of_territory(
    territory: Territory,
    assumptions: Assumptions,
    census: tuple[Source, ...],
    flows: tuple[Source, ...],
) -> Work:
    """The work of a territory; trips modelled from the census where none were observed."""
    known = territory.communes.drop_nulls(["employed", "jobs"])
    ratio = 100 * territory.jobs / territory.employed if territory.employed else None
    trips = commuting.of_territory(territory, assumptions) if ratio and len(known) else None
    return Work(
        employed=observed(territory.employed, "persons", census),
        jobs=observed(territory.jobs, "jobs", census),
        jobs_per_100=None if ratio is None else observed(ratio, "jobs per 100 employed", census),
        commuting=trips,
        outside=_outside(trips, territory, assumptions, flows) if trips else None,
        leavers=_leavers(trips, assumptions, flows) if trips else None,
        bands=_bands(trips, assumptions, flows) if trips else (),
        unplaced=_unplaced(trips) if trips else 0.0,
        destinations=_destinations(trips, territory, assumptions),
        trips=detail.of_flows(territory.tables.trips, trips, assumptions, flows),
    )


def _outside(
    trips: Commuting, territory: Territory, assumptions: Assumptions, sources: tuple[Source, ...]
) -> Measured:
    members = territory.communes["commune_code"].to_list()
    gone = trips.flows.filter(~pl.col("work_code").is_in(members))["workers"].sum()
    return _share(float(gone) / trips.workers, trips, assumptions, sources)


def _leavers(trips: Commuting, assumptions: Assumptions, sources: tuple[Source, ...]) -> Measured:
    gone = trips.flows.filter(pl.col("work_code") != pl.col("home_code"))["workers"].sum()
    return _share(float(gone) / trips.workers, trips, assumptions, sources)


def _bands(
    trips: Commuting, assumptions: Assumptions, sources: tuple[Source, ...]
) -> tuple[Band, ...]:
    bands = []
    for above, up_to in BANDS_KM:
        inside = (pl.col("straight_km") > above) & (pl.col("straight_km") <= up_to)
        workers = float(trips.flows.filter(inside)["workers"].sum())
        share = _share(workers / trips.workers, trips, assumptions, sources)
        bands.append(Band(above, up_to, _scaled(share, trips.workers, "persons"), share))
    return tuple(bands)


def _unplaced(trips: Commuting) -> float:
    return float(trips.flows.filter(pl.col("straight_km").is_null())["workers"].sum())


def _share(
    share: float, trips: Commuting, assumptions: Assumptions, sources: tuple[Source, ...]
) -> Measured:
    """A share of the workers; the model's one comes with the error measured out of sample."""
    if trips.origin == "observed":
        return observed(share, "share", sources)
    error = assumptions.value("flows.share_error")
    low, high = max(0.0, share - error), min(1.0, share + error)
    return Measured(share, "share", "modelled", sources, low, high)


def _scaled(share: Measured, whole: float, unit: str) -> Measured:
    low, high = (None if end is None else end * whole for end in (share.low, share.high))
    return Measured(share.value * whole, unit, share.origin, share.sources, low, high)


def _destinations(
    trips: Commuting | None, territory: Territory, assumptions: Assumptions
) -> pl.DataFrame:
    members = territory.communes["commune_code"].to_list()
    schema = {
        "work_code": pl.String,
        "work_name": pl.String,
        "is_inside": pl.Boolean,
        "workers": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "straight_km": pl.Float64,
    }
    if trips is None:
        return pl.DataFrame(schema=schema)
    factors: dict[str, float | None] = {"low": None, "high": None}
    if trips.origin == "modelled":
        factors = {
            "low": assumptions.value("flows.destination_low"),
            "high": assumptions.value("flows.destination_high"),
        }
    return trips.by_workplace().select(
        "work_code",
        "work_name",
        pl.col("work_code").is_in(members).alias("is_inside"),
        "workers",
        *(
            (pl.col("workers") * pl.lit(factor, dtype=pl.Float64)).alias(end)
            for end, factor in factors.items()
        ),
        "straight_km",
    )
