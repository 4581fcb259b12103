"""Minutes by road: points on streets, one-way streets, islands, points far from any street."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from factories import extract
from factories.extract import at
from maillage.core import geo
from maillage.core.sources import osm
from maillage.core.travel import CASES, by_case, minutes
from maillage.core.travel.roads import RoadMap
from shared import ANDORRA, LIECHTENSTEIN, needs_extracts

ROAD = {"highway": "secondary", "maxspeed": "60"}


def roads(tmp_path, nodes, ways, assumed, mode="car"):
    path = extract.write(tmp_path / "rues.osm.pbf", nodes, ways)
    return RoadMap(osm.read(path)).of(mode, assumed)


def xy(*points):
    return geo.project(np.array([at(*p) for p in points]))


@pytest.fixture
def line(tmp_path, assumed):
    """Ten kilometres of straight road at 60 km/h: a kilometre a minute."""
    return roads(tmp_path, {1: at(0, 0), 2: at(100, 0)}, [([1, 2], ROAD)], assumed)


def test_a_kilometre_at_sixty_is_a_minute(line, assumed):
    found = line.travel(assumed, "central").minutes(xy((0, 0)), xy((100, 0), (30, 0)))

    assert found[0] == pytest.approx([10, 3], rel=0.01)


def test_two_points_of_one_stretch_need_no_crossing(line, assumed):
    travel = line.travel(assumed, "central")

    there = travel.minutes(xy((20, 0)), xy((50, 0), (10, 0), (20, 0)))

    assert there[0] == pytest.approx([3, 1, 0], abs=0.03)


def test_slow_central_and_fast_are_in_that_order(line, assumed):
    slow, central, fast = (
        line.travel(assumed, case).minutes(xy((0, 0)), xy((100, 0)))[0, 0] for case in CASES
    )

    assert slow > central > fast
    assert central / slow == pytest.approx(assumed["roads.car_pace"].low, rel=0.01)


def test_against_a_one_way_street_one_drives_around(tmp_path, assumed):
    nodes = {1: at(0, 0), 2: at(20, 0), 3: at(20, 20), 4: at(0, 20)}
    ways = [([1, 2], {**ROAD, "oneway": "yes"}), ([2, 3, 4, 1], ROAD)]
    travel = roads(tmp_path, nodes, ways, assumed).travel(assumed, "central")

    [[along]] = travel.minutes(xy((5, 0)), xy((15, 0)))
    [[against]] = travel.minutes(xy((15, 0)), xy((5, 0)))

    assert along == pytest.approx(1, rel=0.02)
    assert against == pytest.approx(7, rel=0.02)


def test_a_ridge_without_a_road_is_driven_around(tmp_path, assumed):
    """Two villages a kilometre apart, on both sides of a ridge: twenty kilometres by road."""
    nodes = {1: at(0, 0), 2: at(100, 0), 3: at(100, 10), 4: at(0, 10)}
    by_road = roads(tmp_path, nodes, [([1, 2, 3, 4], ROAD)], assumed).travel(assumed, "central")
    here, there = xy((0, 0)), xy((0, 10))

    assert by_road.minutes(here, there)[0, 0] == pytest.approx(21, rel=0.02)
    assert by_case(assumed)["central"].minutes(here, there)[0, 0] < 3


def test_no_road_leads_to_an_island(tmp_path, assumed):
    nodes = {1: at(0, 0), 2: at(60, 0), 3: at(0, 100), 4: at(60, 100)}
    ways = [([1, 2], ROAD), ([3, 4], ROAD), ([1, 3], {"route": "ferry"})]
    travel = roads(tmp_path, nodes, ways, assumed).travel(assumed, "central")

    found = travel.minutes(xy((0, 0), (0, 100)), xy((60, 0), (60, 100)))

    assert np.isfinite(found).tolist() == [[True, False], [False, True]]


def test_a_point_off_the_road_walks_to_it_at_the_speed_of_a_path(line, assumed):
    travel = line.travel(assumed, "central")
    away = 5 * extract.NORTH * 111.2

    [[found]] = travel.minutes(xy((0, 5)), xy((60, 0)))

    assert found == pytest.approx(6 + away / assumed.value("roads.access_speed") * 60, rel=0.02)
    assert travel.off_road_m(xy((0, 5)))[0] == pytest.approx(away * 1000, rel=0.01)


def test_a_point_three_kilometres_from_any_road_is_tied_to_none(line, assumed):
    travel = line.travel(assumed, "central")

    assert np.isinf(travel.minutes(xy((0, 30)), xy((60, 0)))).all()
    assert np.isinf(travel.minutes(xy((60, 0)), xy((0, 30)))).all()


def test_the_inhabitants_of_a_cell_live_along_its_street(line, assumed):
    travel = line.travel(assumed, "central")

    beside, on_it = travel.minutes(xy((20, 4), (20, 0)), xy((60, 0)), origin_size_km=1.0)[:, 0]

    assert beside == pytest.approx(on_it, rel=0.01)
    assert travel.minutes(xy((20, 0)), xy((20, 0)), origin_size_km=1.0)[0, 0] > 0.5


def test_nobody_leaves_home_onto_a_motorway(tmp_path, assumed):
    nodes = {1: at(0, 0), 2: at(100, 0), 3: at(0, 6), 4: at(100, 6)}
    ways = [
        ([1, 2], {"highway": "motorway", "oneway": "no"}),
        ([3, 4], ROAD),
        ([1, 3], ROAD),
        ([2, 4], ROAD),
    ]
    found = roads(tmp_path, nodes, ways, assumed)

    snapped = found.snapper.snap(xy((50, 1)))

    assert found.network.rank[snapped.stretch[0]] != 0
    assert snapped.off_m[0] == pytest.approx(5 * extract.NORTH * 111_200, rel=0.02)


@pytest.mark.parametrize("mode", ["car", "bike", "walk"])
@needs_extracts
def test_on_a_real_network_every_pair_of_crossings_is_that_of_dijkstra(assumed, mode):
    found = RoadMap(osm.read(ANDORRA)).of(mode, assumed)
    travel, network = found.travel(assumed, "central"), found.network
    arcs: dict[tuple[int, int], float] = {}
    for ends, ms in (
        ((network.tail, network.head), travel.stretch_ms[:, 0]),
        ((network.head, network.tail), travel.stretch_ms[:, 1]),
    ):
        for a, b, t in zip(*(e.tolist() for e in ends), ms.tolist(), strict=True):
            if np.isfinite(t):
                arcs[a, b] = min(t, arcs.get((a, b), np.inf))
    ends = np.array(list(arcs))
    graph = coo_array((list(arcs.values()), ends.T), shape=(len(network), len(network))).tocsr()
    site = network.points(np.array([3]), np.array([0.0]))
    at_site = int(found.snapper.snap(site).stretch[0])

    to_site = travel.to_everywhere(site)

    exact = dijkstra(graph.T.tocsr(), indices=[network.tail[at_site], network.head[at_site]])
    snapped = found.snapper.snap(site)
    ahead, back = travel.stretch_ms[at_site]
    share = snapped.along[0]
    by_end = np.vstack([exact[0] + share * ahead, exact[1] + (1 - share) * back])
    assert to_site == pytest.approx(np.nanmin(by_end, axis=0), abs=2)


@needs_extracts
def test_many_to_many_is_the_same_in_any_order_and_any_company(assumed):
    travel = RoadMap(osm.read(LIECHTENSTEIN)).of("car", assumed).travel(assumed, "central")
    draw = np.random.default_rng(5)
    network = travel.roads.network
    points = network.points(draw.integers(0, len(network.metres), 60), draw.random(60))
    order = draw.permutation(60)

    whole = minutes(points, points, travel)

    assert minutes(points[order], points, travel) == pytest.approx(whole[order])
    assert minutes(points[:1], points[7:8], travel)[0, 0] == pytest.approx(whole[0, 7])
    # a detour through a third point is never shorter
    through = (whole[:, :, None] + whole[None, :, :]).min(axis=1)
    assert (through >= whole - 1e-3).all()


@pytest.mark.parametrize("path", [ANDORRA, LIECHTENSTEIN])
@needs_extracts
def test_a_cutoff_loses_no_pair_within_it(assumed, path):
    travel = RoadMap(osm.read(path)).of("car", assumed).travel(assumed, "high")
    draw = np.random.default_rng(8)
    network = travel.roads.network
    points = network.points(draw.integers(0, len(network.metres), 250), draw.random(250))
    points += draw.normal(0, 200, points.shape)
    whole = minutes(points, points[:60], travel, origin_size_km=1.0)

    cut = minutes(points, points[:60], travel, origin_size_km=1.0, within_min=7)

    assert cut == pytest.approx(np.where(whole > 7, np.inf, whole))
    assert np.isfinite(cut).any()


@needs_extracts
def test_the_network_of_the_same_streets_is_built_once(assumed):
    first, again = (RoadMap(osm.read(ANDORRA)) for _ in range(2))

    assert first.digest == again.digest
    assert first.of("car", assumed) is again.of("car", assumed)
    assert first.of("walk", assumed) is not again.of("car", assumed)


def test_from_a_motorway_exit_one_drives_down_the_slip_road(tmp_path, assumed):
    nodes = {1: at(-20, 0), 2: at(0, 0), 3: at(200, 0), 4: at(0, -10), 5: at(30, -10)}
    ways = [
        ([1, 2, 3], {"highway": "motorway", "oneway": "yes"}),
        ([2, 4], {"highway": "motorway_link", "maxspeed": "60"}),
        ([4, 5], ROAD),
        ([4, 1], ROAD),
        ([3, 5], ROAD),
    ]
    travel = roads(tmp_path, nodes, ways, assumed).travel(assumed, "central")

    [[found]] = travel.minutes_from_exits(xy((0, 0)), xy((30, -10)))

    off_the_road = assumed.value("roads.car_give_way") + assumed.value("roads.car_turn_off")
    assert found == pytest.approx(4 + off_the_road / 60, abs=0.15)


def test_the_same_speeds_are_customised_once_and_other_speeds_anew(line, assumed):
    other = assumed.with_values({"roads.car_pace": 0.5})

    assert line.travel(assumed, "low") is line.travel(assumed, "low")
    assert line.travel(assumed, "low") is not line.travel(assumed, "high")
    [[usual]] = line.travel(assumed, "central").minutes(xy((0, 0)), xy((100, 0)))
    [[halved]] = line.travel(other, "central").minutes(xy((0, 0)), xy((100, 0)))
    assert halved == pytest.approx(2 * usual, rel=0.01)
