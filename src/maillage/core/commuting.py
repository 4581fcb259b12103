"""Who goes to work where: observed flows, or a gravity model of two kernels.

method  docs/method/flows.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.territory import Territory

_MAX_ROUNDS = 500


@dataclass(frozen=True)
class Kernel:
    """How commuting fades with straight-line distance: near and far exponentials, per km."""

    near_decay: float
    far_weight: float
    far_decay: float
    own_commune: float

    def of(self, straight_km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Attraction [i, j] for distances between the same places on both axes."""
        near = np.exp(-self.near_decay * straight_km)
        far = self.far_weight * np.exp(-self.far_decay * straight_km)
        attraction = near + far
        np.fill_diagonal(attraction, np.diagonal(attraction) * self.own_commune)
        return np.asarray(attraction)


@dataclass(frozen=True)
class Commuting:
    """Workers who live in the territory, by workplace.

    flows   home_code, work_code, work_name, workers, straight_km (null abroad)
    origin  "observed" or "modelled"
    """

    flows: pl.DataFrame
    origin: str

    @property
    def workers(self) -> float:
        """All the workers of the flows."""
        return float(self.flows["workers"].sum())

    def beyond(self, straight_km: float) -> float:
        """Share of the workers who go farther than a straight-line distance."""
        far = self.flows.filter(pl.col("straight_km") > straight_km)["workers"].sum()
        return float(far) / self.workers

    @property
    def mean_km(self) -> float:
        """Mean straight-line distance to work in km, workplaces abroad left out."""
        known = self.flows.drop_nulls("straight_km")
        total = float((known["workers"] * known["straight_km"]).sum())
        return total / float(known["workers"].sum())

    def strongest(self, most: int) -> pl.DataFrame:
        """The largest flows from one commune to another: home_code, work_code, work_name, workers.

        Whoever works in the commune of residence travels on no road between two.
        """
        return (
            self.flows.filter(
                (pl.col("home_code") != pl.col("work_code"))
                & pl.col("straight_km").is_not_null()
                & (pl.col("workers") > 0)
            )
            .sort("workers", "home_code", "work_code", descending=[True, False, False])
            .head(most)
            .select("home_code", "work_code", "work_name", "workers")
        )

    def by_workplace(self) -> pl.DataFrame:
        """Workers by workplace, the largest first: work_code, work_name, workers, straight_km."""
        return (
            self.flows.group_by("work_code", "work_name")
            .agg(
                pl.col("workers").sum(),
                ((pl.col("straight_km") * pl.col("workers")).sum() / pl.col("workers").sum()).alias(
                    "straight_km"
                ),
            )
            .sort("workers", "work_code", descending=[True, False])
        )


def of_territory(territory: Territory, assumptions: Assumptions) -> Commuting:
    """Observed flows when the territory has them, else the model."""
    if territory.tables.flows.is_empty():
        return modelled(territory, kernel(assumptions), assumptions.value("flows.tolerance"))
    return observed(territory)


def kernel(assumptions: Assumptions) -> Kernel:
    """The kernel in force."""
    return Kernel(
        near_decay=assumptions.value("flows.near_decay"),
        far_weight=assumptions.value("flows.far_weight"),
        far_decay=assumptions.value("flows.far_decay"),
        own_commune=assumptions.value("flows.own_commune"),
    )


def balance(
    attraction: NDArray[np.float64],
    workers: NDArray[np.float64],
    jobs: NDArray[np.float64],
    tolerance: float,
) -> NDArray[np.float64]:
    """Flows [i, j] with the given row sums (workers) and column sums (jobs, scaled to them).

    Doubly constrained gravity by iterative proportional fitting; rows hold exactly, columns
    within the tolerance. A place without workers or jobs has an empty row or column.
    """
    scaled_jobs = jobs * (workers.sum() / jobs.sum())
    push = np.ones_like(workers)
    pull = np.ones_like(jobs)
    for _ in range(_MAX_ROUNDS):
        column = push @ attraction
        pull = np.divide(scaled_jobs, column, out=np.zeros_like(jobs), where=column > 0)
        row = attraction @ pull
        push = np.divide(workers, row, out=np.zeros_like(workers), where=row > 0)
        gap = np.abs(pull * (push @ attraction) - scaled_jobs).sum() / scaled_jobs.sum()
        if gap <= tolerance:
            break
    return np.asarray(push[:, None] * attraction * pull[None, :])


def modelled(territory: Territory, kernel: Kernel, tolerance: float) -> Commuting:
    """Flows of the gravity model over the communes and their surroundings."""
    members = territory.communes.with_columns(is_member=pl.lit(value=True))
    around = territory.surroundings.with_columns(is_member=pl.lit(value=False))
    places = pl.concat([members, around]).drop_nulls(["employed", "jobs"]).sort("commune_code")
    xy = geo.project(places.select("lon", "lat").to_numpy())
    straight = geo.distances_km(xy, xy)
    flows = balance(
        kernel.of(straight),
        places["employed"].to_numpy(),
        places["jobs"].to_numpy(),
        tolerance,
    )
    home = np.flatnonzero(places["is_member"].to_numpy())
    codes, names = places["commune_code"].to_numpy(), places["name"].to_numpy()
    table = pl.DataFrame(
        {
            "home_code": np.repeat(codes[home], len(codes)),
            "work_code": np.tile(codes, len(home)),
            "work_name": np.tile(names, len(home)),
            "workers": flows[home].ravel(),
            "straight_km": straight[home].ravel(),
        },
        schema_overrides={"home_code": pl.String, "work_code": pl.String, "work_name": pl.String},
    )
    return Commuting(table, "modelled")


def observed(territory: Territory) -> Commuting:
    """The observed flows of a territory that has them."""
    flows = territory.tables.flows.group_by(
        "home_code", "work_code", "work_name", "work_lon", "work_lat", maintain_order=True
    ).agg(pl.col("workers").sum())
    homes = territory.communes.select(home_code="commune_code", home_lon="lon", home_lat="lat")
    flows = flows.join(homes, on="home_code", how="left", maintain_order="left")
    home_xy = geo.project(flows.select("home_lon", "home_lat").to_numpy())
    work_xy = geo.project(flows.select("work_lon", "work_lat").fill_null(np.nan).to_numpy())
    straight = np.hypot(*(home_xy - work_xy).T) / 1000.0
    return Commuting(
        flows.select("home_code", "work_code", "work_name", "workers").with_columns(
            straight_km=pl.Series(np.where(np.isfinite(straight), straight, np.nan)).fill_nan(None)
        ),
        "observed",
    )
