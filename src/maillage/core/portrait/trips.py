"""How residents go to work: what only the individual detail file tells.

method  docs/method/portrait.md
"""

from dataclasses import dataclass

import polars as pl

from maillage.core.assumptions import Assumptions
from maillage.core.commuting import Commuting
from maillage.core.portrait.measured import Measured, observed
from maillage.core.sources.mobpro import CATEGORIES, DETAIL, MODES
from maillage.core.sources.registry import Source

# Straight-line distance beyond which a trip is long, that of the portrait's last band
LONG_KM = 30.0


@dataclass(frozen=True)
class Group:
    """The workers of one mode or of one category.

    key      one of MODES or CATEGORIES; None: those of whom the file does not tell it
    workers  persons
    share    of all the workers, 0-1; None where the group is too small to be more than an order
             of magnitude
    far      share of the group farther than LONG_KM; None where the group is too small
    """

    key: str | None
    workers: Measured
    share: Measured | None
    far: Measured | None


@dataclass(frozen=True)
class Trips:
    """The trips to work of a territory's residents.

    far         share of all of them farther than LONG_KM
    modes       in the order of MODES, empty where the file tells none
    categories  in the order of CATEGORIES, empty likewise
    crossed     category, mode, workers: null for what is not told; empty unless both are
    part_time   share of those whose working time is told; None where they are too few
    fewest      persons under which no share is given
    """

    workers: Measured
    far: Measured | None
    modes: tuple[Group, ...]
    categories: tuple[Group, ...]
    crossed: pl.DataFrame
    part_time: Measured | None
    fewest: float


def of_flows(
    trips: pl.DataFrame | None,
    flows: Commuting | None,
    assumptions: Assumptions,
    sources: tuple[Source, ...],
) -> Trips | None:
    """What a detail file (mobpro.DETAIL) tells beyond its flows; None where it tells nothing."""
    if trips is None or flows is None or flows.origin != "observed":
        return None
    lines = _placed(trips, flows)
    told = _Told(lines, assumptions.value("flows.order_of_magnitude_below"), sources)
    modes, categories = told.groups("mode", MODES), told.groups("category", CATEGORIES)
    part_time = told.part_time()
    if not (modes or categories or part_time):
        return None
    everyone = told.group(None, lines)
    return Trips(
        workers=everyone.workers,
        far=everyone.far,
        modes=modes,
        categories=categories,
        crossed=_crossed(lines if modes and categories else lines.clear()),
        part_time=part_time,
        fewest=told.fewest,
    )


def _crossed(lines: pl.DataFrame) -> pl.DataFrame:
    keys = ["category", "mode"]
    return lines.group_by(keys).agg(pl.col("workers").sum()).sort(keys, nulls_last=True)


def _placed(trips: pl.DataFrame, flows: Commuting) -> pl.DataFrame:
    """The trips with their distance; a code that is none of ours tells nothing."""
    ends = ["home_code", "work_code"]
    kilometres = flows.flows.select(*ends, "straight_km")
    return (
        trips.select(column.name for column in DETAIL.columns)
        .with_columns(
            pl.when(pl.col(name).is_in(keys)).then(pl.col(name))
            for name, keys in (("mode", MODES), ("category", CATEGORIES))
        )
        .join(kilometres, on=ends, how="left", maintain_order="left")
    )


@dataclass(frozen=True)
class _Told:
    """The trips with their distance, and what every number of them carries."""

    lines: pl.DataFrame
    fewest: float
    sources: tuple[Source, ...]

    @property
    def everyone(self) -> float:
        """All the workers, persons."""
        return _persons(self.lines)

    def groups(self, by: str, keys: tuple[str, ...]) -> tuple[Group, ...]:
        """One group a key that the file tells, those of whom it does not last."""
        parts = [(key, self.lines.filter(pl.col(by) == key)) for key in keys]
        found = [self.group(key, part) for key, part in parts if not part.is_empty()]
        untold = self.lines.filter(pl.col(by).is_null())
        if found and not untold.is_empty():
            found.append(self.group(None, untold))
        return tuple(found)

    def group(self, key: str | None, part: pl.DataFrame) -> Group:
        """Some of the workers, with what share they are and how many of them go far."""
        workers = _persons(part)
        far = _persons(part.filter(pl.col("straight_km") > LONG_KM))
        return Group(
            key,
            observed(workers, "persons", self.sources),
            self._share(workers, self.everyone) if workers >= self.fewest else None,
            self._share(far, workers),
        )

    def part_time(self) -> Measured | None:
        """The share of part-time workers among those whose working time is told."""
        told = self.lines.filter(pl.col("working_time").is_not_null())
        return self._share(_persons(told.filter(pl.col("working_time") == "part")), _persons(told))

    def _share(self, persons: float, of: float) -> Measured | None:
        """A share of too few people says nothing of the others."""
        if of < self.fewest:
            return None
        return observed(persons / of, "share", self.sources)


def _persons(lines: pl.DataFrame) -> float:
    return float(lines["workers"].sum())
