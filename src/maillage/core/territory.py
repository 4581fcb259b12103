"""One intercommunality: its communes, inhabited cells, work, equipment and existing places."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources.gather import Note, Tables
from maillage.core.travel import Travel, by_case

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads import RoadMap

# Loading check: inhabitants of the cells over the reference population
CELLS_RATIO = (0.9, 1.1)

COLUMNS = (
    *("commune_code", "name", "lon", "lat", "population", "area_km2"),
    *("employed", "unemployed", "jobs", "salaried_jobs"),
)

WORKPLACE_KINDS = ("coworking", "fablab", "third_place")


@dataclass(frozen=True)
class Territory:
    """A perimeter with everything known about it, each commune exactly once.

    communes      members, COLUMNS (work columns null: no data for this vintage)
    surroundings  the communes around, same columns
    cells         inhabited cells of the members
    workplaces    existing third places inside and around, duplicates counted once
    """

    siren: str
    name: str
    kind: str
    communes: pl.DataFrame
    surroundings: pl.DataFrame
    cells: pl.DataFrame
    equipment: pl.DataFrame
    workplaces: pl.DataFrame
    services: pl.DataFrame
    tables: Tables
    notes: tuple[Note, ...]

    @property
    def population(self) -> int:
        """Inhabitants: sum of the members' reference populations, persons."""
        return int(self.communes["population"].sum())

    @property
    def employed(self) -> float:
        """Employed residents aged 15-64 of the communes that have a figure, persons."""
        return float(self.communes["employed"].sum())

    @property
    def jobs(self) -> float:
        """Jobs at the workplace in the communes that have a figure."""
        return float(self.communes["jobs"].sum())

    @cached_property
    def roads(self) -> "RoadMap | None":
        """The streets around, None where no extract of OpenStreetMap was read.

        Raises BadInput `roads_not_installed` where this machine cannot follow them.
        """
        if self.tables.streets is None:
            return None
        try:
            # the extra `roads`; a study by distance does without
            from maillage.core.travel.roads import RoadMap
        except ImportError as error:
            raise BadInput("roads_not_installed") from error
        return RoadMap(self.tables.streets)

    def travel(self, assumptions: Assumptions) -> dict[str, Travel]:
        """Travel by car in every case: by road where streets are known, else by distance."""
        roads = None if self.roads is None else self.roads.of("car", assumptions)
        return by_case(assumptions, roads)

    @property
    def cell_xy(self) -> NDArray[np.float64]:
        """Lambert-93 metres [i, 2] of the cells' centres."""
        return geo.project(self.cells.select("lon", "lat").to_numpy())


def assemble(tables: Tables, assumptions: Assumptions) -> Territory:
    """The territory of the tables; every commune once, totals conserved.

    Raises BadInput `cells_empty` when no inhabited cell falls in the perimeter.
    """
    communes = (
        tables.communes.join(tables.work, on="commune_code", how="left")
        .select(*COLUMNS, "is_member")
        .sort("commune_code")
    )
    members = communes.filter("is_member").drop("is_member")
    cells = tables.cells.filter(pl.col("commune_code").is_in(members["commune_code"].to_list()))
    if cells.is_empty():
        raise BadInput("cells_empty", name=tables.name)
    workplaces = tables.places.filter(pl.col("kind").is_in(WORKPLACE_KINDS))
    return Territory(
        siren=tables.siren,
        name=tables.name,
        kind=tables.kind,
        communes=members,
        surroundings=communes.filter(~pl.col("is_member")).drop("is_member"),
        cells=cells,
        equipment=tables.equipment,
        workplaces=without_duplicates(workplaces, assumptions.value("places.same_place_m")),
        services=tables.places.filter(~pl.col("kind").is_in(WORKPLACE_KINDS)),
        tables=tables,
        notes=(*tables.notes, *_loading_notes(members, cells)),
    )


def without_duplicates(places: pl.DataFrame, same_place_m: float) -> pl.DataFrame:
    """Places of one kind closer than a distance are one place: the first by name is kept."""
    ordered = places.sort("commune_code", "name")
    xy = geo.project(ordered.select("lon", "lat").to_numpy())
    kinds = ordered["kind"].to_list()
    kept: list[int] = []
    for n in range(len(ordered)):
        twins = [
            m for m in kept if kinds[m] == kinds[n] and np.hypot(*(xy[m] - xy[n])) <= same_place_m
        ]
        if not twins:
            kept.append(n)
    return ordered[kept]


def _loading_notes(members: pl.DataFrame, cells: pl.DataFrame) -> list[Note]:
    notes = []
    unknown = members.filter(pl.col("employed").is_null())
    if not unknown.is_empty():
        notes.append(Note("no_work_figures", {"communes": unknown["name"].to_list()}))
    ratio = int(cells["population"].sum()) / max(1, int(members["population"].sum()))
    low, high = CELLS_RATIO
    if not low <= ratio <= high:
        notes.append(Note("cells_differ_from_population", {"ratio": ratio}))
    without_cells = members.filter(~pl.col("commune_code").is_in(cells["commune_code"].to_list()))
    if not without_cells.is_empty():
        notes.append(Note("communes_without_cells", {"communes": without_cells["name"].to_list()}))
    return notes
