"""What is known of a territory before any study: people, work, places, and what is missing.

method  docs/method/portrait.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from maillage.core import candidates, geo
from maillage.core.assumptions import Assumptions, baskets
from maillage.core.candidates import Candidates
from maillage.core.portrait import access, work
from maillage.core.portrait.access import Access
from maillage.core.portrait.gaps import found_in
from maillage.core.portrait.measured import Band, Gap, Measured, observed
from maillage.core.portrait.trips import Group, Trips
from maillage.core.portrait.work import Work
from maillage.core.sources.notes import Note
from maillage.core.sources.registry import Source
from maillage.core.territory import Territory

__all__ = [
    "Access",
    "Band",
    "Gap",
    "Group",
    "Measured",
    "Portrait",
    "Trips",
    "Work",
    "describe",
]

FAMILIES = "daily_life"


@dataclass(frozen=True)
class Portrait:
    """A territory in numbers, each with its source; None or absent where nobody counted.

    by_commune   commune_code, name, population, area_km2, employed, jobs, population_in_cells,
                 and minutes_low, minutes, minutes_high, beyond_20 when a place is known
    equipment    commune_code, name, then one count a family; null: no figure for the commune
    families     how many of each family there are in the territory
    hosts        how many of each kind of possible host there are, France services included
    services     France services and stations inside: kind, name, commune_code, lon, lat
    """

    territory: Territory
    assumptions: Assumptions
    population: Measured
    area_km2: Measured | None
    work: Work
    access: Access | None
    by_commune: pl.DataFrame
    equipment: pl.DataFrame
    families: dict[str, Measured]
    hosts: dict[str, Measured]
    services: pl.DataFrame
    candidates: Candidates
    gaps: tuple[Gap, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader must know about the inputs."""
        return (*self.territory.notes, *self.candidates.notes)

    def sources(self, *ids: str) -> tuple[Source, ...]:
        """The files read for some datasets of the registry."""
        return sources_of(self.territory, *ids)


def describe(territory: Territory, assumptions: Assumptions) -> Portrait:
    """The portrait of a territory under the assumptions in force."""
    options = candidates.find(territory, assumptions)
    used = sources_of(territory, "third_places", "grid", "roads")
    today = access.of_places(territory, assumptions, used)
    members = pl.col("commune_code").is_in(territory.communes["commune_code"].to_list())
    equipment = _equipment(territory)
    services = territory.services.filter(members).sort("kind", "name")
    return Portrait(
        territory=territory,
        assumptions=assumptions,
        population=observed(territory.population, "persons", sources_of(territory, "communes")),
        area_km2=_area(territory),
        work=_work(territory, assumptions),
        access=today,
        by_commune=_by_commune(territory, today),
        equipment=equipment,
        families=_families(territory, equipment),
        hosts=_hosts(territory, options),
        services=services,
        candidates=options,
        gaps=found_in(territory),
    )


def sources_of(territory: Territory, *ids: str) -> tuple[Source, ...]:
    """The files read for some datasets, in the order asked."""
    read = territory.tables.sources
    return tuple(source for name in ids for source in read if source.dataset.id == name)


def _work(territory: Territory, assumptions: Assumptions) -> Work:
    is_observed = not territory.tables.flows.is_empty()
    return work.of_territory(
        territory,
        assumptions,
        census=sources_of(territory, "census"),
        flows=sources_of(territory, "flows" if is_observed else "census"),
    )


def _area(territory: Territory) -> Measured | None:
    """Square kilometres: the communes' own where all have one, else those of the outlines."""
    areas = territory.communes["area_km2"]
    if areas.null_count() == 0:
        return observed(float(areas.sum()), "km2", sources_of(territory, "communes"))
    shapes = territory.tables.outlines
    if not shapes:
        return None
    whole = shapely.union_all(list(shapes.values()))
    flat = shapely.transform(whole, geo.project)
    used = sources_of(territory, "outlines", "outlines_national")
    return observed(float(shapely.area(flat)) / 1e6, "km2", used)


def _by_commune(territory: Territory, today: Access | None) -> pl.DataFrame:
    return (
        territory.communes.select(
            "commune_code", "name", "population", "area_km2", "employed", "jobs", "lon", "lat"
        )
        .join(access.by_commune(territory, today), on="commune_code", how="left")
        .sort("commune_code")
    )


def _equipment(territory: Territory) -> pl.DataFrame:
    """Counts by commune and family; a commune without any figure stays empty."""
    table = territory.communes.select("commune_code", "name").sort("commune_code")
    unknown = _without_equipment_figures(territory)
    for family, codes in baskets(FAMILIES).items():
        counts = (
            territory.equipment.filter(pl.col("equipment_code").is_in(list(codes)))
            .group_by("commune_code")
            .agg(pl.col("count").sum().cast(pl.Int64).alias(family))
        )
        table = table.join(counts, on="commune_code", how="left", maintain_order="left")
    known = ~pl.col("name").is_in(unknown)
    return table.with_columns(
        pl.when(known).then(pl.col(family).fill_null(0)) for family in baskets(FAMILIES)
    )


def _without_equipment_figures(territory: Territory) -> list[str]:
    notes = [n for n in territory.notes if n.code == "no_equipment_figures"]
    return [str(name) for note in notes for name in np.atleast_1d(np.array(note.facts["communes"]))]


def _families(territory: Territory, equipment: pl.DataFrame) -> dict[str, Measured]:
    used = sources_of(territory, "equipment")
    return {
        family: observed(float(equipment[family].sum()), "equipments", used)
        for family in baskets(FAMILIES)
    }


def _hosts(territory: Territory, options: Candidates) -> dict[str, Measured]:
    """Shops and services that could host, summed over the communes, in the basket's order."""
    counts: dict[str, int] = {}
    for candidate in options.every:
        for host in candidate.hosts:
            counts[host.kind] = counts.get(host.kind, 0) + host.count
    kinds = (*baskets("hosts"), "service_house")
    return {
        kind: observed(
            counts[kind],
            "equipments",
            sources_of(territory, "service_houses" if kind == "service_house" else "equipment"),
        )
        for kind in kinds
        if kind in counts
    }
