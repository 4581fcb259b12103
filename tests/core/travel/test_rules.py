"""Who may use which street, in which direction."""

import numpy as np
import polars as pl
import pytest

from maillage.core.sources.osm import TAGS, Streets
from maillage.core.travel.roads import rules

BOTH, AHEAD, BACK, NONE = (True, True), (True, False), (False, True), (False, False)


def use(tags, mode):
    streets = Streets(
        lonlat=np.zeros((2, 2)),
        marks=np.zeros(2, np.uint8),
        starts=np.array([0, 2]),
        nodes=np.array([0, 1]),
        tags=pl.DataFrame({k: [tags.get(k)] for k in TAGS}, schema=dict.fromkeys(TAGS, pl.String)),
        summits=np.zeros((0, 2)),
    )
    return rules.use(streets, mode)


def directions(tags, mode):
    found = use(tags, mode)
    return bool(found.forward[0]), bool(found.backward[0])


@pytest.mark.parametrize(
    ("tags", "car", "bike", "walk"),
    [
        ({"highway": "residential"}, BOTH, BOTH, BOTH),
        ({"highway": "residential", "oneway": "yes"}, AHEAD, AHEAD, BOTH),
        ({"highway": "residential", "oneway": "-1"}, BACK, BACK, BOTH),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, AHEAD, BOTH, BOTH),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, AHEAD, BOTH, BOTH),
        ({"highway": "primary", "junction": "roundabout"}, AHEAD, AHEAD, BOTH),
        ({"highway": "motorway"}, AHEAD, NONE, NONE),
        ({"highway": "motorway", "oneway": "no"}, BOTH, NONE, NONE),
        ({"highway": "trunk_link"}, BOTH, NONE, NONE),
        ({"highway": "primary", "motorroad": "yes"}, BOTH, NONE, NONE),
        ({"highway": "footway"}, NONE, NONE, BOTH),
        ({"highway": "footway", "bicycle": "yes"}, NONE, BOTH, BOTH),
        ({"highway": "cycleway"}, NONE, BOTH, NONE),
        ({"highway": "cycleway", "foot": "designated"}, NONE, BOTH, BOTH),
        ({"highway": "steps"}, NONE, NONE, BOTH),
        ({"highway": "path"}, NONE, BOTH, BOTH),
        ({"highway": "track"}, NONE, BOTH, BOTH),
        ({"highway": "track", "tracktype": "grade1"}, BOTH, BOTH, BOTH),
        ({"highway": "track", "motor_vehicle": "yes"}, BOTH, BOTH, BOTH),
        ({"highway": "track", "tracktype": "grade1", "motor_vehicle": "no"}, NONE, BOTH, BOTH),
        ({"highway": "service", "access": "private"}, NONE, NONE, NONE),
        ({"highway": "service", "access": "private", "foot": "yes"}, NONE, NONE, BOTH),
        ({"highway": "service", "service": "driveway"}, NONE, BOTH, BOTH),
        ({"highway": "residential", "access": "destination"}, BOTH, BOTH, BOTH),
        ({"highway": "residential", "motor_vehicle": "no"}, NONE, BOTH, BOTH),
        ({"highway": "residential", "access": "no", "motorcar": "yes"}, BOTH, NONE, NONE),
        ({"highway": "pedestrian", "area": "yes"}, NONE, NONE, NONE),
        ({"highway": "construction"}, NONE, NONE, NONE),
        ({"highway": "proposed"}, NONE, NONE, NONE),
    ],
)
def test_each_mode_follows_its_own_streets(tags, car, bike, walk):
    assert (directions(tags, "car"), directions(tags, "bike"), directions(tags, "walk")) == (
        car,
        bike,
        walk,
    )


@pytest.mark.parametrize(
    ("written", "kmh"),
    [
        ("80", 80.0),
        ("50 km/h", 50.0),
        ("30 mph", 48.27),
        ("FR:urban", 50.0),
        ("FR:rural", 80.0),
        ("none", np.nan),
        ("signals", np.nan),
        ("999", np.nan),
        ("0", np.nan),
        (None, np.nan),
    ],
)
def test_a_limit_is_read_in_kilometres_an_hour_or_not_at_all(written, kmh):
    [found] = use({"highway": "primary", "maxspeed": written}, "car").limit_kmh

    assert found == pytest.approx(kmh, nan_ok=True)


def test_a_slip_road_is_of_the_class_of_its_road():
    slip = use({"highway": "motorway_link"}, "car")

    assert rules.CLASSES[slip.rank[0]] == "motorway"
    assert slip.is_link[0]
