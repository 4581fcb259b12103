"""The land within some minutes: it holds who is near, and nobody who is far."""

import numpy as np
import pytest
import shapely

from factories import extract
from factories.extract import at
from maillage.core import geo
from maillage.core.sources import osm
from maillage.core.travel.roads import RoadMap
from maillage.core.travel.roads.isochrone import polygon
from shared import ANDORRA, LIECHTENSTEIN, needs_extracts

VADUZ, ANDORRA_LA_VELLA = (9.5215, 47.141), (1.5218, 42.5063)


def of(path, assumed, mode="car", case="central"):
    return RoadMap(osm.read(path)).of(mode, assumed).travel(assumed, case)


@pytest.mark.parametrize(("path", "site"), [(LIECHTENSTEIN, VADUZ), (ANDORRA, ANDORRA_LA_VELLA)])
@needs_extracts
def test_it_holds_the_streets_within_the_minutes_and_none_beyond(path, site, assumed):
    travel = of(path, assumed)
    xy = geo.project(np.array([site]))
    network = travel.roads.network
    stretch = np.arange(len(network.metres))
    doors = network.points(stretch, np.full(len(stretch), 0.5))
    times = travel.minutes(doors, xy)[:, 0]

    land = polygon(travel, xy, 10)

    inside = shapely.contains_xy(land, doors)
    assert land.is_valid
    assert inside[times <= 9].mean() > 0.98
    # a street that climbs away stands beside one that does not: the band of 300 metres holds some
    far = shapely.distance(land, shapely.points(doors[times > 13]))
    assert (far > 0).mean() > 0.9


@needs_extracts
def test_more_minutes_and_more_speed_hold_more_land(assumed):
    xy = geo.project(np.array([VADUZ]))
    slow, central, fast = (of(LIECHTENSTEIN, assumed, case=c) for c in ("low", "central", "high"))

    five, ten, twenty = (polygon(central, xy, m).area for m in (5, 10, 20))
    by_case = [polygon(t, xy, 10).area for t in (slow, central, fast)]
    on_foot = polygon(of(LIECHTENSTEIN, assumed, "walk"), xy, 10).area

    assert five < ten < twenty
    assert by_case == sorted(by_case)
    assert on_foot < ten / 10


def test_around_a_straight_road_it_is_a_band(tmp_path, assumed):
    path = extract.write(
        tmp_path / "route.osm.pbf",
        {1: at(-150, 0), 2: at(150, 0)},
        [([1, 2], {"highway": "secondary", "maxspeed": "60"})],
    )
    here = geo.project(np.array([at(0, 0)]))

    land = polygon(of(path, assumed), here, 5)

    west, south, east, north = land.bounds
    assert east - west == pytest.approx(10_000, rel=0.08)
    assert 400 < north - south < 900


def test_far_from_any_street_there_is_no_land(tmp_path, assumed):
    path = extract.write(
        tmp_path / "route.osm.pbf", {1: at(0, 0), 2: at(60, 0)}, [([1, 2], {"highway": "primary"})]
    )

    assert polygon(of(path, assumed), geo.project(np.array([at(0, 40)])), 10).is_empty
