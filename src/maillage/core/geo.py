"""Codes and coordinates: the only place that projects.

Coordinates compute in Lambert-93 metres (`xy`, EPSG:2154) and travel as `lonlat` degrees (WGS 84).
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

Metres = NDArray[np.float64]
Degrees = NDArray[np.float64]

COMMUNE_CODE = re.compile(r"^(?:\d{2}|2[AB])\d{3}$")
SIREN = re.compile(r"^\d{9}$")

# Mainland France and Corsica, with a margin for islands and border cells
MAINLAND_LON = (-5.5, 10.0)
MAINLAND_LAT = (41.2, 51.3)

# Paris, Lyon, Marseille: municipal districts, counted with their commune in every table
_DISTRICTS = {"751": "75056", "6938": "69123", "132": "13055"}


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(lonlat: Degrees) -> Metres:
    """Degrees [n, 2] to Lambert-93 metres [n, 2] (EPSG:2154)."""
    return project_to(lonlat, 2154)


def project_to(lonlat: Degrees, epsg: int) -> Metres:
    """Degrees [n, 2] to the metres of a projection named by its EPSG number."""
    return _transform(lonlat, 4326, epsg)


def unproject(xy: Metres, epsg: int) -> Degrees:
    """Metres [n, 2] of a projection named by its EPSG number to degrees [n, 2]."""
    return _transform(xy, epsg, 4326)


def _transform(points: NDArray[np.float64], source: int, target: int) -> NDArray[np.float64]:
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    east, north = _transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack([east, north])


def distances_km(origins_xy: Metres, sites_xy: Metres) -> NDArray[np.float64]:
    """Straight-line kilometres [i, j] between projected points [i, 2] and [j, 2]."""
    east = origins_xy[:, None, 0] - sites_xy[None, :, 0]
    north = origins_xy[:, None, 1] - sites_xy[None, :, 1]
    return np.asarray(np.hypot(east, north) / 1000.0)


def is_commune_code(text: str) -> bool:
    """Whether a text has the shape of an Insee commune code (01004, 2A004)."""
    return COMMUNE_CODE.match(text) is not None


def is_mainland(lon: float, lat: float) -> bool:
    """Whether a point lies in the box of mainland France and Corsica."""
    west, east = MAINLAND_LON
    south, north = MAINLAND_LAT
    return west <= lon <= east and south <= lat <= north


def commune_of_district(code: str) -> str:
    """The commune of a municipal district of Paris, Lyon or Marseille; other codes unchanged."""
    for prefix, commune in _DISTRICTS.items():
        if code.startswith(prefix) and code != commune:
            return commune
    return code
