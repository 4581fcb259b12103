"""Results as GeoJSON layers and tables, with the legend's classes: one truth for map and list."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.commuting import Commuting
from maillage.core.scenario import Judged, Outcome
from maillage.core.sources.grid import EPSG, SIDE_M
from maillage.core.territory import Territory

Layer = dict[str, Any]
LonLat = tuple[float, float]
Link = tuple[str, LonLat, str, LonLat]

FULL_CELL_INHABITANTS = 350
# beyond, lines hide one another
MOST_FLOWS = 12


@dataclass(frozen=True)
class LegendClass:
    """Minutes from `above` (excluded) to `up_to`, its colour, its words."""

    above: float
    up_to: float
    colour: str
    label: str


# Fixed classes on every map, so that maps compare
MINUTES = (
    LegendClass(-1, 5, "#063F3A", "0 à 5 min"),
    LegendClass(5, 10, "#1F7A6C", "5 à 10 min"),
    LegendClass(10, 20, "#7FBF9F", "10 à 20 min"),
    LegendClass(20, 30, "#D6E29A", "20 à 30 min"),
    LegendClass(30, float("inf"), "#FFF0C2", "plus de 30 min"),
)

TIER_COLOURS = {"hub": "#6D1F4F", "mini": "#C2410C", "corpo": "#2456B8"}


def class_of(minutes: float) -> LegendClass:
    """The legend class of some minutes."""
    return next(c for c in MINUTES if c.above < minutes <= c.up_to)


def sites_layer(plan: dict[str, Any]) -> Layer:
    """The sites as points."""
    names = ("id", "tier", "name", "commune_code", "commune_name", "seats", "opening_year")
    return collection(
        [
            feature(
                {"type": "Point", "coordinates": [s["lon"], s["lat"]]}, {n: s[n] for n in names}
            )
            for s in plan["sites"]
        ]
    )


def coverage_layer(outcome: Outcome) -> Layer:
    """The inhabited cells as squares: inhabitants, minutes before and after, legend class."""
    corners = outcome.territory.cells.select("x3035_m", "y3035_m").to_numpy().astype(np.float64)
    ring = np.array([[0, 0], [SIDE_M, 0], [SIDE_M, SIDE_M], [0, SIDE_M], [0, 0]], dtype=np.float64)
    lonlat = geo.unproject((corners[:, None, :] + ring[None]).reshape(-1, 2), EPSG)
    squares = lonlat.round(6).reshape(-1, 5, 2)
    cells = outcome.territory.cells.select("commune_code", "population").rows()
    before, after = outcome.coverage.minutes_before, outcome.coverage.minutes_after
    return collection(
        [
            feature(
                {"type": "Polygon", "coordinates": [squares[i].tolist()]},
                {
                    "commune_code": code,
                    "population": population,
                    "minutes_before": _minutes(before[i]),
                    "minutes_after": _minutes(after[i]),
                    "class_after": class_of(float(after[i])).label,
                },
            )
            for i, (code, population) in enumerate(cells)
        ]
    )


def side_share(people: NDArray[np.int64]) -> NDArray[np.float64]:
    """Side of a drawn cell over its true side: its area says its inhabitants, up to a full one."""
    return np.asarray(np.sqrt(np.clip(people / FULL_CELL_INHABITANTS, 0.02, 1)))


def links(judged: Judged) -> list[Link]:
    """Each commune's town and its nearest site open to all: code, town, site, its place.

    A town that no road joins to any site has none.
    """
    at = {s.candidate.id: (s.candidate.lon, s.candidate.lat) for s in judged.sites}
    towns = judged.territory.communes.select("commune_code", "lon", "lat").rows()
    nearest = judged.nearest_site
    return [
        (code, (float(lon), float(lat)), nearest[code], at[nearest[code]])
        for code, lon, lat in towns
        if code in nearest
    ]


@dataclass(frozen=True)
class Flow:
    """Workers of one commune who work in another: both towns, and how many."""

    home_name: str
    start: LonLat
    work_name: str
    end: LonLat
    workers: float


def flows(territory: Territory, commuting: Commuting) -> tuple[Flow, ...]:
    """The strongest flows between two communes whose towns are known, the largest first."""
    known = pl.concat([territory.communes, territory.surroundings])
    towns = {
        code: (name, (float(lon), float(lat)))
        for code, name, lon, lat in known.select("commune_code", "name", "lon", "lat").iter_rows()
    }
    return tuple(
        Flow(*towns[home], *towns[work], workers)
        for home, work, _, workers in commuting.strongest(MOST_FLOWS).iter_rows()
        if home in towns and work in towns
    )


def outline(territory: Territory) -> Any:
    """The territory's outline (lon, lat), None when no outline is known."""
    shapes = list(territory.tables.outlines.values())
    return shapely.union_all(shapes) if shapes else None


def communes_table(outcome: Outcome) -> pl.DataFrame:
    """One line a commune, empty where there is no figure for the vintage."""
    cells = outcome.territory.cells.select("commune_code", "population").with_columns(
        before=pl.Series(outcome.coverage.minutes_before.astype(np.float64)),
        after=pl.Series(outcome.coverage.minutes_after.astype(np.float64)),
    )
    within = outcome.coverage.within_min
    weight = pl.col("population")

    def mean(column: str) -> pl.Expr:
        # who has no road to anywhere has no minutes
        has = pl.col(column).is_finite()
        exact = (pl.col(column) * weight).filter(has).sum() / weight.filter(has).sum()
        return pl.when(exact.is_finite()).then(exact.round(1))

    def covered(column: str) -> pl.Expr:
        return (weight.filter(pl.col(column) <= within).sum() / weight.sum()).round(4)

    access = cells.group_by("commune_code").agg(
        population_in_cells=weight.sum(),
        mean_minutes_before=mean("before"),
        mean_minutes_after=mean("after"),
        share_covered_before=covered("before"),
        share_covered_after=covered("after"),
    )
    sites = pl.DataFrame(
        [{"commune_code": s.candidate.commune_code, "tier": s.tier} for s in outcome.sites],
        schema={"commune_code": pl.String, "tier": pl.String},
    )
    gains = pl.DataFrame(
        [
            {"commune_code": outcome.candidates.every[j].commune_code, "gain_if_added": gain}
            for j, gain in outcome.gains_if_added.items()
        ],
        schema={"commune_code": pl.String, "gain_if_added": pl.Int64},
    )
    best_gain = gains.group_by("commune_code").agg(pl.col("gain_if_added").max())
    tiers = sites.group_by("commune_code").agg(
        pl.col("tier").sort().unique(maintain_order=True).str.join(";").alias("sites")
    )
    return (
        outcome.territory.communes.select(
            "commune_code",
            "name",
            "population",
            pl.col("employed", "jobs").round(0).cast(pl.Int64),
            "lon",
            "lat",
        )
        .join(access, on="commune_code", how="left")
        .join(tiers, on="commune_code", how="left")
        .join(best_gain, on="commune_code", how="left")
        .sort("commune_code")
    )


def _minutes(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def collection(features: list[Layer]) -> Layer:
    """A GeoJSON layer."""
    return {"type": "FeatureCollection", "features": features}


def feature(geometry: Layer, properties: Layer) -> Layer:
    """A GeoJSON mark with what is known of it."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}
