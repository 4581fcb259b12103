"""What the location problems are measured on: published files, invented places, the Orne's flows.

Every invented one is drawn from a seed that its function names, and gives whole numbers.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from maillage.core import assumptions, geo
from maillage.core.travel import distance

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 8
DEPARTEMENT = "61"
# A stop in the morning: near home, and worth it
NEAR_MIN, LEAST_SAVED_KM = 20.0, 10.0
# beyond, nobody goes every day
MOST_KM = 150.0
BATCH = 100_000
# what a town holds beside its surroundings, and how far it spreads
IN_TOWN_SHARE, TOWN_KM = 0.6, 1.5


@dataclass(frozen=True)
class Covering:
    """Who is within reach of which site.

    reach   [i, j] 1 where site j is within reach of origin i, no arc elsewhere
    weight  [i]
    """

    reach: csr_array
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """Commuters between two communes, and what a stop at each commune would spare them.

    saved    [o, j] tenths of a kilometre by road and by person, 0 where the stop is too far from
             home or spares too little
    workers  [o]
    """

    saved: NDArray[np.float64]
    workers: NDArray[np.float64]


def clustered(count: int, *, seed: int = SEED) -> NDArray[np.float64]:
    """Distances [i, j] in whole metres between points of towns, 100 km a side.

    One town for fifty points, of uneven sizes; a fifth of the points are anywhere.
    """
    chance = np.random.default_rng(seed)
    towns = chance.random((count // 50, 2)) * 100_000
    size = chance.pareto(1.2, len(towns)) + 0.2
    home = towns[chance.choice(len(towns), count, p=size / size.sum())]
    xy = home + chance.normal(0, 2_000, (count, 2))
    alone = chance.random(count) < 1 / 5
    xy[alone] = chance.random((int(alone.sum()), 2)) * 100_000
    return np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))


def places(
    origins: int, sites: int, *, side_km: float, radius_km: float, seed: int = SEED
) -> Covering:
    """A covering of invented countryside: people in towns, the towns are the sites, and around."""
    chance = np.random.default_rng(seed)
    towns = chance.random((sites, 2)) * side_km
    size = chance.pareto(1.2, sites) + 0.2
    home = towns[chance.choice(sites, origins, p=size / size.sum())]
    xy = home + chance.normal(0, TOWN_KM, (origins, 2))
    around = chance.random(origins) >= IN_TOWN_SHARE
    xy[around] = chance.random((int(around.sum()), 2)) * side_km
    weight = np.ceil(chance.pareto(1.5, origins) * 20)
    return Covering(_within(xy, towns, radius_km), weight)


def _within(xy: NDArray[np.float64], sites: NDArray[np.float64], radius_km: float) -> csr_array:
    """Arcs to the sites within a radius, some origins at a time."""
    tree = cKDTree(sites)
    found = [tree.query_ball_point(xy[k : k + BATCH], radius_km) for k in range(0, len(xy), BATCH)]
    near = [np.sort(ends) for part in found for ends in part]
    start = np.concatenate([[0], np.cumsum([len(ends) for ends in near])])
    index = np.concatenate(near).astype(np.int32)
    return csr_array(
        (np.ones(len(index), dtype=np.float32), index, start), shape=(len(xy), len(sites))
    )


def orne() -> Flows:
    """The Orne's flows (RP 2012), each of its communes a candidate: whole tenths of a km spared.

    Kilometres and minutes by the model of distance (docs/method/travel.md).
    """
    model = distance.model(assumptions.load(), "central")
    communes = pl.read_parquet(DATA / "communes_2026.parquet").drop_nulls(
        ["lat_cheflieu", "lon_cheflieu"]
    )
    lonlat = communes.select("lon_cheflieu", "lat_cheflieu").to_numpy()
    xy = dict(zip(communes["code"], geo.project(lonlat), strict=True))
    trips = _trips(set(xy))
    homes, works = (np.array([xy[code] for code in trips[end]]) for end in ("home", "work"))
    sites = np.array([xy[code] for code in communes.filter(pl.col("dep") == DEPARTEMENT)["code"]])
    to_work = model.road_km(np.hypot(*(homes - works).T) / 1000)
    to_site = geo.distances_km(homes, sites)
    saved = to_work[:, None] - model.road_km(to_site)
    saved[(saved < LEAST_SAVED_KM) | (model.of_distance(to_site) > NEAR_MIN)] = 0
    kept = saved.any(axis=1) & (to_work <= MOST_KM)
    return Flows(np.floor(saved[kept] * 10), trips["workers"].to_numpy()[kept])


def _trips(known: set[str]) -> pl.DataFrame:
    """Workers from home to work, both in communes whose place is known."""
    flows = pl.read_parquet(DATA / "flux_domicile_travail_orne_rp2012_cs1_cog2026.parquet")
    return (
        flows.filter(pl.col("origine").is_in(known) & pl.col("destination").is_in(known))
        .group_by(home="origine", work="destination", maintain_order=True)
        .agg(workers=pl.col("actifs").sum().round())
        .filter(pl.col("workers") > 0)
    )
