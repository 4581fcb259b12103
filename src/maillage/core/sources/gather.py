"""Every official table a study needs, cut to one intercommunality and its surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import (
    census,
    cog,
    communes,
    equipment,
    flows,
    grid,
    osm,
    outlines,
    places,
    registry,
    roads,
)
from maillage.core.sources.cog import History, Recoded
from maillage.core.sources.notes import Note as Note
from maillage.core.sources.osm import Streets
from maillage.core.sources.perimeter import find_epci
from maillage.core.sources.registry import Source
from maillage.core.sources.shelf import Shelf

# Loading check: workers of the flows over the employed residents of the census
FLOWS_TOLERANCE = 0.01


@dataclass(frozen=True)
class Tables:
    """Official tables of one intercommunality; `flows` is empty when none were observed.

    communes  members and every commune around them, `is_member` tells which
    flows     workers by home and workplace, with the workplace's name and position
    trips     the members' own by mode and working time (mobpro.DETAIL), None where the file of
              flows is no detail file
    streets   of the communes and around, None where no extract of OpenStreetMap was read
    """

    siren: str
    name: str
    kind: str
    communes: pl.DataFrame
    work: pl.DataFrame
    cells: pl.DataFrame
    equipment: pl.DataFrame
    places: pl.DataFrame
    flows: pl.DataFrame
    outlines: outlines.Outlines
    sources: tuple[Source, ...]
    census_year: int
    notes: tuple[Note, ...] = ()
    streets: Streets | None = None
    trips: pl.DataFrame | None = None


@dataclass(frozen=True)
class _Folder:
    """A folder of official tables, with what was read there and what must be known about it."""

    shelf: Shelf
    used: list[Source] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.shelf.path

    def require(self, dataset: str) -> Path:
        path = self.shelf.once(registry.require, self.path, dataset)
        self.use(dataset, path)
        return path

    def keep_roads(self, found: roads.Found) -> None:
        """Keep the extracts whose streets are used, and what must be known of the others."""
        for path in found.used:
            self.use("roads", path, osm.announced_day(path))
        self.notes.extend(found.notes)

    def use(self, dataset: str, path: Path, vintage: str | None = None) -> None:
        """Keep the provenance of a file, once."""
        source = self.shelf.source(dataset, path, vintage)
        self.used[:] = [s for s in self.used if s.file != source.file] + [source]


def gather(
    folder: Path | Shelf,
    perimeter: str,
    assumptions: Assumptions,
    *,
    flows_file: Path | None = None,
    road_files: tuple[Path, ...] = (),
    are_roads_chosen: bool = True,
    cache: Path | None = None,
) -> Tables:
    """The tables of the intercommunality that a text names (SIREN or name).

    folder      a shelf where many places are read from the same folder
    road_files  extracts of OpenStreetMap; none: those of the folder that cover the place
    are_roads_chosen  whether somebody named them for this very place: what does not suit is refused
    cache       folder where streets already cut are kept, None keeps nothing
    Raises BadInput when the perimeter is unknown or a needed table is missing or unusable.
    """
    given = _Folder(folder if isinstance(folder, Shelf) else Shelf(folder))
    listed, nearby_km = _communes_listed(given), assumptions.value("places.surroundings_km")
    epcis = given.shelf.once(communes.read_epcis, given.require("epci"))
    siren, name, kind = find_epci(perimeter, epcis, listed)
    history = _history(given, listed)
    every = _completed(given, listed, siren, history)
    nearby = _members_and_surroundings(every, siren, nearby_km)
    members = dict(nearby.filter("is_member").select("commune_code", "name").iter_rows())
    work, year = _work(given, history, nearby)
    shapes = _outlines(given, frozenset(members))
    cells = _cells(given, frozenset(members), shapes)
    extracts = road_files or tuple(registry.find_all(given.path, "roads"))
    found = roads.around(
        *(nearby, cells, extracts),
        is_chosen=bool(road_files) and are_roads_chosen,
        assumptions=assumptions,
        cache=cache,
    )
    given.keep_roads(found)
    equipped = _equipment(given, history, members)
    observed, trips = _flows(given, flows_file, history, members, work)
    return Tables(
        siren=siren,
        name=name,
        kind=kind,
        communes=nearby,
        work=work.table,
        cells=cells,
        equipment=equipped,
        flows=_with_workplaces(observed, every),
        places=_places(given, history, nearby, assumptions),
        outlines=shapes,
        sources=tuple(given.used),
        census_year=year,
        notes=tuple(given.notes),
        streets=found.streets,
        trips=trips,
    )


def _communes_listed(given: _Folder) -> pl.DataFrame:
    path = given.require("communes")
    return given.shelf.once(communes.read, path, registry.require(given.path, "epci"))


def _history(given: _Folder, listed: pl.DataFrame) -> History:
    codes = frozenset(listed["commune_code"])
    return given.shelf.once(cog.read_history, given.require("movements"), codes)


def _completed(given: _Folder, listed: pl.DataFrame, siren: str, history: History) -> pl.DataFrame:
    """The communes with their position and population, from other tables where theirs lack."""
    if listed["population"].null_count() == len(listed):
        found = given.shelf.once(census.read_inhabitants, given.require("census"), history).table
        listed = listed.drop("population", "area_km2").join(
            found, on="commune_code", how="left", maintain_order="left"
        )
    if listed["lon"].null_count() == 0:
        return listed
    points = _inner_points(given)
    placed = listed.drop("lon", "lat").join(
        points, on="commune_code", how="left", maintain_order="left"
    )
    lost = placed.filter(pl.col("lon").is_null() & (pl.col("epci_siren") == siren))
    if not lost.is_empty():
        raise BadInput("communes_without_position", names=lost["name"].to_list())
    given.notes.append(Note("towns_from_outlines"))
    return placed.drop_nulls("lon").select(listed.columns)


def _inner_points(given: _Folder) -> pl.DataFrame:
    """A point of each commune that some outline gives, the fine ones first."""
    points: dict[str, tuple[float, float]] = {}
    for dataset in ("outlines_national", "outlines"):
        for path in registry.find_all(given.path, dataset):
            shapes = given.shelf.once(outlines.read, path)
            points |= dict(zip(shapes, map(tuple, outlines.inner_points(shapes)), strict=True))
            given.use(dataset, path)
    return pl.DataFrame(
        [(code, lon, lat) for code, (lon, lat) in points.items()],
        schema={"commune_code": pl.String, "lon": pl.Float64, "lat": pl.Float64},
        orient="row",
    )


def _work(given: _Folder, history: History, nearby: pl.DataFrame) -> tuple[Recoded, int]:
    path = given.require("census")
    work, year = given.shelf.once(census.read, path, history)
    given.use("census", path, f"RP {year}")
    given.notes.extend(work.notes)
    kept = pl.col("commune_code").is_in(nearby["commune_code"].to_list())
    return replace(work, table=work.table.filter(kept)), year


def _equipment(given: _Folder, history: History, members: Mapping[str, str]) -> pl.DataFrame:
    wanted = given.shelf.wanted(members) or history.communes
    counts = given.shelf.once(equipment.read, given.require("equipment"), history, wanted)
    given.notes.extend(counts.notes)
    _note_incomplete(given, "no_equipment_figures", counts, members)
    return counts.table.filter(pl.col("commune_code").is_in(list(members)))


def _note_incomplete(
    given: _Folder, code: str, recoded: Recoded, members: Mapping[str, str]
) -> None:
    names = [name for member, name in members.items() if member in recoded.incomplete]
    if names:
        given.notes.append(Note(code, {"communes": names}))


def _members_and_surroundings(every: pl.DataFrame, siren: str, radius_km: float) -> pl.DataFrame:
    is_member = (every["epci_siren"] == siren).fill_null(value=False).to_numpy()
    xy = geo.project(every.select("lon", "lat").to_numpy())
    nearest_km = np.full(len(every), np.inf)
    for member in xy[is_member]:
        step = np.hypot(xy[:, 0] - member[0], xy[:, 1] - member[1]) / 1000.0
        nearest_km = np.minimum(nearest_km, step)
    return (
        every.with_columns(is_member=pl.Series(is_member))
        .filter(pl.Series(nearest_km <= radius_km))
        .sort("commune_code")
    )


def _cells(given: _Folder, members: frozenset[str], shapes: outlines.Outlines) -> pl.DataFrame:
    """The members' cells: by the outline that holds each centre, else by the file's own code."""
    path = given.require("grid")
    cells = given.shelf.once(grid.read, path)
    if shapes:
        placed = grid.located(grid.around(cells, outlines.bounds(shapes)))
        codes = outlines.commune_of_points(shapes, placed.select("lon", "lat").rows())
        return placed.with_columns(commune_code=pl.Series(codes, dtype=pl.String)).filter(
            pl.col("commune_code").is_not_null()
        )
    if not grid.tells_communes(cells):
        raise BadInput("grid_without_communes", path=path)
    return grid.located(cells.filter(pl.col("commune_code").is_in(list(members))))


def _outlines(given: _Folder, members: frozenset[str]) -> outlines.Outlines:
    """Fine outlines where a file has all members, else the simplified national ones."""
    for dataset in ("outlines", "outlines_national"):
        for path in registry.find_all(given.path, dataset):
            shapes = given.shelf.once(outlines.read, path, given.shelf.wanted(members))
            if members <= shapes.keys():
                given.use(dataset, path)
                return {code: shapes[code] for code in sorted(members)}
    return {}


def _places(
    given: _Folder, history: History, nearby: pl.DataFrame, assumptions: Assumptions
) -> pl.DataFrame:
    found = [pl.DataFrame(schema={c.name: c.dtype for c in places.PLACES.columns})]
    for dataset in places.DATASETS:
        path = registry.find(given.path, dataset)
        if path is not None:
            date = registry.geography(dataset, path) or registry.geographies()[-1]
            read = given.shelf.once(_places_of, dataset, path, history, date)
            given.use(dataset, path, read.vintage)
            given.notes.extend(read.notes)
            found.append(read.table)
    every = pl.concat(found)
    member_xy = geo.project(nearby.filter("is_member").select("lon", "lat").to_numpy())
    place_xy = geo.project(every.select("lon", "lat").to_numpy())
    near = geo.distances_km(place_xy, member_xy).min(axis=1, initial=np.inf)
    within = pl.Series(near <= assumptions.value("places.neighbour_places_km"))
    return _with_nearest_commune(every.filter(within), nearby)


def _places_of(dataset: str, path: Path, history: History, date: str) -> places.Found:
    return places.read(dataset, path, history.since(date))


def _with_nearest_commune(found: pl.DataFrame, nearby: pl.DataFrame) -> pl.DataFrame:
    """The places, those whose commune is not told in the commune of the nearest main town."""
    town_xy = geo.project(nearby.select("lon", "lat").to_numpy())
    place_xy = geo.project(found.select("lon", "lat").to_numpy())
    nearest = nearby["commune_code"].gather(geo.distances_km(place_xy, town_xy).argmin(axis=1))
    return found.with_columns(pl.col("commune_code").fill_null(nearest))


def _flows(
    given: _Folder,
    flows_file: Path | None,
    history: History,
    members: Mapping[str, str],
    work: Recoded,
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Observed flows that leave the members' homes: the file given, else one in the folder.

    With them their trips by mode, where the file is the detail file.
    """
    nothing = pl.DataFrame(schema={c.name: c.dtype for c in flows.FLOWS.columns})
    path = flows_file or registry.find(given.path, "flows")
    if path is None:
        return nothing, None
    wanted = given.shelf.wanted(members)
    observed, year, trips = given.shelf.once(flows.read_with_trips, path, history, wanted)
    is_member = pl.col("home_code").is_in(list(members))
    inside = observed.table.filter(is_member)
    homes = set(inside["home_code"])
    missing = members.keys() - homes - observed.incomplete
    if missing and flows_file is None:
        return nothing, None
    if missing:
        raise BadInput("flows_elsewhere", path=path, covered=len(homes), members=len(members))
    given.use("flows", path, f"RP {year}" if year else None)
    given.notes.extend(observed.notes)
    _note_incomplete(given, "no_flow_figures", observed, members)
    _note_other_total(given, inside, work)
    return inside, None if trips is None else trips.filter(is_member)


def _note_other_total(given: _Folder, inside: pl.DataFrame, work: Recoded) -> None:
    """The flows leave out or add more than the tolerance: another year, another age."""
    residents = work.table.filter(
        pl.col("commune_code").is_in(inside["home_code"].unique().to_list())
    )
    employed, workers = float(residents["employed"].sum()), float(inside["workers"].sum())
    if abs(workers - employed) > FLOWS_TOLERANCE * employed:
        facts: dict[str, object] = {"workers": round(workers), "employed": round(employed)}
        given.notes.append(Note("flows_differ_from_census", facts))


def _with_workplaces(observed: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """The flows with the name and position of each workplace; null abroad."""
    workplaces = every.select(
        work_code="commune_code", work_name="name", work_lon="lon", work_lat="lat"
    )
    return observed.join(workplaces, on="work_code", how="left", maintain_order="left")
