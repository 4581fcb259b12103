"""An invented detail file (fictif) for the embedded territory, and its tables once it is read."""

from dataclasses import replace
from itertools import product
from pathlib import Path

from factories.official import MOVEMENTS, write
from maillage.core import sample
from maillage.core.sources import cog, flows, gather, registry
from maillage.core.sources.gather import Tables

FILE = "FD_MOBPRO_2022.csv"
HEADER = ("COMMUNE", "ARM", "DCLT", "CS1", "TP", "TRANS", "IPONDI")
# Belleville, Beaujeu, Mâcon about 20 km away, Lyon about 45 km away, Switzerland
HOMES = ("69019", "69018")
NEAR, FAR, ABROAD = "71270", "69123", "SU112"
# of each category: workers of one commune by mode (codes of TRANS), half of them near home
WORKERS = {
    "1": {"1": 50, "5": 40},
    "2": {"5": 300, "2": 60},
    "3": {"5": 800, "6": 260, "3": 30},
    "4": {"5": 1200, "6": 200, "4": 20},
    "5": {"5": 1100, "6": 120, "2": 200},
    "6": {"5": 1000, "4": 50, "2": 80},
}
# the share of the trips of a category that goes to Lyon; executives go farthest
TO_LYON = {"1": 0.0, "2": 0.1, "3": 0.4, "4": 0.25, "5": 0.1, "6": 0.05}


def lines(members: list[str]) -> list[tuple[object, ...]]:
    """A line a home, category, mode and workplace; all others of the members live and work there.

    One worker in five is part-time.
    """
    found: list[tuple[object, ...]] = []
    for home, category in product(HOMES, WORKERS):
        for mode, workers in WORKERS[category].items():
            far = TO_LYON[category]
            by_place = {home: 0.5 - far / 2, NEAR: 0.5 - far / 2, FAR: far}
            found += [
                (home, "ZZZZZ", work, category, time, mode, round(workers * share * part, 6))
                for work, share in by_place.items()
                for time, part in (("1", 0.8), ("2", 0.2))
                if share
            ]
    found += [(code, "ZZZZZ", code, "6", "1", "5", 1.0) for code in members if code not in HOMES]
    return [*found, (HOMES[0], "ZZZZZ", ABROAD, "3", "1", "5", 20.0)]


def write_file(folder: Path, columns: tuple[str, ...] = HEADER) -> Path:
    """The file, some of its columns; weights that fall on one line are left apart."""
    tables = sample.load()
    members = tables.communes.filter("is_member")["commune_code"].sort().to_list()
    at = [HEADER.index(name) for name in columns]
    rows = [";".join(str(line[n]) for n in at) for line in lines(members)]
    return write(folder / FILE, "\n".join([";".join(columns), *rows, ""]))


def added(tables: Tables, path: Path) -> Tables:
    """The tables once a file of flows has been read, as `gather` would give them."""
    movements = write(path.parent / "v_mvt_commune_2026.csv", MOVEMENTS)
    codes = set(tables.communes["commune_code"]) | {"01009", FAR, NEAR, "75056"}
    members = tables.communes.filter("is_member")["commune_code"].to_list()
    history = cog.read_history(movements, sorted(codes))
    observed, year, trips = flows.read_with_trips(path, history, members)
    return replace(
        tables,
        flows=gather._with_workplaces(observed.table, tables.communes),
        trips=trips,
        sources=(*tables.sources, registry.source("flows", path, f"RP {year}")),
    )
