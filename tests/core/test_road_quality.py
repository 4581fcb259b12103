"""What is known of the streets of a plan, and of who moves along them."""

import numpy as np
import pytest
import shapely

from factories import streets
from maillage.core import geo, sample, scenario, territory
from maillage.core.scenario import Request
from maillage.core.scenario.nearby import DRAWN_CASES


def test_by_distance_nothing_is_said_of_streets(outcome):
    assert outcome.road_quality is None
    assert outcome.without_car is None
    assert outcome.zones is None


def test_the_lane_that_nothing_joins_is_left_out_and_counted(road_outcome):
    quality = road_outcome.road_quality

    # the lane of the south, and what the empty land of Cenves parts from the rest
    assert quality.left_out[-1] == pytest.approx(0.8, abs=0.05)
    assert list(quality.left_out) == sorted(quality.left_out, reverse=True)
    assert quality.streets_km > 500


def test_a_place_far_from_every_street_is_tied_to_none_and_named(road_outcome):
    every = road_outcome.candidates.every
    quality = road_outcome.road_quality

    named = {every[j].commune_code: metres for j, metres in quality.without_road}

    assert named.keys() == {streets.FAR}
    assert named[streets.FAR] >= streets.CLEAR_M
    assert every[quality.places.worst].commune_code == streets.FAR
    assert quality.places.median_m < 150


def test_inhabitants_whom_no_road_joins_to_a_place_are_counted(road_outcome):
    lost = np.isinf(road_outcome.problem.minutes).all(axis=1)

    assert road_outcome.road_quality.unreached == int(road_outcome.problem.weight[lost].sum())
    assert 0 < road_outcome.road_quality.unreached < 500


def test_with_streets_everywhere_nobody_is_without(tmp_path, assumed):
    path = streets.extract(tmp_path, sample.load())
    place = territory.assemble(streets.added(sample.load(), path, assumed), assumed)

    quality = scenario.evaluate(place, Request(first_year=2027), assumed).road_quality

    assert (quality.without_road, quality.unreached) == ((), 0)


def test_faster_paces_reach_more_and_the_car_reaches_most(road_outcome):
    found = road_outcome.without_car

    assert list(found) == ["bike", "walk"]
    for share in found.values():
        assert 0 < share.low <= share.central <= share.high < 1
    assert found["walk"].central < found["bike"].central
    assert found["bike"].central < road_outcome.coverage.after.central


def test_the_zones_hold_the_sites_and_the_slow_one_is_within_the_central_one(road_outcome):
    zones = road_outcome.zones
    assert tuple(zones.land) == DRAWN_CASES
    slow, central = (zones.land[case] for case in DRAWN_CASES)

    for site in road_outcome.sites:
        if site.tier == "corpo":
            continue
        at = geo.project(np.array([[site.candidate.lon, site.candidate.lat]]))[0]
        assert slow.distance(shapely.Point(at)) < 200
    # both are simplified: their borders may cross by the width of a street
    assert slow.difference(central.buffer(100)).area / slow.area < 0.01
    for around in zones.sites:
        assert around.people.low <= around.people.central <= around.people.high
        assert around.km2["low"] < around.km2["central"]


def test_the_zones_have_one_line_a_site_open_to_all(road_outcome):
    expected = [s.candidate.id for s in road_outcome.sites if s.tier != "corpo"]

    assert [around.id for around in road_outcome.zones.sites] == expected


def test_a_town_goes_to_the_site_that_is_nearest_by_road(road_outcome):
    nearest = road_outcome.nearest_site
    central = road_outcome.territory.travel(road_outcome.assumptions)["central"]
    sites = [s.candidate for s in road_outcome.sites if s.tier != "corpo"]
    ends = geo.project(np.array([[c.lon, c.lat] for c in sites]))

    for code, lon, lat in road_outcome.territory.communes.select(
        "commune_code", "lon", "lat"
    ).rows():
        minutes = central.minutes(geo.project(np.array([[lon, lat]])), ends)[0]
        if code == streets.FAR:
            assert code not in nearest
        else:
            chosen = [c.id for c in sites].index(nearest[code])
            assert minutes[chosen] == pytest.approx(minutes.min())


def test_what_is_tried_goes_to_the_same_sites_as_what_was_searched(road_outcome):
    ground = scenario.lay(road_outcome.territory, road_outcome.request, road_outcome.assumptions)

    tried = scenario.assess(ground, road_outcome.network)

    assert tried.nearest_site == road_outcome.nearest_site
