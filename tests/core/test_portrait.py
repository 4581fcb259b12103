"""The portrait: totals conserved, ranges that hold their value, gaps said, nothing invented."""

from dataclasses import replace

import polars as pl
import pytest

from maillage.core import portrait
from maillage.core.portrait import Measured
from maillage.core.sources.notes import Note


@pytest.fixture(scope="module")
def found(place, assumed):
    return portrait.describe(place, assumed)


def without(place, *datasets, **changes):
    """The same territory without some files."""
    kept = tuple(s for s in place.tables.sources if s.dataset.id not in datasets)
    tables = replace(place.tables, sources=kept, **changes)
    return replace(place, tables=tables)


def test_a_modelled_number_without_its_range_is_refused():
    with pytest.raises(ValueError, match="needs its range"):
        Measured(12, "min", "modelled", ())


def test_a_counted_number_needs_no_range():
    assert Measured(12, "persons", "observed", ()).low is None


def test_the_bands_hold_every_inhabitant_once(found, place):
    assert sum(band.count.value for band in found.access.bands) == place.cells["population"].sum()
    assert sum(band.share.value for band in found.access.bands) == pytest.approx(1)


def test_the_bands_of_distance_hold_every_worker_once(found):
    workers = sum(band.count.value for band in found.work.bands) + found.work.unplaced

    assert workers == pytest.approx(found.work.commuting.workers)


def test_every_modelled_number_lies_in_its_range(found):
    numbers = [found.access.mean, found.access.beyond(20), found.work.outside, found.work.leavers]
    numbers += [n for band in found.access.bands for n in (band.count, band.share)]
    numbers += [n for band in found.work.bands for n in (band.count, band.share)]

    for number in numbers:
        assert number.origin == "modelled"
        assert number.low <= number.value <= number.high


def test_slow_roads_are_the_high_end_of_the_minutes(found):
    slow, fast = found.access.to_nearest["low"], found.access.to_nearest["high"]

    assert (slow >= fast).all()
    assert found.access.mean.low < found.access.mean.value < found.access.mean.high


def test_the_minutes_of_a_commune_and_of_a_place_lie_in_their_range(found):
    for table in (found.by_commune, found.access.places):
        assert (table["minutes_low"] < table["minutes"]).all()
        assert (table["minutes"] < table["minutes_high"]).all()


def test_every_inhabitant_has_one_nearest_place(found, place):
    assert found.access.places["nearest_for"].sum() == place.cells["population"].sum()


def test_a_place_inside_comes_first_and_is_told_so(place, assumed):
    town = place.communes.row(0, named=True)
    ours = pl.DataFrame(
        {
            "kind": ["coworking"],
            "name": ["Lieu fictif"],
            "commune_code": [town["commune_code"]],
            "lon": [town["lon"]],
            "lat": [town["lat"]],
        }
    )
    richer = replace(place, workplaces=pl.concat([place.workplaces, ours]))

    places = portrait.describe(richer, assumed).access.places

    assert places.row(0, named=True)["name"] == "Lieu fictif"
    assert places["is_inside"].to_list() == [True] + [False] * len(place.workplaces)


def test_without_any_known_place_there_are_no_minutes(place, assumed):
    bare = replace(without(place, "third_places"), workplaces=place.workplaces.clear())

    found = portrait.describe(bare, assumed)

    assert found.access is None
    assert "minutes" not in found.by_commune.columns
    assert "places" in {gap.code for gap in found.gaps}


def test_modelled_flows_are_a_gap_and_observed_ones_are_not(place, assumed, found):
    assert "flows" in {gap.code for gap in found.gaps}
    code = place.communes["commune_code"][0]
    flows = pl.DataFrame(
        {
            "home_code": [code, code],
            "work_code": ["69123", "CH999"],
            "workers": [80.0, 20.0],
            "work_name": ["Lyon", None],
            "work_lon": [4.835, None],
            "work_lat": [45.758, None],
        },
    )
    observed = portrait.describe(without(place, flows=flows), assumed)

    assert "flows" not in {gap.code for gap in observed.gaps}
    assert observed.work.outside.origin == "observed"
    assert observed.work.outside.low is None
    assert observed.work.unplaced == 20
    assert sum(band.count.value for band in observed.work.bands) == 80


def test_a_territory_without_work_figures_says_so_rather_than_zero(place, assumed):
    columns = ("employed", "unemployed", "jobs", "salaried_jobs")
    empty = place.communes.with_columns(pl.lit(None, pl.Float64).alias(c) for c in columns)

    work = portrait.describe(replace(place, communes=empty), assumed).work

    assert work.jobs_per_100 is None
    assert work.commuting is None
    assert work.outside is None
    assert work.bands == ()
    assert work.destinations.is_empty()


def test_a_commune_without_equipment_figures_is_empty_and_the_others_count(place, assumed):
    name = place.communes["name"][3]
    note = Note("no_equipment_figures", {"communes": [name]})
    noted = replace(place, notes=(*place.notes, note))

    equipment = portrait.describe(noted, assumed).equipment

    assert equipment.filter(pl.col("name") == name)["bakery"].to_list() == [None]
    assert equipment["bakery"].null_count() == 1
    assert "equipment_figures" in {gap.code for gap in portrait.describe(noted, assumed).gaps}


def test_families_are_the_sum_of_their_codes(found, place):
    post = place.equipment.filter(pl.col("equipment_code").is_in(["A206", "A207", "A208"]))

    assert found.families["post"].value == post["count"].sum()
    assert found.equipment["post"].sum() == post["count"].sum()


def test_the_area_comes_from_the_outlines_where_the_table_lacks_it(place, assumed, found):
    unknown = place.communes.with_columns(area_km2=pl.lit(None, pl.Float64))

    drawn = portrait.describe(replace(place, communes=unknown), assumed).area_km2

    assert drawn.value == pytest.approx(found.area_km2.value, rel=0.02)
    assert {s.dataset.id for s in drawn.sources} == {"outlines"}
    nothing = replace(without(place, outlines={}), communes=unknown)
    assert portrait.describe(nothing, assumed).area_km2 is None
    assert "outlines" in {gap.code for gap in portrait.describe(nothing, assumed).gaps}


def test_every_number_has_a_source(found):
    numbers = [
        *(found.population, found.area_km2, found.work.jobs, found.work.outside),
        *(found.access.mean, *found.families.values(), *found.hosts.values()),
    ]

    assert all(number.sources for number in numbers)


def test_destinations_hold_everyone_and_keep_their_order(found):
    table = found.work.destinations

    assert table["workers"].sum() == pytest.approx(found.work.commuting.workers)
    assert table["workers"].is_sorted(descending=True)
    assert (table["low"] < table["workers"]).all()
    assert (table["workers"] < table["high"]).all()
