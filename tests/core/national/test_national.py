"""The plan of one place among others, what it depends on, what its neighbours add."""

import json
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest

from factories.national import plan, site
from factories.official import EPCI, official_folder
from maillage.core import national
from maillage.core.bad_input import BadInput
from maillage.core.national import HaloPattern, PlannedSite, Record
from maillage.core.national.fingerprint import APART
from maillage.core.scenario import Request
from maillage.core.sources.shelf import Shelf

OTHER = "200046977"
REQUEST = Request(first_year=2027)


@pytest.fixture(scope="module")
def planned(place, assumed):
    return national.plan(place.tables, REQUEST, assumed)


def test_a_plan_of_the_country_is_the_plan_of_the_study(planned, outcome):
    assert [site.id for site in planned.sites] == [s.candidate.id for s in outcome.sites]
    assert planned.covered_after == outcome.coverage.inhabitants
    assert (planned.after, planned.before) == (outcome.coverage.after, outcome.coverage.before)
    assert planned.investment_eur == outcome.money.investment
    assert planned.status == outcome.siting.status


def test_whoever_a_neighbour_may_reach_is_beyond_reach_of_theplan(planned, place):
    members = set(place.communes["commune_code"])
    beyond = sum(pattern.inhabitants for pattern in planned.halo)

    assert 0 < beyond <= planned.inhabitants - planned.covered_after
    assert not any(members & set(pattern.communes) for pattern in planned.halo)
    assert planned.value <= planned.bound <= planned.halo_bound


def test_by_road_a_plan_says_so_and_its_borders_follow_the_streets(
    road_place, road_outcome, assumed
):
    found = national.plan(road_place.tables, REQUEST, assumed)

    assert found.is_by_road
    assert found.covered_after == road_outcome.coverage.inhabitants
    assert found.value <= found.bound <= found.halo_bound


def test_what_is_kept_of_a_plan_is_read_back_as_it_was(planned):
    record = Record("69", planned, "digest", "whole", 1.5, 1.25, 300.0)

    document = json.loads(json.dumps(national.to_document(record)))

    assert national.from_document(document) == record
    assert national.from_document(document | {"edition": 0}) is None
    assert national.from_document({"edition": 1, "plan": {}}) is None


def test_the_fingerprint_follows_the_rows_the_assumptions_the_request_and_the_code(place, assumed):
    tables = place.tables
    moved = tables.communes.with_columns(
        population=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.col("population") + 1)
        .otherwise("population")
    )
    cases = {
        "as it is": (tables, assumed, REQUEST, "code"),
        "a row": (replace(tables, communes=moved), assumed, REQUEST, "code"),
        "an assumption": (
            tables,
            assumed.with_values({"siting.coverage_minutes": 12}),
            REQUEST,
            "code",
        ),
        "the request": (tables, assumed, Request(first_year=2028), "code"),
        "the code": (tables, assumed, REQUEST, "other code"),
    }

    prints = {name: national.of_tables(*case) for name, case in cases.items()}

    assert len(set(prints.values())) == len(cases)


def test_the_same_rows_in_another_file_have_the_same_fingerprint(place, assumed):
    tables = place.tables
    sources = tuple(replace(s, sha256="0" * 64, file="renamed.csv") for s in tables.sources)
    # a sum of weights in another order
    shaken = tables.flows.with_columns(pl.col("workers") + 1e-10)

    again = replace(tables, sources=sources, flows=shaken)

    assert national.of_tables(again, assumed, REQUEST, "code") == national.of_tables(
        tables, assumed, REQUEST, "code"
    )


def test_no_plan_goes_through_what_its_fingerprint_leaves_out():
    listing = (
        "import sys; import maillage.core.scenario.evaluate, maillage.core.travel.roads;"
        "print(*{m.split('.')[2] for m in sys.modules if m.startswith('maillage.core.')})"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "siting" in loaded
    assert APART & set(loaded) == set()


def test_places_are_the_longest_first_and_chosen_by_siren_or_department(tmp_path):
    shelf = Shelf(official_folder(tmp_path / "tables"), is_shared=True)

    assert [p.siren for p in national.places(shelf)] == [EPCI, OTHER]
    assert [p.siren for p in national.places(shelf, departments=["69"])] == [OTHER]
    assert [p.siren for p in national.places(shelf, [EPCI])] == [EPCI]
    with pytest.raises(BadInput, match="national_unknown_siren"):
        national.places(shelf, ["123456789"])
    with pytest.raises(BadInput, match="national_unknown_department"):
        national.places(shelf, departments=["99"])


def test_a_neighbours_site_at_its_town_counts_once():
    near_both = HaloPattern(("B1", "B2"), 40)
    near_a_closed_town = HaloPattern(("B3",), 7)
    here = plan("A", [site("A1", "hub")], halo=(near_both, near_a_closed_town))
    there = plan("B", [site("B1", "hub"), site("B2", "mini")])

    country = national.country_of([here, there])

    added = {n.plan.siren: n.covered_with_neighbours - n.plan.covered_after for n in country.places}
    assert added == {"A": 40, "B": 0}
    assert country.value == here.value + there.value + 40
    assert country.bound == here.halo_bound + there.halo_bound


@pytest.mark.parametrize(
    "opened",
    [
        PlannedSite("corpo-B1", "corpo", "B1", "B1", "B1", 0, 0, 8, 2027, 0, is_existing=False),
        PlannedSite(
            "existing-B1", "hub", "Le Lieu", "B1", "B1", 0, 0, 8, 2027, 0, is_existing=True
        ),
    ],
)
def test_a_closed_space_and_a_place_open_today_add_nothing_at_a_border(opened):
    here = plan("A", [site("A1", "hub")], halo=(HaloPattern(("B1",), 40),))

    country = national.country_of([here, plan("B", [opened])])

    assert [n.covered_with_neighbours for n in country.places] == [500, 500]
