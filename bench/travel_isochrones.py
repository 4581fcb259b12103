"""Milliseconds of the land within some minutes of a place."""

import time
from statistics import median

import numpy as np

from factories.oracle import doorsteps
from maillage.core.assumptions import Assumptions
from maillage.core.travel.roads import isochrone
from travel_places import Place

MINUTES = (10, 20)
SITES = 30
SEED = 3


def report(places: list[Place], assumed: Assumptions) -> None:
    """Median and slowest of some sites, by car."""
    print(f"\n## Une isochrone en voiture, ms (médiane de {SITES} lieux, le plus lent)\n")
    print("| | " + " | ".join(f"{m} min" for m in MINUTES) + " |")
    print("|---|" + "---:|" * len(MINUTES))
    for place in places:
        roads = place.roads("car", assumed)
        travel = roads.travel(assumed, "central")
        points = doorsteps(roads, SITES, np.random.default_rng(SEED))
        isochrone.polygon(travel, points[:1], MINUTES[0])
        cells = []
        for minutes in MINUTES:
            spent = []
            for point in points:
                begun = time.process_time()
                isochrone.polygon(travel, point.reshape(1, 2), minutes)
                spent.append(1000 * (time.process_time() - begun))
            cells.append(f"{median(spent):.0f}, {max(spent):.0f}")
        print(f"| {place.name} | {' | '.join(cells)} |")
