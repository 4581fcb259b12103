"""The streets of a territory, kept with its portrait: minutes by road wherever a page needs some.

Stored with the portrait and never offered: who wants the streets takes the extract itself.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from maillage.apps.territories import reading
from maillage.apps.territories.models import Portrait
from maillage.core import geo
from maillage.core.assumptions import Assumptions
from maillage.core.portrait import Portrait as Described
from maillage.core.sources import osm
from maillage.core.travel import CASES, Minutes, Points, Travel, by_case
from maillage.kit import files

if TYPE_CHECKING:
    from maillage.core.travel.roads import RoadMap, Roads

NAME = "streets.zip"

# Networks of some territories, each some tens of megabytes
_KEPT = 4


def of(found: Described) -> dict[str, bytes]:
    """The file of a portrait, none where no extract of OpenStreetMap was read."""
    known = found.territory.tables.streets
    return {} if known is None else {NAME: osm.to_bytes(known)}


def folder_of(portrait: Portrait | None) -> str | None:
    """The folder of a portrait that keeps streets."""
    return portrait.folder if portrait and NAME in reading.stored(portrait) else None


def travels(folder: str | None, assumed: Assumptions) -> dict[str, Travel]:
    """Travel by car in every case: by the roads of a folder, without one by distance."""
    roads = _roads(folder, assumed)
    return by_case(assumed, roads)


def from_exits(
    folder: str | None, sites: Points, assumed: Assumptions
) -> tuple[tuple[str, ...], dict[str, Minutes]] | None:
    """The motorway exits around and, by case, minutes [i, j] from each to Lambert-93 sites.

    None where no street is kept, or no exit is near.
    """
    roads = _roads(folder, assumed)
    if roads is None or folder is None:
        return None
    around = _read(folder).exits
    if around.is_empty():
        return None
    at = geo.project(around.select("lon", "lat").to_numpy())
    times = {case: roads.travel(assumed, case).minutes_from_exits(at, sites) for case in CASES}
    return tuple(around["name"]), times


def _roads(folder: str | None, assumed: Assumptions) -> "Roads | None":
    if folder is None:
        return None
    found = _map(folder)
    return None if found is None else found.of("car", assumed)


@lru_cache(maxsize=_KEPT)
def _map(folder: str) -> "RoadMap | None":
    try:
        from maillage.core.travel.roads import RoadMap
    except ImportError:
        # the extra `roads` loaded this portrait and is gone: answered by distance
        return None
    return RoadMap(_read(folder))


@lru_cache(maxsize=_KEPT)
def _read(folder: str) -> osm.Streets:
    return osm.from_bytes(files.read(folder, NAME))
