"""The site that each town would use: the nearest by road, or as the crow flies without roads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.candidates import Candidate
from maillage.core.territory import Territory
from maillage.core.travel import Travel, minutes


def of_towns(
    territory: Territory, places: Sequence[Candidate], times: NDArray[np.float32] | None
) -> dict[str, str]:
    """Commune code -> id of the nearest place; a town that no road joins to any has none.

    times  [c, p] minutes from the towns to the places; None: the shorter, the nearer
    """
    if not places:
        return {}
    codes = territory.communes["commune_code"].to_list()
    far: NDArray[np.float32] | NDArray[np.float64]
    far = geo.distances_km(town_xy(territory), _xy(places)) if times is None else times
    return {
        code: places[int(row.argmin())].id
        for code, row in zip(codes, far, strict=True)
        if np.isfinite(row).any()
    }


def town_minutes(
    territory: Territory, places: Sequence[Candidate], travel: Travel
) -> NDArray[np.float32] | None:
    """Minutes [c, p] from the towns to some places along the roads; None where none is known."""
    if territory.roads is None or not places:
        return None
    return minutes(town_xy(territory), _xy(places), travel)


def town_xy(territory: Territory) -> NDArray[np.float64]:
    """Lambert-93 metres [c, 2] of the main towns, in the order of the communes."""
    return geo.project(territory.communes.select("lon", "lat").to_numpy())


def _xy(places: Sequence[Candidate]) -> NDArray[np.float64]:
    return geo.project(np.array([[place.lon, place.lat] for place in places]))
