"""Who passes by a place on the way to work: the commuters that a site would intercept.

method  docs/method/siting.md
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.commuting import Commuting
from maillage.core.demand import Spread
from maillage.core.money import Range
from maillage.core.territory import Territory
from maillage.core.travel import Minutes, Points, Travel, minutes

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Workers = NDArray[np.float64]


@dataclass(frozen=True)
class Trips:
    """Daily trips to work; axes: o flows, h towns where people live, w towns where they work.

    home_xy, work_xy  Lambert-93 metres [h, 2] and [w, 2] of the towns
    home, work        [o] the towns h and w of each flow
    workers           [o] persons
    flows             [o] home_code, work_code, work_name
    """

    home_xy: Points
    work_xy: Points
    home: Numbers
    work: Numbers
    workers: Workers
    flows: pl.DataFrame


@dataclass(frozen=True)
class Rule:
    """When a place is on the way.

    detour_min  most minutes it adds to the trip
    spared_min  fewest minutes of the trip that stopping there spares: a place beside work, or any
                place for a person who works next door, spares nobody anything
    """

    detour_min: float
    spared_min: float


@dataclass(frozen=True)
class Legs:
    """The trips in two legs, in minutes; infinite where no road leads.

    to_place  [h, j] from home
    onward    [j, w] then to work
    direct    [h, w] from home to work
    """

    to_place: Minutes
    onward: Minutes
    direct: Minutes

    def detours(self, home: int) -> Minutes:
        """Minutes [j, w] that a stop at each place adds to the trips of a town; inf: no road."""
        # an endless trip has no detour: less than no time from an endless one is endless
        direct = np.where(np.isfinite(self.direct[home]), self.direct[home], -np.inf)
        return np.asarray(self.to_place[home][:, None] + self.onward - direct[None, :])

    def on_the_way(self, home: int, rule: Rule) -> Flags:
        """Whether a place is on the way [j, w] to each town of work."""
        is_near = self.detours(home) <= rule.detour_min
        left = self.to_place[home][:, None] + np.float32(rule.spared_min)
        return np.asarray(is_near & (left <= self.direct[home][None, :]))


@dataclass(frozen=True)
class Passing:
    """Commuters merged when they pass by the same places: a person counts once.

    passes   [g, j] the group passes by the place
    workers  [g] persons
    trips    home_code, work_code, work_name, workers, group: the flows that pass by some place
    """

    passes: Flags
    workers: Workers
    trips: pl.DataFrame

    def by_place(self) -> Workers:
        """Workers [j] who pass by each place."""
        return np.asarray(self.workers @ self.passes)

    def by_any(self, places: Sequence[int]) -> float:
        """Workers who pass by at least one of some places j."""
        # exactly summed: the order of the groups follows the numbers of the places
        return fsum(self.workers[self.passes[:, list(places)].any(axis=1)])

    def among(self, count: int) -> "Passing":
        """The same, by the first places alone."""
        passes = self.passes[:, :count]
        some = np.flatnonzero(passes.any(axis=1))
        first, group = _alike(passes[some])
        renamed = pl.DataFrame({"group": some, "among": group})
        return Passing(
            passes=passes[some[first]],
            workers=np.bincount(group, self.workers[some], len(first)),
            trips=self.trips.join(renamed, on="group", maintain_order="left")
            .drop("group")
            .rename({"among": "group"}),
        )

    def through(self, places: Sequence[int], most: int) -> pl.DataFrame:
        """The largest flows that pass by some places: the columns of `trips`."""
        groups = np.flatnonzero(self.passes[:, list(places)].any(axis=1))
        return (
            self.trips.filter(pl.col("group").is_in(groups.tolist()))
            .sort("workers", "home_code", "work_code", descending=[True, False, False])
            .head(most)
        )


def rule(assumptions: Assumptions) -> Rule:
    """The rule in force."""
    return Rule(
        detour_min=assumptions.value("siting.detour_minutes"),
        spared_min=assumptions.value("siting.spared_minutes"),
    )


def trips(territory: Territory, flows: Commuting) -> Trips:
    """The flows whose two towns have a known position in the country, at their town halls."""
    towns = _towns(territory)
    known = (
        flows.flows.filter(pl.col("straight_km").is_not_null() & (pl.col("workers") > 0))
        .join(towns.select(home_code="code", home="number"), on="home_code", maintain_order="left")
        .join(towns.select(work_code="code", work="number"), on="work_code", maintain_order="left")
    )
    xy = geo.project(towns.select("lon", "lat").to_numpy())
    homes, home = np.unique(known["home"].to_numpy(), return_inverse=True)
    works, work = np.unique(known["work"].to_numpy(), return_inverse=True)
    return Trips(
        home_xy=xy[homes],
        work_xy=xy[works],
        home=home.astype(np.int64),
        work=work.astype(np.int64),
        workers=known["workers"].to_numpy().astype(np.float64),
        flows=known.select("home_code", "work_code", "work_name"),
    )


def _towns(territory: Territory) -> pl.DataFrame:
    """Every town with a position, once: number, code, lon, lat."""
    found = [
        table.select("lon", "lat", code="commune_code")
        for table in (territory.communes, territory.surroundings)
    ]
    observed = territory.tables.flows
    if not observed.is_empty():
        found.append(observed.select(lon="work_lon", lat="work_lat", code="work_code"))
    return (
        pl.concat(found)
        .drop_nulls()
        .unique("code", keep="first", maintain_order=True)
        .with_row_index("number")
    )


def legs(going: Trips, places_xy: Points, travel: Travel) -> Legs:
    """The minutes of every leg by some places [j, 2]."""
    return Legs(
        to_place=minutes(going.home_xy, places_xy, travel),
        onward=minutes(places_xy, going.work_xy, travel),
        direct=minutes(going.home_xy, going.work_xy, travel),
    )


def find(going: Trips, places_xy: Points, travels: Sequence[Travel], rule: Rule) -> Passing:
    """Who passes by each place [j, 2], both ways by the same road.

    travels  the first that leads to a town of work from some home measures all the legs of its
             trips: streets are read around the territory, people also work beyond them
    """
    passes = np.zeros((len(going.home), len(places_xy)), dtype=np.bool_)
    left = np.arange(len(going.work_xy))
    for travel in travels:
        if not left.size:
            break
        parts = legs(replace(going, work_xy=going.work_xy[left]), places_xy, travel)
        is_reached = np.isfinite(parts.direct).any(axis=0)
        column = np.full(len(going.work_xy), -1)
        column[left[is_reached]] = np.flatnonzero(is_reached)
        for home in range(len(going.home_xy)):
            flows = np.flatnonzero((going.home == home) & (column[going.work] >= 0))
            passes[flows] = parts.on_the_way(home, rule)[:, column[going.work[flows]]].T
        left = left[~is_reached]
    return merged(passes, going)


def merged(passes: Flags, going: Trips) -> Passing:
    """Flows [o, j] that pass by the same places as one group; those that pass by none left out."""
    some = np.flatnonzero(passes.any(axis=1))
    first, group = _alike(passes[some])
    return Passing(
        passes=passes[some[first]],
        workers=np.bincount(group, going.workers[some], len(first)),
        trips=going.flows[some].with_columns(
            workers=pl.Series(going.workers[some]), group=pl.Series(group)
        ),
    )


def _alike(passes: Flags) -> tuple[Numbers, Numbers]:
    """The first of each distinct row, and the group of every row."""
    packed = np.packbits(passes, axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return first, group.ravel()


def persons(flows: Commuting, teleworkers: Spread, assumptions: Assumptions) -> Range:
    """Of one worker on the way, the persons who could stop: who telework at least a day a week.

    The range is that of the share of teleworkers and, for modelled flows, of what the model gets
    wrong of a destination.
    """
    low, high = 1.0, 1.0
    if flows.origin == "modelled":
        low = assumptions.value("flows.destination_low")
        high = assumptions.value("flows.destination_high")
    return Range(teleworkers.p10 * low, teleworkers.p50, teleworkers.p90 * high)
