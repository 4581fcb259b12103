"""The tables of a portrait: what the page shows and what its files hold."""

from collections.abc import Iterable

from maillage.core.portrait import Band, Measured, Portrait
from maillage.report import french, shown
from maillage.report.shown import Cell, Column, Grid


def communes(portrait: Portrait) -> Grid:
    """Everything known of each commune, with the minutes and their range."""
    has_access = portrait.access is not None
    year = portrait.territory.tables.census_year
    columns = [
        Column("commune_code", "Code Insee"),
        Column("name", "Commune"),
        Column("population", "Habitants", is_numeric=True),
        Column("area_km2", "Superficie (km²)", is_numeric=True),
        Column("employed", f"Actifs occupés ({year})", is_numeric=True),
        Column("jobs", f"Emplois ({year})", is_numeric=True),
        Column("population_in_cells", "Habitants des carreaux", is_numeric=True),
    ]
    if has_access:
        columns += [
            Column("minutes", "Minutes jusqu'à un lieu", is_numeric=True),
            Column("minutes_low", "Minutes, bas", is_numeric=True),
            Column("minutes_high", "Minutes, haut", is_numeric=True),
            Column("beyond_20", "Habitants à plus de 20 minutes", is_numeric=True),
        ]
    rows = sorted(
        portrait.by_commune.iter_rows(named=True), key=lambda row: french.sort_key(row["name"])
    )
    return Grid(
        "Habitants, emplois et trajet par commune",
        tuple(columns),
        tuple(_commune(row, has_access=has_access) for row in rows),
        _communes_total(portrait),
    )


def _commune(row: dict[str, object], *, has_access: bool) -> tuple[Cell, ...]:
    def counted(key: str, decimals: int = 0) -> Cell:
        value = row[key]
        return shown.number(value if isinstance(value, int | float) else None, decimals)

    cells = [
        shown.words(str(row["commune_code"])),
        shown.words(str(row["name"])),
        counted("population"),
        counted("area_km2", 1),
        *(counted(key) for key in ("employed", "jobs", "population_in_cells")),
    ]
    if has_access:
        cells += [counted(key, 1) for key in ("minutes", "minutes_low", "minutes_high")]
        cells.append(counted("beyond_20"))
    return tuple(cells)


def _communes_total(portrait: Portrait) -> tuple[Cell, ...]:
    table, work = portrait.by_commune, portrait.work
    total = [
        Cell("", None),
        shown.words("Ensemble"),
        shown.number(portrait.population.value),
        shown.number(portrait.area_km2.value if portrait.area_km2 else None, 1),
        shown.number(work.employed.value),
        shown.number(work.jobs.value),
        shown.number(float(table["population_in_cells"].sum())),
    ]
    if portrait.access is not None:
        mean = portrait.access.mean
        total += [shown.number(end, 1) for end in (mean.value, mean.low, mean.high)]
        total.append(shown.number(float(table["beyond_20"].sum())))
    return tuple(total)


def with_ranges(grid: Grid) -> Grid:
    """The communes as the page shows them: one column of minutes, each with its range."""
    page = grid.only("name", "population", "employed", "jobs")
    keys = [column.key for column in grid.columns]
    if "minutes" not in keys:
        return page
    at = [keys.index(key) for key in ("minutes", "minutes_low", "minutes_high")]
    return Grid(
        page.caption,
        (*page.columns, grid.columns[at[0]]),
        tuple(
            (*short, _ranged(*(row[n] for n in at)))
            for short, row in zip(page.rows, grid.rows, strict=True)
        ),
        (*page.total, _ranged(*(grid.total[n] for n in at))),
    )


def _ranged(central: Cell, low: Cell, high: Cell) -> Cell:
    if not all(isinstance(cell.value, float | int) for cell in (central, low, high)):
        return central
    middle, least, most = (float(cell.value) for cell in (central, low, high))  # type: ignore[arg-type]
    return Cell(f"{french.number(middle)} ({french.between(least, most)})", central.value)


def access(portrait: Portrait) -> Grid:
    """Inhabitants by minutes to the nearest place."""
    bands = portrait.access.bands if portrait.access else ()
    names = [minutes_words(band) for band in bands]
    return _bands("Habitants selon le trajet jusqu'au lieu le plus proche", "Trajet", names, bands)


def distances(portrait: Portrait) -> Grid:
    """Workers by straight-line distance to work."""
    names = [distance_words(band) for band in portrait.work.bands]
    grid = _bands(
        "Actifs selon la distance au lieu de travail, à vol d'oiseau",
        "Distance",
        names,
        portrait.work.bands,
    )
    trips, unplaced = portrait.work.commuting, portrait.work.unplaced
    if trips is None or not unplaced:
        return grid
    empty = (shown.words(None),) * 4 if trips.origin == "modelled" else (Cell("", None),) * 4
    row = (
        shown.words("à l'étranger ou non précisé"),
        shown.number(unplaced),
        shown.share(unplaced / trips.workers),
        *empty,
    )
    return Grid(grid.caption, grid.columns, (*grid.rows, row), grid.total)


