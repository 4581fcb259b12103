"""Coordinates that are not degrees, or not in the order their columns say."""

from collections.abc import Sequence
from pathlib import Path

from maillage.core import geo
from maillage.core.bad_input import BadInput


def refuse_misplaced(path: Path, lonlat: Sequence[tuple[float, float]]) -> None:
    """Points in metres, or of which most would be mainland if swapped; overseas ones pass.

    Raises BadInput `table_projected_coordinates`, `table_swapped_coordinates`.
    """
    projected = [point for point in lonlat if abs(point[0]) > 180 or abs(point[1]) > 90]
    if projected:
        lon, lat = projected[0]
        raise BadInput("table_projected_coordinates", path=path, lon=lon, lat=lat)
    swapped = [p for p in lonlat if not geo.is_mainland(*p) and geo.is_mainland(p[1], p[0])]
    if len(swapped) > len(lonlat) - len(swapped):
        lon, lat = swapped[0]
        raise BadInput("table_swapped_coordinates", path=path, lon=lon, lat=lat)
