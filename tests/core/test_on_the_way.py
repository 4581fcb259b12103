"""Commuters on the way: detours are never negative, a person counts once, roads decide."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import extract
from factories.extract import at
from maillage.core import commuting, geo, on_the_way, scenario
from maillage.core.demand import DemandModel
from maillage.core.on_the_way import Rule, Trips
from maillage.core.scenario import Request
from maillage.core.sources import osm
from maillage.core.travel import TravelModel
from maillage.core.travel.roads import RoadMap

# a kilometre a minute whatever the distance, no detour of the road
STEADY = TravelModel(kind="modelled", detour=1.0, bands=((np.inf, 60.0),))
# a few milliseconds of sums in single precision, as minutes
ROUNDING = 1e-4


def going(homes, works, workers=None):
    """One flow from each home to each work, points in km."""
    homes, works = (1000 * np.array(points, dtype=np.float64) for points in (homes, works))
    pairs = [(h, w) for h in range(len(homes)) for w in range(len(works))]
    count = np.ones(len(pairs)) if workers is None else np.array(workers, dtype=np.float64)
    return Trips(
        home_xy=homes,
        work_xy=works,
        home=np.array([h for h, _ in pairs]),
        work=np.array([w for _, w in pairs]),
        workers=count,
        flows=pl.DataFrame(
            {
                "home_code": [f"h{h}" for h, _ in pairs],
                "work_code": [f"w{w}" for _, w in pairs],
                "work_name": [f"Travail {w}" for _, w in pairs],
            }
        ),
    )


def one_by_one(trips, places_xy, travel, rule):
    """Who passes by what, a flow and a place at a time."""
    found = np.zeros((len(trips.home), len(places_xy)), dtype=bool)
    for o, (h, w) in enumerate(zip(trips.home, trips.work, strict=True)):
        for j, place in enumerate(places_xy):
            there = travel.minutes(trips.home_xy[[h]], place[None])[0, 0]
            onward = travel.minutes(place[None], trips.work_xy[[w]])[0, 0]
            direct = travel.minutes(trips.home_xy[[h]], trips.work_xy[[w]])[0, 0]
            found[o, j] = (
                np.isfinite(direct)
                and there + onward - direct <= rule.detour_min
                and direct - there >= rule.spared_min
            )
    return found


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_detour_is_never_negative_and_is_the_same_both_ways(seed, travel):
    rng = np.random.default_rng(seed)
    homes, works, places = (60_000 * rng.random((n, 2)) for n in (3, 4, 5))

    there = on_the_way.legs(Trips(homes, works, *[None] * 4), places, travel)
    back = on_the_way.legs(Trips(works, homes, *[None] * 4), places, travel)

    for h in range(3):
        detours = there.detours(h)
        assert detours.min() >= -ROUNDING
        for w in range(4):
            assert detours[:, w] == pytest.approx(back.detours(w)[:, h], abs=ROUNDING)


@pytest.fixture(scope="module")
def travel(place, assumed):
    return place.travel(assumed)["central"]


def test_on_a_line_a_place_beyond_home_or_beyond_work_is_twice_as_far():
    trips = going([(0, 0)], [(30, 0)])
    places = 1000 * np.array([(0, 0), (10, 0), (30, 0), (-4, 0), (33, 0), (15, 8)], dtype=float)

    detours = on_the_way.legs(trips, places, STEADY).detours(0)

    assert detours[:, 0] == pytest.approx([0, 0, 0, 8, 6, 4], abs=ROUNDING)


def test_a_place_on_the_way_must_spare_most_of_the_trip():
    """Beside work, or on a trip too short, a stop spares nobody anything."""
    trips = going([(0, 0), (20, 0)], [(30, 0)])
    places = 1000 * np.array([(0, 0), (15, 0), (16, 0), (15, 8), (15, 10)], dtype=float)

    found = on_the_way.find(trips, places, [STEADY], Rule(detour_min=5, spared_min=15))

    assert found.passes.tolist() == [[True, True, False, False, False]]
    assert found.trips["home_code"].to_list() == ["h0"]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_who_passes_by_is_what_a_count_one_by_one_says(seed, travel):
    rng = np.random.default_rng(seed)
    trips = going(40 * rng.random((3, 2)), 40 * rng.random((6, 2)), rng.integers(1, 50, 18))
    places, rule = 40_000 * rng.random((10, 2)), Rule(6, 12)

    found = on_the_way.find(trips, places, [travel], rule)

    passes = one_by_one(trips, places, travel, rule)
    assert found.by_place() == pytest.approx(trips.workers @ passes)
    open_places = [1, 4, 7]
    assert found.by_any(open_places) == pytest.approx(
        trips.workers[passes[:, open_places].any(axis=1)].sum()
    )
    assert len(np.unique(found.passes, axis=0)) == len(found.passes)
    by_group = found.trips.group_by("group").agg(pl.col("workers").sum()).sort("group")
    assert by_group["workers"].to_list() == pytest.approx(found.workers.tolist())


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_more_detour_or_less_to_spare_intercepts_more(seed, travel):
    rng = np.random.default_rng(seed)
    trips = going(40 * rng.random((3, 2)), 40 * rng.random((6, 2)))
    places = 40_000 * rng.random((10, 2))

    strict = on_the_way.find(trips, places, [travel], Rule(4, 15)).by_place()
    longer = on_the_way.find(trips, places, [travel], Rule(6, 15)).by_place()
    nearer = on_the_way.find(trips, places, [travel], Rule(4, 10)).by_place()

    assert (longer >= strict).all()
    assert (nearer >= strict).all()


def test_the_first_places_alone_give_the_same_counts(outcome):
    count = len(outcome.candidates.anywhere)

    among = outcome.passing.among(count - 5)

    assert among.by_place() == pytest.approx(outcome.passing.by_place()[: count - 5])
    assert among.by_any([0, 3]) == pytest.approx(outcome.passing.by_any([0, 3]))
    flows = among.through([2], 3).drop("group")
    assert flows.equals(outcome.passing.through([2], 3).drop("group"))


def test_nobody_passes_by_where_nobody_works_far():
    trips = going([(0, 0)], [(1, 0)])

    found = on_the_way.find(trips, np.zeros((2, 2)), [STEADY], Rule(5, 15))

    assert found.by_place().tolist() == [0, 0]
    assert found.by_any([0, 1]) == 0
    assert found.through([0, 1], 3).is_empty()


def test_the_largest_flows_through_some_places_come_first():
    trips = going([(0, 0), (2, 0)], [(40, 0), (30, 0)], [5, 70, 20, 9])

    found = on_the_way.find(trips, np.zeros((1, 2)), [STEADY], Rule(5, 15))

    assert found.through([0], 2).drop("group").rows() == [
        ("h0", "w1", "Travail 1", 70),
        ("h1", "w0", "Travail 0", 20),
    ]


def test_in_saone_beaujolais_no_detour_is_negative_and_everyone_is_counted_once(
    place, assumed, outcome, travel
):
    trips = on_the_way.trips(place, outcome.commuting)
    legs = on_the_way.legs(trips, outcome.candidates.xy, travel)

    assert min(legs.detours(h).min() for h in range(len(trips.home_xy))) >= -ROUNDING
    assert trips.workers.sum() == pytest.approx(place.employed)
    every = list(range(len(outcome.candidates.anywhere)))
    assert outcome.passing.by_any(every) == pytest.approx(outcome.passing.workers.sum())
    # only trips from which fifteen minutes can be spared
    direct = legs.direct[trips.home, trips.work]
    assert outcome.passing.workers.sum() <= trips.workers[direct >= 15].sum()
    rule = on_the_way.rule(assumed)
    some = np.random.default_rng(1).choice(len(trips.home), 300, replace=False)
    few = replace(
        trips,
        home=trips.home[some],
        work=trips.work[some],
        workers=trips.workers[some],
        flows=trips.flows[some],
    )
    by_hand = one_by_one(few, outcome.candidates.xy[:12], travel, rule)
    found = on_the_way.find(few, outcome.candidates.xy[:12], [travel], rule)
    assert found.by_place() == pytest.approx(few.workers @ by_hand)


def test_workplaces_abroad_or_without_a_position_are_left_out(place):
    home = place.communes["commune_code"][0]
    flows = pl.DataFrame(
        {
            "home_code": [home, home, home],
            "work_code": ["69123", "CH999", "75056"],
            "workers": [80.0, 20.0, 5.0],
            "work_name": ["Lyon", None, "Paris"],
            "work_lon": [4.835, None, 2.35],
            "work_lat": [45.758, None, 48.86],
        },
    )
    observed = replace(place, tables=replace(place.tables, flows=flows))

    trips = on_the_way.trips(observed, commuting.observed(observed))

    assert trips.flows["work_code"].sort().to_list() == ["69123", "75056"]
    # Paris is out of the surroundings: its position comes with the flows
    far = trips.work_xy[trips.work[trips.flows["work_code"].to_list().index("75056")]]
    assert far == pytest.approx(geo.project(np.array([[2.35, 48.86]]))[0])


def test_who_could_stop_is_who_teleworks_with_the_model_s_error_of_flows(outcome, place, assumed):
    share = DemandModel(place, assumed, 0).teleworkers()
    modelled = on_the_way.persons(outcome.commuting, share, assumed)
    observed = on_the_way.persons(replace(outcome.commuting, origin="observed"), share, assumed)

    assert (observed.low, observed.central, observed.high) == (share.p10, share.p50, share.p90)
    assert modelled.low == pytest.approx(share.p10 * assumed.value("flows.destination_low"))
    assert modelled.high == pytest.approx(share.p90 * assumed.value("flows.destination_high"))
    assert modelled.central == observed.central
    by_hand = assumed.value("demand.rural_factor") * sum(
        assumed.value(f"demand.{p}_share") * assumed.value(f"demand.telework_{p}")
        for p in ("executives", "intermediate", "employees", "workers")
    )
    assert share.mean == pytest.approx(by_hand, rel=0.15)
    assert 0 < share.p10 < share.p50 < share.p90 < 1


ROAD = {"highway": "secondary", "maxspeed": "60"}


@pytest.fixture
def bend(tmp_path, assumed):
    """Home, 20 km east, then 20 km north to work; a site on the bend, one inside it, an island."""
    nodes = {1: at(0, 0), 2: at(200, 0), 3: at(200, 200), 4: at(100, 0), 5: at(100, 90)}
    nodes |= {6: at(300, 0), 7: at(320, 0)}
    ways = [([1, 4, 2, 3], ROAD), ([4, 5], ROAD), ([6, 7], ROAD)]
    path = extract.write(tmp_path / "rues.osm.pbf", nodes, ways)
    return RoadMap(osm.read(path)).of("car", assumed).travel(assumed, "central")


def xy(*points):
    return geo.project(np.array([at(*p) for p in points]))


def test_by_road_the_bend_is_on_the_way_and_the_place_inside_it_is_not(bend):
    trips = replace(going([(0, 0)], [(0, 0)]), home_xy=xy((0, 0)), work_xy=xy((200, 200)))
    places = xy((200, 0), (100, 0), (100, 90), (310, 0))

    legs = on_the_way.legs(trips, places, bend)

    assert legs.direct[0, 0] == pytest.approx(40, rel=0.02)
    assert legs.detours(0)[:, 0] == pytest.approx([0, 0, 18, np.inf], rel=0.02, abs=0.05)
    found = on_the_way.find(trips, places, [bend], Rule(5, 15))
    assert found.passes.tolist() == [[True, True, False, False]]


def test_by_road_what_no_road_joins_is_never_on_the_way(bend):
    """Home on an island: not even the place at home is on a trip that cannot be made."""
    trips = replace(going([(0, 0)], [(0, 0)]), home_xy=xy((310, 0)), work_xy=xy((200, 200)))
    places = xy((310, 0), (200, 0), (200, 200))

    legs = on_the_way.legs(trips, places, bend)

    assert np.isinf(legs.detours(0)).all()
    assert on_the_way.find(trips, places, [bend], Rule(90, 0)).by_place().tolist() == [0, 0, 0]


def test_over_a_whole_territory_no_detour_by_road_is_negative(road_place, assumed, road_outcome):
    trips = on_the_way.trips(road_place, road_outcome.commuting)
    by_road = road_place.travel(assumed)["central"]

    legs = on_the_way.legs(trips, road_outcome.candidates.xy, by_road)

    inside = np.isfinite(legs.direct).any(axis=0)
    assert 0 < inside.sum() < len(inside)
    assert min(legs.detours(h).min() for h in range(len(trips.home_xy))) >= -ROUNDING
    # the streets end where the territory does: Lyon is still where many work
    passing = set(road_outcome.passing.trips["work_code"])
    assert "69123" in passing
    assert not inside[trips.work[trips.flows["work_code"].to_list().index("69123")]]


def test_a_town_beyond_the_streets_is_measured_as_if_none_were_known(bend):
    """Two towns of work: one on the streets, one far from any; each trip by one measure alone."""
    trips = replace(
        going([(0, 0)], [(0, 0), (1, 1)]),
        home_xy=xy((0, 0)),
        work_xy=xy((200, 200), (600, 0)),
    )
    places = xy((200, 0), (100, 90), (300, 0))

    by_road = on_the_way.find(trips, places, [bend], Rule(5, 15))
    both = on_the_way.find(trips, places, [bend, STEADY], Rule(5, 15))

    assert by_road.trips["work_code"].to_list() == ["w0"]
    passed = {
        work: both.passes[group].tolist() for work, group in both.trips["work_code", "group"].rows()
    }
    assert passed == {"w0": [True, False, False], "w1": [True, True, True]}


def test_a_network_is_told_who_passes_by_each_site_once_in_all(place, assumed, outcome):
    ground = scenario.lay(place, Request(first_year=2027), assumed)

    judged = scenario.assess(ground, outcome.network)

    per_worker = ground.per_worker
    each = outcome.passing.by_place()
    for site in judged.sites:
        workers = each[ground.place(site.candidate.id)] if site.tier != "corpo" else 0
        assert site.commuters.central == pytest.approx(workers * per_worker.central)
        assert site.commuters.low <= site.commuters.central <= site.commuters.high
    most = max(s.commuters.central for s in judged.sites)
    together = sum(s.commuters.central for s in judged.sites)
    assert most < judged.commuters.central < together
    assert scenario.assess(ground, ()).commuters.high == 0


def test_a_corporate_space_alone_stops_nobody(place, assumed, outcome):
    ground = scenario.lay(place, Request(first_year=2027), assumed)
    corpo = tuple(s for s in outcome.network if s.tier == "corpo")

    assert scenario.assess(ground, corpo).commuters.high == 0