def _bands(caption: str, first: str, names: Iterable[str], bands: tuple[Band, ...]) -> Grid:
    columns = (
        Column("band", first),
        Column("persons", "Personnes", is_numeric=True),
        Column("share", "Part", is_numeric=True),
        Column("persons_low", "Personnes, bas", is_numeric=True),
        Column("persons_high", "Personnes, haut", is_numeric=True),
        Column("share_low", "Part, bas", is_numeric=True),
        Column("share_high", "Part, haut", is_numeric=True),
    )
    rows = tuple(
        (
            shown.words(name),
            shown.number(band.count.value),
            shown.share(band.share.value),
            *(shown.number(end) for end in (band.count.low, band.count.high)),
            *(shown.share(end) for end in (band.share.low, band.share.high)),
        )
        for name, band in zip(names, bands, strict=True)
    )
    return Grid(caption, columns, rows)


def bands_with_ranges(grid: Grid) -> Grid:
    """Bands as the page shows them: the ranges in one column of words."""
    short = grid.only("band", "persons", "share")
    lows = grid.only("persons_low", "persons_high").rows
    if not any(low.value is not None for low, _ in lows):
        return short
    return Grid(
        grid.caption,
        (*short.columns, Column("range", "Fourchette", is_numeric=True)),
        tuple(
            (*row, Cell("" if low.value is None else f"de {low.text} à {high.text}", low.value))
            for row, (low, high) in zip(short.rows, lows, strict=True)
        ),
    )


def minutes_words(band: Band) -> str:
    """10 min et moins, 10 à 20 min, plus de 40 min."""
    return _limits(band, "min")


def distance_words(band: Band) -> str:
    """10 km et moins, 10 à 20 km, plus de 30 km."""
    return _limits(band, "km")


def _limits(band: Band, unit: str) -> str:
    if band.above < 0:
        return f"{band.up_to:.0f} {unit} et moins"
    if band.up_to == float("inf"):
        return f"plus de {band.above:.0f} {unit}"
    return f"{band.above:.0f} à {band.up_to:.0f} {unit}"


def places(portrait: Portrait) -> Grid:
    """The shared workplaces known inside and around."""
    columns = (
        Column("name", "Lieu"),
        Column("kind", "Nature"),
        Column("commune_code", "Code Insee"),
        Column("commune_name", "Commune"),
        Column("is_inside", "Dans le territoire"),
        Column("nearest_for", "Habitants dont c'est le plus proche", is_numeric=True),
        Column("minutes", "Trajet moyen des habitants (min)", is_numeric=True),
        Column("minutes_low", "Trajet moyen, bas", is_numeric=True),
        Column("minutes_high", "Trajet moyen, haut", is_numeric=True),
        Column("lon", "Longitude", is_numeric=True),
        Column("lat", "Latitude", is_numeric=True),
    )
    rows = portrait.access.places.iter_rows(named=True) if portrait.access else ()
    return Grid(
        "Lieux de travail partagés recensés",
        columns,
        tuple(
            (
                shown.words(row["name"]),
                shown.words(french.PLACES[row["kind"]]),
                shown.words(row["commune_code"]),
                shown.words(row["commune_name"]),
                shown.yes(row["is_inside"]),
                shown.number(row["nearest_for"]),
                *(shown.number(row[key], 1) for key in ("minutes", "minutes_low", "minutes_high")),
                *(shown.number(row[key], 5) for key in ("lon", "lat")),
            )
            for row in rows
        ),
    )


def equipment(portrait: Portrait) -> Grid:
    """Shops and services by commune and family."""
    families = list(portrait.families)
    columns = (
        Column("commune_code", "Code Insee"),
        Column("name", "Commune"),
        *(
            Column(family, french.EQUIPMENT_PLURAL[family].capitalize(), is_numeric=True)
            for family in families
        ),
    )
    rows = sorted(
        portrait.equipment.iter_rows(named=True), key=lambda row: french.sort_key(row["name"])
    )
    return Grid(
        "Commerces et services par commune",
        columns,
        tuple(
            (
                shown.words(row["commune_code"]),
                shown.words(row["name"]),
                *(shown.number(row[family]) for family in families),
            )
            for row in rows
        ),
        (Cell("", None), shown.words("Ensemble"), *map(_total, portrait.families.values())),
    )


def _total(measured: Measured) -> Cell:
    return shown.number(measured.value)
