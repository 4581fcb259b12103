"""From what somebody said of premises to the columns of their row."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from maillage.apps.premises.models import PositionOrigin, Premises
from maillage.apps.territories import landmarks
from maillage.apps.territories.models import Territory
from maillage.core import assumptions, geo
from maillage.core.sources.described import Described
from maillage.kit.refusal import Refusal

POSITION = ("lon", "lat")
# said under another name than its column
RENAMED = {"id": "ref"}
PLAIN = (
    *("id", "name", "kind", "state", "address", "area_m2", "fibre", "step_free", "works", "owner"),
    *("rented", "host", "opening_hours", "motorway_exit", "motorway_min", "services_min"),
    *("station_min", "notes"),
)

Columns = dict[str, Any]


class CommuneElsewhere(Refusal):
    """Not a member of the territory."""

    sentence = "Cette commune n'est pas du territoire. Choisissez-en une de la liste."
    status = 422


class HalfPosition(Refusal):
    """A longitude without its latitude."""

    sentence = "Il manque la moitié de la position. Écrivez la longitude et la latitude."
    status = 422


class NotInFrance(Refusal):
    """Degrees that are nowhere near."""

    sentence = (
        "Le point {lon}, {lat} n'est pas en métropole. Vérifiez que la longitude et la latitude "
        "ne sont pas inversées."
    )
    status = 422


class FarFromTown(Refusal):
    """A mistake in the point or in the commune."""

    sentence = (
        "Le point est à {km} km du bourg de {commune}. Corrigez la longitude, la latitude ou la "
        "commune."
    )
    status = 422


class TownUnknown(Refusal):
    """The tables of the territory are not loaded."""

    sentence = (
        "Le bourg de la commune n'est pas situé : les tables du territoire ne sont pas chargées. "
        "Écrivez la longitude et la latitude, ou laissez le local sans position."
    )


@dataclass(frozen=True)
class Around:
    """What a territory tells about where its premises stand; no towns without its tables."""

    members: dict[str, str]
    towns: dict[str, tuple[float, float]]

    def km_from_town(self, code: str, lon: float, lat: float) -> float | None:
        """Straight kilometres from the commune's town; None where it is not known."""
        if code not in self.towns:
            return None
        points = geo.project(np.array([[lon, lat], self.towns[code]]))
        return float(np.hypot(*(points[0] - points[1])) / 1000)

    def is_far(self, code: str, lon: float, lat: float) -> bool:
        """Whether a point is too far from the town of its commune to be right."""
        km = self.km_from_town(code, lon, lat)
        return km is not None and km > assumptions.load().value("places.far_from_town_km")


def around(territory: Territory) -> Around:
    """The communes of a territory, with their towns where its tables are loaded."""
    found = landmarks.latest(territory)
    return Around(
        {member["code"]: member["name"] for member in territory.members},
        found[1].towns if found else {},
    )


def columns_of(said: Described, where: Around, *, at_town: bool) -> Columns:
    """Every column of a row.

    at_town  the point is not known: the middle of the commune's town stands for it
    """
    if said.commune_code not in where.members:
        raise CommuneElsewhere
    return {
        **plain(said, PLAIN),
        "commune_code": said.commune_code,
        "commune_name": where.members[said.commune_code],
        **_position(said, where, at_town=at_town),
    }


def plain(said: Described, names: Collection[str]) -> Columns:
    """The columns that are written as they are said."""
    return {RENAMED.get(name, name): getattr(said, name) for name in PLAIN if name in names}


def at_town_of(code: str, where: Around) -> Columns:
    """The middle of a town, or no position where it is not known."""
    if code not in where.towns:
        return {"lon": None, "lat": None, "position_origin": ""}
    lon, lat = where.towns[code]
    return {"lon": lon, "lat": lat, "position_origin": PositionOrigin.TOWN}


def declared(lon: float, lat: float) -> Columns:
    """A point that somebody wrote."""
    return {"lon": lon, "lat": lat, "position_origin": PositionOrigin.DECLARED}


def _position(said: Described, where: Around, *, at_town: bool) -> Columns:
    if (said.lon is None) != (said.lat is None):
        raise HalfPosition
    if said.lon is None or said.lat is None:
        if at_town and said.commune_code not in where.towns:
            raise TownUnknown
        nowhere = {"lon": None, "lat": None, "position_origin": ""}
        return at_town_of(said.commune_code, where) if at_town else nowhere
    if not geo.is_mainland(said.lon, said.lat):
        raise NotInFrance(lon=said.lon, lat=said.lat)
    if where.is_far(said.commune_code, said.lon, said.lat):
        km = where.km_from_town(said.commune_code, said.lon, said.lat) or 0
        raise FarFromTown(km=round(km), commune=where.members[said.commune_code])
    return declared(said.lon, said.lat)


def of_row(premises: Premises) -> Columns:
    """The columns that an import may write, as they are now."""
    names = (*(RENAMED.get(name, name) for name in PLAIN), "commune_code", "commune_name")
    return {name: getattr(premises, name) for name in (*names, *POSITION, "position_origin")}
