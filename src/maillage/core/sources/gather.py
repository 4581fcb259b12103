"""Every official table a study needs, cut to one intercommunality and its surroundings."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import (
    census,
    cog,
    equipment,
    flows,
    grid,
    outlines,
    places,
    registry,
)
from maillage.core.sources.cog import Recoding
from maillage.core.sources.registry import Source

# Municipal geography of the tables whose file does not say it
CENSUS_GEOGRAPHY = {2018: "2021-01-01"}
EQUIPMENT_GEOGRAPHY = "2018-01-01"
THIRD_PLACES_GEOGRAPHY = "2019-01-01"
ORNE_FLOWS_GEOGRAPHY = "2014-01-01"


@dataclass(frozen=True)
class Note:
    """Something the reader of a result must know about its inputs: a code and its facts."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Tables:
    """Official tables of one intercommunality; `flows` is empty when none were observed.

    communes  members and every commune around them, `is_member` tells which
    flows     workers by home and workplace, with the workplace's name and position
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


def gather(
    folder: Path, perimeter: str, assumptions: Assumptions, *, flows_file: Path | None = None
) -> Tables:
    """The tables of the intercommunality that a text names (SIREN or name).

    Raises BadInput when the perimeter is unknown or a needed table is missing or unusable.
    """
    used: list[Source] = []

    def path_of(dataset: str) -> Path:
        path = registry.require(folder, dataset)
        used.append(registry.source(dataset, path))
        return path

    communes = cog.read_communes(path_of("communes"))
    epcis = cog.read_epcis(path_of("epci"))
    siren, name, kind = find_epci(perimeter, epcis, communes)
    nearby = _members_and_surroundings(communes, siren, assumptions.value("places.surroundings_km"))
    movements = path_of("movements")

    def since(date: str) -> Recoding:
        return cog.read_recoding(movements, date)

    work, year = census.read(path_of("census"), since(CENSUS_GEOGRAPHY[2018]))
    work = work.filter(pl.col("commune_code").is_in(nearby["commune_code"].to_list()))
    members = frozenset(nearby.filter("is_member")["commune_code"])
    shapes = _outlines(folder, members, used)
    cells = _cells(path_of("grid"), members, shapes)
    counts = equipment.read(path_of("equipment"), since(EQUIPMENT_GEOGRAPHY)).filter(
        pl.col("commune_code").is_in(list(members))
    )
    observed, observed_notes = _flows(folder, flows_file, members, communes, since, used)
    return Tables(
        siren=siren,
        name=name,
        kind=kind,
        communes=nearby,
        work=work,
        cells=cells,
        equipment=counts,
        places=_places(folder, nearby, since, used, assumptions),
        flows=observed,
        outlines=shapes,
        sources=tuple(used),
        census_year=year,
        notes=tuple(observed_notes),
    )


def find_epci(text: str, epcis: pl.DataFrame, communes: pl.DataFrame) -> tuple[str, str, str]:
    """SIREN, name and kind of the intercommunality that a SIREN or a name designates.

    Raises BadInput `perimeter_is_department`, `perimeter_is_commune`, `unknown_perimeter`.
    """
    text = text.strip()
    by_siren = {siren: (siren, name, kind) for siren, name, kind in epcis.rows()}
    if text in by_siren:
        return _with_members(by_siren[text], communes)
    wanted = cog.normalised(text)
    same_name = [row for row in by_siren.values() if wanted and cog.normalised(row[1]) == wanted]
    if len(same_name) == 1:
        return _with_members(same_name[0], communes)
    _refuse_other_levels(text, by_siren, communes)
    raise BadInput("unknown_perimeter", text=text, nearest=_nearest(text, by_siren))


def _with_members(epci: tuple[str, str, str], communes: pl.DataFrame) -> tuple[str, str, str]:
    if communes.filter(pl.col("epci_siren") == epci[0]).is_empty():
        raise BadInput("perimeter_overseas", siren=epci[0], name=epci[1])
    return epci


def _refuse_other_levels(
    text: str, by_siren: dict[str, tuple[str, str, str]], communes: pl.DataFrame
) -> None:
    in_department = communes.filter(
        (pl.col("department") == text.upper()) & pl.col("epci_siren").is_in(list(by_siren))
    )
    if not in_department.is_empty():
        sirens = sorted(set(in_department["epci_siren"]))
        raise BadInput(
            "perimeter_is_department", text=text, epcis=[by_siren[siren][:2] for siren in sirens]
        )
    # a département's own SIREN is 22, its code, then a key
    if geo.SIREN.match(text) and text.startswith("22") and text not in by_siren:
        _refuse_other_levels(text[2:4], by_siren, communes)
    as_commune = communes.filter((pl.col("commune_code") == text) | (pl.col("siren") == text))
    if not as_commune.is_empty():
        epci = as_commune["epci_siren"][0]
        raise BadInput(
            "perimeter_is_commune",
            commune=as_commune["name"][0],
            epci=by_siren[epci][:2] if epci in by_siren else None,
        )


def _nearest(text: str, by_siren: dict[str, tuple[str, str, str]]) -> list[tuple[str, str]]:
    if text.isdigit():
        keys = difflib.get_close_matches(text, list(by_siren), n=5, cutoff=0.6)
        return [by_siren[key][:2] for key in keys]
    names = {cog.normalised(row[1]): row for row in by_siren.values()}
    found = difflib.get_close_matches(cog.normalised(text), list(names), n=5, cutoff=0.4)
    return [names[key][:2] for key in found]


def _members_and_surroundings(communes: pl.DataFrame, siren: str, radius_km: float) -> pl.DataFrame:
    is_member = (communes["epci_siren"] == siren).fill_null(value=False).to_numpy()
    xy = geo.project(communes.select("lon", "lat").to_numpy())
    nearest_km = np.full(len(communes), np.inf)
    for member in xy[is_member]:
        step = np.hypot(xy[:, 0] - member[0], xy[:, 1] - member[1]) / 1000.0
        nearest_km = np.minimum(nearest_km, step)
    return (
        communes.with_columns(is_member=pl.Series(is_member))
        .filter(pl.Series(nearest_km <= radius_km))
        .sort("commune_code")
    )


def _cells(path: Path, members: frozenset[str], shapes: outlines.Outlines) -> pl.DataFrame:
    """The members' cells: by the outline that holds each centre, else by the file's own code."""
    cells = grid.read(path)
    if shapes:
        placed = grid.located(grid.around(cells, outlines.bounds(shapes)))
        codes = outlines.commune_of_points(shapes, placed.select("lon", "lat").rows())
        return placed.with_columns(commune_code=pl.Series(codes, dtype=pl.String)).filter(
            pl.col("commune_code").is_not_null()
        )
    if cells["commune_code"].null_count() == len(cells):
        raise BadInput("grid_without_communes", path=path)
    return grid.located(cells.filter(pl.col("commune_code").is_in(list(members))))


def _outlines(folder: Path, members: frozenset[str], used: list[Source]) -> outlines.Outlines:
    """Fine outlines where a file has all members, else the simplified national ones."""
    for dataset in ("outlines", "outlines_national"):
        for path in registry.find_all(folder, dataset):
            shapes = outlines.read(path, members)
            if len(shapes) == len(members):
                used.append(registry.source(dataset, path))
                return dict(sorted(shapes.items()))
    return {}


def _places(
    folder: Path,
    nearby: pl.DataFrame,
    since: Callable[[str], Recoding],
    used: list[Source],
    assumptions: Assumptions,
) -> pl.DataFrame:
    readers = {
        "third_places": places.read_third_places,
        "service_houses": places.read_service_houses,
        "stations": places.read_stations,
    }
    found = [pl.DataFrame(schema={c.name: c.dtype for c in places.PLACES.columns})]
    for dataset, read in readers.items():
        path = registry.find(folder, dataset)
        if path is not None:
            used.append(registry.source(dataset, path))
            found.append(read(path, since(THIRD_PLACES_GEOGRAPHY)))
    every = pl.concat(found)
    member_xy = geo.project(nearby.filter("is_member").select("lon", "lat").to_numpy())
    place_xy = geo.project(every.select("lon", "lat").to_numpy())
    near = geo.distances_km(place_xy, member_xy).min(axis=1, initial=np.inf)
    return every.filter(pl.Series(near <= assumptions.value("places.neighbour_places_km")))


def _flows(
    folder: Path,
    flows_file: Path | None,
    members: frozenset[str],
    communes: pl.DataFrame,
    since: Callable[[str], Recoding],
    used: list[Source],
) -> tuple[pl.DataFrame, list[Note]]:
    """Observed flows that leave the members' homes: the file given, else one in the folder."""
    empty = _with_workplaces(
        pl.DataFrame(schema={c.name: c.dtype for c in flows.FLOWS.columns}), communes
    )
    path = flows_file or registry.find(folder, "flows")
    if path is None:
        return empty, []
    read = flows.read(path, since(ORNE_FLOWS_GEOGRAPHY))
    inside = read.filter(pl.col("home_code").is_in(list(members)))
    covered = inside["home_code"].n_unique()
    if covered == len(members):
        used.append(registry.source("flows", path))
        return _with_workplaces(inside, communes), []
    if flows_file is not None:
        raise BadInput("flows_elsewhere", path=path, covered=covered, members=len(members))
    return empty, []


def _with_workplaces(observed: pl.DataFrame, communes: pl.DataFrame) -> pl.DataFrame:
    """The flows with the name and position of each workplace; null abroad."""
    workplaces = communes.select(
        work_code="commune_code", work_name="name", work_lon="lon", work_lat="lat"
    )
    return observed.join(workplaces, on="work_code", how="left", maintain_order="left")
