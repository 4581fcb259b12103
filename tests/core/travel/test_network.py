"""From streets to crossings: where stretches begin, what slows them, what is left out."""

import numpy as np
import pytest

from factories import extract
from factories.extract import at
from maillage.core.bad_input import BadInput
from maillage.core.sources import osm
from maillage.core.travel.roads import network, rules

ROAD = {"highway": "secondary"}
STREET = {"highway": "residential"}


def built(tmp_path, nodes, ways, mode="car", piece_km=0.0):
    path = extract.write(tmp_path / "rues.osm.pbf", nodes, ways)
    return network.build(osm.read(path), mode, piece_km)


def test_a_stretch_runs_between_two_crossings_and_keeps_its_bends(tmp_path):
    nodes = {1: at(0, 0), 2: at(5, 3), 3: at(10, 0), 4: at(20, 0), 5: at(10, 10)}

    found = built(tmp_path, nodes, [([1, 2, 3, 4], ROAD), ([3, 5], STREET)])

    assert len(found) == 4
    assert len(found.metres) == 3
    # 1-2-3 is one stretch of two segments of 583 metres each
    assert found.metres.max() == pytest.approx(2 * np.hypot(500, 300), rel=0.01)
    assert found.km == pytest.approx((2 * 583 + 1000 + 1000) / 1000, rel=0.01)
    assert sorted(np.diff(found.path_start).tolist()) == [2, 2, 3]


def test_lengths_are_those_of_the_ground_not_of_the_projection(tmp_path):
    """Vaduz is where Lambert-93 stretches lengths by one percent; a degree is a degree."""
    nodes = {1: (9.5, 47.0), 2: (9.5, 47.1)}

    found = built(tmp_path, nodes, [([1, 2], ROAD)])

    assert found.metres[0] == pytest.approx(11_119.5, rel=1e-3)


def test_points_of_a_stretch_are_at_their_share_of_it(tmp_path):
    nodes = {1: at(0, 0), 2: at(10, 0), 3: at(10, 10)}
    found = built(tmp_path, nodes, [([1, 2, 3], ROAD)])

    shares = np.array([0.0, 0.25, 0.5, 1.0])
    points = found.points(np.zeros(4, dtype=np.int64), shares)

    steps = np.hypot(*np.diff(points, axis=0).T)
    assert steps[:2] == pytest.approx([500, 500], rel=0.02)
    assert points[2] == pytest.approx(found.path_xy[1], abs=10)
    assert points[3] == pytest.approx(found.path_xy[2])


def delays(found, name, ahead=True):
    return found.delays[name][:, 0 if ahead else 1]


def test_a_street_gives_way_to_the_road_and_the_road_does_not(tmp_path):
    nodes = {1: at(-5, 0), 2: at(0, 0), 3: at(5, 0), 4: at(0, 5)}

    found = built(tmp_path, nodes, [([1, 2, 3], ROAD), ([4, 2], STREET)])

    is_street = found.rank == rules.CLASSES.index("residential")
    assert delays(found, "give_way")[is_street].tolist() == [1]
    assert delays(found, "give_way")[~is_street].sum() == 0
    # leaving the road for the street: slow down and turn
    assert delays(found, "turn_off", ahead=False)[is_street].tolist() == [1]
    assert delays(found, "turn_off")[~is_street].sum() == 0


def test_signals_and_stops_are_counted_once_on_the_way_to_them(tmp_path):
    nodes = {
        1: at(-5, 0),
        2: (*at(0, 0), {"highway": "traffic_signals"}),
        3: at(5, 0),
        4: at(0, 5),
        5: (*at(0, 3), {"highway": "stop"}),
    }

    found = built(tmp_path, nodes, [([1, 2, 3], ROAD), ([4, 5, 2], STREET)])

    is_street = found.rank == rules.CLASSES.index("residential")
    assert delays(found, "signals").sum() + delays(found, "signals", ahead=False).sum() == 3
    assert delays(found, "stop")[is_street].tolist() == [1]
    # the signals decide, nobody gives way besides
    assert delays(found, "give_way").sum() == 0


def test_nothing_passes_a_bollard_but_people_and_bicycles(tmp_path):
    nodes = {
        1: at(0, 0),
        2: (*at(5, 0), {"barrier": "bollard"}),
        3: at(10, 0),
        4: at(0, 20),
        5: at(10, 20),
    }
    ways = [([1, 2, 3], STREET), ([1, 4, 5, 3], STREET)]

    by_car, on_foot = (built(tmp_path, nodes, ways, mode) for mode in ("car", "walk"))

    assert len(by_car) == len(on_foot) + 2 - 1
    assert by_car.km == pytest.approx(on_foot.km)


def test_a_short_piece_apart_is_left_out_and_an_island_stays(tmp_path):
    nodes = {
        1: at(0, 0),
        2: at(100, 0),
        3: at(0, 200),
        4: at(60, 200),
        5: at(0, 300),
        6: at(2, 300),
    }
    ways = [([1, 2], ROAD), ([3, 4], STREET), ([5, 6], STREET)]

    found = built(tmp_path, nodes, ways, piece_km=5.0)

    assert len(found.metres) == 2
    assert found.left_out == pytest.approx((0.2,), rel=0.02)


def test_a_one_way_street_without_return_is_left_out(tmp_path):
    nodes = {1: at(0, 0), 2: at(100, 0), 3: at(100, 50)}
    ways = [([1, 2], ROAD), ([2, 3], {**STREET, "oneway": "yes"})]

    found = built(tmp_path, nodes, ways, piece_km=5.0)

    assert len(found.metres) == 1


def test_houses_make_a_town(tmp_path):
    nodes, ways = {}, []
    for n in range(6):
        nodes[2 * n + 1], nodes[2 * n + 2] = at(0, n * 0.5), at(4, n * 0.5)
        ways.append(([2 * n + 1, 2 * n + 2], STREET))
    ways += [([2 * n + 1, 2 * n + 3], ROAD) for n in range(5)]
    nodes[20] = at(-80, 0)
    ways.append(([1, 20], ROAD))

    found = built(tmp_path, nodes, ways)

    alone = found.metres > 5000
    assert found.in_town[~alone].all()
    assert not found.in_town[alone].any()


def test_an_extract_with_no_street_for_a_mode_says_so(tmp_path):
    nodes = {1: at(0, 0), 2: at(5, 0)}

    with pytest.raises(BadInput) as refusal:
        built(tmp_path, nodes, [([1, 2], {"highway": "steps"})], "car")

    assert refusal.value.code == "roads_without_streets_for"
