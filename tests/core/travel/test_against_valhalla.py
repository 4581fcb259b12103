"""Minutes by road against another route planner's, on real streets."""

import numpy as np

from factories.oracle import Oracle, doorsteps
from maillage.core.sources import osm
from maillage.core.travel.roads import RoadMap
from shared import LIECHTENSTEIN, needs_extracts


@needs_extracts
def test_minutes_by_car_agree_with_valhalla(tmp_path, assumed):
    roads = RoadMap(osm.read(LIECHTENSTEIN)).of("car", assumed)
    points = doorsteps(roads, 40, np.random.default_rng(1))

    ours = roads.travel(assumed, "central").minutes(points[:20], points[20:])
    theirs = Oracle(LIECHTENSTEIN, tmp_path).minutes(points[:20], points[20:], "car")

    # below a minute both round to the second
    known = np.isfinite(theirs) & (theirs > 1)
    ratio = ours[known] / theirs[known]
    assert known.mean() > 0.9
    assert 0.95 <= np.median(ratio) <= 1.05
    assert (np.abs(ratio - 1) <= 0.2).mean() >= 0.95
