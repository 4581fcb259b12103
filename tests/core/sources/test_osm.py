"""Extracts of OpenStreetMap: what is kept, what is cut, what is refused."""

from contextlib import suppress

import numpy as np
import pytest

from factories import extract
from factories.extract import at
from maillage.core.bad_input import BadInput
from maillage.core.sources import osm
from shared import ANDORRA, needs_extracts

CROSS = {1: at(0, 0), 2: at(5, 0), 3: at(0, 5), 4: at(-5, 0)}


@pytest.fixture
def crossroads(tmp_path):
    nodes = {
        **CROSS,
        5: (*at(2, 0), {"highway": "traffic_signals"}),
        6: (*at(0, 2), {"barrier": "bollard"}),
        7: (*at(9, 9), {"natural": "peak"}),
        8: (*at(9, 8), {"highway": "stop"}),
    }
    ways = [
        ([4, 1, 5, 2], {"highway": "secondary", "maxspeed": "80", "name": "Route fictive"}),
        ([1, 6, 3], {"highway": "residential", "oneway": "yes"}),
        ([2, 3], {"waterway": "river"}),
        ([2, 3], {"route": "ferry"}),
    ]
    return extract.write(tmp_path / "carrefour.osm.pbf", nodes, ways)


def test_streets_alone_are_read_with_what_stands_on_them(crossroads):
    streets = osm.read(crossroads)

    assert len(streets) == 2
    assert streets.tags["highway"].to_list() == ["secondary", "residential"]
    assert streets.tags["maxspeed"].to_list() == ["80", None]
    assert sorted(streets.marks[streets.marks > 0]) == [osm.MARKS["signals"], osm.MARKS["barrier"]]
    assert streets.summits == pytest.approx(np.array([at(9, 9)]))


def test_coordinates_are_those_of_the_file(crossroads):
    streets = osm.read(crossroads)

    first = streets.lonlat[streets.nodes[: streets.starts[1]]]
    assert first == pytest.approx(np.array([at(-5, 0), at(0, 0), at(2, 0), at(5, 0)]), abs=1e-7)


def test_kept_and_read_again_they_are_the_same(crossroads):
    streets = osm.read(crossroads)

    again = osm.from_bytes(osm.to_bytes(streets))

    assert again.tags.equals(streets.tags)
    for name in ("lonlat", "marks", "starts", "nodes", "summits"):
        assert np.array_equal(getattr(again, name), getattr(streets, name))
    assert osm.to_bytes(again) == osm.to_bytes(streets)


def test_the_main_roads_are_kept_farther_than_the_others(tmp_path):
    nodes = {1: at(0, 0), 2: at(1, 0), 3: at(50, 0), 4: at(51, 0), 5: at(50, 1), 6: at(90, 0)}
    ways = [
        ([1, 2], {"highway": "residential"}),
        ([3, 4], {"highway": "secondary"}),
        ([3, 5], {"highway": "residential"}),
        ([6, 4], {"highway": "secondary"}),
    ]
    path = extract.write(tmp_path / "loin.osm.pbf", nodes, ways)
    near = (*at(-10, -10), *at(10, 10))
    far = (*at(-60, -60), *at(60, 60))

    kept = osm.read(path, near, far)

    assert kept.tags["highway"].to_list() == ["residential", "secondary", "secondary"]


def test_a_street_cut_by_the_border_keeps_the_part_that_is_there(tmp_path):
    nodes = {1: at(0, 0), 2: at(1, 0)}
    path = extract.write(
        tmp_path / "bord.osm.pbf", nodes, [([1, 2, 77], {"highway": "residential"})]
    )

    streets = osm.read(path)

    assert len(streets.nodes) == 2
    assert streets.missing == 1


def test_two_extracts_side_by_side_hold_their_common_streets_once(crossroads, tmp_path):
    nodes = {**CROSS, 9: at(10, 0)}
    ways = [([2, 9], {"highway": "secondary"}), ([1, 3], {"highway": "residential"})]
    beside = osm.read(extract.write(tmp_path / "voisin.osm.pbf", nodes, ways))
    here = osm.read(crossroads)

    both = osm.merged([here, beside, beside])

    assert len(both) == len(here) + len(beside)
    assert len(both.lonlat) == len(np.unique(both.lonlat, axis=0))
    assert both.box == pytest.approx((*at(-5, 0), *at(10, 5)))
    assert sorted(both.marks[both.marks > 0]) == sorted(here.marks[here.marks > 0])


def refused(path, *boxes):
    with pytest.raises(BadInput) as refusal:
        osm.read(path, *boxes)
    return refusal.value


@pytest.mark.parametrize("content", [b"", b"Ceci est un texte.\n" * 50, b"\x00" * 4000])
def test_what_is_no_extract_is_refused(tmp_path, content):
    path = tmp_path / "faux.osm.pbf"
    path.write_bytes(content)

    assert refused(path).code in ("roads_unreadable", "roads_without_streets")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_an_extract_cut_short_is_refused(crossroads, tmp_path, share):
    whole = crossroads.read_bytes()
    path = tmp_path / "coupe.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])

    assert refused(path).code in ("roads_unreadable", "roads_without_streets")


@needs_extracts
def test_bytes_changed_on_the_way_are_refused_or_harmless(tmp_path):
    """A damaged block is refused by its checksum; nothing is read half."""
    whole = ANDORRA.read_bytes()
    expected = len(osm.read(ANDORRA))
    draw = np.random.default_rng(3)
    for _ in range(8):
        damaged = bytearray(whole)
        damaged[int(draw.integers(200, len(whole)))] ^= 1 << int(draw.integers(0, 8))
        path = tmp_path / "abime.osm.pbf"
        path.write_bytes(damaged)
        read = None
        with suppress(BadInput):
            read = len(osm.read(path))
        assert read in (None, expected)


def test_an_extract_without_a_street_says_so(tmp_path):
    path = extract.write(tmp_path / "eau.osm.pbf", CROSS, [([1, 2], {"waterway": "river"})])

    assert refused(path).code == "roads_without_streets"


def test_an_extract_of_elsewhere_says_where_it_is(crossroads):
    refusal = refused(crossroads, (7.0, 48.0, 7.2, 48.2), (6.9, 47.9, 7.3, 48.3))

    assert refusal.code == "roads_elsewhere"
    assert refusal.facts["box"] == pytest.approx((*at(-5, 0), *at(5, 5)), abs=1e-6)


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "rien.osm.pbf").code == "missing_file"


def test_motorway_exits_are_named_by_their_road_and_number(tmp_path):
    junction = {"highway": "motorway_junction", "ref": "21", "name": "Fictive"}
    nodes = {
        1: at(0, 0),
        2: (*at(10, 0), junction),
        3: at(20, 0),
        4: (*at(15, 3), {**junction, "ref": "22"}),
    }
    ways = [
        ([1, 2, 3], {"highway": "motorway", "ref": "A 63;E 5"}),
        ([2, 4], {"highway": "motorway_link"}),
    ]

    streets = osm.read(extract.write(tmp_path / "autoroute.osm.pbf", nodes, ways))

    # an exit that no motorway passes is none
    [(name, *position)] = streets.exits.rows()
    assert name == "A63 sortie 21"
    assert position == pytest.approx(at(10, 0))
    assert osm.from_bytes(osm.to_bytes(streets)).exits.equals(streets.exits)
