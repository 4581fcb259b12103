"""What surrounds any point of a territory: towns, town centres, stations, France services, frame.

Stored with the portrait and never offered: the tables themselves are not kept.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.apps.territories import reading
from maillage.apps.territories.models import Portrait, Territory
from maillage.core.portrait import Portrait as Described
from maillage.report.files import to_compact_json
from maillage.report.map.frame import Frame, frame_of

NAME = "landmarks.json"

Points = tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Landmarks:
    """Named points in degrees; None where their table is not loaded.

    towns         commune code -> longitude, latitude of its town
    town_centres  codes of the communes that may hold a structuring site
    frame         of the server's drawing of this territory
    """

    towns: dict[str, tuple[float, float]]
    town_centres: frozenset[str]
    stations: Points | None
    services: Points | None
    frame: Frame


def of(found: Described) -> bytes:
    """The file of a portrait."""
    territory = found.territory
    frame = frame_of(territory)
    read = {source.dataset.id for source in territory.tables.sources}
    return to_compact_json(
        {
            "towns": {
                code: [lon, lat]
                for code, lon, lat in territory.communes.select(
                    "commune_code", "lon", "lat"
                ).iter_rows()
            },
            "town_centres": [c.commune_code for c in found.candidates.every if "hub" in c.tiers],
            "stations": _points(territory.services, "station") if "stations" in read else None,
            "services": (
                _points(territory.services, "service_house") if "service_houses" in read else None
            ),
            "frame": [frame.west, frame.north, frame.scale, frame.width, frame.height],
        }
    )


def _points(services: pl.DataFrame, kind: str) -> list[list[Any]]:
    chosen = services.filter(pl.col("kind") == kind).sort("name", "commune_code")
    return [list(row) for row in chosen.select("name", "lon", "lat").iter_rows()]


def latest(territory: Territory) -> tuple[Portrait, Landmarks] | None:
    """Those of the latest portrait; None without tables, or with a portrait from before them."""
    row = territory.portraits.order_by("-loaded_at").first()
    if row is None or NAME not in reading.stored(row):
        return None
    return row, _read(reading.document(row.folder, NAME))


def _read(document: dict[str, Any]) -> Landmarks:
    return Landmarks(
        towns={code: (lon, lat) for code, (lon, lat) in document["towns"].items()},
        town_centres=frozenset(document["town_centres"]),
        stations=_named(document["stations"]),
        services=_named(document["services"]),
        frame=Frame(*document["frame"]),
    )


def _named(points: list[list[Any]] | None) -> Points | None:
    return None if points is None else tuple((name, lon, lat) for name, lon, lat in points)
