"""How far the nearest shared workplace of today is, and for how many.

method  docs/method/portrait.md
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.portrait.measured import Band, Measured, modelled
from maillage.core.sources.grid import SIDE_M
from maillage.core.sources.registry import Source
from maillage.core.territory import Territory
from maillage.core.travel import CASES, minutes

BANDS_MIN = ((-1.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 40.0), (40.0, np.inf))

Minutes = NDArray[np.float32]


@dataclass(frozen=True)
class Access:
    """Minutes to the nearest place that exists today, under slow, central and fast travel.

    to_nearest  [i] minutes by case of travel.distance.CASES ("low" is the slow one)
    people      [i] inhabitants of the cells
    places      kind, name, commune_code, commune_name, lon, lat, is_inside, nearest_for
                (inhabitants for whom it is the nearest), minutes_low, minutes, minutes_high
                (mean over the inhabitants); inside first, then the nearest
    """

    to_nearest: Mapping[str, Minutes]
    people: NDArray[np.int64]
    mean: Measured
    bands: tuple[Band, ...]
    places: pl.DataFrame
    sources: tuple[Source, ...]

    @property
    def minutes(self) -> Minutes:
        """Minutes [i] of the central case."""
        return self.to_nearest["central"]

    def beyond(self, limit: float) -> Measured:
        """Share of the inhabitants farther than some minutes."""
        return self._over_cases(lambda m: _share(m > limit, self.people), "share")

    def _over_cases(self, of: Callable[[Minutes], float], unit: str) -> Measured:
        return _over_cases(self.to_nearest, of, unit, self.sources)


def of_places(
    territory: Territory, assumptions: Assumptions, sources: tuple[Source, ...]
) -> Access | None:
    """Access to the known workplaces; None when no place is known, inside or around."""
    if territory.workplaces.is_empty():
        return None
    by_place = _minutes_by_place(territory, assumptions)
    to_nearest = {case: by_place[case].min(axis=1) for case in CASES}
    people = territory.cells["population"].to_numpy().astype(np.int64)
    return Access(
        to_nearest=to_nearest,
        people=people,
        mean=_over_cases(to_nearest, lambda m: _mean(m, people), "min", sources),
        bands=tuple(_band(*limits, to_nearest, people, sources) for limits in BANDS_MIN),
        places=_places(territory, by_place, people),
        sources=sources,
    )


def by_commune(territory: Territory, access: Access | None) -> pl.DataFrame:
    """Inhabitants of the cells and their minutes, by commune; no minutes without a place."""
    cells = territory.cells.select("commune_code", people="population")
    if access is None:
        return cells.group_by("commune_code").agg(population_in_cells=pl.col("people").sum())
    cells = cells.with_columns(
        slow=pl.Series(access.to_nearest["low"].astype(np.float64)),
        central=pl.Series(access.minutes.astype(np.float64)),
        fast=pl.Series(access.to_nearest["high"].astype(np.float64)),
    )
    people = pl.col("people")
    means = {
        # a commune that no road joins to any place has no minutes
        name: (
            (pl.col(case) * people).filter(pl.col(case).is_finite()).sum()
            / people.filter(pl.col(case).is_finite()).sum()
        ).fill_nan(None)
        for name, case in (
            ("minutes_low", "fast"),
            ("minutes", "central"),
            ("minutes_high", "slow"),
        )
    }
    return cells.group_by("commune_code").agg(
        population_in_cells=people.sum(),
        **means,
        beyond_20=people.filter(pl.col("central") > 20).sum(),
    )


def _minutes_by_place(territory: Territory, assumptions: Assumptions) -> dict[str, Minutes]:
    xy = geo.project(territory.workplaces.select("lon", "lat").to_numpy())
    side_km = SIDE_M / 1000
    return {
        case: minutes(territory.cell_xy, xy, travel, origin_size_km=side_km)
        for case, travel in territory.travel(assumptions).items()
    }


def _band(
    above: float,
    up_to: float,
    to_nearest: Mapping[str, Minutes],
    people: NDArray[np.int64],
    sources: tuple[Source, ...],
) -> Band:
    def count(m: Minutes) -> float:
        return float(people[(m > above) & (m <= up_to)].sum())

    everyone = float(people.sum())
    return Band(
        above,
        up_to,
        _over_cases(to_nearest, count, "persons", sources),
        _over_cases(to_nearest, lambda m: count(m) / everyone, "share", sources),
    )


def _places(
    territory: Territory, by_place: Mapping[str, Minutes], people: NDArray[np.int64]
) -> pl.DataFrame:
    members = territory.communes["commune_code"].to_list()
    known = pl.concat([territory.communes, territory.surroundings])
    nearest = by_place["central"].argmin(axis=1)
    served = np.bincount(nearest, weights=people, minlength=len(territory.workplaces))
    mean = {
        case: [_mean(m[:, place], people) for place in range(m.shape[1])]
        for case, m in by_place.items()
    }
    return (
        territory.workplaces.join(
            known.select("commune_code", commune_name="name"),
            on="commune_code",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            is_inside=pl.col("commune_code").is_in(members),
            nearest_for=pl.Series(served).cast(pl.Int64),
            minutes_low=pl.Series(mean["high"]),
            minutes=pl.Series(mean["central"]),
            minutes_high=pl.Series(mean["low"]),
        )
        .sort("is_inside", "minutes", "name", descending=[True, False, False])
    )


def _over_cases(
    to_nearest: Mapping[str, Minutes],
    of: Callable[[Minutes], float],
    unit: str,
    sources: tuple[Source, ...],
) -> Measured:
    return modelled(
        of(to_nearest["central"]), unit, sources, tuple(of(m) for m in to_nearest.values())
    )


def _mean(m: Minutes, people: NDArray[np.int64]) -> float:
    # who has no road to anywhere has no minutes
    has = np.isfinite(m)
    if not has.any():
        return float("inf")
    return float((m[has].astype(np.float64) * people[has]).sum() / people[has].sum())


def _share(chosen: NDArray[np.bool_], people: NDArray[np.int64]) -> float:
    return float(people[chosen].sum() / people.sum())
