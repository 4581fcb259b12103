"""The portrait page: everything it shows, in French, nothing left to compute."""

from dataclasses import dataclass
from math import isfinite

from maillage.core.portrait import Portrait
from maillage.core.sources.registry import Source
from maillage.report import french, notes, shown, travel_words
from maillage.report.map import legend, live
from maillage.report.portrait import findings, grids, trips, unknowns, workplaces
from maillage.report.shown import Chart, Figure, Grid, Map, Section, SourceLine, Table, Unknown

MOST_ROWS = 12
# Notes that the questions of the page already ask
SAID_AS_UNKNOWN = ("no_work_figures", "no_equipment_figures")


@dataclass(frozen=True)
class PortraitPage:
    """A territory's page.

    access      absent where no place is known
    modes       absent where no detail file tells them; `categories` likewise
    """

    siren: str
    name: str
    title: str
    lead: str
    figures: tuple[Figure, ...]
    map: Map
    access: Chart | None
    employment: Chart
    destinations: Chart
    distances: Chart
    modes: Chart | None
    categories: Section | None
    hosts: Section
    places: Section
    communes: Grid
    unknowns: tuple[Unknown, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    sources: tuple[SourceLine, ...]
    attribution: str
    travel: str


def of_portrait(portrait: Portrait) -> PortraitPage:
    """Every sentence, figure and table of the page."""
    place = portrait.territory
    return PortraitPage(
        siren=place.siren,
        name=place.name,
        title=findings.title(portrait),
        lead=findings.lead(portrait),
        figures=_figures(portrait),
        map=_map(portrait),
        access=_access(portrait),
        employment=_employment(portrait),
        destinations=destinations(portrait),
        distances=distances(portrait),
        modes=_modes(portrait),
        categories=_categories(portrait),
        hosts=_hosts(portrait),
        places=_places(portrait),
        communes=grids.with_ranges(grids.communes(portrait)),
        unknowns=tuple(unknowns.words(gap) for gap in portrait.gaps),
        notes=tuple(
            notes.for_page(note) for note in portrait.notes if note.code not in SAID_AS_UNKNOWN
        ),
        tables=tables(portrait),
        sources=shown.source_lines(place.tables.sources),
        attribution=shown.attribution(place.tables.sources),
        travel=travel_words.of_territory(place).limits,
    )


def tables(portrait: Portrait) -> tuple[Table, ...]:
    """The tables to download, whole; a table without a row is left out."""
    found = {
        "communes": grids.communes(portrait),
        "access": grids.access(portrait),
        "destinations": workplaces.destinations(portrait),
        "distances": grids.distances(portrait),
        "modes": trips.modes(portrait),
        "categories": trips.categories(portrait),
        "places": grids.places(portrait),
        "equipment": grids.equipment(portrait),
    }
    return tuple(
        Table(key, grid.caption, grid, f"{key}.csv", f"{key}-excel.csv")
        for key, grid in found.items()
        if grid.rows
    )


def _figures(portrait: Portrait) -> tuple[Figure, ...]:
    area, ratio, missing = (
        portrait.area_km2,
        portrait.work.jobs_per_100,
        findings.left_out(portrait),
    )
    people = portrait.population
    figures = [
        _figure("Habitants", french.number(people.value), people.sources),
        _figure(
            "Communes",
            french.number(len(portrait.territory.communes)),
            portrait.sources("communes"),
            detail=f"{french.number(area.value)}{french.NBSP}km²" if area else "",
        ),
    ]
    if ratio is not None:
        detail = f"hors {missing}" if missing else ""
        value = french.number(ratio.value)
        label = "Emplois pour 100 actifs occupés"
        figures.append(_figure(label, value, ratio.sources, detail=detail))
    return (*figures, *_measured_figures(portrait))


def _measured_figures(portrait: Portrait) -> list[Figure]:
    """Who leaves, and how far the nearest place is, where they can be told."""
    figures = []
    outside = portrait.work.outside
    if outside is not None:
        figures.append(
            _figure(
                "Actifs qui travaillent hors du territoire",
                french.share(outside.value),
                outside.sources,
                origin=outside.origin,
                interval=shown.share_interval(outside),
            )
        )
    if portrait.access is not None and isfinite(portrait.access.mean.value):
        mean = portrait.access.mean
        figures.append(
            _figure(
                "Trajet moyen vers un lieu",
                french.number(mean.value),
                mean.sources,
                origin="modelled",
                unit="min",
                interval=shown.interval(mean),
            )
        )
    return figures


def _figure(
    label: str,
    value: str,
    sources: tuple[Source, ...],
    *,
    origin: str = "observed",
    unit: str = "",
    interval: str = "",
    detail: str = "",
) -> Figure:
    source, vintage = shown.cited(sources)
    return Figure(
        label=label,
        value=value,
        origin=origin,
        source=source,
        vintage=vintage,
        unit=unit,
        interval=interval,
        detail=detail,
    )


def _map(portrait: Portrait) -> Map:
    layers = {"cells": "cells.geojson", "places": "places.geojson", "labels": "labels.geojson"}
    if portrait.territory.tables.outlines:
        layers["outlines"] = "outlines.geojson"
    within = portrait.assumptions.value("siting.coverage_minutes")
    return Map(
        title=findings.access_title(portrait),
        text=findings.access_text(portrait),
        alternative=findings.map_alternative(portrait),
        file="map.svg",
        panel="map-panel.svg",
        legend=shown.LEGEND,
        rule=legend.rule_words(within),
        bounds=live.bounds(portrait.territory),
        layers=layers,
        how=travel_words.of_territory(portrait.territory).short,
    )


def _access(portrait: Portrait) -> Chart | None:
    access = portrait.access
    if access is None:
        return None
    grid = grids.bands_with_ranges(grids.access(portrait))
    return _chart(
        findings.access_title(portrait),
        findings.access_text(portrait),
        "access.svg",
        grid,
        "modelled",
        access.sources,
    )


def _employment(portrait: Portrait) -> Chart:
    table = grids.communes(portrait).only("name", "employed", "jobs")
    by_name = sorted(table.rows, key=lambda row: -_value(row[1].value))
    grid = Grid(table.caption, table.columns, tuple(by_name), table.total).first(10)
    return _chart(
        findings.employment_title(portrait),
        findings.employment_text(portrait),
        "employment.svg",
        grid,
        "observed",
        portrait.work.jobs.sources,
    )


def destinations(portrait: Portrait) -> Chart:
    """Where residents work."""
    grid = workplaces.destinations(portrait).only(
        "work_name", "is_inside", "workers", "straight_km"
    )
    return _chart(
        findings.destinations_title(portrait),
        f"{findings.destinations_text(portrait)} Barre pleine : dans le territoire ; vide : "
        "dehors.",
        "destinations.svg",
        grid.first(MOST_ROWS),
        *_flows(portrait),
    )


def distances(portrait: Portrait) -> Chart:
    """How far residents work."""
    return _chart(
        findings.distances_title(portrait),
        "Distances à vol d'oiseau, de bourg à bourg.",
        "distances.svg",
        grids.bands_with_ranges(grids.distances(portrait)),
        *_flows(portrait),
    )


def _modes(portrait: Portrait) -> Chart | None:
    told = portrait.work.trips
    if told is None or not told.modes:
        return None
    return _chart(
        trips.modes_title(told),
        trips.modes_text(told),
        "modes.svg",
        trips.modes(portrait).only("mode", "persons", "share", "far_share"),
        told.workers.origin,
        told.workers.sources,
    )


def _categories(portrait: Portrait) -> Section | None:
    told = portrait.work.trips
    if told is None or not told.categories:
        return None
    source, vintage = shown.cited(told.workers.sources)
    return Section(
        title=trips.categories_title(told),
        text=trips.categories_text(told),
        figures=(),
        grid=trips.categories_shown(portrait),
        origin=told.workers.origin,
        source=source,
        vintage=vintage,
    )


def _flows(portrait: Portrait) -> tuple[str, tuple[Source, ...]]:
    outside = portrait.work.outside
    return ("observed", ()) if outside is None else (outside.origin, outside.sources)


def _chart(
    title: str, text: str, file: str, grid: Grid, origin: str, sources: tuple[Source, ...]
) -> Chart:
    source, vintage = shown.cited(sources)
    return Chart(
        title=title,
        text=text,
        file=file,
        alternative=f"{title}. Le tableau dit la même chose.",
        grid=grid,
        origin=origin,
        source=source,
        vintage=vintage,
    )


def _hosts(portrait: Portrait) -> Section:
    source, vintage = shown.cited(portrait.sources("equipment", "service_houses"))
    figures = tuple(
        _figure(_plural(kind, measured.value), french.number(measured.value), measured.sources)
        for kind, measured in portrait.hosts.items()
    )
    return Section(
        title=findings.hosts_title(portrait),
        text=findings.hosts_text(portrait),
        figures=figures,
        grid=None,
        origin="observed",
        source=source,
        vintage=vintage,
    )


def _plural(kind: str, count: float) -> str:
    words = french.HOSTS if count < 2 else french.HOSTS_PLURAL
    return words[kind][:1].upper() + words[kind][1:]


def _places(portrait: Portrait) -> Section:
    source, vintage = shown.cited(portrait.sources("third_places"))
    grid = grids.places(portrait)
    return Section(
        title=findings.places_title(portrait),
        text=findings.places_text(portrait),
        figures=(),
        grid=grid.only("name", "kind", "commune_name", "is_inside", "nearest_for")
        if grid.rows
        else None,
        origin="observed",
        source=source,
        vintage=vintage,
    )


def _value(value: float | str | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
